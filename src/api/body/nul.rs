//! The character NUL: PostgreSQL keeps none, so it is refused before anything looks at it.

use crate::api::problem::{self, Problem};
use crate::app::FieldFault;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError};
use serde_json::Value;

const WHY: &str = "must not contain the character NUL";

/// Wraps everything: an address with a NUL names nothing, a query with one is refused by name.
pub(crate) async fn refuse_nul(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let problem = if req.uri().path().contains("%00") {
        Some(Problem::new(problem::NOT_FOUND))
    } else {
        of_query(req.query_string()).map(|fault| Problem::new(problem::VALIDATION).errors(vec![fault]))
    };
    match problem {
        Some(problem) => Ok(req.into_response(problem.error_response())),
        None => Ok(next.call(req).await?.map_into_boxed_body()),
    }
}

fn of_query(query: &str) -> Option<FieldFault> {
    let (key, _) = pairs(query).find(|(key, value)| key.contains('\0') || value.contains('\0'))?;
    let key = key.replace('\0', "");
    Some(FieldFault { pointer: format!("/{}", escaped(&key)), detail: WHY.to_owned() })
}

/// The names and values of a query, decoded.
pub(super) fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).map(|(key, value)| (key.into_owned(), value.into_owned()))
}

/// The first text or key of a body in which there is a NUL. Only a body in which one is escaped is looked through.
pub(super) fn of_json(text: &[u8]) -> Option<FieldFault> {
    memchr::memmem::find(text, br"\u0000")?;
    let value: Value = serde_json::from_slice(text).ok()?;
    let mut pointer = String::new();
    find(&value, &mut pointer).then(|| FieldFault { pointer, detail: WHY.to_owned() })
}

/// Whether there is one; `pointer` is left where.
fn find(value: &Value, pointer: &mut String) -> bool {
    let length = pointer.len();
    let mut inside = |step: &str, value: &Value| {
        pointer.push('/');
        pointer.push_str(&escaped(step));
        let found = find(value, pointer);
        if !found {
            pointer.truncate(length);
        }
        found
    };
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().enumerate().any(|(n, item)| inside(&n.to_string(), item)),
        Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || inside(key, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// One step of a JSON pointer (RFC 6901).
pub(super) fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_found_where_it_is_and_only_where_it_is() {
        let pointer = |text: &str| of_json(text.as_bytes()).map(|fault| fault.pointer);
        assert_eq!(pointer(r#"{"a":{"b/c":["x","y\u0000"]}}"#).as_deref(), Some("/a/b~1c/1"));
        assert_eq!(pointer(r#"{"a":{"k\u0000":1}}"#).as_deref(), Some("/a"));
        assert_eq!(pointer(r#"{"a":"\\u0000"}"#), None, "a backslash and five characters");
        assert_eq!(of_query("a=b&state=x%00").map(|fault| fault.pointer).as_deref(), Some("/state"));
        assert_eq!(of_query("a=%2500"), None);
    }
}
