//! `POST /api/v1/nominations/{id}/taking-up`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::api::v1::cases::open::created;
use crate::app::App;
use crate::app::callers::take_up;
use crate::app::cases::CaseView;
use crate::domain::ids::NominationId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TakingUp {
    /// The opening form of `vulnerable-repeat-caller`; where the nomination came from is put into it.
    #[schema(value_type = Object, example = json!({"reason": "Twelve calls in a week, most of them at night."}))]
    input: Value,
}

/// Opens the case of a nominated caller, in the name of the officer who is signed in, about whoever the caller was said to
/// be. The nomination is looked at with it.
#[utoipa::path(tag = "callers", params(("id" = uuid::Uuid, Path)), request_body = TakingUp, responses(
    (status = 201, description = "Opened", body = CaseView),
    (status = 403, description = "A system, or a role that may not"),
    (status = 404, description = "No such nomination of a caller"),
    (status = 409, description = "`nomination-looked-at`, or the person has an open case of this type"),
    (status = 422, description = "The form is not filled in")))]
#[post("/nominations/{id}/taking-up")]
pub(crate) async fn open(
    app: Data<App>,
    caller: SignedIn,
    id: Path<NominationId>,
    body: Body<TakingUp>,
) -> Result<HttpResponse, Problem> {
    let opened = take_up(&app, &caller.actor, id.into_inner(), body.into_inner().input).await?;
    created(&app, &opened).await
}
