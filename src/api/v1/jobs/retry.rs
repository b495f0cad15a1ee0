//! `POST /api/v1/jobs/{id}/retry`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::{App, retry_job};
use crate::domain::ids::JobId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};

/// Gives a dead job another life, from the beginning of its attempts.
#[utoipa::path(tag = "operation", responses(
    (status = 204, description = "It waits to be run"),
    (status = 404, description = "No such dead job")))]
#[post("/jobs/{id}/retry")]
pub(crate) async fn retry(app: Data<App>, caller: SignedIn, id: Path<JobId>) -> Result<HttpResponse, Problem> {
    retry_job(&app, &caller.actor, id.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}
