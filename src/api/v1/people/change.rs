//! `PATCH /api/v1/people/{id}`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::people::{self, PersonView};
use crate::domain::ids::PersonId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, patch};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PersonChange {
    full_name: Option<String>,
    date_of_birth: Option<NaiveDate>,
    targeted_victim: Option<bool>,
    /// Takes the place of the whole list.
    vulnerability: Option<Vec<String>>,
}

/// Changes what is given of a person, and leaves the rest.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path),
           ("If-Match" = String, Header, description = "The ETag of the person as you read it", example = "\"v1\"")),
    request_body = PersonChange, responses(
    (status = 200, description = "The person as now known", body = PersonView),
    (status = 404, description = "Nobody, or a record that was merged into another"),
    (status = 412, description = "Somebody changed it since you read it"),
    (status = 428, description = "If-Match is missing")))]
#[patch("/people/{id}")]
pub(crate) async fn change(
    app: Data<App>,
    caller: SignedIn,
    id: Path<PersonId>,
    version: IfMatch,
    body: Body<PersonChange>,
) -> Result<HttpResponse, Problem> {
    let PersonChange { full_name, date_of_birth, targeted_victim, vulnerability } = body.into_inner();
    let date_of_birth = date_of_birth.map(Some);
    let change = people::PersonChange { full_name, date_of_birth, targeted_victim, vulnerability };
    let view = people::change_person(&app, &caller.actor, (id.into_inner(), version.0), change).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
