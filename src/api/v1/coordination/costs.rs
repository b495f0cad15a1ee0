//! `GET` and `POST /api/v1/coordination/costs`, `POST /api/v1/coordination/costs/{id}/withdrawal`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::coordination::{self, CostView, add_cost, list_costs, withdraw_cost};
use crate::domain::ids::ProgrammeCostId;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewProgrammeCost {
    /// `backfill`, `staffing`, `denied_service` or `demand`.
    #[schema(example = "backfill")]
    kind: String,
    /// Whole pence, minutes or calls.
    amount: i64,
    /// `pence`, `minutes` or `calls`.
    #[schema(example = "pence")]
    unit: String,
    from: NaiveDate,
    to: NaiveDate,
    /// `estimate` or `known`.
    #[schema(example = "estimate")]
    certainty: String,
    /// How it was arrived at.
    how: String,
}

/// Entries that stand, each labelled as an estimate or known.
#[utoipa::path(tag = "coordination", responses(
    (status = 200, description = "By the day they begin", body = Vec<CostView>)))]
#[get("/coordination/costs")]
pub(crate) async fn list(app: Data<App>, caller: SignedIn) -> Result<Json<Vec<CostView>>, Problem> {
    Ok(Json(list_costs(&app, &caller.actor).await?))
}

/// Enters what the programme costs, or what repeat calls are estimated to.
#[utoipa::path(tag = "coordination", request_body = NewProgrammeCost, responses(
    (status = 201, description = "Entered", body = CostView),
    (status = 422, description = "Not as it has to be")))]
#[post("/coordination/costs")]
pub(crate) async fn add(
    app: Data<App>,
    caller: SignedIn,
    body: Body<NewProgrammeCost>,
) -> Result<HttpResponse, Problem> {
    let NewProgrammeCost { kind, amount, unit, from, to, certainty, how } = body.into_inner();
    let new = coordination::NewCost { kind, amount, unit, from, to, certainty, how };
    Ok(HttpResponse::Created().json(add_cost(&app, &caller.actor, new).await?))
}

/// An entry that was wrong counts no more.
#[utoipa::path(tag = "coordination", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Withdrawn"),
    (status = 404, description = "No such entry, or withdrawn before")))]
#[post("/coordination/costs/{id}/withdrawal")]
pub(crate) async fn withdraw(
    app: Data<App>,
    caller: SignedIn,
    id: Path<ProgrammeCostId>,
) -> Result<HttpResponse, Problem> {
    withdraw_cost(&app, &caller.actor, id.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}
