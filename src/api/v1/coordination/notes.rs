//! `GET` and `POST /api/v1/coordination/notes`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::coordination::{NoteView, add_note, list_notes};
use crate::domain::ids::CallerId;
use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewNote {
    /// The caller it is about; absent: of the work as a whole.
    caller_id: Option<CallerId>,
    words: String,
}

/// Notes of the work as a whole, newest first; those about a caller stand in the caller's profile.
#[utoipa::path(tag = "coordination", responses(
    (status = 200, description = "The last hundred notes", body = Vec<NoteView>)))]
#[get("/coordination/notes")]
pub(crate) async fn list(app: Data<App>, caller: SignedIn) -> Result<Json<Vec<NoteView>>, Problem> {
    Ok(Json(list_notes(&app, &caller.actor).await?))
}

/// Adds a note for whoever takes over. Notes are never changed.
#[utoipa::path(tag = "coordination", request_body = NewNote, responses(
    (status = 201, description = "Added", body = NoteView),
    (status = 404, description = "No such caller"),
    (status = 422, description = "Nothing said")))]
#[post("/coordination/notes")]
pub(crate) async fn add(app: Data<App>, caller: SignedIn, body: Body<NewNote>) -> Result<HttpResponse, Problem> {
    let NewNote { caller_id, words } = body.into_inner();
    let note = add_note(&app, &caller.actor, (caller_id, &words)).await?;
    Ok(HttpResponse::Created().json(note))
}
