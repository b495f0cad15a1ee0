//! `POST /api/v1/contacts/{id}/triage`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::contacts::{self, ContactView};
use crate::domain::contact::Flag;
use crate::domain::ids::ContactId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Triage {
    /// `risk`, `complaint`, `crime`, `rights`, `adjustment`, `threat`, `requested_reply`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    raise: Vec<Flag>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    remove: Vec<Flag>,
    /// `true`: outside every limit. Needs a flag, other than `threat`, that a person raised.
    exempt: Option<bool>,
    reason: String,
}

/// Raises or removes triage flags, or ticks a contact as outside every limit. Only a person does.
#[utoipa::path(tag = "contacts", params(("id" = uuid::Uuid, Path),
           ("If-Match" = String, Header, description = "The ETag of the contact as you read it", example = "\"v1\"")),
    request_body = Triage, responses(
    (status = 200, description = "The contact as it now stands", body = ContactView),
    (status = 403, description = "`named-person-required`, `wrong-role` or `complained-about`"),
    (status = 404, description = "No such contact"),
    (status = 409, description = "`exempt-needs-a-flag`"),
    (status = 412, description = "It changed since you read it"),
    (status = 422, description = "No reason, or nothing to do"),
    (status = 428, description = "If-Match is missing")))]
#[post("/contacts/{id}/triage")]
pub(crate) async fn triage(
    app: Data<App>,
    caller: SignedIn,
    id: Path<ContactId>,
    version: IfMatch,
    body: Body<Triage>,
) -> Result<HttpResponse, Problem> {
    let Triage { raise, remove, exempt, reason } = body.into_inner();
    let asked = contacts::Triage { contact: id.into_inner(), version: Some(version.0), raise, remove, exempt, reason };
    let triaged = contacts::triage_contact(&app, &caller.actor, asked).await?;
    let view = contacts::show_contact(&app, triaged).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
