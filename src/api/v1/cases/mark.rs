//! `POST /api/v1/cases/{id}/marking`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases::{self, CaseView, Remarking};
use crate::domain::ids::CaseId;
use crate::domain::marking::Marking;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewMarking {
    marking: Marking,
    reason: String,
}

/// Gives a case another protective marking. Whoever works on it may raise it, and raises the cases under it with it;
/// only records and the appropriate authority may lower it.
#[utoipa::path(tag = "cases",
    params(("id" = uuid::Uuid, Path),
           ("If-Match" = String, Header, description = "The ETag of the case as you read it", example = "\"v12\"")),
    request_body = NewMarking, responses(
    (status = 200, description = "Marked; the case as it now stands", body = CaseView),
    (status = 403, description = "`wrong-role` or `complained-about`"),
    (status = 404, description = "No such case, or none that you may know of"),
    (status = 409, description = "`already-marked`"),
    (status = 412, description = "Somebody acted since you read it"),
    (status = 422, description = "No reason, or lower than everything here"),
    (status = 428, description = "If-Match is missing")))]
#[post("/cases/{id}/marking")]
pub(crate) async fn mark(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CaseId>,
    version: IfMatch,
    body: Body<NewMarking>,
) -> Result<HttpResponse, Problem> {
    let NewMarking { marking, reason } = body.into_inner();
    let asked = Remarking { case: id.into_inner(), expected_version: Some(version.0), marking, reason };
    let done = cases::mark_case(&app, &caller.actor, asked).await?;
    let view = cases::find_case(&app, &caller.actor, done.id).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
