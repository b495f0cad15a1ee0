//! `POST /api/v1/meetings`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::meetings::{self, MeetingView};
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewMeeting {
    #[schema(example = "2026-11-24")]
    held_on: NaiveDate,
}

/// Plans a meeting on a day.
#[utoipa::path(tag = "meetings", request_body = NewMeeting, responses(
    (status = 201, description = "Planned", body = MeetingView),
    (status = 409, description = "There is one on that day already")))]
#[post("/meetings")]
pub(crate) async fn plan(app: Data<App>, caller: SignedIn, body: Body<NewMeeting>) -> Result<HttpResponse, Problem> {
    let planned = meetings::plan_meeting(&app, &caller.actor, body.into_inner().held_on).await?;
    let view = MeetingView::new(&app, planned);
    let location = (LOCATION, format!("/api/v1/meetings/{}", view.id));
    Ok(HttpResponse::Created().insert_header(location).insert_header(etag(view.version)).json(view))
}
