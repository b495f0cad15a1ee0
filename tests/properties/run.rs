//! Runs sequences, finds the shortest that fails, prints the table.

use super::door::Door;
use super::expected::{ACCEPTED, REFUSED};
use super::invariants::{Violation, violations};
use super::rng::Rng;
use super::tally::Tally;
use super::world::{World, shipped};
use crate::support::TestDatabase;
use crate::support::database::say;
use chrono::Duration;
use evenhand::catalog::Catalog;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

pub const COMMANDS: usize = 40;
const SEQUENCES_UNASKED: u64 = 24;
/// A request costs more than a call: fewer of them go by HTTP where nobody asks for more.
const OVER_HTTP_UNASKED: u64 = 4;
/// The number of sequences from which nothing expected may be missing.
const FULL: u64 = 256;

/// A world's beginning and the commands that follow, a number each.
#[derive(Clone, Debug)]
pub struct Sequence {
    pub seed: u64,
    pub commands: Vec<u64>,
}

impl Sequence {
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        rng.next();
        Self { seed, commands: (0..COMMANDS).map(|_| rng.next()).collect() }
    }
}

/// What a sequence left.
pub struct Ran {
    pub tally: Tally,
    pub told: Vec<String>,
    /// What was wrong first.
    pub violations: Vec<Violation>,
}

/// When the invariants are checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    AfterEach,
    AtTheEnd,
}

/// Runs a sequence until something is found wrong or it ends.
pub async fn run(sequence: &Sequence, world: (TestDatabase, Arc<Catalog>, Door), checked: Checked) -> Ran {
    let mut rng = Rng::new(sequence.seed);
    let (database, catalog, door) = world;
    let mut world = World::begin(database, catalog, door, &mut rng).await;
    // Somebody has got some way along the road already, so that short sequences reach far.
    let steps = match rng.below(7) {
        0 => {
            // Two people at once, so that what is true of both can be seen.
            let (one, other) = (world.people[0], world.people[1]);
            let staff = world.actor("staff");
            world.nominate(Some(one), &staff).await;
            world.nominate(Some(other), &staff).await;
            44
        }
        1 if rng.percent(70) => {
            // Nobody on file.
            world.nominate(None, &world.actor("staff")).await;
            usize::try_from(rng.between(17, 24)).unwrap()
        }
        2 => {
            // An order is under way.
            for _ in 0..rng.below(9) {
                world.app.clock.advance(Duration::minutes(rng.between(1, 200)));
                world.order(&mut rng).await;
            }
            rng.below(12)
        }
        3 => {
            // A case has ended, and is reviewed.
            let person = *rng.pick(&world.people);
            world.something_ended(person).await;
            for _ in 0..rng.below(6) {
                world.app.clock.advance(Duration::minutes(rng.between(1, 200)));
                world.retention(&mut rng).await;
            }
            if rng.percent(50) { 0 } else { rng.below(12) }
        }
        _ => rng.below(25),
    };
    for _ in 0..steps {
        world.app.clock.advance(Duration::minutes(rng.between(1, 200)));
        world.go_on(0, &mut rng).await;
    }
    world.tally = Tally::default();
    world.told.push("— and now —".to_owned());
    let mut found = look_for_violations(&mut world).await;
    for number in &sequence.commands {
        if !found.is_empty() {
            break;
        }
        step(&mut world, &mut Rng::new(*number)).await;
        if checked == Checked::AfterEach {
            found = look_for_violations(&mut world).await;
        }
    }
    if checked == Checked::AtTheEnd {
        found = look_for_violations(&mut world).await;
    }
    Ran { tally: world.tally, told: world.told, violations: found }
}

async fn look_for_violations(world: &mut World) -> Vec<Violation> {
    let snapshot = world.snapshot().await;
    let found = violations(&snapshot);
    (world.witness.seen, world.witness.seen_accesses) = (snapshot.events, snapshot.accesses);
    found
}

