//! `POST /api/v1/callers/{id}/nominations`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::nominate_caller;
use crate::domain::ids::{CallerId, NominationId};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Nominating {
    #[schema(example = "Called four times on one shift, and sounded short of breath.")]
    reason: String,
}

/// A nomination of a caller that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Made {
    nomination_id: NominationId,
}

/// Asks for a look at a caller, in the name of the officer who is signed in. It labels nobody.
#[utoipa::path(tag = "callers", params(("id" = uuid::Uuid, Path)), request_body = Nominating, responses(
    (status = 201, description = "On the list of nominated callers", body = Made),
    (status = 403, description = "A system, or a role that may not"),
    (status = 404, description = "No such caller, or of no area of theirs"),
    (status = 422, description = "No reason")))]
#[post("/callers/{id}/nominations")]
pub(crate) async fn nominate(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CallerId>,
    body: Body<Nominating>,
) -> Result<HttpResponse, Problem> {
    let made = nominate_caller(&app, &caller.actor, id.into_inner(), &body.into_inner().reason).await?;
    Ok(HttpResponse::Created().json(Made { nomination_id: made }))
}
