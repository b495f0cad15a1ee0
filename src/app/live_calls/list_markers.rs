//! The markers in force.

use super::{MAY_MARK, MarkerView};
use crate::app::{App, AppError, Shown, log_list, rights};
use crate::domain::access::Actor;
use crate::domain::ids::MarkerId;
use crate::store::{caller_markers, case_facts};

/// The latest first, at most `most`, after an id; none on people who complained about the reader.
///
/// # Errors
/// `named-person-required`, `wrong-role`.
pub async fn list_markers(
    app: &App,
    actor: &Actor,
    after: Option<MarkerId>,
    most: u64,
) -> Result<Vec<MarkerView>, AppError> {
    let officer = rights::officer_with(actor, &MAY_MARK)?;
    let db = app.store.reader();
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    let found = caller_markers::list(db, &hidden, after, most).await?;
    let views: Vec<MarkerView> = found.into_iter().map(MarkerView::from).collect();
    let shown: Vec<Shown> = views.iter().map(|view| Shown::of(view.id.as_uuid(), view.person_id)).collect();
    log_list(app, actor, "marker", &shown).await?;
    Ok(views)
}
