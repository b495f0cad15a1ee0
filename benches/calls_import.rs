//! A county's year of calls from the incident logs of command and control: read, matched, counted by the rules and kept,
//! beside a bare insert of the same rows in the same run. Afterwards who was nominated is laid beside a count by hand,
//! the file is brought in again, and then what the other systems recorded of the same year. SQLite in a temporary file; PostgreSQL too where `TEST_DATABASE_URL` names a server.
//!
//! `cargo bench --bench calls_import` (`EVENHAND_CALLS=100000` for fewer)
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    clippy::print_stdout,
    reason = "a benchmark stops where it fails, and prints what it found"
)]

mod force;
#[path = "../tests/support/calls.rs"]
#[expect(dead_code, unreachable_pub, reason = "the tests use the rest of it")]
mod recounting;

use evenhand::app::App;
use evenhand::app::callers::{CallFileOf, CallImport, FileRows, import_calls, profile};
use evenhand::calls_file::CallFile;
use evenhand::demo::county::{County, Parameters};
use evenhand::domain::access::Actor;
use evenhand::domain::calls::{CallRow, CallerKey, CallerKind, Direction, Profile, ReadRow, SystemKind, caller_key};
use evenhand::domain::contact::Channel;
use evenhand::domain::ids::CallerId;
use evenhand::store::StoreError;
use evenhand::store::calls::{self, Call, CallWords};
use evenhand::store::nominations;
use std::collections::BTreeSet;
use std::time::Instant;

const PROFILE: &str = "command-and-control";
const A_PORTION: usize = 2_000;

fn main() {
    let calls = std::env::var("EVENHAND_CALLS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000_u64);
    let callers = u32::try_from(calls / 10).unwrap().max(5_000);
    let year = Parameters::year(1, "2025-01-01".parse().unwrap());
    let county = County::new(Parameters { calls, callers, ..year }).unwrap();
    println!("{calls} calls of a year by {callers} callers, {} of them repeat callers", year.repeat_callers);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        for database in force::databases(folder.path()).await {
            let app = force::house(&database.url).await;
            measure(&database.name, &app, &county).await;
            app.store.close().await;
            database.drop().await;
        }
    });
}

async fn measure(name: &str, app: &App, county: &County) {
    let began = Instant::now();
    let import = import(app, county).await;
    let took = began.elapsed().as_secs_f64();
    let rate = import.counts.read as f64 / took;
    println!("{name}: {} rows in {took:.1} s, {rate:.0} a second: {:?}", import.counts.read, import.counts);

    let (rows, bare) = bare_insert(app, county).await;
    let bare_rate = rows as f64 / bare;
    println!("{name}: a bare insert of the same {rows} rows takes {bare:.1} s, {bare_rate:.0} a second");
    println!("{name}: {:.0} % of a bare insert", 100.0 * rate / bare_rate);

    let nominated = nominated(app).await;
    let by_hand: BTreeSet<CallerId> = by_hand(app, county).iter().map(CallerKey::id).collect();
    let planted: BTreeSet<CallerId> = county.truth().repeat_callers.iter().map(CallerKey::id).collect();
    println!(
        "{name}: {} nominated, {} by hand, {} planted; nominated is {} as by hand",
        nominated.len(),
        by_hand.len(),
        planted.len(),
        if nominated == by_hand { "the same" } else { "NOT the same" }
    );
    assert_eq!(nominated, by_hand);

    let began = Instant::now();
    let again = self::import(app, county).await.counts;
    let rate = again.read as f64 / began.elapsed().as_secs_f64();
    assert_eq!((again.kept, again.nominations, again.contacts), (0, 0, 0));
    println!("{name}: again: {} there already, nothing changed, {rate:.0} rows a second", again.known);

    // What the other systems recorded of the same year, matched with what is here.
    for other in app.catalog.import_profiles().iter().filter(|other| other.profile != PROFILE) {
        let began = Instant::now();
        let counts = import_of(app, county, other).await.counts;
        let rate = counts.read as f64 / began.elapsed().as_secs_f64();
        println!("{name}: {}: {} rows, {} matched, {rate:.0} a second", other.profile, counts.read, counts.matched);
    }
    println!();
}

