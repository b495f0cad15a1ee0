//! Nominations as those see them who read them all, or those who made them.

use super::nominate::MAY_NOMINATE;
use crate::app::people::AdjustmentView;
use crate::app::{App, AppError, Shown, ShownWith, log_search, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::{CaseId, NominationId, PersonId};
use crate::domain::marking::Marking;
use crate::store::case_facts;
use crate::store::nominations::{self, Filter, Nomination};

const READS_ALL: [Role; 5] =
    [Role::PsdStaff, Role::PsdSupervisor, Role::Chair, Role::AppropriateAuthority, Role::Auditor];

/// A nomination with the marking of the case it went to and what to keep to with whom it is about.
#[derive(Clone, Debug)]
pub struct ShownNomination {
    pub nomination: Nomination,
    pub marking: Marking,
    pub adjustments: Vec<AdjustmentView>,
}

/// Nominations as they are shown.
///
/// # Errors
/// What the store says.
pub async fn show_nominations(app: &App, nominations: Vec<Nomination>) -> Result<Vec<ShownNomination>, AppError> {
    let cases: Vec<CaseId> = nominations.iter().filter_map(|one| one.case).collect();
    let people: Vec<PersonId> = nominations.iter().filter_map(|one| one.person).collect();
    let with = ShownWith::load(app, app.store.reader(), &cases, &people).await?;
    let shown = |nomination: Nomination| ShownNomination {
        marking: with.marking(nomination.case),
        adjustments: with.adjustments(nomination.person),
        nomination,
    };
    Ok(nominations.into_iter().map(shown).collect())
}

/// Newest first, none about people who complained about the reader. Who sees no full case sees what they nominated.
///
/// # Errors
/// `Refused` for systems and for roles that may not.
pub async fn list_nominations(
    app: &App,
    actor: &Actor,
    after: Option<NominationId>,
    most: u64,
) -> Result<Vec<ShownNomination>, AppError> {
    let officer = rights::officer_with(actor, &[&MAY_NOMINATE[..], &[Role::Auditor]].concat())?;
    let db = app.store.reader();
    let filter = Filter {
        by: (!officer.has_any(&READS_ALL)).then_some(officer.id),
        not_of: case_facts::people_complaining_about(db, officer.id).await?,
    };
    let found = nominations::list(db, &filter, after, most).await?;
    let shown: Vec<Shown> = found.iter().map(|one| Shown::of(one.id.as_uuid(), one.person)).collect();
    log_search(app, actor, "nomination", &shown).await?;
    show_nominations(app, found).await
}
