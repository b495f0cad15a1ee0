//! `POST /api/v1/delegations/{id}/revocation`

use super::view::DelegationView;
use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::{App, revoke_delegation};
use crate::domain::ids::DelegationId;
use actix_web::post;
use actix_web::web::{Data, Json, Path};

/// Ends a delegation now. What was signed under it stays signed. Revoking twice changes nothing.
#[utoipa::path(tag = "delegations", responses(
    (status = 200, description = "As it stands now", body = DelegationView),
    (status = 404, description = "No such delegation")))]
#[post("/delegations/{id}/revocation")]
pub(crate) async fn revoke(
    app: Data<App>,
    caller: SignedIn,
    id: Path<DelegationId>,
) -> Result<Json<DelegationView>, Problem> {
    let revoked = revoke_delegation(&app, &caller.actor, id.into_inner()).await?;
    Ok(Json(revoked.into()))
}
