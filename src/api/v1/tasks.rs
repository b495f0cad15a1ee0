//! `GET /api/v1/tasks`, `POST /api/v1/tasks/{id}/completion`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::tasks::{self, TaskView};
use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
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

/// Marks a task of yours as done.
#[utoipa::path(tag = "tasks", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "Done, by you or by whoever did it before", body = TaskView),
    (status = 404, description = "No such task of yours")))]
#[post("/tasks/{id}/completion")]
pub(crate) async fn finish(app: Data<App>, caller: SignedIn, id: Path<Uuid>) -> Result<Json<TaskView>, Problem> {
    Ok(Json(tasks::finish_task(&app, &caller.actor, id.into_inner()).await?))
}
