//! `GET /api/v1/caller-months/{month}`, and the same as a file.

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::callers::{CallerMonth, export_month, read_month};
use crate::app::{App, AppError};
use crate::domain::calls::months::Month;
use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Of {
    /// One area of yours; absent: all of them.
    area: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Taken {
    /// One area of yours; absent: all of them.
    area: Option<String>,
    /// Why it is needed outside; written down with who was on it.
    #[param(example = "Sent to the partnership analyst")]
    reason: Option<String>,
}

/// The month that a path names; what is no month is not found.
pub(super) fn month(text: &str) -> Result<Month, AppError> {
    text.parse().map_err(|_no_month| AppError::NotFound)
}

/// Who called 999 and 101 how often in a calendar month, with what the figures rest on and what they cannot say. Nobody on
/// it is a nuisance by that alone. A system needs `caller_months.read`, and is told who called from its areas; each
/// caller is logged, with the system as the recipient.
#[utoipa::path(tag = "callers", params(("month" = String, Path, example = "2026-05"), Of), responses(
    (status = 200, description = "The month", body = CallerMonth),
    (status = 403, description = "`wrong-role` or `missing-scope`"),
    (status = 404, description = "No month, one that has not begun, or an area that is not yours")))]
#[get("/caller-months/{month}")]
pub(crate) async fn find(
    app: Data<App>,
    caller: SignedIn,
    path: Path<String>,
    of: Query<Of>,
) -> Result<Json<CallerMonth>, Problem> {
    let month = month(&path)?;
    Ok(Json(read_month(&app, &caller.actor, month, of.area.as_deref()).await?))
}

/// The table as CSV (RFC 4180), formulas made harmless, with what it is and is not below the rows.
#[utoipa::path(tag = "callers", params(("month" = String, Path, example = "2026-05"), Taken), responses(
    (status = 200, description = "The file", body = String, content_type = "text/csv"),
    (status = 403, description = "`wrong-role` or `missing-scope`"),
    (status = 404, description = "No month, one that has not begun, or an area that is not yours"),
    (status = 422, description = "No reason")))]
#[get("/caller-months/{month}.csv")]
pub(crate) async fn csv(
    app: Data<App>,
    caller: SignedIn,
    path: Path<String>,
    of: Query<Taken>,
) -> Result<HttpResponse, Problem> {
    let month = month(&path)?;
    let reason = of.reason.as_deref().unwrap_or_default();
    let exported = export_month(&app, &caller.actor, month, (of.area.as_deref(), reason)).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", format!("attachment; filename=\"repeat-callers-{month}.csv\"")))
        .body(exported.csv))
}
