//! What kinds of case an officer may open about a person, as the case types themselves say it.

use super::open_case::is_many_a_person;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::workflow::{By, Workflow};
use serde::Serialize;

/// A case type that may be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseOpening {
    pub workflow: String,
    pub title: String,
    pub policy: Option<String>,
    /// The case type under whose open case it is opened; absent: under none.
    pub under: Option<String>,
}

/// What the officer may open about a person of whom cases of these types are open. What else stands in the way is said when
/// it is opened.
///
/// # Errors
/// `named-person-required`.
pub fn openings(app: &App, actor: &Actor, open: &[String]) -> Result<Vec<CaseOpening>, AppError> {
    let officer = rights::named_person(actor)?;
    let opens = |workflow: &&std::sync::Arc<Workflow>| {
        let by = workflow.open.as_ref().map(|opening| opening.by.as_slice()).unwrap_or_default();
        by.iter().any(|by| matches!(by, By::Role(role) if officer.has(*role)))
    };
    let in_the_way = |workflow: &Workflow| {
        open.contains(&workflow.key) && workflow.under().is_empty() && !is_many_a_person(workflow)
    };
    let opening = |workflow: &Workflow| {
        let free = workflow.under().is_empty() || workflow.under().iter().any(|under| under == "nothing");
        let under = if free { None } else { Some(workflow.under().iter().find(|under| open.contains(under))?.clone()) };
        Some(CaseOpening {
            workflow: workflow.key.clone(),
            title: workflow.title.clone(),
            policy: workflow.open.as_ref().and_then(|opening| opening.policy.clone()),
            under,
        })
    };
    let able = app.catalog.all().filter(opens).filter(|workflow| !in_the_way(workflow));
    Ok(able.filter_map(|workflow| opening(workflow)).collect())
}
