//! `GET /api/v1/registers`, `GET /api/v1/registers/{name}`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::policy::{self, RegisterSummary, RegisterView};
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct AllRegisters {
    data: Vec<RegisterSummary>,
}

/// The dated registers: the policy with who answers for it, the law that is cited, what decisions are checked against,
/// where to read on, the bank holidays. They change in files, never here.
#[utoipa::path(tag = "policy", responses((status = 200, description = "Every register", body = AllRegisters)))]
#[get("/registers")]
pub(crate) async fn list(app: Data<App>, caller: SignedIn) -> Result<Json<AllRegisters>, Problem> {
    Ok(Json(AllRegisters { data: policy::list_registers(&app, &caller.actor)? }))
}

/// One register, and every text it had here: events name the one they were taken under by its content hash.
#[utoipa::path(tag = "policy", params(("name" = String, Path, example = "legislation")), responses(
    (status = 200, description = "The register", body = RegisterView),
    (status = 404, description = "No such register")))]
#[get("/registers/{name}")]
pub(crate) async fn find(app: Data<App>, caller: SignedIn, name: Path<String>) -> Result<Json<RegisterView>, Problem> {
    Ok(Json(policy::find_register(&app, &caller.actor, &name).await?))
}
