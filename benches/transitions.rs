//! How many transitions of a case are stored a second: the whole of `act_on_case`, two steps of a service user's case
//! each (load the history, gather what is known, decide, append the event, write the row, settle and make tasks), on the
//! disk before they are acknowledged. Beside it, in the same run, bare commits of one row of 4 kB: what the machine gives
//! today. SQLite in a temporary file; PostgreSQL too where `TEST_DATABASE_URL` names a server.
//!
//! `cargo bench --bench transitions`
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark stops where it fails, and prints its table"
)]

mod force;

use evenhand::app::cases::{Asked, NewCase, act_on_case, open_case};
use evenhand::app::{App, NewOfficer, add_officer};
use evenhand::domain::access::{Actor, Role};
use evenhand::domain::case::Command;
use evenhand::domain::ids::CaseId;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use std::time::Instant;
use uuid::Uuid;

/// How many act at the same time, and how many cases each moves in a round.
const CLIENTS: [(usize, usize); 2] = [(1, 300), (8, 100)];
const ROUNDS: usize = 5;
/// Steps a case.
const STEPS: usize = 2;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        println!("transitions a second through `act_on_case`; median of {ROUNDS} rounds (worst – best)\n");
        let folder = tempfile::tempdir().unwrap();
        for database in force::databases(folder.path()).await {
            measure(&database.name, &database.url).await;
            database.drop().await;
        }
    });
}

async fn measure(title: &str, url: &str) {
    let app = force::house(url).await;
    let staff = staff(&app).await;
    let bare = bare(url).await;
    println!("{title}");
    println!("{:>8} {:>26} {:>26} {:>8}", "clients", "transitions", "bare commits of 4 kB", "ratio");
    for (clients, cases) in CLIENTS {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _round in 0..ROUNDS {
            let opened = opened(&app, &staff, clients, cases).await;
            ours.push(rate(clients * cases * STEPS, opened.iter().map(|cases| moved(&app, &staff, cases))).await);
            let commits = cases * STEPS;
            theirs.push(rate(clients * commits, (0..clients).map(|_| committed(&bare, commits))).await);
        }
        let (ours, theirs) = (force::Rates::of(ours), force::Rates::of(theirs));
        println!("{clients:>8} {:>26} {:>26} {:>8.2}", ours.told(), theirs.told(), ours.median / theirs.median);
    }
    println!();
    bare.close().await.unwrap();
    app.store.close().await;
}

/// So many done by all of these at once, a second.
async fn rate(count: usize, all: impl Iterator<Item = impl Future<Output = ()>>) -> f64 {
    let started = Instant::now();
    join_all(all).await;
    count as f64 / started.elapsed().as_secs_f64()
}

async fn staff(app: &App) -> Actor {
    let new = NewOfficer {
        username: "staff".to_owned(),
        display_name: "Example Staff".to_owned(),
        roles: [Role::PsdStaff].into(),
    };
    Actor::Officer(add_officer(app, new).await.unwrap().officer)
}

/// The cases each client will move, not timed.
async fn opened(app: &App, staff: &Actor, clients: usize, cases: usize) -> Vec<Vec<CaseId>> {
    let nomination = || NewCase {
        workflow: "frequent-service-user".to_owned(),
        person: None,
        parent: None,
        input: json!({ "source": "manual", "reason": "Nine mails in two days about one answered matter." }),
    };
    let of_client = async || {
        let mut opened = Vec::with_capacity(cases);
        for _ in 0..cases {
            opened.push(open_case(app, staff, nomination()).await.unwrap().id);
        }
        opened
    };
    join_all((0..clients).map(|_| of_client())).await
}

async fn moved(app: &App, staff: &Actor, cases: &[CaseId]) {
    for case in cases {
        step(app, staff, *case, "triage", triage()).await;
        step(app, staff, *case, "divert", diversion()).await;
    }
}

async fn step(app: &App, staff: &Actor, case: CaseId, action: &str, input: Value) {
    let asked = Asked { case, expected_version: None, command: Command::new(action, input) };
    act_on_case(app, staff, asked).await.unwrap();
}

fn triage() -> Value {
    let checked = "Checked; nothing known that bears on how the person is answered.";
    json!({ "nature": "unmet_need", "safeguarding": checked, "domesticAbuse": checked, "openComplaint": checked,
            "adjustments": checked })
}

fn diversion() -> Value {
    json!({ "referredTo": "Example advice centre", "referral": "Help with a housing matter.", "sentOn": "2026-06-01",
            "localOpt": { "contacted": true, "detail": "Spoken to on 1 June." } })
}

/// With a table of its own.
async fn bare(url: &str) -> DatabaseConnection {
    let db = force::bare::connect(url).await;
    db.execute_unprepared("CREATE TABLE bench_rows (id TEXT PRIMARY KEY, words TEXT NOT NULL)").await.unwrap();
    db
}

async fn committed(db: &DatabaseConnection, count: usize) {
    let words = "four kilobytes. ".repeat(256);
    for _ in 0..count {
        let tx = force::bare::begin(db).await;
        let values = [Uuid::new_v4().to_string().into(), words.clone().into()];
        let insert = "INSERT INTO bench_rows (id, words) VALUES ($1, $2)";
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), insert, values)).await.unwrap();
        tx.commit().await.unwrap();
    }
}
