//! `…/people/{id}/identifiers`: the ways to recognise a person.

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::{self, Problem};
use crate::app::App;
use crate::app::FieldFault;
use crate::app::people::{self, IdentifierView};
use crate::domain::ids::{IdentifierId, PersonId};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct Identifiers {
    data: Vec<IdentifierView>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewIdentifier {
    /// `email`, `telephone`, `postcode`, `address`, `handle`, `name` or `cad_reference`.
    #[schema(example = "email")]
    kind: String,
    #[schema(example = "person.12@example.org")]
    value: String,
    /// `self`, `advocate`, `solicitor`, `mp`, `family`, `shared` or `organisation`.
    #[schema(example = "self")]
    role: String,
    /// `confirmed`, `claimed` or `suggested`.
    #[schema(example = "confirmed")]
    confidence: String,
    /// How we know.
    #[serde(default)]
    source: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ending {
    #[serde(default)]
    reason: String,
}

/// Everything recorded to recognise a person by, ended or not.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "Identifiers, oldest first", body = Identifiers),
    (status = 404, description = "Nobody, or nobody that you may know of")))]
#[get("/people/{id}/identifiers")]
pub(crate) async fn list(app: Data<App>, caller: SignedIn, id: Path<PersonId>) -> Result<Json<Identifiers>, Problem> {
    let person = people::find_person(&app, &caller.actor, id.into_inner()).await?;
    Ok(Json(Identifiers { data: person.identifiers }))
}

/// Adds an identifier. It is compared in a normalised form.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path)), request_body = NewIdentifier, responses(
    (status = 201, description = "Added", body = IdentifierView),
    (status = 409, description = "`already-recorded`"),
    (status = 422, description = "It cannot be an identifier of its kind")))]
#[post("/people/{id}/identifiers")]
pub(crate) async fn add(
    app: Data<App>,
    caller: SignedIn,
    id: Path<PersonId>,
    body: Body<NewIdentifier>,
) -> Result<HttpResponse, Problem> {
    let NewIdentifier { kind, value, role, confidence, source } = body.into_inner();
    let new = people::NewIdentifier {
        kind: word("/kind", &kind)?,
        value,
        role: word("/role", &role)?,
        confidence: word("/confidence", &confidence)?,
        source,
    };
    let added = people::add_identifier(&app, &caller.actor, id.into_inner(), new).await?;
    Ok(HttpResponse::Created().json(added))
}

/// Ends an identifier: the person is no longer recognised by it.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path), ("identifier" = uuid::Uuid, Path)),
    request_body = Ending, responses(
    (status = 200, description = "Ended", body = IdentifierView),
    (status = 404, description = "No such identifier of this person"),
    (status = 409, description = "`already-ended`")))]
#[post("/people/{id}/identifiers/{identifier}/end")]
pub(crate) async fn end(
    app: Data<App>,
    caller: SignedIn,
    path: Path<(PersonId, IdentifierId)>,
    body: Body<Ending>,
) -> Result<Json<IdentifierView>, Problem> {
    let reason = body.into_inner().reason;
    Ok(Json(people::end_identifier(&app, &caller.actor, path.into_inner(), reason).await?))
}

pub(super) fn word<T: FromStr<Err: std::fmt::Display>>(pointer: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|unknown: T::Err| {
        let fault = FieldFault { pointer: pointer.to_owned(), detail: unknown.to_string() };
        Problem::new(problem::VALIDATION).errors(vec![fault])
    })
}
