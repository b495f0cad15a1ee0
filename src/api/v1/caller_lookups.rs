//! `POST /api/v1/caller-lookups`

use crate::api::auth::OnTheLine;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::live_calls::{self, Clues, LookUpAnswer};
use actix_web::post;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use serde::Deserialize;
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

/// Who may be on the line: adjustments and vulnerability, markers, the response plan and the script, the strategy in
/// force, orders the call may breach, and the calls of the last 24 hours. For a call taker on a live call; a match is a
/// lead, not proof. While the database is away the answer comes from memory and says how old it is (`fromMemory`,
/// `asOf`).
#[utoipa::path(tag = "calls", request_body = Caller, responses(
    (status = 200, description = "Whoever it may be; empty when nobody on file", body = LookUpAnswer),
    (status = 403, description = "The token may not look callers up"),
    (status = 422, description = "Nothing to go by")))]
#[post("/caller-lookups")]
pub(crate) async fn look_up(
    app: Data<App>,
    caller: OnTheLine,
    body: Body<Caller>,
) -> Result<Json<LookUpAnswer>, Problem> {
    let Caller { telephone, postcode, address, name, date_of_birth } = body.into_inner();
    let clues = Clues { telephone, postcode, address, name, date_of_birth };
    Ok(Json(live_calls::look_up_caller(&app, &caller.actor, clues).await?))
}
