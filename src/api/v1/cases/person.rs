//! `POST /api/v1/cases/{id}/person`

use crate::api::auth::SignedIn;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::Named;
use crate::app::cases::{self, CaseView, Linking};
use crate::domain::ids::{CaseId, PersonId};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Link {
    person_id: PersonId,
    #[schema(example = "The caller gave name and date of birth on the telephone.")]
    reason: String,
}

/// Says whom a case is about that was opened about nobody on file, in the name of the person who is signed in.
#[utoipa::path(tag = "cases", params(("id" = uuid::Uuid, Path),
           ("If-Match" = String, Header, description = "The ETag of the case as you read it", example = "\"v1\"")),
    request_body = Link, responses(
    (status = 200, description = "Linked; the case as it now stands", body = CaseView),
    (status = 403, description = "A system, or a role that may not"),
    (status = 404, description = "No such case"),
    (status = 409, description = "`already-linked`, or `case-already-open` where the person has one of this kind"),
    (status = 412, description = "Somebody acted since you read it"),
    (status = 422, description = "No reason, or no such person"),
    (status = 428, description = "If-Match is missing")))]
#[post("/cases/{id}/person")]
pub(crate) async fn link(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CaseId>,
    version: IfMatch,
    body: Json<Link>,
) -> Result<HttpResponse, Problem> {
    let Link { person_id, reason } = body.into_inner();
    let person = Named::Id(person_id);
    let asked = Linking { case: id.into_inner(), expected_version: Some(version.0), person, reason };
    let linked = cases::link_person(&app, &caller.actor, asked).await?;
    let view = cases::find_case(&app, &caller.actor, linked.id).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
