//! `POST /api/v1/consultations/{id}/answer`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases::{self, Asked, CaseView};
use crate::domain::case::Command;
use crate::domain::ids::CaseId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde_json::Value;

/// Answers the question put to your unit. The body is the answer form itself: `{"advice": "…"}`.
#[utoipa::path(tag = "consultations",
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag as you read it")),
    request_body(content = Object, example = json!({"spokenOn": "2026-11-20", "advice": "Known to the team; no concern."})),
    responses(
    (status = 200, description = "Answered", body = CaseView),
    (status = 403, description = "The question was put to another unit, or you are not a named person"),
    (status = 404, description = "No such consultation of yours"),
    (status = 412, description = "Somebody answered or withdrew it since you read it"),
    (status = 428, description = "If-Match is missing")))]
#[post("/consultations/{id}/answer")]
pub(crate) async fn answer(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CaseId>,
    version: IfMatch,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let command = Command::new("answer", body.into_inner());
    let asked = Asked { case: id.into_inner(), expected_version: Some(version.0), command };
    let done = cases::act_on_case(&app, &caller.actor, asked).await?;
    let view = cases::find_case(&app, &caller.actor, done.id).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
