//! `POST /api/v1/markers`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::Named;
use crate::app::live_calls::{self, MarkerView};
use crate::domain::calls::MarkerKind;
use crate::domain::ids::PersonId;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

/// On exactly one of `telephone`, `personId` and `place`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewMarker {
    kind: MarkerKind,
    #[schema(example = "01632 960123")]
    telephone: Option<String>,
    #[schema(value_type = Option<uuid::Uuid>)]
    person_id: Option<PersonId>,
    /// An address; found again whatever its case and spacing.
    place: Option<String>,
    /// What call takers are to know; of a plan or a script, a step a line.
    text: String,
    review_on: Option<NaiveDate>,
}

/// Tells call takers something of a number, a person or a place.
#[utoipa::path(tag = "calls", request_body = NewMarker, responses(
    (status = 201, description = "Added", body = MarkerView),
    (status = 403, description = "`named-person-required`, `wrong-role` or `complained-about`"),
    (status = 422, description = "On nothing or on several things; without words; a review in the past")))]
#[post("/markers")]
pub(crate) async fn add(app: Data<App>, caller: SignedIn, body: Body<NewMarker>) -> Result<HttpResponse, Problem> {
    let NewMarker { kind, telephone, person_id, place, text, review_on } = body.into_inner();
    let new = live_calls::NewMarker { kind, telephone, person: person_id.map(Named::Id), place, text, review_on };
    let view = live_calls::add_marker(&app, &caller.actor, new).await?;
    let location = (LOCATION, format!("/api/v1/markers/{}", view.id));
    Ok(HttpResponse::Created().insert_header(location).json(view))
}