async fn import(app: &App, county: &County) -> CallImport {
    import_of(app, county, profile(app, PROFILE).unwrap()).await
}

async fn import_of(app: &App, county: &County, profile: &Profile) -> CallImport {
    let of = CallFileOf { profile: profile.profile.clone(), file_name: "year.csv".to_owned() };
    let rows = FileRows::open(county.file(profile.system), profile, app.now(), u64::MAX).unwrap();
    import_calls(app, &Actor::Software, of, rows, |_: &_| {}).await.unwrap()
}

/// The rows of the file that are calls.
fn rows<'a>(app: &'a App, county: &'a County) -> impl Iterator<Item = CallRow> + 'a {
    let file = CallFile::open(county.file(SystemKind::CommandAndControl), profile(app, PROFILE).unwrap(), app.now());
    file.unwrap().filter_map(|row| match row.unwrap().1 {
        ReadRow::Call(call) => Some(*call),
        ReadRow::Skipped(_) | ReadRow::Faulty(_) => None,
    })
}

/// The same rows once more under other names, and nothing else done. Answers how many, and the seconds of writing alone.
async fn bare_insert(app: &App, county: &County) -> (u64, f64) {
    let (mut count, mut seconds) = (0_u64, 0.0);
    let mut rows = rows(app, county).peekable();
    while rows.peek().is_some() {
        let portion: Vec<Call> = rows.by_ref().take(A_PORTION).map(|row| call(app, row)).collect();
        count += portion.len() as u64;
        let began = Instant::now();
        let written = app.store.write(async move |tx| {
            calls::insert_many(tx, &portion).await?;
            Ok::<_, StoreError>(())
        });
        written.await.unwrap();
        seconds += began.elapsed().as_secs_f64();
    }
    (count, seconds)
}

fn call(app: &App, row: CallRow) -> Call {
    let id = app.new_id();
    Call {
        id,
        system: SystemKind::CommandAndControl,
        source_ref: format!("bare {}", row.source_ref),
        precedence: 1,
        import: None,
        // Of nobody, so that nobody is nominated by them: a caller of the same length, and as many of them.
        caller: caller_key(&row).map(|key| CallerKey::from_kept(format!("bare {}", key.as_str())).id()),
        caller_kind: row.caller_kind,
        direction: row.direction,
        channel: row.channel,
        started_at: row.started_at,
        seconds: None,
        number: row.number,
        withheld: row.withheld,
        words: CallWords {
            caller_name: row.caller_name,
            location: row.location,
            subject: row.subject,
            details: row.details,
            actions: row.actions,
            result: row.result,
            route: row.route,
        },
        area: None,
        cad_ref: row.cad_ref,
        call: id,
        counts: true,
        contact: None,
        recorded_at: app.now(),
        withdrawn_at: None,
    }
}

async fn nominated(app: &App) -> BTreeSet<CallerId> {
    let all = nominations::of_callers(app.store.reader(), None, 1_000_000).await.unwrap();
    all.into_iter().filter_map(|one| one.caller).collect()
}

/// Who made ten 999 or 101 calls in a rolling week, and is no organisation, without the rules' code.
fn by_hand(app: &App, county: &County) -> BTreeSet<CallerKey> {
    let mut organisations = BTreeSet::new();
    let mut counted = Vec::new();
    for row in rows(app, county) {
        let Some(key) = caller_key(&row) else { continue };
        if row.caller_kind == CallerKind::Organisation {
            organisations.insert(key.clone());
        }
        if row.direction == Direction::In && matches!(row.channel, Channel::Phone999 | Channel::Phone101) {
            counted.push((key, row.started_at));
        }
    }
    let found = recounting::recount(counted, 10, 7);
    found.difference(&organisations).cloned().collect()
}
