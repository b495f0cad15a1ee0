//! Open cases whose point of contact cannot answer for them any more: the chair is asked for another.

use super::pinned;
use crate::app::{App, AppError};
use crate::domain::access::Role;
use crate::domain::ids::{CaseId, OfficerId, PersonId, of};
use crate::domain::workflow::StateKind;
use crate::store::Tx;
use crate::store::cases::{self, CaseFilter, CaseRow};
use crate::store::officers::Registered;
use crate::store::tasks::{self, NewTask};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The chair's task; done when the case is handed over or ends.
pub(super) const FIND_SUCCESSOR: &str = "find_successor";

/// More than anybody answers for.
const MOST_CASES: u64 = 5_000;

/// Asks the chair for a successor on every open case of an officer who left, or no longer holds the role; no longer, once
/// they are back.
pub(crate) async fn ask_for_successors(app: &App, tx: &Tx, officer: &Registered) -> Result<(), AppError> {
    let open = open_cases_of(app, tx, officer.officer.id).await?;
    if officer.active && officer.officer.has(Role::Spoc) {
        let ids: Vec<CaseId> = open.iter().map(|row| CaseId::from_uuid(row.id)).collect();
        tasks::settle(tx, tasks::of_cases(&ids, FIND_SUCCESSOR), None, app.now()).await?;
        return Ok(());
    }
    let theirs: BTreeSet<Uuid> = open.iter().map(|row| row.id).collect();
    // What was opened under a case goes with it.
    let topmost = open.iter().filter(|row| row.parent_id.is_none_or(|parent| !theirs.contains(&parent)));
    let name = &officer.officer.display_name;
    let asked = topmost.map(|row| NewTask {
        id: app.new_id::<of::Event>().as_uuid(),
        kind: FIND_SUCCESSOR,
        title: format!("Hand over to another point of contact: {name} cannot answer for this case any more"),
        role: Some(Role::Chair.as_str().to_owned()),
        officer: None,
        case: Some(CaseId::from_uuid(row.id)),
        contact: None,
        person: row.person_id.map(PersonId::from_uuid),
        due_at: Some(app.now()),
        created_at: app.now(),
        cause: format!("{FIND_SUCCESSOR}:{}:{}", row.id, officer.officer.id),
    });
    Ok(tasks::ask(tx, asked.collect()).await?)
}

/// Their cases that have not ended and can be handed over.
async fn open_cases_of(app: &App, tx: &Tx, officer: OfficerId) -> Result<Vec<CaseRow>, AppError> {
    let filter = CaseFilter { spocs: vec![officer], ..CaseFilter::default() };
    let mut open = Vec::new();
    for row in cases::list(tx, &filter, None, MOST_CASES).await? {
        let workflow = pinned::workflow(app, tx, &row.content_hash).await?;
        let goes_on = workflow.state(&row.state).is_some_and(|state| state.kind != StateKind::Final);
        if goes_on && workflow.action(&row.state, "change_spoc").is_some() {
            open.push(row);
        }
    }
    Ok(open)
}
