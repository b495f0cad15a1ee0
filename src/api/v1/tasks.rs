//! `GET /api/v1/tasks`, `POST /api/v1/tasks/{id}/completion`

use crate::api::auth::SignedIn;
use crate::api::body::optional_json;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::tasks::{self, TaskView};
use actix_web::web::{Bytes, Data, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What waits for you, by name or by role; most urgent first.
#[utoipa::path(tag = "tasks", params(PageQuery), responses(
    (status = 200, description = "A page of your open tasks", body = Page<TaskView>)))]
#[get("/tasks")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let tasks = tasks::my_tasks(&app, &caller.actor, paging.after(&())?, limit + 1).await?;
    Ok(Page::new(tasks, limit, &(), TaskView::place).respond(&req))
}

/// What you say of a task you did; all of it may be left out but for recording a complaint.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Completion {
    /// The number the complaint was recorded under.
    reference: Option<String>,
    /// Why it was not recorded, or what else there is to say.
    reason: Option<String>,
}

/// Marks a task of yours as done. Recording a complaint needs its reference, or the reason why there is none. Reading a
/// contact and acting on a case are done by doing so.
#[utoipa::path(tag = "tasks", params(("id" = Uuid, Path)), request_body = Completion, responses(
    (status = 200, description = "Done, by you or by whoever did it before", body = TaskView),
    (status = 403, description = "`named-person-required` or `complained-about`"),
    (status = 404, description = "No such task of yours"),
    (status = 409, description = "`done-by-its-own-action`"),
    (status = 422, description = "A complaint without its reference or a reason")))]
#[post("/tasks/{id}/completion")]
pub(crate) async fn finish(
    app: Data<App>,
    caller: SignedIn,
    id: Path<Uuid>,
    body: Bytes,
) -> Result<Json<TaskView>, Problem> {
    let Completion { reference, reason } = optional_json(&body)?;
    let said = tasks::Completion { reference, reason };
    Ok(Json(tasks::finish_task(&app, &caller.actor, id.into_inner(), said).await?))
}
