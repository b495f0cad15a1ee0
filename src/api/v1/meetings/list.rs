//! `GET /api/v1/meetings`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageEnd, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::meetings::{self, MeetingView};
use actix_web::get;
use actix_web::web::{Data, Json, Query};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Meetings {
    data: Vec<MeetingView>,
    page: PageEnd,
    /// Mondays of the weeks since the first meeting in which none was held.
    missed_weeks: Vec<NaiveDate>,
}

/// Meetings, newest first, and the weeks that were missed.
#[utoipa::path(tag = "meetings", params(PageQuery), responses(
    (status = 200, description = "A page of meetings", body = Meetings)))]
#[get("/meetings")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    paging: Query<PageQuery>,
) -> Result<Json<Meetings>, Problem> {
    let limit = paging.limit()?;
    let before = paging.after(&())?;
    let found = meetings::list_meetings(&app, &caller.actor, before, limit + 1).await?;
    let Page { data, page } = Page::new(found.data, limit, &(), |meeting: &MeetingView| meeting.held_on);
    Ok(Json(Meetings { data, page, missed_weeks: found.missed_weeks }))
}
