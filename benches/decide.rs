//! How long one decision takes on the real strategy file, guards and form included; the aim is a median of 100 µs.
//!
//! `cargo bench --bench decide`. `edit` validates the largest form there is, `submit` asks every guard of the draft,
//! `approve` validates a form and checks four eyes, delegation and signature; `offered` is what `GET …/actions` asks.
//! `a bare transition` is one step round twelve states without form or guard: the engine alone. `check of every shipped
//! file` is `evenhand check` without the reading of the files; the aim is under a second. After criterion's times,
//! transitions a second: round the twelve states (aim 1,000,000), and along the real strategy from the draft to force,
//! seven steps with all their forms and guards (aim 10,000).
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops where it fails, and prints its figures"
)]

#[expect(dead_code, unreachable_pub, reason = "the forms as the story fills them in")]
#[path = "../tests/story/forms.rs"]
mod forms;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use evenhand::catalog::{Catalog, read_sources};
use evenhand::domain::access::{Actor, Officer, Role};
use evenhand::domain::case::{About, Case, Command, Delegation, Facts, decide, offers, open_child};
use evenhand::domain::ids::Id;
use evenhand::domain::workflow::scope::ChildFacts;
use evenhand::domain::workflow::{SourceFile, Sources, Workflow};
use serde_json::{Value, json};
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, 10, 9, 0, 0).unwrap()
}

fn officer(n: u128, role: Role) -> Actor {
    Actor::Officer(Officer {
        id: Id::from_uuid(Uuid::from_u128(n)),
        username: format!("officer{n}"),
        display_name: format!("Example Officer {n}"),
        roles: [role].into(),
        areas: Default::default(),
        through: None,
    })
}

fn answered(unit: &str) -> ChildFacts {
    ChildFacts {
        id: Id::from_uuid(Uuid::from_u128(77)),
        workflow: "consultation".to_owned(),
        state: "answered".to_owned(),
        is_final: true,
        open_below: false,
        data: json!({ "unit": unit, "question": "Do you know of anything we should weigh?", "replyBy": "2026-06-08",
                      "answer": { "advice": "Known to us; glad to help with a joint visit." } }),
    }
}

fn facts(catalog: &Catalog) -> Facts {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    Facts {
        children: ["snt", "opt", "mash"].map(answered).into(),
        delegations: vec![Delegation {
            workflow: "communications-strategy".to_owned(),
            from: day(1, 1),
            to: day(12, 31),
            revoked_at: None,
        }],
        policy: catalog.policy().clone(),
        calendar: Arc::clone(catalog.calendar()),
        ..Facts::default()
    }
}

struct Desk {
    workflow: Arc<Workflow>,
    facts: Facts,
    spoc: Actor,
    authority: Actor,
}

impl Desk {
    fn acted(&self, case: &Case, who: &Actor, action: &str, input: Value) -> Case {
        decide(&self.workflow, case, &self.facts, (who, now()), &Command::new(action, input)).unwrap().case
    }
}

fn benches(criterion: &mut Criterion) {
    let catalog = Catalog::embedded().unwrap();
    let desk = Desk {
        workflow: Arc::clone(catalog.latest("communications-strategy").unwrap()),
        facts: facts(&catalog),
        spoc: officer(1, Role::Spoc),
        authority: officer(2, Role::AppropriateAuthority),
    };
    let about = About { id: Id::from_uuid(Uuid::from_u128(9)), person: None, parent: None };
    let seed = json!({ "spoc": Uuid::from_u128(1).to_string() });
    let fresh = open_child(&desk.workflow, about, (&desk.spoc, now()), seed).case;
    let written = desk.acted(&fresh, &desk.spoc, "edit", forms::strategy());
    let submitted = desk.acted(&written, &desk.spoc, "submit", Value::Null);

    let mut measured = |name: &str, case: &Case, who: &Actor, input: Value| {
        let command = Command::new(name, input);
        criterion.bench_function(name, |b| {
            b.iter(|| decide(&desk.workflow, black_box(case), &desk.facts, (who, now()), &command).unwrap());
        });
    };
    measured("edit", &written, &desk.spoc, forms::strategy());
    measured("submit", &written, &desk.spoc, Value::Null);
    measured("approve", &submitted, &desk.authority, forms::approval());
    criterion.bench_function("offered", |b| {
        b.iter(|| offers(&desk.workflow, black_box(&written), &desk.facts, (&desk.spoc, now())));
    });
}

