//! How much waits for an officer: numbers for the navigation and for the first page.

use crate::app::callers::not_sent_to;
use crate::app::cases::not_referred_to;
use crate::app::contacts::MAY_READ;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::contact::Place;
use crate::store::cases::{self, CaseFilter};
use crate::store::contacts::{self, Filter, Handling};
use crate::store::{case_facts, tasks};
use serde::Serialize;

/// What waits. A number of a kind that the officer does not see is nought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Contacts that nobody has read.
    pub to_read: u64,
    /// Of these, held.
    pub held: u64,
    /// Tasks of theirs, by name or by role.
    pub tasks: u64,
    /// Strategies that wait for a signature or for the decision of the harm test.
    pub approvals: u64,
}

/// # Errors
/// `named-person-required`.
pub async fn counts(app: &App, actor: &Actor) -> Result<Counts, AppError> {
    let officer = rights::liaison(actor)?;
    let db = app.store.reader();
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    let mut counts = Counts::default();
    if officer.has_any(&MAY_READ) {
        let unread = Filter { handling: Some(Handling::Open), not_of: hidden.clone(), ..Filter::default() };
        counts.to_read = contacts::count(db, &Filter { asks_to_be_read: true, ..unread.clone() }).await?;
        counts.held = contacts::count(db, &Filter { places: vec![Place::Held, Place::Quarantine], ..unread }).await?;
    }
    let roles: Vec<String> = officer.roles.iter().map(|role| role.as_str().to_owned()).collect();
    let none_of = tasks::Hidden {
        people: hidden.clone(),
        cases: not_referred_to(db, officer).await?,
        causes: not_sent_to(db, officer).await?,
    };
    counts.tasks = tasks::count_open_for(db, &[officer.id], (&roles, &none_of)).await?;
    if officer.has(Role::AppropriateAuthority) {
        let waiting = CaseFilter {
            workflows: vec!["communications-strategy".to_owned()],
            states: vec!["submitted".to_owned(), "approved".to_owned()],
            hidden_people: hidden,
            ..CaseFilter::default()
        };
        counts.approvals = cases::count(db, &waiting).await?;
    }
    Ok(counts)
}
