//! `GET /api/v1/workflows`, `GET /api/v1/workflows/{key}`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::workflows::{self, WorkflowDetail, WorkflowSummary};
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct Workflows {
    data: Vec<WorkflowSummary>,
}

/// The case types in force: key, version, content hash.
#[utoipa::path(tag = "workflows", responses((status = 200, description = "Every case type", body = Workflows)))]
#[get("/workflows")]
pub(crate) async fn list(app: Data<App>, caller: SignedIn) -> Result<Json<Workflows>, Problem> {
    let data = workflows::list_workflows(&app, &caller.actor)?;
    Ok(Json(Workflows { data }))
}

/// One case type: its states and actions, its forms as JSON Schema, what is proved of it, and a diagram.
#[utoipa::path(tag = "workflows", params(("key" = String, Path, example = "communications-strategy")), responses(
    (status = 200, description = "The definition", body = WorkflowDetail),
    (status = 404, description = "No such case type")))]
#[get("/workflows/{key}")]
pub(crate) async fn find(app: Data<App>, caller: SignedIn, key: Path<String>) -> Result<Json<WorkflowDetail>, Problem> {
    Ok(Json(workflows::find_workflow(&app, &caller.actor, &key)?))
}
