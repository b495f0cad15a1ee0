//! `POST /api/v1/contacts/batch`

use crate::api::auth::SignedIn;
use crate::api::body;
use crate::api::problem::{self, Problem};
use crate::app::App;
use crate::app::FieldFault;
use crate::app::contacts::{self, ContactFacts, LineResult};
use crate::domain::ids::ContactId;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, post};
use serde::Serialize;
use utoipa::ToSchema;

const MOST_LINES: usize = 5_000;

/// What became of one line.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchLine {
    /// Counted from 1.
    line: usize,
    /// `recorded`, `duplicate` (the other system's name for it was recorded before) or `rejected`.
    #[schema(example = "recorded")]
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<ContactId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<BatchFault>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct BatchFault {
    pointer: String,
    detail: String,
}

/// Records many contacts: a line of JSON each (as for `POST /contacts`), answered by a line each, in the same order.
/// Faulty lines stop nobody else's. At most 5,000 lines.
#[utoipa::path(tag = "contacts",
    request_body(content = String, content_type = "application/x-ndjson"),
    responses(
    (status = 200, description = "A result a line", body = BatchLine, content_type = "application/x-ndjson"),
    (status = 403, description = "The token may not record contacts"),
    (status = 413, description = "Too many lines")))]
#[post("/contacts/batch")]
pub(crate) async fn batch(app: Data<App>, caller: SignedIn, lines: Bytes) -> Result<HttpResponse, Problem> {
    let lines: Vec<&[u8]> = lines.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
    if lines.len() > MOST_LINES {
        return Err(Problem::new(problem::TOO_LARGE).detail(format!("A batch has at most {MOST_LINES} lines.")));
    }
    let facts = lines.into_iter().map(read).collect();
    let results = contacts::record_contacts(&app, &caller.actor, facts).await?;
    let mut answer = Vec::new();
    for (line, result) in (1..).zip(results) {
        serde_json::to_writer(&mut answer, &shown(line, result))
            .map_err(|_unwritable| Problem::new(problem::INTERNAL))?;
        answer.push(b'\n');
    }
    Ok(HttpResponse::Ok().content_type("application/x-ndjson").body(answer))
}

fn read(line: &[u8]) -> Result<ContactFacts, FieldFault> {
    body::read_json(line).map_err(FieldFault::from)
}

fn shown(line: usize, result: LineResult) -> BatchLine {
    let (status, id, errors) = match result {
        LineResult::Recorded(id) => ("recorded", Some(id), Vec::new()),
        LineResult::Known(id) => ("duplicate", Some(id), Vec::new()),
        LineResult::Rejected(errors) => ("rejected", None, errors),
    };
    let errors = errors.into_iter().map(|fault| BatchFault { pointer: fault.pointer, detail: fault.detail });
    BatchLine { line, status, id, errors: errors.collect() }
}
