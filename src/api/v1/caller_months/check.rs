//! `POST /api/v1/caller-months/{month}/checks`

use super::find::month;
use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::{MonthCheckView, check_month};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewMonthCheck {
    /// An area that is checked on its own, or one of yours; absent: the whole county, or the only area you have.
    area: Option<String>,
    /// What was found, and what is done about it.
    found: String,
}

/// An Operational Partnership Team has looked through a month.
#[utoipa::path(tag = "callers", params(("month" = String, Path, example = "2026-05")), request_body = NewMonthCheck, responses(
    (status = 201, description = "Written down", body = MonthCheckView),
    (status = 403, description = "`wrong-role` or `not-your-area`"),
    (status = 404, description = "No month, or one that has not begun"),
    (status = 422, description = "Nothing said, the month is not over, or it is not said which of your areas it is")))]
#[post("/caller-months/{month}/checks")]
pub(crate) async fn check(
    app: Data<App>,
    caller: SignedIn,
    path: Path<String>,
    body: Body<NewMonthCheck>,
) -> Result<HttpResponse, Problem> {
    let NewMonthCheck { area, found } = body.into_inner();
    let made = check_month(&app, &caller.actor, month(&path)?, (area.as_deref(), &found)).await?;
    Ok(HttpResponse::Created().json(made))
}
