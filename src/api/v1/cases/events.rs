//! `GET /api/v1/cases/{id}/events`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases::{self, EventView};
use crate::domain::ids::CaseId;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};

/// Everything that happened to a case, oldest first: who, when, what, and the rationale they gave.
#[utoipa::path(tag = "cases", params(("id" = uuid::Uuid, Path), PageQuery), responses(
    (status = 200, description = "A page of the history", body = Page<EventView>),
    (status = 404, description = "No such case, or none that you see the whole of")))]
#[get("/cases/{id}/events")]
pub(crate) async fn events(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    id: Path<CaseId>,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let (id, limit) = (id.into_inner(), paging.limit()?);
    let events = cases::case_events(&app, &caller.actor, id, (paging.after(&id)?, limit + 1)).await?;
    Ok(Page::new(events, limit, &id, |event: &EventView| event.seq).respond(&req))
}
