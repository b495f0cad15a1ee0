//! `GET /api/v1/markers`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::live_calls::{self, MarkerView};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};

/// The markers in force, the latest first; none on people who complained about you.
#[utoipa::path(tag = "calls", params(PageQuery), responses(
    (status = 200, description = "A page of markers", body = Page<MarkerView>),
    (status = 403, description = "`wrong-role`")))]
#[get("/markers")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let markers = live_calls::list_markers(&app, &caller.actor, paging.after(&())?, limit + 1).await?;
    Ok(Page::new(markers, limit, &(), |view: &MarkerView| view.id).respond(&req))
}
