//! `GET /api/v1/cases/{id}`

use crate::api::auth::SignedIn;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases::{self, CaseView};
use crate::domain::ids::CaseId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};

/// One case, with its child cases. A liaison officer sees the question put to their unit and the answer, nothing else.
#[utoipa::path(tag = "cases", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The case; its version is in the ETag", body = CaseView),
    (status = 404, description = "No such case, or none that you may know of")))]
#[get("/cases/{id}")]
pub(crate) async fn find(app: Data<App>, caller: SignedIn, id: Path<CaseId>) -> Result<HttpResponse, Problem> {
    let view = cases::find_case(&app, &caller.actor, id.into_inner()).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
