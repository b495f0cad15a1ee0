//! `GET /api/v1/delegations`

use super::view::DelegationView;
use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::{App, list_delegations};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};

/// Who may sign what, and when; newest first.
#[utoipa::path(tag = "delegations", params(PageQuery), responses(
    (status = 200, description = "A page of delegations", body = Page<DelegationView>)))]
#[get("/delegations")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let after = paging.after(&())?;
    let rows = list_delegations(&app, &caller.actor, after, limit + 1).await?;
    let views: Vec<DelegationView> = rows.into_iter().map(DelegationView::from).collect();
    Ok(Page::new(views, limit, &(), |view| view.id).respond(&req))
}
