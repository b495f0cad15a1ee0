//! `POST /api/v1/calls/{id}/actions/{action}`

use crate::api::auth::SignedIn;
use crate::api::body::read_json;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::{self, Problem};
use crate::app::App;
use crate::app::live_calls::{self, ActedOn, CallAction, CallRecordView};
use crate::domain::ids::CallId;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpResponse, post};
use serde::de::DeserializeOwned;

/// Acts on the record of a call, in the name of the person who is signed in. What is sent depends on the action:
/// `assess` (`purpose: {finding, reason}`, `category`, `genuine`, `crime`, `reportNeeded`, `breach: {orderCaseId,
/// legislationConsidered}`), `identify` (`reference` of the person on file, `reason`), `thrive` (six answers), `grade` (`grade`, and `override: {reason, by}` where nobody attends
/// though a crime or a genuine call for service was found), `script_step` (`step`, `done`, `reason`), `reference`
/// (`kind`: `cad` or `athena`, `reference`), `advice` (`who`, `givenAt`, `advice`), `request` (`kind`: `call_download` or
/// `mg11`, `urgent`, `why`), `request_done` (`request`), `complete` (nothing), `amend` (`note`, `reason`, `genuine`,
/// `crime`), `take_back` (`reason`: a record that was begun by mistake; what was counted by it counts no longer).
#[utoipa::path(tag = "calls",
    params(("id" = uuid::Uuid, Path), ("action" = String, Path, example = "grade"),
           ("If-Match" = String, Header, description = "The ETag of the record as you read it", example = "\"v12\"")),
    request_body(content = Object, description = "As the action asks"), responses(
    (status = 200, description = "Done; the record as it now stands", body = CallRecordView),
    (status = 403, description = "`named-person-required` or `wrong-role`"),
    (status = 404, description = "No such record or action"),
    (status = 409, description = "Not now: `thrive-first`, `override-needed`, `needs-grading`, `script-not-finished`, …"),
    (status = 412, description = "Somebody acted since you read it"),
    (status = 422, description = "Not filled in as it has to be"),
    (status = 428, description = "If-Match is missing")))]
#[post("/calls/{id}/actions/{action}")]
pub(crate) async fn act(
    app: Data<App>,
    caller: SignedIn,
    path: Path<(CallId, String)>,
    version: IfMatch,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let (call, action) = path.into_inner();
    live_calls::may_take(&caller.actor)?;
    let action = action_of(&action, &body)?;
    let asked = ActedOn { call, version: version.0, action };
    let view = live_calls::act_on_call(&app, &caller.actor, asked).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}

fn action_of(name: &str, body: &[u8]) -> Result<CallAction, Problem> {
    Ok(match name {
        "assess" => CallAction::Assess(read(body)?),
        "identify" => CallAction::Identify(read(body)?),
        "thrive" => CallAction::Thrive(read(body)?),
        "grade" => CallAction::Grade(read(body)?),
        "script_step" => CallAction::SettleStep(read(body)?),
        "reference" => CallAction::Refer(read(body)?),
        "advice" => CallAction::Advise(read(body)?),
        "request" => CallAction::Request(read(body)?),
        "request_done" => CallAction::FinishRequest(read(body)?),
        "complete" => CallAction::Complete,
        "amend" => CallAction::Amend(read(body)?),
        "take_back" => CallAction::TakeBack(read(body)?),
        _ => return Err(Problem::new(problem::NOT_FOUND)),
    })
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    Ok(read_json(body)?)
}
