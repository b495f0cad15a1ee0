//! Notes for whoever takes over: of the work, or of one caller. They are added and never changed.

use super::{MAY_READ_PROGRAMME, happened};
use crate::app::callers::{hidden_from, words};
use crate::app::{App, AppError, Shown, log_list, officer_names, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::{CallerId, DeskNoteId};
use crate::store::callers;
use crate::store::desk_notes::{self, DeskNote};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

const MAY_WRITE: [Role; 2] = [Role::Coordinator, Role::Csu];
/// Units that know a caller write of them too.
const MAY_WRITE_OF_CALLERS: [Role; 4] = [Role::Coordinator, Role::Csu, Role::Opt, Role::Snt];
const MOST: u64 = 100;

/// What somebody wants the next to know.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeskNote)]
pub struct NoteView {
    pub id: DeskNoteId,
    /// Absent: of the work as a whole.
    pub caller_id: Option<CallerId>,
    pub words: String,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// Adds a note of the work, or of a caller.
///
/// # Errors
/// `wrong-role`; `NotFound` for a caller there is not; `Invalid` without words.
pub async fn add_note(
    app: &App,
    actor: &Actor,
    (caller, said): (Option<CallerId>, &str),
) -> Result<NoteView, AppError> {
    let may: &[Role] = if caller.is_some() { &MAY_WRITE_OF_CALLERS } else { &MAY_WRITE };
    let officer = rights::officer_with(actor, may)?;
    if let Some(caller) = caller {
        let found = callers::find(app.store.reader(), caller).await?.ok_or(AppError::NotFound)?;
        if hidden_from(app, actor).await?.hides(found.person) {
            return Err(AppError::NotFound);
        }
    }
    let note =
        DeskNote { id: app.new_id(), caller, words: words("/words", said, 10_000)?, by: officer.id, at: app.now() };
    let (inner, by, row) = (app.clone(), actor.clone(), note.clone());
    let written = app.store.write(async move |tx| {
        desk_notes::insert(tx, &row).await?;
        let data = json!({ "caller": row.caller, "words": row.words });
        happened(&inner, tx, &by, (row.id.as_uuid(), "noted"), data).await
    });
    written.await?;
    let by = officer.display_name.clone();
    Ok(NoteView { id: note.id, caller_id: note.caller, words: note.words, by, at: note.at })
}

/// Notes of the work, newest first.
///
/// # Errors
/// `wrong-role`.
pub async fn list_notes(app: &App, actor: &Actor) -> Result<Vec<NoteView>, AppError> {
    rights::officer_with(actor, &MAY_READ_PROGRAMME)?;
    let notes = desk_notes::of_the_work(app.store.reader(), MOST).await?;
    let names = officer_names(app, &notes.iter().map(|note| note.by.as_uuid()).collect::<Vec<_>>()).await?;
    let shown: Vec<Shown> = notes.iter().map(|note| Shown::itself(note.id.as_uuid())).collect();
    log_list(app, actor, "desk-note", &shown).await?;
    let view = |note: DeskNote| NoteView {
        id: note.id,
        caller_id: note.caller,
        words: note.words,
        by: names.get(&note.by.as_uuid()).cloned().unwrap_or_default(),
        at: note.at,
    };
    Ok(notes.into_iter().map(view).collect())
}
