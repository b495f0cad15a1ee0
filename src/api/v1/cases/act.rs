//! `POST /api/v1/cases/{id}/actions/{action}`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases::{self, Asked, CaseView};
use crate::domain::case::Command;
use crate::domain::ids::CaseId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Act {
    /// The action's form; leave it out where the action has none.
    #[serde(default)]
    #[schema(value_type = Object)]
    input: Value,
    /// When signing: `contentHash` of the case as you read it. It has to be the present one.
    content_hash: Option<String>,
}

/// Takes an action on a case, in the name of the person who is signed in.
#[utoipa::path(tag = "cases",
    params(("id" = uuid::Uuid, Path), ("action" = String, Path, example = "approve"),
           ("If-Match" = String, Header, description = "The ETag of the case as you read it", example = "\"v12\"")),
    request_body = Act, responses(
    (status = 200, description = "Done; the case as it now stands", body = CaseView),
    (status = 403, description = "You may not: `named-person-required`, `wrong-role`, `own-text`, …"),
    (status = 404, description = "No such case, or none that you may know of"),
    (status = 409, description = "Not now: `not-allowed-in-state` with `allowedActions`, or a condition's own code"),
    (status = 412, description = "Somebody acted since you read it"),
    (status = 422, description = "The form is not filled in as it has to be"),
    (status = 428, description = "If-Match is missing")))]
#[post("/cases/{id}/actions/{action}")]
pub(crate) async fn act(
    app: Data<App>,
    caller: SignedIn,
    path: Path<(CaseId, String)>,
    version: IfMatch,
    body: Body<Act>,
) -> Result<HttpResponse, Problem> {
    let (case, action) = path.into_inner();
    let Act { input, content_hash } = body.into_inner();
    let command = Command { action, input, content_hash, through: None };
    let asked = Asked { case, expected_version: Some(version.0), command };
    let done = cases::act_on_case(&app, &caller.actor, asked).await?;
    let view = cases::find_case(&app, &caller.actor, done.id).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
