//! Whether the process lives, and whether it can serve.

use crate::api::openapi::PUBLIC;
use crate::api::problem::{self, Problem};
use crate::app::App;
use actix_web::get;
use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    #[schema(example = "ok")]
    status: &'static str,
}

/// The process is alive. Looks at nothing else, so that a slow database does not restart it.
#[utoipa::path(tag = PUBLIC, responses((status = 200, description = "Alive", body = Health)))]
#[get("/healthz")]
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// The database answers and its schema is the one this program was built for.
#[utoipa::path(tag = PUBLIC, responses((status = 200, description = "Ready to serve", body = Health)))]
#[get("/readyz")]
pub(crate) async fn readyz(app: Data<App>) -> Result<Json<Health>, Problem> {
    match app.store.is_current().await {
        Ok(true) => Ok(Json(Health { status: "ok" })),
        Ok(false) => {
            Err(Problem::new(problem::UNAVAILABLE).detail("The schema is not current; run `evenhand migrate`."))
        }
        Err(error) => Err(crate::app::AppError::from(error).into()),
    }
}
