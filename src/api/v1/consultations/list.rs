//! `GET /api/v1/consultations`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases::{self, CaseView};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};

/// Questions put to your unit; for a point of contact, those put in their cases.
#[utoipa::path(tag = "consultations", params(PageQuery), responses(
    (status = 200, description = "A page of consultations", body = Page<CaseView>)))]
#[get("/consultations")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let after = paging.after(&())?;
    let views = cases::consultations(&app, &caller.actor, after, limit + 1).await?;
    Ok(Page::new(views, limit, &(), |view: &CaseView| view.id).respond(&req))
}
