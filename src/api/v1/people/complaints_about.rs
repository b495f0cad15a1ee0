//! `POST /api/v1/people/{id}/complaints-about`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::people;
use crate::domain::ids::{OfficerId, PersonId};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewComplaintAbout {
    officer_id: OfficerId,
    /// The complaint's own reference.
    #[schema(example = "CO/12/26")]
    reference: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComplaintAbout {
    officer_id: OfficerId,
    reference: Option<String>,
    recorded_at: DateTime<Utc>,
}

/// Records that the person complained about an officer, who from now on neither sees nor decides anything about them.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path)), request_body = NewComplaintAbout, responses(
    (status = 201, description = "Recorded", body = ComplaintAbout),
    (status = 404, description = "Nobody, or nobody that you may know of"),
    (status = 422, description = "No such officer")))]
#[post("/people/{id}/complaints-about")]
pub(crate) async fn record(
    app: Data<App>,
    caller: SignedIn,
    id: Path<PersonId>,
    body: Body<NewComplaintAbout>,
) -> Result<HttpResponse, Problem> {
    let NewComplaintAbout { officer_id, reference } = body.into_inner();
    let recorded =
        people::record_complaint_about(&app, &caller.actor, id.into_inner(), (officer_id, reference)).await?;
    let view = ComplaintAbout {
        officer_id: recorded.officer,
        reference: recorded.reference,
        recorded_at: recorded.recorded_at,
    };
    Ok(HttpResponse::Created().json(view))
}