/// One command.
pub async fn step(world: &mut World, rng: &mut Rng) {
    world.a_moment_later(rng);
    match rng.below(100) {
        0..=15 => world.take_an_offer(rng).await,
        16..=32 => world.go_on(12, rng).await,
        33 | 34 => world.other_cases(rng).await,
        35..=42 => world.overstep(rng).await,
        43 => world.markings(rng).await,
        44..=48 => world.consult(rng).await,
        49..=52 => world.end_something(rng).await,
        53..=56 => world.meet(rng).await,
        57..=63 => world.mail_arrives(rng).await,
        64..=66 => world.orders(rng).await,
        67 => world.offences(rng).await,
        68..=72 => world.somebody_calls(rng).await,
        73..=81 => world.at_the_desk(rng).await,
        82 | 83 => world.reviews(rng).await,
        84..=89 => world.keep_the_file(rng).await,
        90..=92 => world.look(rng).await,
        93 => {
            let person = if rng.percent(50) { None } else { Some(*rng.pick(&world.people)) };
            let actor = world.anybody(rng);
            world.nominate(person, &actor).await;
        }
        _ => world.time_passes(rng).await,
    }
}

/// The same sequence without whatever it does not need to fail in the same way.
async fn shortest(failing: Sequence, invariant: u8, fresh: fn() -> TestDatabase, door: Door) -> Sequence {
    let mut failing = failing;
    let mut chunk = COMMANDS / 2;
    while chunk > 0 {
        let mut from = 0;
        while from < failing.commands.len() {
            let mut shorter = failing.clone();
            shorter.commands.drain(from..(from + chunk).min(failing.commands.len()));
            let ran = run(&shorter, (fresh(), shipped(), door), Checked::AfterEach).await;
            match ran.violations.iter().any(|violation| violation.invariant == invariant) {
                true => failing = shorter,
                false => from += chunk,
            }
        }
        chunk /= 2;
    }
    failing
}

fn asked() -> Option<u64> {
    std::env::var("EVENHAND_PROPERTY_SEQUENCES").ok().and_then(|text| text.parse().ok())
}

/// Runs `count` sequences on databases of one kind through one door, two at a time.
fn run_all(kind: &str, door: Door, count: u64, fresh: fn() -> TestDatabase) {
    let (begun, next) = (Instant::now(), AtomicU64::new(0));
    let work = || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let mut tally = Tally::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= count {
                return tally;
            }
            runtime.block_on(async {
                let ran = run(&Sequence::new(seed), (fresh(), shipped(), door), Checked::AfterEach).await;
                if let Some(first) = ran.violations.first() {
                    fail(seed, first, fresh, door).await;
                }
                tally.add(&ran.tally);
            });
        }
    };
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        // Unoptimised futures within futures outgrow a thread's usual two mebibytes.
        let start = || std::thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, work).unwrap();
        let workers = [start(), start()];
        workers.into_iter().for_each(|worker| tally.add(&worker.join().unwrap()));
    });
    let (seconds, total, door) = (begun.elapsed().as_secs_f64(), tally.total(), door.name());
    say(&format!(
        "\n{count} sequences of {COMMANDS} commands on {kind} through {door}: {total} answers in {seconds:.0} s\n{}",
        tally.table()
    ));
    if count >= FULL {
        assert_eq!(tally.missing(ACCEPTED, REFUSED), Vec::<String>::new());
    }
}

async fn fail(seed: u64, first: &Violation, fresh: fn() -> TestDatabase, door: Door) {
    let shortened = shortest(Sequence::new(seed), first.invariant, fresh, door).await;
    let ran = run(&shortened, (fresh(), shipped(), door), Checked::AfterEach).await;
    panic!("seed {seed}, {shortened:?}\n{}\n{:#?}", ran.told.join("\n"), ran.violations);
}

#[test]
fn the_invariants_hold_over_random_histories_on_sqlite() {
    run_all("SQLite", Door::App, asked().unwrap_or(SEQUENCES_UNASKED), TestDatabase::sqlite);
}

#[test]
fn the_invariants_hold_over_random_histories_through_the_api_on_sqlite() {
    run_all("SQLite", Door::Http, asked().map_or(OVER_HTTP_UNASKED, |count| count / 4), TestDatabase::sqlite);
}

#[test]
fn the_invariants_hold_over_random_histories_on_postgresql() {
    if TestDatabase::postgres().is_some() {
        let count = asked().unwrap_or(SEQUENCES_UNASKED) / 8;
        run_all("PostgreSQL", Door::App, count, || TestDatabase::postgres().unwrap());
    }
}

#[test]
fn the_invariants_hold_over_random_histories_through_the_api_on_postgresql() {
    if TestDatabase::postgres().is_some() {
        let count = asked().map_or(OVER_HTTP_UNASKED / 2, |count| count / 8);
        run_all("PostgreSQL", Door::Http, count, || TestDatabase::postgres().unwrap());
    }
}
