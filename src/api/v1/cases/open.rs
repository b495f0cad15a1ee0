//! `POST /api/v1/cases`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases::{self, CaseView};
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, PersonId};
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewCase {
    #[schema(example = "frequent-service-user")]
    workflow: String,
    /// Whom the case is about; absent while that is not resolved.
    person_id: Option<PersonId>,
    /// The case it is opened under, for case types that belong to another: an appeal to its strategy. It is then about
    /// the same person.
    parent_id: Option<CaseId>,
    /// The opening form of the case type.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"source": "manual", "reason": "Wrote nine times about one matter."}))]
    input: Value,
}

/// Opens a case, in the name of the person who is signed in.
#[utoipa::path(tag = "cases", request_body = NewCase, responses(
    (status = 201, description = "Opened", body = CaseView),
    (status = 403, description = "A system, or a role that may not"),
    (status = 409, description = "The person has an open case of this type"),
    (status = 422, description = "No such case type or person, or the form is not filled in")))]
#[post("/cases")]
pub(crate) async fn open(app: Data<App>, caller: SignedIn, body: Body<NewCase>) -> Result<HttpResponse, Problem> {
    let NewCase { workflow, person_id, parent_id, input } = body.into_inner();
    let new = cases::NewCase { workflow, person: person_id, parent: parent_id, input };
    let opened = cases::open_case(&app, &caller.actor, new).await?;
    created(&app, &opened).await
}

/// The answer that a case was opened.
pub(crate) async fn created(app: &App, opened: &Case) -> Result<HttpResponse, Problem> {
    let view = cases::describe(app, opened).await?;
    let location = (LOCATION, format!("/api/v1/cases/{}", view.id));
    Ok(HttpResponse::Created().insert_header(location).insert_header(etag(view.version)).json(view))
}
