//! `POST /api/v1/meetings/{id}/open`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::meetings::{self, MeetingView};
use crate::domain::ids::MeetingId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Opening {
    /// Who is there, by name.
    #[schema(example = json!(["Example Officer 1", "Example Officer 2"]))]
    attendees: Vec<String>,
}

/// Opens the meeting; its agenda is everybody who waits for it. Whoever opens it is in the chair.
#[utoipa::path(tag = "meetings",
    params(("id" = uuid::Uuid, Path), ("If-Match" = String, Header, description = "The ETag as you read it")),
    request_body = Opening, responses(
    (status = 200, description = "Open, with its agenda", body = MeetingView),
    (status = 409, description = "It is open or closed already"),
    (status = 412, description = "Changed since you read it"),
    (status = 428, description = "If-Match is missing")))]
#[post("/meetings/{id}/open")]
pub(crate) async fn open(
    app: Data<App>,
    caller: SignedIn,
    id: Path<MeetingId>,
    version: IfMatch,
    body: Body<Opening>,
) -> Result<HttpResponse, Problem> {
    let (id, attendees) = (id.into_inner(), body.into_inner().attendees);
    meetings::open_meeting(&app, &caller.actor, id, Some(version.0), attendees).await?;
    let view = meetings::find_meeting(&app, &caller.actor, id).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
