//! `…/people/{id}/adjustments`: what to keep to when dealing with a person.

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::people::{self, AdjustmentView};
use crate::domain::ids::{AdjustmentId, PersonId};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Adjustments {
    /// In force today first.
    data: Vec<AdjustmentView>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewAdjustment {
    #[schema(example = "large_print")]
    kind: String,
    #[schema(example = "Letters in 16 point.")]
    detail: String,
    /// Absent: today.
    since: Option<NaiveDate>,
    review_on: Option<NaiveDate>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ending {
    /// The first day on which it no longer holds; absent: today.
    on: Option<NaiveDate>,
    reason: String,
}

/// A person's adjustments, those in force today first.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "Adjustments", body = Adjustments),
    (status = 404, description = "Nobody, or nobody that you may know of")))]
#[get("/people/{id}/adjustments")]
pub(crate) async fn list(app: Data<App>, caller: SignedIn, id: Path<PersonId>) -> Result<Json<Adjustments>, Problem> {
    let person = people::find_person(&app, &caller.actor, id.into_inner()).await?;
    Ok(Json(Adjustments { data: person.adjustments.into_iter().chain(person.other_adjustments).collect() }))
}

/// Records a reasonable adjustment.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path)), request_body = NewAdjustment, responses(
    (status = 201, description = "Recorded", body = AdjustmentView),
    (status = 422, description = "A faulty field")))]
#[post("/people/{id}/adjustments")]
pub(crate) async fn record(
    app: Data<App>,
    caller: SignedIn,
    id: Path<PersonId>,
    body: Body<NewAdjustment>,
) -> Result<HttpResponse, Problem> {
    let NewAdjustment { kind, detail, since, review_on } = body.into_inner();
    let new = people::NewAdjustment { kind, detail, since, review_on };
    let recorded = people::record_adjustment(&app, &caller.actor, id.into_inner(), new).await?;
    Ok(HttpResponse::Created().json(recorded))
}

/// Ends an adjustment.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path), ("adjustment" = uuid::Uuid, Path)),
    request_body = Ending, responses(
    (status = 200, description = "Ended", body = AdjustmentView),
    (status = 404, description = "No such adjustment of this person"),
    (status = 409, description = "`already-ended`")))]
#[post("/people/{id}/adjustments/{adjustment}/end")]
pub(crate) async fn end(
    app: Data<App>,
    caller: SignedIn,
    path: Path<(PersonId, AdjustmentId)>,
    body: Body<Ending>,
) -> Result<Json<AdjustmentView>, Problem> {
    let Ending { on, reason } = body.into_inner();
    Ok(Json(people::end_adjustment(&app, &caller.actor, path.into_inner(), on, reason).await?))
}
