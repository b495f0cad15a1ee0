//! `GET /api/v1/reports/{name}`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::reports::{self, Report, ReportName};
use crate::app::{App, AppError};
use actix_web::get;
use actix_web::web::{Data, Json, Path};

/// A report of what is on file now, with its marking, the version of the policy, and what can be concluded from it. Each
/// reading is logged.
#[utoipa::path(tag = "reports", params(("name" = String, Path, description = "`equality`, `consistency` or `conformance`", example = "equality")), responses(
    (status = 200, description = "The report", body = Report),
    (status = 403, description = "`wrong-role`"),
    (status = 404, description = "There is no such report")))]
#[get("/reports/{name}")]
pub(crate) async fn find(app: Data<App>, caller: SignedIn, name: Path<String>) -> Result<Json<Report>, Problem> {
    let name: ReportName = name.parse().map_err(|_unknown| AppError::NotFound)?;
    Ok(Json(reports::make_report(&app, &caller.actor, name).await?))
}
