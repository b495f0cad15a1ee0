//! `POST /api/v1/people/searches`

use super::identifiers::word;
use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::people::{self, PersonView, Searched};
use actix_web::post;
use actix_web::web::{Data, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Search {
    /// A part of the name, or the whole reference; at least three characters.
    text: Option<String>,
    identifier: Option<SearchedIdentifier>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchedIdentifier {
    #[schema(example = "telephone")]
    kind: String,
    #[schema(example = "01632 960123")]
    value: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Found {
    /// At most 50.
    data: Vec<PersonView>,
}

/// Looks for people. Everything given has to match. A POST, so that what is searched for is in no address and no log.
#[utoipa::path(tag = "people", request_body = Search, responses(
    (status = 200, description = "Whoever was found", body = Found),
    (status = 422, description = "Nothing to look for")))]
#[post("/people/searches")]
pub(crate) async fn search(app: Data<App>, caller: SignedIn, body: Body<Search>) -> Result<Json<Found>, Problem> {
    let Search { text, identifier } = body.into_inner();
    let identifier = match identifier {
        Some(SearchedIdentifier { kind, value }) => Some((word("/identifier/kind", &kind)?, value)),
        None => None,
    };
    Ok(Json(Found { data: people::search_people(&app, &caller.actor, Searched { text, identifier }).await? }))
}
