//! `POST /api/v1/meetings/{id}/items/{n}/decision`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::meetings::{self, ItemDecision, MeetingView, Outcome};
use crate::domain::ids::MeetingId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Decision {
    /// `met`, `not_met` or `carry_over`.
    outcome: Outcome,
    /// The form of that outcome: `threshold_met`, `threshold_not_met` or `reason`.
    #[serde(default)]
    #[schema(value_type = Object)]
    input: Value,
}

/// Records the meeting's decision on one item, in the chair's name, with the rationale typed by a person.
#[utoipa::path(tag = "meetings",
    params(("id" = uuid::Uuid, Path), ("n" = i32, Path, description = "The item's number on the agenda"),
           ("If-Match" = String, Header, description = "The meeting's ETag as you read it")),
    request_body = Decision, responses(
    (status = 200, description = "Recorded; the meeting as it now stands", body = MeetingView),
    (status = 403, description = "Not the chair, or complained about by this person"),
    (status = 409, description = "Decided already, or the meeting is not open"),
    (status = 412, description = "Another note-taker wrote first"),
    (status = 422, description = "The form is not filled in as it has to be"),
    (status = 428, description = "If-Match is missing")))]
#[post("/meetings/{id}/items/{n}/decision")]
pub(crate) async fn decide(
    app: Data<App>,
    caller: SignedIn,
    path: Path<(MeetingId, i32)>,
    version: IfMatch,
    body: Body<Decision>,
) -> Result<HttpResponse, Problem> {
    let item = path.into_inner();
    let Decision { outcome, input } = body.into_inner();
    let decision = ItemDecision { outcome, input };
    meetings::decide_item(&app, &caller.actor, item, Some(version.0), decision).await?;
    let view = meetings::find_meeting(&app, &caller.actor, item.0).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
