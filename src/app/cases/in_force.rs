//! What a decision is kept with: the versions of policy and law in force, and the marking a case opens with.

use crate::app::{App, AppError};
use crate::domain::case::{Case, CaseEvent, Decision, Happening};
use crate::domain::ids::CaseId;
use crate::domain::marking::Marking;
use crate::store::{Tx, cases};

/// The decision with what was in force when it was taken. A case that opens bears the marking of everything here, or
/// its parent's where that is higher.
///
/// # Errors
/// What the store says.
pub(super) async fn with_versions(app: &App, tx: &Tx, decision: Decision) -> Result<Decision, AppError> {
    let Decision { events, effects, mut case } = decision;
    let opens = events.iter().any(|event| matches!(event.what, Happening::Opened { .. }));
    if opens {
        case.marking = inherited(app, tx, &case).await?;
    }
    let versions = &app.catalog.registers().in_force;
    let opened_with = Some(case.marking).filter(|marking| *marking != Marking::default());
    let kept = |event: CaseEvent| {
        let mut what = event.what.under(versions);
        if let Happening::Opened { marking, .. } = &mut what {
            *marking = opened_with;
        }
        CaseEvent { what, ..event }
    };
    Ok(Decision { events: events.into_iter().map(kept).collect(), effects, case })
}

async fn inherited(app: &App, tx: &Tx, case: &Case) -> Result<Marking, AppError> {
    let parent: Vec<CaseId> = case.parent.into_iter().collect();
    Ok(app.settings.marking.with(cases::markings(tx, &parent).await?.into_values()))
}
