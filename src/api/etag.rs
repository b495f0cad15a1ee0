//! Versions as strong ETags: `"v12"`. A write to a versioned thing says which version it read.

use crate::api::problem::{self, Problem};
use actix_web::dev::Payload;
use actix_web::http::header::{ETAG, HeaderName, HeaderValue, IF_MATCH};
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};

/// The version the caller read, from If-Match. As a parameter of a handler: 428 without the header, 412 when it
/// cannot be the tag of any version of ours (If-Match compares strongly, so a weak tag never matches).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) i64);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match req.headers().get(IF_MATCH) {
            None => Err(Problem::new(problem::PRECONDITION_REQUIRED)),
            Some(value) => version(value).map(IfMatch).ok_or_else(|| Problem::new(problem::STALE_VERSION)),
        })
    }
}

fn version(value: &HeaderValue) -> Option<i64> {
    let digits = value.to_str().ok()?.trim().strip_prefix("\"v")?.strip_suffix('"')?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// The header for an answer: `HttpResponse::Ok().insert_header(etag(version)).json(view)`.
pub(crate) fn etag(version: i64) -> (HeaderName, HeaderValue) {
    let value = HeaderValue::try_from(format!("\"v{version}\"")).unwrap_or(HeaderValue::from_static("\"v0\""));
    (ETAG, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &'static str) -> Option<i64> {
        version(&HeaderValue::from_static(value))
    }

    #[test]
    fn only_a_strong_tag_of_ours_names_a_version() {
        assert_eq!(read("\"v12\""), Some(12));
        for other in ["v12", "W/\"v12\"", "*", "\"12\"", "\"v\"", "\"v-1\"", "\"v+1\"", "\"v99999999999999999999\"", ""]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn a_tag_we_give_is_a_tag_we_read() {
        assert_eq!(version(&etag(7).1), Some(7));
    }
}
