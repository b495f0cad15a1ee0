//! `GET` and `POST /api/v1/coordination/partners`, `POST /api/v1/coordination/partners/{id}/end`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::coordination::{self, PartnerView, add_partner, end_partner, list_partners};
use crate::domain::ids::PartnerContactId;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewPartnerContact {
    /// A partner of the programme, by its key: `ambulance`.
    #[schema(example = "ambulance")]
    partner: String,
    name: String,
    post: Option<String>,
    /// A number, an address, a desk.
    reached_by: String,
    note: Option<String>,
}

/// Whom to ask at partner agencies.
#[utoipa::path(tag = "coordination", responses(
    (status = 200, description = "By partner and name", body = Vec<PartnerView>)))]
#[get("/coordination/partners")]
pub(crate) async fn list(app: Data<App>, caller: SignedIn) -> Result<Json<Vec<PartnerView>>, Problem> {
    Ok(Json(list_partners(&app, &caller.actor).await?))
}

/// Adds somebody at a partner agency.
#[utoipa::path(tag = "coordination", request_body = NewPartnerContact, responses(
    (status = 201, description = "Added", body = PartnerView),
    (status = 422, description = "No such partner, or nothing to reach them by")))]
#[post("/coordination/partners")]
pub(crate) async fn add(
    app: Data<App>,
    caller: SignedIn,
    body: Body<NewPartnerContact>,
) -> Result<HttpResponse, Problem> {
    let NewPartnerContact { partner, name, post, reached_by, note } = body.into_inner();
    let new = coordination::NewPartner { partner, name, post, reached_by, note };
    Ok(HttpResponse::Created().json(add_partner(&app, &caller.actor, new).await?))
}

/// They are asked no more. Ending twice changes nothing.
#[utoipa::path(tag = "coordination", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, description = "Nobody of this id")))]
#[post("/coordination/partners/{id}/end")]
pub(crate) async fn end(app: Data<App>, caller: SignedIn, id: Path<PartnerContactId>) -> Result<HttpResponse, Problem> {
    end_partner(&app, &caller.actor, id.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}
