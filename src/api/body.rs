//! What happens when a body, an address or a query cannot be read: always a problem, always the same ones.

use crate::api::problem::{self, Problem};
use crate::app::FieldFault;
use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError};
use actix_web::web::{JsonConfig, PathConfig, PayloadConfig, QueryConfig};
use actix_web::{Error, HttpRequest};
use serde_json::error::Category;

/// The largest JSON body. Forms are a few kilobytes; a strategy's whole text is far below this.
const MOST_JSON_BYTES: usize = 1024 * 1024;
/// The largest raw body: a mail with its attachments.
pub(crate) const MOST_RAW_BYTES: usize = 25 * 1024 * 1024;

pub(crate) fn json() -> JsonConfig {
    JsonConfig::default().limit(MOST_JSON_BYTES).error_handler(|error, _: &HttpRequest| Error::from(json_fault(error)))
}

pub(crate) fn path() -> PathConfig {
    // An id that is no id names nothing.
    PathConfig::default().error_handler(|_: PathError, _| Error::from(Problem::new(problem::NOT_FOUND)))
}

pub(crate) fn query() -> QueryConfig {
    QueryConfig::default().error_handler(|error, _| Error::from(query_fault(&error)))
}

pub(crate) fn raw() -> PayloadConfig {
    PayloadConfig::new(MOST_RAW_BYTES)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "actix-web may add ways of failing to read a body")]
fn json_fault(error: JsonPayloadError) -> Problem {
    match error {
        JsonPayloadError::OverflowKnownLength { .. } | JsonPayloadError::Overflow { .. } => {
            Problem::new(problem::TOO_LARGE).detail(format!("The body may have at most {MOST_JSON_BYTES} bytes."))
        }
        JsonPayloadError::ContentType => Problem::new(problem::UNSUPPORTED_MEDIA_TYPE).detail("Send application/json."),
        JsonPayloadError::Deserialize(error) => match error.classify() {
            Category::Data => {
                let fault = FieldFault { pointer: String::new(), detail: error.to_string() };
                Problem::new(problem::VALIDATION).errors(vec![fault])
            }
            Category::Syntax | Category::Eof | Category::Io => {
                Problem::new(problem::MALFORMED).detail(format!("The body is not JSON: {error}."))
            }
        },
        _ => Problem::new(problem::MALFORMED).detail("The body could not be read."),
    }
}

fn query_fault(error: &QueryPayloadError) -> Problem {
    let fault = FieldFault { pointer: String::new(), detail: error.to_string() };
    Problem::new(problem::VALIDATION).errors(vec![fault])
}
