//! The notice of a strategy as it would be composed from its text as it stands: for whoever writes, signs or tests it. Nothing
//! is kept, and nobody is told.

use super::effects::{Step, preview_notice as composed};
use super::pinned;
use super::seeing::{self, Sight};
use crate::app::{App, AppError, ShownWith, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::ids::CaseId;
use crate::domain::marking::Marking;
use crate::render::Rendered;

/// The words, with the marking they are shown with. The reading is logged.
///
/// # Errors
/// `named-person-required`; `NotFound` where the officer does not see the whole case, or its type has no notice.
pub async fn preview_notice(app: &App, actor: &Actor, id: CaseId) -> Result<(Rendered, Marking), AppError> {
    let officer = rights::named_person(actor)?;
    let db = app.store.reader();
    let seeing::Seen { case, sight, .. } = seeing::visible(app, db, officer, id).await?;
    let workflow = pinned::workflow(app, db, &case.content_hash).await?;
    if sight != Sight::Full || workflow.content.is_none() {
        return Err(AppError::NotFound);
    }
    let words = composed(Step::not_taken(app, actor, (&workflow, &case)), db).await?;
    let with = ShownWith::load(app, db, &[id], &case.person.into_iter().collect::<Vec<_>>()).await?;
    log_reading(app, actor, "case", Some(id.as_uuid())).await?;
    Ok((words, with.marking([id])))
}
