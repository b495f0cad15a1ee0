//! What the signed text of a case says differently from when somebody read it: shown to whoever was about to sign the earlier
//! one.

use super::pinned;
use super::seeing::{self, Sight};
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::{Case, CaseEvent, Difference, content, differences};
use crate::domain::ids::CaseId;
use crate::store::cases;

/// Every place at which the text differs now from what it was after the event of that number.
///
/// # Errors
/// `named-person-required`; `NotFound` where the officer does not see the whole case.
pub async fn changed_since(app: &App, actor: &Actor, id: CaseId, version: i64) -> Result<Vec<Difference>, AppError> {
    let officer = rights::named_person(actor)?;
    let db = app.store.reader();
    let seeing::Seen { case, sight, .. } = seeing::visible(app, db, officer, id).await?;
    if sight != Sight::Full {
        return Err(AppError::NotFound);
    }
    let workflow = pinned::workflow(app, db, &case.content_hash).await?;
    let wanted = usize::try_from(version).unwrap_or_default();
    let events = cases::history(db, id).await?.into_iter().take(wanted).map(|(_, event)| event);
    let Some(then) = Case::replay(id, &events.collect::<Vec<CaseEvent>>()) else { return Ok(Vec::new()) };
    let text = |case: &Case| content(&workflow, &case.data).unwrap_or_default();
    Ok(differences(&text(&then), &text(&case)))
}
