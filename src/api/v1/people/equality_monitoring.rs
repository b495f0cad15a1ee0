//! `GET /api/v1/people/{id}/equality-monitoring`, `PUT` of the same

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::people;
use crate::domain::ids::{OfficerId, PersonId};
use crate::domain::marking::Marking;
use crate::domain::person::equality::Answers;
use crate::store::equality_monitoring::Monitored;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, put};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is known of a person's characteristics, for equality reports alone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EqualityMonitoring {
    /// By characteristic: `disability`, `genderReassignment`, `marriageOrCivilPartnership`, `pregnancyOrMaternity`, `race`,
    /// `religionOrBelief`, `sex`, `sexualOrientation`, `economicStatus`, `familyStatus`. Age is computed from the date of
    /// birth.
    #[schema(value_type = Object)]
    answers: Answers,
    /// `OFFICIAL-SENSITIVE` and up.
    marking: Marking,
    /// What `If-Match` names; 0 where nothing was recorded.
    version: i64,
    recorded_by: Option<OfficerId>,
    recorded_at: Option<DateTime<Utc>>,
}

impl EqualityMonitoring {
    fn marked(marking: Marking, monitored: Option<Monitored>) -> Self {
        let (recorded_by, recorded_at) =
            monitored.as_ref().map_or((None, None), |found| (Some(found.recorded_by), Some(found.recorded_at)));
        let (answers, version) = monitored.map(|found| (found.answers, found.version)).unwrap_or_default();
        Self { answers, marking, version, recorded_by, recorded_at }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewEqualityMonitoring {
    /// Takes the place of all that was recorded before. Each answer has a `source` (`self_described`, `recorded_by_staff`,
    /// `not_asked`, `prefers_not_to_say`) and, with the first two, a `value`.
    #[schema(value_type = Object, example = json!({"disability": {"value": "yes", "source": "self_described"}}))]
    answers: Answers,
}

/// What was recorded last. Reports count it; no case, rule or attribution looks at it. Each reading is logged.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "What was recorded last", body = EqualityMonitoring),
    (status = 404, description = "Nobody, or nobody that you may know of")))]
#[get("/people/{id}/equality-monitoring")]
pub(crate) async fn find(app: Data<App>, caller: SignedIn, id: Path<PersonId>) -> Result<HttpResponse, Problem> {
    let found = people::read_equality_monitoring(&app, &caller.actor, id.into_inner()).await?;
    let view = EqualityMonitoring::marked(people::marking_of_monitoring(&app), found);
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}

/// Records what is known of a person's characteristics, in the place of what was recorded before.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path),
           ("If-Match" = String, Header, description = "The ETag as you read it; `\"v0\"` the first time", example = "\"v0\"")),
    request_body = NewEqualityMonitoring, responses(
    (status = 200, description = "Recorded", body = EqualityMonitoring),
    (status = 404, description = "Nobody, or nobody that you may know of"),
    (status = 412, description = "Somebody recorded it since you read it"),
    (status = 428, description = "If-Match is missing")))]
#[put("/people/{id}/equality-monitoring")]
pub(crate) async fn record(
    app: Data<App>,
    caller: SignedIn,
    id: Path<PersonId>,
    version: IfMatch,
    body: Body<NewEqualityMonitoring>,
) -> Result<HttpResponse, Problem> {
    let about = (id.into_inner(), version.0);
    let recorded = people::record_equality_monitoring(&app, &caller.actor, about, body.into_inner().answers).await?;
    let view = EqualityMonitoring::marked(people::marking_of_monitoring(&app), Some(recorded));
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
