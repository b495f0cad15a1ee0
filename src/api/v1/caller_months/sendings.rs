//! `POST /api/v1/caller-months/{month}/sendings`, and what the unit says to one.

use super::find::month;
use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::{self, MonthSendingView, confirm_receipt, record_action, send_month};
use crate::domain::ids::MonthSendingId;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewMonthSending {
    /// `opt` or `snt`.
    #[schema(example = "opt")]
    team: String,
    /// Absent: the whole county.
    area: Option<String>,
    note: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct UnitAction {
    /// What the unit did.
    action: String,
}

/// Sends a month's table as it stands now to a unit, which has a task until it says that it has it; that each caller on it was
/// told to the unit is written down.
#[utoipa::path(tag = "callers", params(("month" = String, Path, example = "2026-05")), request_body = NewMonthSending, responses(
    (status = 201, description = "Sent", body = MonthSendingView),
    (status = 404, description = "No month, or one that has not begun"),
    (status = 422, description = "Another unit, or the month is not over")))]
#[post("/caller-months/{month}/sendings")]
pub(crate) async fn send(
    app: Data<App>,
    caller: SignedIn,
    path: Path<String>,
    body: Body<NewMonthSending>,
) -> Result<HttpResponse, Problem> {
    let NewMonthSending { team, area, note } = body.into_inner();
    let new = callers::NewSending { team, area, note };
    let sent = send_month(&app, &caller.actor, month(&path)?, new).await?;
    Ok(HttpResponse::Created().json(sent))
}

/// The unit has it. Said twice it is the same receipt.
#[utoipa::path(tag = "callers", params(("month" = String, Path, example = "2026-05"), ("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "As it stands now", body = MonthSendingView),
    (status = 403, description = "An officer of another unit, or `not-your-area`"),
    (status = 404, description = "No such sending")))]
#[post("/caller-months/{month}/sendings/{id}/receipt")]
pub(crate) async fn receipt(
    app: Data<App>,
    caller: SignedIn,
    path: Path<(String, MonthSendingId)>,
) -> Result<Json<MonthSendingView>, Problem> {
    let (of, id) = path.into_inner();
    month(&of)?;
    Ok(Json(confirm_receipt(&app, &caller.actor, id).await?))
}

/// What the unit did with it. The last one stands, and the history keeps each.
#[utoipa::path(tag = "callers", params(("month" = String, Path, example = "2026-05"), ("id" = uuid::Uuid, Path)), request_body = UnitAction, responses(
    (status = 200, description = "As it stands now", body = MonthSendingView),
    (status = 403, description = "An officer of another unit, or `not-your-area`"),
    (status = 404, description = "No such sending"),
    (status = 422, description = "Nothing said")))]
#[post("/caller-months/{month}/sendings/{id}/action")]
pub(crate) async fn act(
    app: Data<App>,
    caller: SignedIn,
    path: Path<(String, MonthSendingId)>,
    body: Body<UnitAction>,
) -> Result<Json<MonthSendingView>, Problem> {
    let (of, id) = path.into_inner();
    month(&of)?;
    Ok(Json(record_action(&app, &caller.actor, id, &body.into_inner().action).await?))
}
