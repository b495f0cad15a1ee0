//! `GET /api/v1/cases/{id}/events`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases::{self, EventView};
use crate::domain::ids::CaseId;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct History {
    data: Vec<EventView>,
}

/// Everything that happened to a case, oldest first: who, when, what, and the rationale they gave.
#[utoipa::path(tag = "cases", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The history", body = History),
    (status = 404, description = "No such case, or none that you see the whole of")))]
#[get("/cases/{id}/events")]
pub(crate) async fn events(app: Data<App>, caller: SignedIn, id: Path<CaseId>) -> Result<Json<History>, Problem> {
    let data = cases::case_events(&app, &caller.actor, id.into_inner()).await?;
    Ok(Json(History { data }))
}
