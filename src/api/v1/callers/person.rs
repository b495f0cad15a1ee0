//! `POST /api/v1/callers/{id}/person`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::{Linking, Named, link_caller};
use crate::domain::ids::{CallerId, PersonId};
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct WhoItIs {
    /// The person on file; absent or null takes back what was said.
    person_id: Option<PersonId>,
    /// How it is known.
    reason: String,
}

/// Who a caller is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallerPerson {
    caller_id: CallerId,
    /// After merges; null where nobody is said to be.
    person_id: Option<PersonId>,
}

/// Says who on file a caller is, in the name of the officer who is signed in, or takes it back; with a reason.
#[utoipa::path(tag = "callers", params(("id" = uuid::Uuid, Path)), request_body = WhoItIs, responses(
    (status = 200, description = "Who it is said to be now", body = CallerPerson),
    (status = 403, description = "A system, or a role that may not"),
    (status = 404, description = "No such caller"),
    (status = 422, description = "No reason, or nobody on file")))]
#[post("/callers/{id}/person")]
pub(crate) async fn say(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CallerId>,
    body: Body<WhoItIs>,
) -> Result<Json<CallerPerson>, Problem> {
    let WhoItIs { person_id, reason } = body.into_inner();
    let id = id.into_inner();
    let asked = Linking { caller: id, person: person_id.map(Named::Id), reason };
    let person_id = link_caller(&app, &caller.actor, asked).await?;
    Ok(Json(CallerPerson { caller_id: id, person_id }))
}
