//! `GET /api/v1/covers`

use super::view::CoverView;
use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::{App, list_covers};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};

/// Who stands in for whom, and when; newest first.
#[utoipa::path(tag = "covers", params(PageQuery), responses(
    (status = 200, description = "A page of covers", body = Page<CoverView>)))]
#[get("/covers")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let rows = list_covers(&app, &caller.actor, paging.after(&())?, limit + 1).await?;
    let views: Vec<CoverView> = rows.into_iter().map(CoverView::from).collect();
    Ok(Page::new(views, limit, &(), |view| view.id).respond(&req))
}
