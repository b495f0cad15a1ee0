//! `GET /api/v1/jobs?state=dead`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::{App, AppError, dead_jobs};
use crate::domain::ids::JobId;
use crate::store::jobs::Job;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobQuery {
    /// `dead`, the only state that asks for a person, unless told.
    #[param(example = "dead")]
    state: Option<String>,
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
#[utoipa::path(tag = "operation", params(JobQuery, PageQuery), responses(
    (status = 200, description = "A page of jobs", body = Page<JobView>)))]
#[get("/jobs")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    query: Query<JobQuery>,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    if query.state.as_deref().is_some_and(|state| state != "dead") {
        return Err(AppError::invalid("/state", "only `dead` can be asked for").into());
    }
    let limit = paging.limit()?;
    let jobs = dead_jobs(&app, &caller.actor, paging.after(&())?, limit + 1).await?;
    let views = jobs.into_iter().map(JobView::from).collect();
    Ok(Page::new(views, limit, &(), |job: &JobView| (job.created_at, job.id)).respond(&req))
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        let Job { id, kind, key, attempts, last_error, created_at, payload: _, run_at: _ } = job;
        Self { id, kind, key, attempts, last_error, created_at }
    }
}
