//! Open cases go on under a new version of their case type: shown first, then all of them or none.

use crate::support::{Session, TestApp, TestDatabase, on_each_database};
use evenhand::app::cases::{Migrate, MigrationPlan, migrate_cases};
use evenhand::catalog::{Catalog, read_sources};
use evenhand::domain::access::{Actor, Role};
use evenhand::domain::workflow::SourceFile;
use evenhand::store::cases;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

pub const KEY: &str = "out-of-county-referral";

pub const FILE: &str = "workflow: out-of-county-referral\nfrom: 1\nto: 2\nreason: The state is called what it is.\n\
                    states: { referred: waiting }\ndata:\n  - rename: { from: askedOf, to: contact }\n";

/// Version 2: the state `referred` is called `waiting`, the field `askedOf` is called `contact`.
pub fn version_2(migration: &str) -> Arc<Catalog> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut sources, _) = read_sources(&root.join("workflows"), &root.join("templates"));
    let file = sources.workflows.iter_mut().find(|file| file.name == KEY).unwrap();
    file.text = file.text.replace("version: 1", "version: 2").replace("initial: referred", "initial: waiting");
    file.text = file.text.replace("  referred:\n", "  waiting:\n").replace("state: referred", "state: waiting");
    let form = sources.forms.iter_mut().find(|file| file.name == "out_of_county_referral").unwrap();
    form.text = form.text.replace("askedOf", "contact");
    let name = format!("{KEY}-1-2");
    sources.migrations.push(SourceFile { file: name.clone(), name, text: migration.to_owned() });
    Arc::new(Catalog::of(&sources, Vec::new()).unwrap_or_else(|faults| panic!("{faults:#?}")))
}

async fn refer(app: &TestApp, staff: &Session) -> String {
    let input = json!({ "force": "Example Constabulary", "askedOf": "Their PSD", "contactedOn": "2026-06-01",
                        "reason": "Lives in their area." });
    let opened = app.post(staff, "/api/v1/cases", json!({ "workflow": KEY, "input": input })).await.ok();
    opened["id"].as_str().unwrap().to_owned()
}

async fn act(app: &TestApp, who: &Session, case: &str, action: &str, input: serde_json::Value) -> u16 {
    let etag = app.get(who, &format!("/api/v1/cases/{case}")).await.etag();
    let path = format!("/api/v1/cases/{case}/actions/{action}");
    app.post_at(who, &path, &etag, json!({ "input": input })).await.status
}

/// Two open referrals and one that was answered, under version 1; then the program knows version 2.
async fn house(database: TestDatabase, migration: &str) -> (TestApp, Session, [String; 3]) {
    let mut app = TestApp::start(database).await;
    let staff = app.officer("staff", &[Role::PsdStaff]).await;
    let cases = [refer(&app, &staff).await, refer(&app, &staff).await, refer(&app, &staff).await];
    let answer = json!({ "respondedOn": "2026-06-01", "response": "They will call." });
    assert_eq!(act(&app, &staff, &cases[2], "record_response", answer).await, 200);
    app.app.catalog = version_2(migration);
    (app, staff, cases)
}

async fn migrate(app: &TestApp, what: Migrate) -> MigrationPlan {
    migrate_cases(&app.app, &Actor::Software, (KEY.to_owned(), 1, 2), what).await.unwrap()
}

#[test]
fn what_is_shown_is_what_is_done_and_the_history_replays_to_it() {
    on_each_database(async |database| {
        let (app, _, [first, second, answered]) = house(database, FILE).await;
        let shown = migrate(&app, Migrate::Show).await;
        let planned: Vec<_> = shown.cases.iter().map(|case| (case.id.to_string(), case.to.as_str())).collect();
        assert_eq!(planned, [(first.clone(), "waiting"), (second, "waiting")], "what is final stays as it ended");
        let before = cases::load(app.app.store.reader(), first.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((before.state.as_str(), before.workflow_version), ("referred", 1), "nothing was changed");

        let done = migrate(&app, Migrate::Do).await;
        assert_eq!(MigrationPlan { migrated: true, ..shown }, done);
        let after = cases::load(app.app.store.reader(), first.parse().unwrap()).await.unwrap().unwrap();
        let row = cases::find_row(app.app.store.reader(), first.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((after.state.as_str(), after.workflow_version), ("waiting", 2));
        assert_eq!((after.data["contact"].as_str(), after.data.get("askedOf")), (Some("Their PSD"), None));
        assert_eq!((row.state, row.content_hash, row.data), (after.state, after.content_hash, after.data));
        assert_eq!(
            (row.due_at, after.state_since),
            (row.due_at.filter(|due| *due > before.state_since), before.state_since)
        );
        let old = cases::load(app.app.store.reader(), answered.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(old.workflow_version, 1);
        assert_eq!(migrate(&app, Migrate::Do).await.cases, [], "there is nothing left to migrate");
    });
}

#[test]
fn a_migrated_case_goes_on_by_the_new_version() {
    on_each_database(async |database| {
        let (app, _, [first, ..]) = house(database, FILE).await;
        migrate(&app, Migrate::Do).await;
        let case = cases::load(app.app.store.reader(), first.parse().unwrap()).await.unwrap().unwrap();
        let workflow = Arc::clone(app.app.catalog.latest(KEY).unwrap());
        assert_eq!(case.content_hash, workflow.content_hash);
        assert!(workflow.action(&case.state, "record_response").is_some());
    });
}

#[test]
fn where_one_case_has_no_home_none_is_moved() {
    on_each_database(async |database| {
        let (app, _, [first, ..]) = house(database, &FILE.replace("states: { referred: waiting }\n", "")).await;
        let plan = migrate(&app, Migrate::Do).await;
        assert!(!plan.migrated && !plan.is_sound());
        assert_eq!(plan.faults, ["the state `referred` has no home in version 2"]);
        assert!(plan.cases.iter().all(|case| case.refused.as_deref() == Some("the state `referred` has no home")));
        let case = cases::load(app.app.store.reader(), first.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((case.state.as_str(), case.workflow_version), ("referred", 1));
    });
}

#[test]
fn a_migration_brings_nobody_into_a_restriction_or_out_of_one() {
    let catalog = Catalog::embedded().unwrap();
    let workflow = catalog.latest("communications-strategy").unwrap();
    for (from, to) in [("shared", "in_force"), ("in_force", "shared"), ("draft", "lifted")] {
        let yaml =
            format!("workflow: communications-strategy\nfrom: 1\nto: 1\nreason: Wrong.\nstates: {{ {from}: {to} }}\n");
        let migration = evenhand::domain::workflow::Migration::read(&yaml).unwrap();
        let faults = migration.faults(workflow, workflow);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].to_string().contains("people decide that"), "{faults:?}");
    }
}
