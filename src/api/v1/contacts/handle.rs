//! `POST /api/v1/contacts/{id}/handling`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::contacts::{self, ContactView};
use crate::domain::contact::{Flag, Queue};
use crate::domain::ids::ContactId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Handling {
    /// `read`, or `closed` when nothing remains to be done.
    handling: Progress,
    /// All seven questions: `risk`, `complaint`, `crime`, `rights`, `adjustment`, `threat`, `requested_reply`. Needed for
    /// what is held or quarantined.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"risk": false, "complaint": true, "crime": false, "rights": false,
        "adjustment": false, "threat": false, "requested_reply": false}))]
    answers: BTreeMap<Flag, bool>,
    #[serde(default)]
    note: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Progress {
    Read,
    Closed,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Handled {
    #[serde(flatten)]
    contact: ContactView,
    /// Who deals with it now.
    #[schema(value_type = Vec<String>)]
    queues: Vec<Queue>,
    /// A complaint in it has to be recorded, and the task was opened.
    recording_task: bool,
}

/// Reads a contact, answers the seven questions where it was held, or closes it. Ticks release it to their own queues;
/// a complaint opens a recording task whatever the limits say.
#[utoipa::path(tag = "contacts", params(("id" = uuid::Uuid, Path),
           ("If-Match" = String, Header, description = "The ETag of the contact as you read it", example = "\"v1\"")),
    request_body = Handling, responses(
    (status = 200, description = "The contact as it now stands", body = Handled),
    (status = 403, description = "`named-person-required`, `wrong-role` or `complained-about`"),
    (status = 404, description = "No such contact"),
    (status = 409, description = "`tick-list-required` or `already-closed`"),
    (status = 412, description = "It changed since you read it"),
    (status = 422, description = "Questions without an answer"),
    (status = 428, description = "If-Match is missing")))]
#[post("/contacts/{id}/handling")]
pub(crate) async fn handle(
    app: Data<App>,
    caller: SignedIn,
    id: Path<ContactId>,
    version: IfMatch,
    body: Body<Handling>,
) -> Result<HttpResponse, Problem> {
    let Handling { handling, answers, note } = body.into_inner();
    let close = handling == Progress::Closed;
    let asked = contacts::Handling { contact: id.into_inner(), version: Some(version.0), answers, note, close };
    let handled = contacts::handle_contact(&app, &caller.actor, asked).await?;
    let contact = contacts::show_contact(&app, handled.contact).await?;
    let tag = etag(contact.version);
    let view = Handled { contact, queues: handled.queues, recording_task: handled.recording_task };
    Ok(HttpResponse::Ok().insert_header(tag).json(view))
}
