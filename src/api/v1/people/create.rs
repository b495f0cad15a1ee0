//! `POST /api/v1/people`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::people::{self, PersonView};
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewPerson {
    /// The department's own; one a person.
    #[schema(example = "FSU-0012")]
    reference: String,
    #[schema(example = "Example Person 12")]
    full_name: String,
    date_of_birth: Option<NaiveDate>,
    #[serde(default)]
    targeted_victim: bool,
    /// What makes the person vulnerable, a sentence each.
    #[serde(default)]
    vulnerability: Vec<String>,
}

/// Puts a service user on file.
#[utoipa::path(tag = "people", request_body = NewPerson, responses(
    (status = 201, description = "On file", body = PersonView),
    (status = 403, description = "A system, or a role that may not"),
    (status = 422, description = "A faulty field, or a reference that is taken")))]
#[post("/people")]
pub(crate) async fn create(app: Data<App>, caller: SignedIn, body: Body<NewPerson>) -> Result<HttpResponse, Problem> {
    let NewPerson { reference, full_name, date_of_birth, targeted_victim, vulnerability } = body.into_inner();
    let new = people::NewPerson { reference, full_name, date_of_birth, targeted_victim, vulnerability };
    let view = people::create_person(&app, &caller.actor, new, None).await?;
    let location = (LOCATION, format!("/api/v1/people/{}", view.id));
    Ok(HttpResponse::Created().insert_header(location).insert_header(etag(view.version)).json(view))
}
