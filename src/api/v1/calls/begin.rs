//! `POST /api/v1/calls`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::live_calls::{self, CallRecordView};
use crate::domain::contact::Channel;
use crate::domain::ids::{CallId, PersonId};
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewCall {
    /// The call as a system recorded it; leave it out for one that no system recorded yet.
    #[schema(value_type = Option<uuid::Uuid>)]
    call_id: Option<CallId>,
    /// `999`, `101` or `telephone`; asked for without `callId`.
    #[schema(value_type = Option<String>, example = "101")]
    channel: Option<Channel>,
    #[schema(example = "01632 960123")]
    telephone: Option<String>,
    /// The number was withheld.
    #[serde(default)]
    withheld: bool,
    name: Option<String>,
    place: Option<String>,
    /// Who you take the caller to be.
    #[schema(value_type = Option<uuid::Uuid>)]
    person_id: Option<PersonId>,
}

/// Begins the record of a call, with the script to go through. Each repeated call has a record of its own.
#[utoipa::path(tag = "calls", request_body = NewCall, responses(
    (status = 201, description = "Begun", body = CallRecordView),
    (status = 403, description = "`named-person-required` or `wrong-role`"),
    (status = 404, description = "No such call"),
    (status = 409, description = "`call-recorded`: the call has a record"),
    (status = 422, description = "A way of contact that is no call, a number that is none, nobody on file")))]
#[post("/calls")]
pub(crate) async fn begin(app: Data<App>, caller: SignedIn, body: Body<NewCall>) -> Result<HttpResponse, Problem> {
    let NewCall { call_id, channel, telephone, withheld, name, place, person_id } = body.into_inner();
    let new = live_calls::NewCall { call: call_id, channel, telephone, withheld, name, place, person: person_id };
    let view = live_calls::begin_call(&app, &caller.actor, new).await?;
    let location = (LOCATION, format!("/api/v1/calls/{}", view.id));
    Ok(HttpResponse::Created().insert_header(location).insert_header(etag(view.version)).json(view))
}
