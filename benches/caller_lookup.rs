//! How long a call taker waits for a look-up by telephone, while a year of incident logs is imported: with so many calls on
//! file, 50 look-ups a second over HTTP for 30 seconds, each for another number, first with nothing beside them and then
//! while the same program imports. All share the machine. SQLite in a temporary file; PostgreSQL too where
//! `TEST_DATABASE_URL` names a server.
//!
//! `cargo bench --bench caller_lookup`; `EVENHAND_CALLS` says how many calls there are (100,000 unless told).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark stops where it fails, and prints its table"
)]

mod force;

use chrono::{DateTime, Duration, Utc};
use evenhand::api;
use evenhand::app::App;
use evenhand::app::callers::{CallFileOf, FileRows, import_calls, profile};
use evenhand::app::people::{PersonRow, import_people};
use evenhand::app::{self, NewOfficer};
use evenhand::demo::county::{County, Parameters};
use evenhand::domain::access::{Actor, Role};
use evenhand::domain::calls::{CallerKey, CallerKind, Direction, SystemKind};
use evenhand::domain::contact::Channel;
use evenhand::domain::ids::CallId;
use evenhand::store::call_imports::ImportCounts;
use evenhand::store::callers::{self, Caller};
use evenhand::store::calls::{self, Call, CallWords};
use evenhand::store::{StoreError, Tx};
use evenhand::web;
use serde_json::json;
use std::io::Read;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// As in the program.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PROFILE: &str = "command-and-control";
const CALLS: u64 = 100_000;
/// Calls of each number.
const EACH: u64 = 10;
const PEOPLE: u64 = 500;
const A_SECOND: u64 = 50;
const SECONDS: u64 = 30;
const BATCH: u64 = 1_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let count = std::env::var("EVENHAND_CALLS").ok().and_then(|count| count.parse().ok()).unwrap_or(CALLS);
        for database in force::databases(folder.path()).await {
            let app = force::house(&database.url).await;
            Box::pin(measure(&database.name, &app, count)).await;
            app.store.close().await;
            database.drop().await;
        }
    });
}

async fn measure(name: &str, app: &App, count: u64) {
    let began = Instant::now();
    put_people_on_file(app).await;
    let numbers = (count / EACH).max(1);
    for batch in 0..count.div_ceil(BATCH) {
        write(app, (batch * BATCH, numbers)).await;
    }
    println!("{name}: {count} calls of {numbers} numbers on file after {:.1} s", began.elapsed().as_secs_f64());
    app.store.warm_up().await.unwrap();
    let (address, server) = serve(app);
    let token = call_taker(app).await;
    let alone = Box::pin(look_up(address, &token, numbers)).await;
    tell("nobody writes", alone);
    let (stop, read) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let importing = std::thread::spawn({
        let (app, stop, read) = (app.clone(), Arc::clone(&stop), Arc::clone(&read));
        move || import_without_pause(&app, &stop, &read)
    });
    // The first portion is written by itself.
    while read.load(Ordering::Relaxed) == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let before = read.load(Ordering::Relaxed);
    let waits = Box::pin(look_up(address, &token, numbers)).await;
    let rows = read.load(Ordering::Relaxed) - before;
    stop.store(true, Ordering::Relaxed);
    importing.join().unwrap();
    tell(&format!("{} rows a second are imported", rows / SECONDS), waits);
    server.stop(true).await;
}

fn tell(while_what: &str, waits: Vec<(bool, std::time::Duration)>) {
    for (whom, chosen) in [("all", None), ("of somebody on file", Some(true)), ("of a number alone", Some(false))] {
        let waits = waits.iter().filter(|(on_file, _)| chosen.is_none_or(|chosen| chosen == *on_file));
        let mut waits: Vec<_> = waits.map(|(_, wait)| *wait).collect();
        waits.sort_unstable();
        let most = waits.last().map_or(0.0, |wait| wait.as_secs_f64() * 1000.0);
        let (p50, p99) = (force::at(&waits, 50), force::at(&waits, 99));
        let count = waits.len();
        println!("{count:>6} look-ups, {whom}, while {while_what}: p50 {p50:.1} ms, p99 {p99:.1} ms, max {most:.1} ms");
    }
}

/// The first numbers are somebody's own.
async fn put_people_on_file(app: &App) {
    let row = |n: u64| PersonRow {
        reference: format!("FSU-{n:04}"),
        full_name: format!("Example Person {n}"),
        date_of_birth: String::new(),
        email: String::new(),
        telephone: number(n),
        postcode: String::new(),
    };
    import_people(app, &Actor::Software, (0..PEOPLE).map(row).collect()).await.expect("people");
}

/// Numbers that are nobody's (Ofcom keeps 07700 900000 to 900999 free), with more digits than those have.
fn number(n: u64) -> String {
    format!("+447700{:07}", 9_000_000 + n)
}

