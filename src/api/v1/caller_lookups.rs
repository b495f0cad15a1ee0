//! `POST /api/v1/caller-lookups`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::people::{self, CallerMatch};
use actix_web::post;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Caller {
    #[schema(example = "01632 960123")]
    telephone: Option<String>,
    postcode: Option<String>,
    address: Option<String>,
    /// A part of the name; at least three characters.
    name: Option<String>,
    date_of_birth: Option<NaiveDate>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CallerMatches {
    data: Vec<CallerMatch>,
}

/// Who may be on the line: adjustments and vulnerability, the strategy in force, what to keep to, and the contacts of
/// the last 24 hours. For a call taker on a live call; a match is a lead, not proof.
#[utoipa::path(tag = "people", request_body = Caller, responses(
    (status = 200, description = "Whoever it may be; empty when nobody on file", body = CallerMatches),
    (status = 403, description = "The token may not look callers up"),
    (status = 422, description = "Nothing to go by")))]
#[post("/caller-lookups")]
pub(crate) async fn look_up(
    app: Data<App>,
    caller: SignedIn,
    body: Body<Caller>,
) -> Result<Json<CallerMatches>, Problem> {
    let Caller { telephone, postcode, address, name, date_of_birth } = body.into_inner();
    let clues = people::Caller { telephone, postcode, address, name, date_of_birth };
    Ok(Json(CallerMatches { data: people::look_up_caller(&app, &caller.actor, clues).await? }))
}
