//! Which requirement works where: every row names what is there, and nothing is left out.

use crate::support::{TestApp, on_each_database};
use evenhand::domain::access::Role;
use evenhand::domain::traceability::{Coverage, Requirement, Status, coverage};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What may wait: the control room's and Operation Engage's, and the statistics.
fn may_wait(id: &str) -> bool {
    let number: u32 = id.trim_start_matches(['R', 'I']).parse().unwrap();
    if id.starts_with('R') { matches!(number, 18..=36 | 63..=82) } else { number == 16 }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(root().join(path)).ok()
}

fn rows() -> Vec<Requirement> {
    coverage().unwrap_or_else(|fault| panic!("{fault}")).data
}

fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_requirement_and_invariant_has_its_row_once_and_in_order() {
    let ids: Vec<String> = rows().into_iter().map(|row| row.id).collect();
    let requirements = (1..=83).map(|n| format!("R{n}"));
    let invariants = (1..=25).map(|n| format!("I{n}"));
    assert_eq!(ids, requirements.chain(invariants).collect::<Vec<_>>());
}

#[test]
fn what_works_names_a_place_and_a_test_and_what_does_not_says_why() {
    let fault = |row: Requirement| match row.status {
        Status::Works if row.places.is_empty() || row.tests.is_empty() => {
            Some(format!("{}: no place or no test", row.id))
        }
        Status::Works if row.reason.is_some() => Some(format!("{}: works, and says why it does not", row.id)),
        Status::NotYet if row.reason.is_none() => Some(format!("{}: not yet, and no reason", row.id)),
        Status::NotYet if !may_wait(&row.id) => Some(format!("{}: this may not wait", row.id)),
        Status::Works | Status::NotYet => None,
    };
    none(rows().into_iter().filter_map(fault).collect());
}

#[test]
fn every_test_that_is_named_exists() {
    let is_there = |test: &str| {
        let (file, name) = test.split_once("::")?;
        let text = read(file)?;
        let at = text.find(&format!("fn {name}("))?;
        // It is a test: the attribute stands above it, with at most others between.
        let mut above = text.get(..at)?.lines().rev().take(4).map(str::trim);
        let is_test = above.any(|line| line.starts_with("#[test") || line.starts_with("#[tokio::test"));
        is_test.then_some(())
    };
    let missing = |row: &Requirement| -> Vec<String> {
        let tests = row.tests.iter().filter(|test| is_there(test).is_none());
        tests.map(|test| format!("{}: there is no test {test}", row.id)).collect()
    };
    none(rows().iter().flat_map(missing).collect());
}

#[test]
fn every_place_that_is_named_exists() {
    let missing = |row: &Requirement| -> Vec<String> {
        let places = row.places.iter().filter(|place| !is_there(place));
        places.map(|place| format!("{}: there is no {place}", row.id)).collect()
    };
    none(rows().iter().flat_map(missing).collect());
}

/// `file.yaml#path.in.it` below `workflows/`, or a file of the source.
fn is_there(place: &str) -> bool {
    let Some((file, path)) = place.split_once('#') else {
        return place.starts_with("src/") && root().join(place).exists();
    };
    let Some(text) = read(&format!("workflows/{file}")) else { return false };
    // JSON is YAML.
    let whole: Value = serde_saphyr::from_str(&text).unwrap();
    let step = |at: &Value, name: &str| match at.as_array() {
        Some(items) => items.iter().find(|item| item["id"] == name).cloned(),
        None => at.get(name).cloned(),
    };
    path.split('.').try_fold(whole, |at, name| step(&at, name)).is_some()
}

#[test]
fn a_place_that_is_not_there_is_missed() {
    assert!(is_there("frequent-service-user.yaml#states.on_agenda.on.decide_met"));
    for wrong in ["frequent-service-user.yaml#states.nowhere", "nothing.yaml#states", "src/nothing.rs", "Cargo.toml"] {
        assert!(!is_there(wrong), "{wrong}");
    }
}

#[test]
fn the_committed_page_is_the_one_the_program_writes() {
    let page = coverage().unwrap().page();
    assert!(
        read("docs/policy.md").as_deref() == Some(&page),
        "docs/policy.md is not current: evenhand policy > docs/policy.md"
    );
}

fn policy(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
    let output = command.current_dir(folder.path()).arg("policy").args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_command_prints_page_coverage_and_registers_without_a_database() {
    let Coverage { requirements, invariants, data } = coverage().unwrap();
    assert_eq!(policy(&[]), coverage().unwrap().page());
    let table = policy(&["coverage"]);
    assert_eq!(table.lines().count(), data.len() + 1);
    assert_eq!(table.lines().last(), Some(format!("requirements: {requirements}; invariants: {invariants}").as_str()));
    let printed: Value = serde_json::from_str(&policy(&["coverage", "--output", "json"])).unwrap();
    assert_eq!(printed["requirements"]["works"], requirements.works);
    let register = Path::new("workflows/registers/legislation.yaml").to_str().and_then(read).unwrap();
    assert_eq!(policy(&["registers", "legislation"]).trim_end(), register.trim_end());
    assert_eq!(policy(&["registers"]).lines().count(), 12);
}

#[test]
fn the_api_serves_the_same_to_whoever_signs_in() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let liaison = app.officer("snt", &[Role::Snt]).await;
        assert_eq!(app.get(&liaison, "/api/v1/policy").await.ok(), json!(coverage().unwrap()));
    });
}
