//! `/people/merges`: two records are one person, or turn out not to be.

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::people::{self, MergeView};
use crate::domain::ids::{MergeId, PersonId};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewMerge {
    /// The record that stands for the person from now on.
    kept_id: PersonId,
    merged_id: PersonId,
    #[schema(example = "Same date of birth and telephone; confirmed on the phone.")]
    reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reversal {
    reason: String,
}

/// Merges two records of one person, and measures their contacts as one. Reversible.
#[utoipa::path(tag = "people", request_body = NewMerge, responses(
    (status = 201, description = "Merged", body = MergeView),
    (status = 403, description = "A system, a role that may not, or `complained-about`"),
    (status = 404, description = "One of them is nobody"),
    (status = 409, description = "`already-merged` or `two-strategies-in-force`"),
    (status = 422, description = "No reason, or one record twice")))]
#[post("/people/merges")]
pub(crate) async fn merge(app: Data<App>, caller: SignedIn, body: Body<NewMerge>) -> Result<HttpResponse, Problem> {
    let NewMerge { kept_id, merged_id, reason } = body.into_inner();
    let merged = people::merge_people(&app, &caller.actor, (kept_id, merged_id), reason).await?;
    Ok(HttpResponse::Created().json(merged))
}

/// Takes a merge back: each contact goes to the record it was found to be from, and both people are measured anew.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path)), request_body = Reversal, responses(
    (status = 200, description = "Taken back", body = MergeView),
    (status = 404, description = "No such merge"),
    (status = 409, description = "`already-reversed`")))]
#[post("/people/merges/{id}/reversal")]
pub(crate) async fn reverse(
    app: Data<App>,
    caller: SignedIn,
    id: Path<MergeId>,
    body: Body<Reversal>,
) -> Result<Json<MergeView>, Problem> {
    let reason = body.into_inner().reason;
    Ok(Json(people::reverse_merge(&app, &caller.actor, id.into_inner(), reason).await?))
}
