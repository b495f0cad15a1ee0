//! What comes in: bodies, addresses, queries. What cannot be read is always a problem, always one of the same, that says
//! where it is by JSON pointer and never repeats what was sent.
//!
//! A field nobody knows is refused: a misspelt one that were passed over would lose what somebody meant to say. So is
//! the character NUL, which not every database can keep.

mod faults;
mod nul;

pub(crate) use faults::read_json;
pub(crate) use nul::refuse_nul;

use crate::api::problem::{self, Problem};
use crate::app::FieldFault;
use actix_web::dev;
use actix_web::error::{PathError, QueryPayloadError};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{PathConfig, Payload, PayloadConfig, QueryConfig};
use actix_web::{Error, FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

/// The largest JSON body. Forms are a few kilobytes; a strategy's whole text is far below this.
const MOST_JSON_BYTES: usize = 1024 * 1024;
/// The largest raw body: a mail with its attachments.
pub(crate) const MOST_RAW_BYTES: usize = 25 * 1024 * 1024;

/// A JSON body, as a parameter of a handler: `body: Body<NewThing>`.
#[derive(Debug)]
pub(crate) struct Body<T>(T);

impl<T> Body<T> {
    pub(crate) fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let is_json = is_json(req);
        let payload = Payload::from_request(req, payload);
        Box::pin(async move {
            if !is_json {
                return Err(Problem::new(problem::UNSUPPORTED_MEDIA_TYPE).detail("Send application/json."));
            }
            let unreadable = |_: Error| Problem::new(problem::MALFORMED).detail("The body could not be read.");
            let payload = payload.await.map_err(unreadable)?;
            let too_large = || {
                Problem::new(problem::TOO_LARGE).detail(format!("The body may have at most {MOST_JSON_BYTES} bytes."))
            };
            let bytes = payload.to_bytes_limited(MOST_JSON_BYTES).await.map_err(|_exceeded| too_large())?;
            Ok(Body(read_json(&bytes.map_err(unreadable)?)?))
        })
    }
}

fn is_json(req: &HttpRequest) -> bool {
    let given = req.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// A JSON body that may be left out.
///
/// # Errors
/// As for any other JSON.
pub(crate) fn optional_json<T: Default + DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if body.iter().all(u8::is_ascii_whitespace) { Ok(T::default()) } else { Ok(read_json(body)?) }
}

pub(crate) fn path() -> PathConfig {
    // An id that is no id names nothing.
    PathConfig::default().error_handler(|_: PathError, _| Error::from(Problem::new(problem::NOT_FOUND)))
}

pub(crate) fn query() -> QueryConfig {
    QueryConfig::default().error_handler(|error: QueryPayloadError, req| {
        let sent: Vec<String> = nul::pairs(req.query_string()).flat_map(|(key, value)| [key, value]).collect();
        let detail = faults::without_what_was_sent(&error.to_string(), &sent);
        let fault = FieldFault { pointer: String::new(), detail };
        Error::from(Problem::new(problem::VALIDATION).errors(vec![fault]))
    })
}

pub(crate) fn raw() -> PayloadConfig {
    PayloadConfig::new(MOST_RAW_BYTES)
}
