//! `POST /api/v1/cases/{id}/break-glass`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases;
use crate::domain::ids::CaseId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BreakGlass {
    /// Why you have to look into a case that is not yours to see. Supervisors and auditors are told.
    #[schema(example = "Officers at the door; nobody of the department can be reached.")]
    reason: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BrokenGlass {
    /// From this instant on it is over.
    until: DateTime<Utc>,
}

/// Lets you read, not act on, a case that you do not see, for eight hours. It is kept in the case's history, and
/// supervisors and auditors have a task at once that says who looked into it and why. Asked again meanwhile, it answers the
/// same and changes nothing.
#[utoipa::path(tag = "cases", params(("id" = uuid::Uuid, Path)), request_body = BreakGlass, responses(
    (status = 201, description = "The case can be read", body = BrokenGlass),
    (status = 404, description = "No such case, or none that you may know of"),
    (status = 409, description = "`seen-already`: your role shows it to you")))]
#[post("/cases/{id}/break-glass")]
pub(crate) async fn break_glass(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CaseId>,
    body: Body<BreakGlass>,
) -> Result<HttpResponse, Problem> {
    let until = cases::break_glass(&app, &caller.actor, id.into_inner(), body.into_inner().reason).await?;
    Ok(HttpResponse::Created().json(BrokenGlass { until }))
}
