//! `POST /api/v1/outgoing/restart`

use super::stop::SendingStop;
use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::outbox::restart_sending;
use actix_web::post;
use actix_web::web::{Data, Json};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RestartSending {
    /// What was found, and why mail may be sent again.
    #[schema(example = "An answering machine at one address; its owner switched it off.")]
    reason: String,
}

/// Lets mail be sent again after it stopped by itself. What waited goes out; the budgets of each address and case go on.
#[utoipa::path(tag = "operation", request_body = RestartSending, responses(
    (status = 200, description = "The stop that is over", body = SendingStop),
    (status = 409, description = "`sending-not-stopped`")))]
#[post("/outgoing/restart")]
pub(crate) async fn restart(
    app: Data<App>,
    caller: SignedIn,
    body: Body<RestartSending>,
) -> Result<Json<SendingStop>, Problem> {
    Ok(Json(restart_sending(&app, &caller.actor, body.into_inner().reason).await?.into()))
}