/// Twelve states in a ring, and a way out.
fn ring() -> Arc<Workflow> {
    let state = |n: usize| {
        let next = (n + 1) % 12;
        format!("  s{n}:\n    title: S{n}\n    on:\n      next: {{ title: Next, by: [psd_staff], to: s{next} }}\n")
    };
    let states: String = (0..12).map(state).collect();
    let text = format!(
        "workflow: ring\nversion: 1\ntitle: Ring\npolicy: None\ninitial: s0\nopen: {{ by: [psd_staff] }}\nstates:\n{states}      \
         stop: {{ title: Stop, by: [psd_staff], to: done }}\n  done: {{ title: Done, kind: final }}\n"
    );
    let file = SourceFile { file: "ring.yaml".to_owned(), name: "ring".to_owned(), text };
    let sources = Sources { workflows: vec![file], ..Sources::default() };
    Arc::clone(Catalog::of(&sources, Vec::new()).unwrap().latest("ring").unwrap())
}

fn bare(criterion: &mut Criterion) {
    let (workflow, facts, staff) = (ring(), Facts::default(), officer(1, Role::PsdStaff));
    let about = About { id: Id::from_uuid(Uuid::from_u128(9)), person: None, parent: None };
    let case = open_child(&workflow, about, (&staff, now()), json!({})).case;
    let command = Command::new("next", Value::Null);
    criterion.bench_function("a bare transition", |b| {
        b.iter(|| decide(&workflow, black_box(&case), &facts, (&staff, now()), &command).unwrap());
    });
}

/// Every shipped file, read and proved: what `evenhand check` and the start of a server do.
fn checked(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (sources, _) = read_sources(&root.join("workflows"), &root.join("templates"));
    criterion.bench_function("check of every shipped file", |b| {
        b.iter(|| Catalog::of(black_box(&sources), Vec::new()).unwrap());
    });
}

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(1);

/// Transitions a second, the median of some rounds; `work` does so many each time.
fn told(name: &str, each: u32, mut work: impl FnMut()) {
    let mut rates: Vec<f64> = Vec::with_capacity(ROUNDS);
    for _round in 0..ROUNDS {
        let (started, mut done) = (Instant::now(), 0_u64);
        while started.elapsed() < ROUND {
            // So many between two looks at the clock that the looks do not count.
            for _ in 0..64 {
                work();
            }
            done += 64 * u64::from(each);
        }
        rates.push(done as f64 / started.elapsed().as_secs_f64());
    }
    rates.sort_by(f64::total_cmp);
    let (worst, best) = (rates.first().unwrap(), rates.last().unwrap());
    println!("{name}: {:.0} transitions/s ({worst:.0} – {best:.0})", rates.get(ROUNDS / 2).unwrap());
}

fn transitions(_: &mut Criterion) {
    let (workflow, facts, staff) = (ring(), Facts::default(), officer(1, Role::PsdStaff));
    let about = About { id: Id::from_uuid(Uuid::from_u128(9)), person: None, parent: None };
    let mut case = open_child(&workflow, about, (&staff, now()), json!({})).case;
    let command = Command::new("next", Value::Null);
    told("twelve states without guards", 1, || {
        case = decide(&workflow, black_box(&case), &facts, (&staff, now()), &command).unwrap().case;
    });

    let catalog = Catalog::embedded().unwrap();
    let (spoc, authority) = (officer(1, Role::Spoc), officer(2, Role::AppropriateAuthority));
    let preparer = officer(3, Role::PsdStaff);
    let address = "person.one@mail.example";
    let mut facts = self::facts(&catalog);
    facts.person.confirmed_addresses = vec![address.to_owned()];
    let desk =
        Desk { workflow: Arc::clone(catalog.latest("communications-strategy").unwrap()), facts, spoc, authority };
    let seed = json!({ "spoc": Uuid::from_u128(1).to_string() });
    let fresh = open_child(&desk.workflow, about, (&desk.spoc, now()), seed).case;
    let steps = [
        (&desk.spoc, Command::new("edit", forms::strategy())),
        (&desk.spoc, Command::new("submit", Value::Null)),
        (&desk.authority, Command::new("approve", forms::approval())),
        (&preparer, Command::new("prepare_harm_test", forms::harm_test())),
        (&desk.authority, Command::new("decide_harm_test", forms::harm_test_decision("full"))),
        (&desk.spoc, Command::new("share", forms::sharing(address))),
        (&desk.spoc, Command::new("record_service", forms::service(address, "2026-06-10"))),
    ];
    told("the strategy with its forms and guards", 7, || {
        let mut case = black_box(fresh.clone());
        for (who, command) in &steps {
            case = decide(&desk.workflow, &case, &desk.facts, (who, now()), command).unwrap().case;
        }
    });
}

criterion_group!(all, benches, bare, checked, transitions);
criterion_main!(all);
