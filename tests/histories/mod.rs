//! Cases as earlier builds recorded them: each replays in this one, on the definition it was pinned to.
//!
//! A file in `tests/fixtures/histories` carries all it needs: definition, forms, letters, events, what the case
//! amounted to, and what was offered to whom after each event. It is never edited. When a shipped case type changes,
//! `EVENHAND_RECORD_HISTORIES=1 cargo test --test suite histories` adds the files that are missing for it.

mod walks;

use crate::case_types::desk::day;
use chrono::{DateTime, NaiveDate, Utc};
use evenhand::domain::access::{Actor, Officer, Role};
use evenhand::domain::calendar::WorkingCalendar;
use evenhand::domain::case::{Case, CaseEvent, Delegation, Facts, offers};
use evenhand::domain::ids::{CaseId, OfficerId};
use evenhand::domain::workflow::{Bundle, Workflow, rebuild};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One case, with all it refers to.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recorded {
    case_id: CaseId,
    /// The definitions it was pinned to, one after the other.
    bundles: Vec<Bundle>,
    born: Option<NaiveDate>,
    officers: Vec<Named>,
    history: Vec<Step>,
    amounts_to: Value,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    id: OfficerId,
    name: String,
    role: Role,
}

/// An event, and what was offered to each officer after it: `approve`, or `approve: own-text` where it was refused.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    event: Value,
    offered: BTreeMap<String, Vec<String>>,
}

/// A case walked through the engine, before it is written down.
pub struct Walk {
    pub case: CaseId,
    pub bundles: Vec<Bundle>,
    pub born: Option<NaiveDate>,
    pub officers: Vec<Actor>,
    pub events: Vec<CaseEvent>,
}

#[test]
fn every_recorded_history_replays_in_this_build() {
    if std::env::var_os("EVENHAND_RECORD_HISTORIES").is_some() {
        walks::all().into_iter().for_each(record);
    }
    let files = files();
    assert!(files.len() >= 7, "the recorded histories are gone: {files:?}");
    for file in files {
        let recorded: Recorded = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        replay(&file, &recorded);
    }
}

#[test]
fn a_case_type_that_changed_leaves_its_recorded_cases_as_they_were() {
    let file = files().into_iter().find(|file| name_of(file).starts_with("frequent-service-user-")).unwrap();
    let mut recorded: Recorded = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let definition = &mut recorded.bundles[0].definition;
    *definition = definition.replacen("Triage the nomination", "Look at the nomination", 1);
    let replayed = std::panic::catch_unwind(|| replay(&file, &recorded));
    assert!(replayed.is_err(), "a changed definition would go unnoticed");
}

fn replay(file: &Path, recorded: &Recorded) {
    let name = name_of(file);
    let workflows: BTreeMap<String, Workflow> = recorded.bundles.iter().map(|bundle| built(&name, bundle)).collect();
    let mut events = Vec::new();
    for (n, step) in recorded.history.iter().enumerate() {
        let event: CaseEvent =
            serde_json::from_value(step.event.clone()).unwrap_or_else(|error| panic!("{name}: event {n}: {error}"));
        assert_eq!(serde_json::to_value(&event).unwrap(), step.event, "{name}: event {n} would hash differently");
        events.push(event);
        let case = Case::replay(recorded.case_id, &events).unwrap();
        let workflow =
            workflows.get(&case.content_hash).unwrap_or_else(|| panic!("{name}: {} is missing", case.content_hash));
        assert!(workflow.state(&case.state).is_some(), "{name}: no state {}", case.state);
        assert_eq!(
            offered(workflow, &case, recorded.born, &recorded.officers),
            step.offered,
            "{name}: after event {n}"
        );
    }
    let case = Case::replay(recorded.case_id, &events).unwrap();
    assert_eq!(amounts_to(&case), recorded.amounts_to, "{name}");
    assert_eq!(format!("{}.json", stem(&case)), name);
}

fn built(name: &str, bundle: &Bundle) -> (String, Workflow) {
    let workflow = rebuild(bundle).unwrap_or_else(|faults| panic!("{name}: {faults:#?}"));
    (bundle.content_hash(), workflow)
}

fn record(walk: Walk) {
    let case = Case::replay(walk.case, &walk.events).unwrap();
    let path = folder().join(format!("{}.json", stem(&case)));
    if path.exists() {
        return;
    }
    let officer = |actor: &Actor| {
        let officer = actor.officer().unwrap();
        Named { id: officer.id, name: officer.display_name.clone(), role: *officer.roles.first().unwrap() }
    };
    let officers: Vec<Named> = walk.officers.iter().map(officer).collect();
    let workflows: BTreeMap<String, Workflow> =
        walk.bundles.iter().map(|bundle| built("a new history", bundle)).collect();
    let step = |n: usize| {
        let so_far = Case::replay(walk.case, &walk.events[..=n]).unwrap();
        let offered = offered(&workflows[&so_far.content_hash], &so_far, walk.born, &officers);
        Step { event: serde_json::to_value(&walk.events[n]).unwrap(), offered }
    };
    let history = (0..walk.events.len()).map(step).collect();
    let (case_id, born) = (walk.case, walk.born);
    let recorded = Recorded { case_id, bundles: walk.bundles, born, officers, history, amounts_to: amounts_to(&case) };
    fs::write(path, serde_json::to_string_pretty(&recorded).unwrap() + "\n").unwrap();
}

fn offered(
    workflow: &Workflow,
    case: &Case,
    born: Option<NaiveDate>,
    officers: &[Named],
) -> BTreeMap<String, Vec<String>> {
    let lent = |workflow: &str| Delegation {
        workflow: workflow.to_owned(),
        from: day("2026-01-01"),
        to: day("2026-12-31"),
        revoked_at: None,
    };
    // No holidays: what was offered must not hang on a register that is kept up to date.
    let mut facts = Facts { calendar: Arc::new(WorkingCalendar::default()), ..Facts::default() };
    facts.delegations = vec![lent(&workflow.key), lent("communications-strategy")];
    (facts.person.known, facts.person.date_of_birth) = (true, born);
    let to = |named: &Named| {
        let actor = Actor::Officer(Officer {
            id: named.id,
            username: named.name.clone(),
            display_name: named.name.clone(),
            roles: [named.role].into(),
            areas: Default::default(),
            through: None,
        });
        let offers = offers(workflow, case, &facts, (&actor, case.updated_at));
        let line = |offer: evenhand::domain::case::Offer| match offer.refusal {
            Some(refusal) => format!("{}: {}", offer.action, refusal.code),
            None => offer.action,
        };
        (format!("{} ({})", named.name, named.role), offers.into_iter().map(line).collect())
    };
    officers.iter().map(to).collect()
}

fn amounts_to(case: &Case) -> Value {
    let pauses =
        case.pauses.iter().map(|pause| json!({ "since": pause.since, "until": pause.until, "reason": pause.reason }));
    let at = |at: DateTime<Utc>| json!(at);
    json!({
        "workflow": case.workflow, "workflowVersion": case.workflow_version, "contentHash": case.content_hash,
        "state": case.state, "stateSince": at(case.state_since), "version": case.version, "data": case.data,
        "openedAt": at(case.opened_at), "updatedAt": at(case.updated_at), "took": case.took,
        "signature": case.signature, "pauses": pauses.collect::<Vec<_>>(),
    })
}

/// `communications-strategy-v1-0f3a99c2`.
fn stem(case: &Case) -> String {
    format!("{}-v{}-{}", case.workflow, case.workflow_version, case.content_hash.split_at(8).0)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/histories")
}

fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap().to_string_lossy().into_owned()
}
