//! `GET /api/v1/cases/{id}/differences`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases;
use crate::domain::ids::CaseId;
use crate::domain::marking::Marking;
use actix_web::get;
use actix_web::web::{Data, Json, Path, Query};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct With {
    /// The version to compare with; without it, the one this version supersedes.
    with: Option<CaseId>,
}

/// Where a version's text differs from another's.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Differences {
    earlier: CaseId,
    later: CaseId,
    /// `OFFICIAL` and up: the higher of the two.
    marking: Marking,
    differences: Vec<Difference>,
}

/// One place at which they differ.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Difference {
    /// `shareable.reasons`, `limits`.
    path: String,
    /// Absent: nothing stood there.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
}

/// What this version of a text says differently from the one before it. Only for who sees both whole; each reading is
/// logged.
#[utoipa::path(tag = "cases", params(("id" = uuid::Uuid, Path), With), responses(
    (status = 200, description = "Every place at which the two differ", body = Differences),
    (status = 404, description = "No such case, or none that you may see the whole of"),
    (status = 422, description = "Nothing to compare with, or no version of the same text")))]
#[get("/cases/{id}/differences")]
pub(crate) async fn differences(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CaseId>,
    query: Query<With>,
) -> Result<Json<impl Serialize>, Problem> {
    let compared = cases::compare_versions(&app, &caller.actor, id.into_inner(), query.with).await?;
    let found = compared.differences.into_iter();
    let differences = found.map(|one| Difference { path: one.path, before: one.before, after: one.after }).collect();
    let cases::Comparison { earlier, later, marking, .. } = compared;
    Ok(Json(Differences { earlier, later, marking, differences }))
}
