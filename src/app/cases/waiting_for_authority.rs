//! What waits for the appropriate authority, of every kind, in one list: the oldest deadline first.

use super::read_cases::{Wanted, list_cases};
use super::view::CaseView;
use crate::app::people::names_of;
use crate::app::{App, AppError, officer_names};
use crate::domain::access::Actor;
use serde::Serialize;
use serde_json::Value;

/// Where cases wait for a decision of the appropriate authority, and for which one.
const WAITING: [(&str, &str, &str); 4] = [
    ("communications-strategy", "submitted", "strategy"),
    ("communications-strategy", "approved", "harm_test"),
    ("frequent-service-user", "under_review", "review"),
    ("appeal", "lodged", "appeal"),
];
/// More than ever wait in one place.
const MOST: u64 = 200;

/// One decision that waits.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    pub case: CaseView,
    /// `strategy` (to be signed), `harm_test`, `review` or `appeal`.
    pub decision: &'static str,
    pub person_reference: Option<String>,
    pub person_name: Option<String>,
    pub spoc_name: Option<String>,
}

/// What waits, as far as the officer may see it.
///
/// # Errors
/// `named-person-required`.
pub async fn waiting_for_authority(app: &App, actor: &Actor) -> Result<Vec<Waiting>, AppError> {
    let mut found = Vec::new();
    for (workflow, state, decision) in WAITING {
        let (workflow, state) = (Some(workflow.to_owned()), Some(state.to_owned()));
        let wanted = Wanted { workflow, state, ..Wanted::default() };
        let cases = list_cases(app, actor, wanted, None, MOST).await?;
        found.extend(cases.into_iter().filter(|case| is_ready(decision, case)).map(|case| (decision, case)));
    }
    found.sort_by_key(|(_, case)| (case.due_at.is_none(), case.due_at, case.state_since));
    let about: Vec<_> = found.iter().filter_map(|(_, case)| case.person_id).collect();
    let people = names_of(app, actor, &about).await?;
    let spocs: Vec<_> = found.iter().filter_map(|(_, case)| case.spoc).map(|spoc| spoc.as_uuid()).collect();
    let spocs = officer_names(app, &spocs).await?;
    let waiting = found.into_iter().map(|(decision, case)| {
        let person = case.person_id.and_then(|id| people.get(&id)).cloned();
        let (person_reference, person_name) = person.map(|named| (named.reference, named.full_name)).unzip();
        let spoc_name = case.spoc.and_then(|spoc| spocs.get(&spoc.as_uuid())).cloned();
        Waiting { case, decision, person_reference, person_name, spoc_name }
    });
    Ok(waiting.collect())
}

/// A harm test waits for its decision only once it was prepared.
fn is_ready(decision: &str, case: &CaseView) -> bool {
    decision != "harm_test" || case.data.pointer("/harmTest/items").is_some_and(Value::is_array)
}
