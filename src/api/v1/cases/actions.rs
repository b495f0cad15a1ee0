//! `GET /api/v1/cases/{id}/actions`

use crate::api::auth::SignedIn;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases;
use crate::domain::case::Offer;
use crate::domain::ids::CaseId;
use crate::domain::marking::Marking;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct Actions {
    /// Of the case.
    marking: Marking,
    state: String,
    version: i64,
    /// Each with `action`, `title`, `form`, `allowed`, and where not allowed the `refusal` with code, words, paragraph.
    #[schema(value_type = Vec<Object>)]
    data: Vec<Offer>,
}

/// What you may do with a case now, from the function that will decide it. Conditions on a form's input are checked
/// when it is sent.
#[utoipa::path(tag = "cases", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "Every action of the present state", body = Actions),
    (status = 404, description = "No such case, or none that you may know of")))]
#[get("/cases/{id}/actions")]
pub(crate) async fn actions(app: Data<App>, caller: SignedIn, id: Path<CaseId>) -> Result<HttpResponse, Problem> {
    let now = cases::actions_now(&app, &caller.actor, id.into_inner()).await?;
    let body = Actions { marking: now.marking, state: now.state, version: now.version, data: now.offers };
    Ok(HttpResponse::Ok().insert_header(etag(now.version)).json(body))
}
