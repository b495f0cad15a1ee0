//! `GET /api/v1/call-imports`

use super::view::ImportView;
use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::list_imports;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};

/// Files that were brought in, newest first, and how that went.
#[utoipa::path(tag = "calls", params(PageQuery), responses(
    (status = 200, description = "A page of imports", body = Page<ImportView>)))]
#[get("/call-imports")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let after = paging.after(&())?;
    let listed = list_imports(&app, &caller.actor, after, limit + 1).await?;
    let views = listed.into_iter().map(ImportView::from).collect();
    Ok(Page::new(views, limit, &(), |view: &ImportView| view.id).respond(&req))
}
