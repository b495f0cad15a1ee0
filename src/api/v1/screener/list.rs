//! `GET /api/v1/screener`, `GET /api/v1/screener/decisions`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::contacts::screener::{self, DecisionView, UnknownSender};
use crate::domain::ids::{ContactId, Id};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use uuid::Uuid;

/// Senders who are not on file and whose mail nobody has read: how much, since when, what is proven of them, whom they
/// look like, what the newest begins with. Whoever wrote last comes first.
#[utoipa::path(tag = "contacts", params(PageQuery), responses(
    (status = 200, description = "A page of senders", body = Page<UnknownSender>)))]
#[get("/screener")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let after = paging.after(&())?;
    let found = screener::list_senders(&app, &caller.actor, after, limit + 1).await?;
    // No address in a cursor: it is part of a URL.
    let key = |sender: &UnknownSender| {
        let newest: ContactId = sender.newest_contact_id.unwrap_or_else(|| Id::from_uuid(Uuid::nil()));
        (sender.last_at, newest)
    };
    Ok(Page::new(found, limit, &(), key).respond(&req))
}

/// What was decided about senders, reversed decisions too, the newest first.
#[utoipa::path(tag = "contacts", params(PageQuery), responses(
    (status = 200, description = "A page of decisions", body = Page<DecisionView>)))]
#[get("/screener/decisions")]
pub(crate) async fn decisions(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let after = paging.after(&"decisions")?;
    let found = screener::list_decisions(&app, &caller.actor, after, limit + 1).await?;
    Ok(Page::new(found, limit, &"decisions", |row: &DecisionView| (row.decided_at, row.id)).respond(&req))
}
