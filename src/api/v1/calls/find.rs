//! `GET /api/v1/calls/{id}`

use crate::api::auth::SignedIn;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::live_calls::{self, CallRecordView};
use crate::domain::ids::CallId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};

/// The record of a call: adjustments and vulnerability first, and what is still to be done.
#[utoipa::path(tag = "calls", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The record", body = CallRecordView),
    (status = 404, description = "None, or none that you may know of")))]
#[get("/calls/{id}")]
pub(crate) async fn find(app: Data<App>, caller: SignedIn, id: Path<CallId>) -> Result<HttpResponse, Problem> {
    let view = live_calls::read_call(&app, &caller.actor, id.into_inner()).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