async fn write(app: &App, (from, numbers): (u64, u64)) {
    let now = app.now();
    let rows: Vec<Call> = (from..from + BATCH).map(|n| call(app, n, numbers, now)).collect();
    let from_whom: Vec<Caller> = rows.iter().map(|row| caller(row, now)).collect();
    let written = app.store.write(async move |tx: &Tx| {
        callers::keep(tx, &from_whom).await?;
        calls::insert_many(tx, &rows).await?;
        Ok::<_, StoreError>(())
    });
    written.await.expect("calls on file");
}

/// A county's year of incident logs, until it is told to stop.
fn import_without_pause(app: &App, stop: &AtomicBool, read: &AtomicU64) {
    let parameters = Parameters::year(1, "2025-01-01".parse().unwrap());
    let county = County::new(Parameters { calls: 1_000_000, callers: 100_000, ..parameters }).unwrap();
    let profile = profile(app, PROFILE).unwrap();
    let bytes = Until { bytes: county.file(SystemKind::CommandAndControl), stop };
    let rows = FileRows::open(bytes, profile, app.now(), u64::MAX).unwrap();
    let of = CallFileOf { profile: PROFILE.to_owned(), file_name: "year.csv".to_owned() };
    let progress = |counts: &ImportCounts| read.store(counts.read, Ordering::Relaxed);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Box::pin(import_calls(app, &Actor::Software, of, rows, progress))).unwrap();
}

/// A file that ends when it is told to.
struct Until<'a, R> {
    bytes: R,
    stop: &'a AtomicBool,
}

impl<R: Read> Read for Until<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) { Ok(0) } else { self.bytes.read(into) }
    }
}

/// One call of one of the numbers, within the last 40 days.
fn call(app: &App, n: u64, numbers: u64, now: DateTime<Utc>) -> Call {
    let id: CallId = app.new_id();
    let number = number(n % numbers);
    let minutes = i64::try_from((n * 7) % (40 * 24 * 60)).unwrap();
    Call {
        id,
        system: SystemKind::CommandAndControl,
        source_ref: n.to_string(),
        precedence: 1,
        import: None,
        caller: Some(CallerKey::of_number(&number).id()),
        caller_kind: CallerKind::Individual,
        direction: Direction::In,
        channel: if n.is_multiple_of(3) { Channel::Phone999 } else { Channel::Phone101 },
        started_at: now - Duration::minutes(minutes),
        seconds: Some(120),
        number: Some(number),
        withheld: false,
        words: CallWords {
            caller_name: Some("Example Caller".to_owned()),
            location: Some("Example Road".to_owned()),
            subject: Some("Noise".to_owned()),
            details: Some(
                "The caller says that the neighbours are loud again and asks for somebody to come.".to_owned(),
            ),
            ..CallWords::default()
        },
        area: None,
        cad_ref: None,
        call: id,
        counts: true,
        contact: None,
        recorded_at: now,
        withdrawn_at: None,
    }
}

fn caller(call: &Call, now: DateTime<Utc>) -> Caller {
    let number = call.number.clone().unwrap();
    let key = CallerKey::of_number(&number);
    Caller {
        id: key.id(),
        key: key.to_string(),
        kind: CallerKind::Individual,
        number: Some(number),
        name: call.words.caller_name.clone(),
        location: call.words.location.clone(),
        person: None,
        noted_at: now,
    }
}

async fn call_taker(app: &App) -> String {
    let new = NewOfficer {
        username: "ccr".to_owned(),
        display_name: "Example Call Taker".to_owned(),
        roles: [Role::Ccr].into_iter().collect(),
    };
    app::add_officer(app, new).await.expect("an officer");
    app::issue_officer_token(app, "ccr", 480).await.expect("a token")
}

/// So many a second, whether or not the one before was answered; one in ten is somebody on file.
async fn look_up(address: SocketAddr, token: &str, numbers: u64) -> Vec<(bool, std::time::Duration)> {
    let client = reqwest::Client::builder().build().unwrap();
    let url = format!("http://{address}/api/v1/caller-lookups");
    let mut every = tokio::time::interval(std::time::Duration::from_secs(1) / u32::try_from(A_SECOND).unwrap());
    let mut asked = Vec::new();
    for n in 0..A_SECOND * SECONDS {
        every.tick().await;
        let of = if n % 10 == 0 { n % PEOPLE } else { (n * 7919) % numbers };
        let on_file = of < PEOPLE;
        let request = client.post(&url).bearer_auth(token).json(&json!({ "telephone": number(of) }));
        asked.push(tokio::spawn(async move {
            let began = Instant::now();
            let answer = request.send().await.unwrap();
            let status = answer.status();
            let body = answer.bytes().await.unwrap();
            let wait = began.elapsed();
            assert_eq!(status, 200, "{body:?}");
            (on_file, wait)
        }));
    }
    let mut waits = Vec::with_capacity(asked.len());
    for one in asked {
        waits.push(one.await.unwrap());
    }
    waits
}

fn serve(app: &App) -> (SocketAddr, actix_web::dev::ServerHandle) {
    let of_requests = app.clone();
    let server = actix_web::HttpServer::new(move || api::routes::server(of_requests.clone(), web::routes::pages))
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    (address, handle)
}
