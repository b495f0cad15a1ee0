//! `GET /api/v1/jobs?state=dead`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::{App, AppError, dead_jobs};
use crate::domain::ids::JobId;
use crate::store::jobs::Job;
use actix_web::get;
use actix_web::web::{Data, Json, Query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// More than anybody reads; what is beyond shows when these are dealt with.
const MOST: u64 = 200;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobQuery {
    /// `dead`, the only state that asks for a person, unless told.
    #[param(example = "dead")]
    state: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Jobs {
    data: Vec<JobView>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Job)]
pub(crate) struct JobView {
    id: JobId,
    #[schema(example = "route_mail")]
    kind: String,
    /// What asked for it.
    key: String,
    attempts: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    created_at: DateTime<Utc>,
}

/// The work that was given up, oldest first.
#[utoipa::path(tag = "operation", params(JobQuery), responses(
    (status = 200, description = "At most 200 jobs", body = Jobs)))]
#[get("/jobs")]
pub(crate) async fn list(app: Data<App>, caller: SignedIn, query: Query<JobQuery>) -> Result<Json<Jobs>, Problem> {
    if query.state.as_deref().is_some_and(|state| state != "dead") {
        return Err(AppError::invalid("/state", "only `dead` can be asked for").into());
    }
    let jobs = dead_jobs(&app, &caller.actor, MOST).await?;
    Ok(Json(Jobs { data: jobs.into_iter().map(JobView::from).collect() }))
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        let Job { id, kind, key, attempts, last_error, created_at, payload: _, run_at: _ } = job;
        Self { id, kind, key, attempts, last_error, created_at }
    }
}
