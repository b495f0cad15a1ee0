//! `GET /api/v1/area-referrals`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::coordination::{AreaReferral, area_referrals};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};

/// Referrals of repeat callers in your areas, or to your unit, oldest first. A system needs `area_referrals.read`; each
/// case is logged, with the system as the recipient.
#[utoipa::path(tag = "callers", params(PageQuery), responses(
    (status = 200, description = "A page of referrals", body = Page<AreaReferral>),
    (status = 403, description = "`wrong-role` or `missing-scope`")))]
#[get("/area-referrals")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let listed = area_referrals(&app, &caller.actor, paging.after(&())?, limit + 1).await?;
    Ok(Page::new(listed, limit, &(), |one: &AreaReferral| one.case_id).respond(&req))
}
