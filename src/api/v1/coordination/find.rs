//! `GET /api/v1/coordination` and `GET /api/v1/coordination/report`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::coordination::{CallsReport, CoordinationDesk, read_desk, read_report};
use actix_web::get;
use actix_web::web::{Data, Json, Query};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

/// How far referrals are, what is overdue, how the identification runs, and what the next has to know. A part that is not
/// yours is absent.
#[utoipa::path(tag = "coordination", responses(
    (status = 200, description = "The desk", body = CoordinationDesk),
    (status = 403, description = "`wrong-role`")))]
#[get("/coordination")]
pub(crate) async fn desk(app: Data<App>, caller: SignedIn) -> Result<Json<CoordinationDesk>, Problem> {
    Ok(Json(Box::pin(read_desk(&app, &caller.actor)).await?))
}

/// The days a report is about.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportDays {
    /// The first day; twelve months before the last unless told.
    from: Option<NaiveDate>,
    /// The last day; today unless told.
    to: Option<NaiveDate>,
}

/// What came of cases, how long it took until a unit accepted, calls before and after of those whose case was concluded,
/// and what is estimated, each labelled. It counts, and concludes nothing.
#[utoipa::path(tag = "coordination", params(ReportDays), responses(
    (status = 200, description = "The report", body = CallsReport),
    (status = 403, description = "`wrong-role`"),
    (status = 422, description = "The last day is before the first")))]
#[get("/coordination/report")]
pub(crate) async fn report(
    app: Data<App>,
    caller: SignedIn,
    days: Query<ReportDays>,
) -> Result<Json<CallsReport>, Problem> {
    Ok(Json(Box::pin(read_report(&app, &caller.actor, (days.from, days.to))).await?))
}
