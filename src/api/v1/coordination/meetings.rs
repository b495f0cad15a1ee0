//! `GET` and `POST /api/v1/coordination/meetings`, `GET …/{id}`, `POST …/{id}/close`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::coordination::{
    Attendee, MeetingMinutes, ProgrammeMeetingView, SharedThing, close_meeting, find_meeting, list_meetings,
    plan_meeting,
};
use crate::domain::ids::ProgrammeMeetingId;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewProgrammeMeeting {
    /// A meeting of the programme: `morning`, `monthly`, `three_service`.
    #[schema(example = "morning")]
    kind: String,
    held_on: NaiveDate,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ProgrammeMinutes {
    attendees: Vec<Attendee>,
    /// What was told to which partner, on which lawful basis, and why no less would do.
    #[serde(default)]
    shared: Vec<SharedThing>,
    minutes: String,
}

/// Meetings of the programme, the latest day first.
#[utoipa::path(tag = "coordination", responses(
    (status = 200, description = "The last two hundred", body = Vec<ProgrammeMeetingView>)))]
#[get("/coordination/meetings")]
pub(crate) async fn list(app: Data<App>, caller: SignedIn) -> Result<Json<Vec<ProgrammeMeetingView>>, Problem> {
    Ok(Json(list_meetings(&app, &caller.actor).await?))
}

/// Plans a meeting; its agenda is made of the programme's points and of what its kind looks at, as it is now.
#[utoipa::path(tag = "coordination", request_body = NewProgrammeMeeting, responses(
    (status = 201, description = "Planned", body = ProgrammeMeetingView),
    (status = 422, description = "The programme has no such meeting")))]
#[post("/coordination/meetings")]
pub(crate) async fn plan(
    app: Data<App>,
    caller: SignedIn,
    body: Body<NewProgrammeMeeting>,
) -> Result<HttpResponse, Problem> {
    let NewProgrammeMeeting { kind, held_on } = body.into_inner();
    let view = Box::pin(plan_meeting(&app, &caller.actor, (&kind, held_on))).await?;
    let location = (LOCATION, format!("/api/v1/coordination/meetings/{}", view.id));
    Ok(HttpResponse::Created().insert_header(location).json(view))
}

/// One meeting.
#[utoipa::path(tag = "coordination", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The meeting", body = ProgrammeMeetingView),
    (status = 404, description = "No such meeting")))]
#[get("/coordination/meetings/{id}")]
pub(crate) async fn find(
    app: Data<App>,
    caller: SignedIn,
    id: Path<ProgrammeMeetingId>,
) -> Result<Json<ProgrammeMeetingView>, Problem> {
    Ok(Json(find_meeting(&app, &caller.actor, id.into_inner()).await?))
}

/// Closes a meeting: who was there, what was told to whom and why no less would do, what was agreed. Each thing told is logged as a disclosure to
/// that partner.
#[utoipa::path(tag = "coordination", params(("id" = uuid::Uuid, Path)), request_body = ProgrammeMinutes, responses(
    (status = 200, description = "Closed", body = ProgrammeMeetingView),
    (status = 404, description = "No such meeting"),
    (status = 409, description = "`meeting-closed`"),
    (status = 422, description = "Not as it has to be")))]
#[post("/coordination/meetings/{id}/close")]
pub(crate) async fn close(
    app: Data<App>,
    caller: SignedIn,
    id: Path<ProgrammeMeetingId>,
    body: Body<ProgrammeMinutes>,
) -> Result<Json<ProgrammeMeetingView>, Problem> {
    let ProgrammeMinutes { attendees, shared, minutes } = body.into_inner();
    let said = MeetingMinutes { attendees, shared, minutes };
    Ok(Json(close_meeting(&app, &caller.actor, id.into_inner(), said).await?))
}
