//! `GET /api/v1/tasks`, `POST /api/v1/tasks/{id}/completion`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::tasks::{self, TaskView};
use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
pub(crate) struct Tasks {
    data: Vec<TaskView>,
}

/// What waits for you, by name or by role; most urgent first.
#[utoipa::path(tag = "tasks", responses((status = 200, description = "Your open tasks", body = Tasks)))]
#[get("/tasks")]
pub(crate) async fn list(app: Data<App>, caller: SignedIn) -> Result<Json<Tasks>, Problem> {
    Ok(Json(Tasks { data: tasks::my_tasks(&app, &caller.actor).await? }))
}

/// Marks a task of yours as done.
#[utoipa::path(tag = "tasks", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "Done, by you or by whoever did it before", body = TaskView),
    (status = 404, description = "No such task of yours")))]
#[post("/tasks/{id}/completion")]
pub(crate) async fn finish(app: Data<App>, caller: SignedIn, id: Path<Uuid>) -> Result<Json<TaskView>, Problem> {
    Ok(Json(tasks::finish_task(&app, &caller.actor, id.into_inner()).await?))
}
