//! RFC 9457 answers: what a problem is called, its status, and the page that describes it.
//!
//! The `type` of a problem is `/problems/{slug}`. Slugs are stable: integrators branch on them.

use crate::api::request_id;
use crate::app::FieldFault;
use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use serde::Serialize;
use std::fmt;
use utoipa::ToSchema;

/// One kind of problem: its stable slug, its status, its short title and what a caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) slug: &'static str,
    pub(crate) status: u16,
    pub(crate) title: &'static str,
    pub(crate) advice: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $status:literal $slug:literal $title:literal $advice:literal;)*) => {
        $(pub(crate) const $name: Kind = Kind { slug: $slug, status: $status, title: $title, advice: $advice };)*
        /// Every kind of our own, in order of status. Refusals bring codes of their own beside these.
        pub(crate) const KINDS: &[Kind] = &[$($name),*];
    };
}

kinds! {
    MALFORMED = 400 "malformed-request" "The request cannot be read"
        "The body is not JSON, or a header is not what it should be. Repeating it unchanged will fail again.";
    NOT_SIGNED_IN = 401 "not-signed-in" "No valid token"
        "Send `Authorization: Bearer …` with a token that is unexpired, signed by an issuer this server trusts, and made out to this server.";
    NOT_FOUND = 404 "not-found" "There is no such thing"
        "There is no such thing, or you may not know whether there is.";
    METHOD_NOT_ALLOWED = 405 "method-not-allowed" "This address does not know that method"
        "The Allow header lists the methods it knows.";
    TIMED_OUT = 408 "request-timed-out" "The request did not arrive in time"
        "Send it again.";
    IN_PROGRESS = 409 "in-progress" "The same request is still being carried out"
        "Send it again with the same Idempotency-Key after the seconds in Retry-After.";
    ANSWER_LOST = 409 "answer-lost" "The request did something, but there is no answer to repeat"
        "It was carried out, in whole or up to where it failed, and will not be carried out under this Idempotency-Key again. Read what it was to change to see what came of it, then send what is missing under a new key.";
    DUPLICATE = 409 "duplicate" "There is one already"
        "Something with the same unique value exists. Read it instead.";
    STALE_VERSION = 412 "stale-version" "It has changed since you read it"
        "Read it again, look at what changed, and send If-Match with the new ETag.";
    TOO_LARGE = 413 "too-large" "The body is too large"
        "Send less at a time.";
    UNSUPPORTED_MEDIA_TYPE = 415 "unsupported-media-type" "The body has the wrong content type"
        "Send JSON as application/json, mail as message/rfc822, and lists of contacts as application/x-ndjson.";
    VALIDATION = 422 "validation" "The input is not valid"
        "`errors` names each field by JSON pointer and says what is wrong with it.";
    IDEMPOTENCY_MISMATCH = 422 "idempotency-mismatch" "This Idempotency-Key was used for a different request"
        "Use a new key for a new request.";
    PRECONDITION_REQUIRED = 428 "precondition-required" "Say which version you read"
        "Send If-Match with the ETag you got when you read it.";
    INTERNAL = 500 "internal" "Something of ours failed"
        "It has been logged under the request id in `instance`.";
    UNAVAILABLE = 503 "unavailable" "The database cannot be reached"
        "Send it again after the seconds in Retry-After, with the same Idempotency-Key: what was stored before is not stored twice. Without a key, read first what became of it.";
    STORAGE_FULL = 507 "storage-full" "There is no room left to store it"
        "An operator has to make room first. Then send it again with the same Idempotency-Key: what was stored before is not stored twice.";
}

/// A problem on its way out.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    slug: String,
    title: String,
    detail: Option<String>,
    errors: Vec<FieldFault>,
    code: Option<String>,
    policy: Option<String>,
    allowed_actions: Vec<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            status: StatusCode::from_u16(kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            slug: kind.slug.to_owned(),
            title: kind.title.to_owned(),
            detail: None,
            errors: Vec::new(),
            code: None,
            policy: None,
            allowed_actions: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// A refusal: its code is the slug, so that integrators branch on one thing.
    pub(crate) fn refused(status: StatusCode, refusal: crate::domain::case::Refusal) -> Self {
        let errors = refusal.faults.into_iter();
        Self {
            status,
            slug: refusal.code.clone(),
            title: "Refused".to_owned(),
            detail: Some(refusal.message),
            errors: errors.map(|f| FieldFault { pointer: f.pointer.unwrap_or_default(), detail: f.message }).collect(),
            code: Some(refusal.code),
            policy: refusal.policy,
            allowed_actions: refusal.allowed_actions,
            headers: Vec::new(),
        }
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub(crate) fn errors(mut self, errors: Vec<FieldFault>) -> Self {
        self.errors = errors;
        self
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn retry_after(self, seconds: u32) -> Self {
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// The nearest kind for a bare status that the web framework answered by itself.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let mut problem = Self::new(match status.as_u16() {
            401 => NOT_SIGNED_IN,
            404 => NOT_FOUND,
            405 => METHOD_NOT_ALLOWED,
            408 => TIMED_OUT,
            413 => TOO_LARGE,
            415 => UNSUPPORTED_MEDIA_TYPE,
            422 => VALIDATION,
            400..=499 => MALFORMED,
            503 => UNAVAILABLE,
            _ => INTERNAL,
        });
        problem.status = status;
        problem
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.slug)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        let body = serde_json::to_vec(&ProblemDocument {
            kind: format!("/problems/{}", self.slug),
            title: self.title.clone(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance: request_id::current().map(|id| format!("urn:uuid:{id}")),
            errors: self
                .errors
                .iter()
                .map(|f| ProblemField { detail: f.detail.clone(), pointer: f.pointer.clone() })
                .collect(),
            code: self.code.clone(),
            policy: self.policy.clone(),
            allowed_actions: self.allowed_actions.clone(),
        });
        response.content_type("application/problem+json").body(body.unwrap_or_default())
    }
}

/// The body of every answer that is not a success (RFC 9457).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem, example = json!({
    "type": "/problems/named-person-required", "title": "Refused", "status": 403,
    "detail": "Only a named person may do this, not a system.", "code": "named-person-required", "policy": "1.3",
    "instance": "urn:uuid:019a0000-0000-7000-8000-000000000000"
}))]
pub(crate) struct ProblemDocument {
    /// `/problems/{slug}`: stable, and an address that describes it.
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    /// For the person: what happened this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The request id, as in the log and the X-Request-Id header.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemField>,
    /// On refusals: the stable code, equal to the slug.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// On refusals: the paragraph of the policy behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    /// On `not-allowed-in-state`: what the same person may do now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_actions: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct ProblemField {
    detail: String,
    /// JSON pointer into the body; empty for the whole.
    pointer: String,
}
