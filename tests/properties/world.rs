//! A small force on a database of its own: eighteen officers, two systems, three people, and what the test itself saw.

use super::door::{Answered, Door, Http};
use super::looks::{Adjusted, UnitSight};
use super::markings::Shown;
use super::rng::Rng;
use super::snapshot::Snapshot;
use super::tally::Tally;
use crate::support::TestDatabase;
use crate::support::database::access_log_of;
use chrono::{DateTime, Duration, Months, NaiveDate, Utc};
use entities::{access_log, events};
use evenhand::app::cases::Asked;
use evenhand::app::people::{self, NewIdentifier, NewPerson};
use evenhand::app::{self, App, Loan, NewOfficer};
use evenhand::boot::{self, Parts};
use evenhand::catalog::Catalog;
use evenhand::clock::Clock;
use evenhand::config::Config;
use evenhand::domain::access::{Actor, Officer, Role, Scope};
use evenhand::domain::case::Command;
use evenhand::domain::ids::{CaseId, Id, PersonId};
use evenhand::domain::person::{Confidence, HolderRole, IdentifierKind};
use evenhand::id_source::IdSource;
use evenhand::render::Renderer;
use sea_orm::{Database, DatabaseConnection};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

pub const MAILBOX: &str = "psd@force.example";
pub const OWN: [&str; 3] = ["one@mail.example", "two@mail.example", "three@mail.example"];
pub const SHARED: &str = "household@mail.example";
pub const CLAIMED: &str = "claimed@mail.example";
pub const ADVOCATE: &str = "advocate@law.example";
const BORDER: &str = "mx.force.example";

/// What the test did and saw itself, to hold the records against.
#[derive(Clone, Default)]
pub struct Witness {
    /// Messages that were acknowledged, and their bytes.
    pub kept: Vec<(Uuid, Vec<u8>)>,
    /// Looks at personal data that were answered: who, at what, which one.
    pub looks: Vec<(Uuid, &'static str, Option<String>)>,
    /// Mergers that were reversed at once and did not leave every verdict as it had been.
    pub not_restored: Vec<String>,
    /// Dates of birth as they were recorded, one of every record.
    pub born: Vec<(Uuid, Option<NaiveDate>)>,
    /// Who was marked as a targeted victim since when, or not any more; the oldest first.
    pub victims: Vec<(Uuid, DateTime<Utc>, bool)>,
    pub units: Vec<UnitSight>,
    pub adjusted: Vec<Adjusted>,
    /// What cases were shown with.
    pub shown: Vec<Shown>,
    /// Who holds which roles.
    pub roles: Vec<(Uuid, Vec<Role>)>,
    /// By review, what was on file just before it disposed of something.
    pub disposals: Vec<(Uuid, Arc<Snapshot>)>,
    /// Every event and every entry of the access log seen so far, whose hashes were found right.
    pub seen: Vec<events::Model>,
    pub seen_accesses: Vec<access_log::Model>,
}

pub struct World {
    pub app: App,
    pub officers: Vec<Officer>,
    pub people: Vec<PersonId>,
    pub border: Actor,
    pub feed: Actor,
    pub http: Option<Http>,
    pub witness: Witness,
    pub tally: Tally,
    /// What was done, in words, for whoever has to find out why.
    pub told: Vec<String>,
    pub mails: u64,
    access_log: DatabaseConnection,
    _database: TestDatabase,
}

/// Username and roles. `both` holds two; the person complained about `accused`; the delegation of `lapsed` has ended.
const CAST: [(&str, &[Role]); 18] = [
    ("staff", &[Role::PsdStaff]),
    ("supervisor", &[Role::PsdSupervisor]),
    ("chair", &[Role::Chair]),
    ("spoc", &[Role::Spoc]),
    ("stand_in", &[Role::Spoc]),
    ("writer", &[Role::Spoc, Role::AppropriateAuthority]),
    ("authority", &[Role::AppropriateAuthority]),
    ("lapsed", &[Role::AppropriateAuthority]),
    ("judge", &[Role::AppropriateAuthority]),
    ("accused", &[Role::AppropriateAuthority, Role::Spoc, Role::Chair]),
    ("snt", &[Role::Snt]),
    ("opt", &[Role::Opt]),
    ("mash", &[Role::Mash]),
    ("both", &[Role::PsdStaff, Role::Snt]),
    ("ccr", &[Role::Ccr]),
    ("admin", &[Role::Admin]),
    ("records", &[Role::Records]),
    ("records2", &[Role::Records]),
];

impl World {
    pub async fn begin(database: TestDatabase, catalog: Arc<Catalog>, door: Door, rng: &mut Rng) -> Self {
        let mut config = Config::default();
        config.sending.undo_seconds = 0;
        config.database.url = database.url.as_str().into();
        config.mail.authserv_ids = vec![BORDER.to_owned()];
        config.mail.addresses = vec![MAILBOX.to_owned(), super::forms::DESK.to_owned()];
        let spring: DateTime<Utc> = "2026-03-16T09:30:00Z".parse().unwrap();
        let parts = Parts {
            clock: Clock::fixed(spring + Duration::days(rng.between(0, 230)) + Duration::minutes(rng.between(0, 1400))),
            ids: IdSource::counting(1),
            catalog,
            renderer: renderer(),
            delivery: boot::memory_delivery(),
        };
        let app = Box::pin(boot::assemble(&config, parts)).await.unwrap();
        let access_log = match database.is_postgres() {
            true => Database::connect(&database.url).await.unwrap(),
            false => {
                let file = access_log_of(&database.file());
                Database::connect(crate::support::database::sqlite_url(&file)).await.unwrap()
            }
        };
        let ((border, one), (feed, other)) =
            (system(&app, Scope::MailWrite).await, system(&app, Scope::ContactsWrite).await);
        let http = (door == Door::Http).then(|| Http::before(&app, [one, other].into()));
        let mut world = Self {
            app,
            officers: Vec::new(),
            people: Vec::new(),
            border,
            feed,
            http,
            witness: Witness::default(),
            tally: Tally::default(),
            told: Vec::new(),
            mails: 0,
            access_log,
            _database: database,
        };
        let days_to_sixteen = rng.between(-2, 40);
        world.gather(rng.percent(10), days_to_sixteen).await;
        world
    }

    /// Of the three people the first is grown up, the second becomes sixteen about now, of the third no age is known.
    async fn gather(&mut self, a_victim: bool, days_to_sixteen: i64) {
        let sixteen = self.today() + Duration::days(days_to_sixteen);
        let born = [NaiveDate::from_ymd_opt(1980, 1, 1), sixteen.checked_sub_months(Months::new(16 * 12)), None];
        for (name, roles) in CAST {
            let held = roles.iter().copied().collect();
            let new = NewOfficer { username: name.to_owned(), display_name: format!("Example {name}"), roles: held };
            let officer = app::add_officer(&self.app, new).await.unwrap().officer;
            self.witness.roles.push((officer.id.as_uuid(), roles.to_vec()));
            self.officers.push(officer);
        }
        for (n, date_of_birth) in born.into_iter().enumerate() {
            let new = NewPerson {
                reference: format!("FSU-{}", n + 1),
                full_name: format!("Example Person {}", n + 1),
                date_of_birth,
                targeted_victim: a_victim && n == 2,
                vulnerability: Vec::new(),
            };
            let made = people::create_person(&self.app, &self.actor("staff"), new, None).await.unwrap();
            self.people.push(made.id);
            self.witness.born.push((made.id.as_uuid(), date_of_birth));
            self.witness.victims.push((made.id.as_uuid(), self.app.now(), a_victim && n == 2));
        }
        for (n, address) in OWN.into_iter().enumerate() {
            self.holds(n, address, HolderRole::Own, Confidence::Confirmed).await;
            let home = (IdentifierKind::Address, format!("1 Example Street, {address}"));
            self.holds_of_kind(n, home, HolderRole::Own, Confidence::Confirmed).await;
        }
        self.holds(0, SHARED, HolderRole::Own, Confidence::Confirmed).await;
        self.holds(1, SHARED, HolderRole::Own, Confidence::Confirmed).await;
        self.holds(0, CLAIMED, HolderRole::Own, Confidence::Claimed).await;
        self.holds(2, ADVOCATE, HolderRole::Advocate, Confidence::Confirmed).await;
        let about = (self.officer("accused").id, Some("CO/1/26".to_owned()));
        people::record_complaint_about(&self.app, &self.actor("staff"), self.people[0], about).await.unwrap();
        for (name, from, to) in [
            ("authority", "2026-01-01", "2028-12-31"),
            ("writer", "2026-01-01", "2028-12-31"),
            ("accused", "2026-01-01", "2028-12-31"),
            ("lapsed", "2026-01-01", "2026-02-28"),
        ] {
            let from_to = (from.parse().unwrap(), to.parse().unwrap());
            app::grant_delegation(&self.app, &self.actor("admin"), self.loan(name, from_to)).await.unwrap();
        }
        let from_to = ("2026-01-01".parse().unwrap(), "2028-12-31".parse().unwrap());
        for workflow in ["enforcement-order", "offence-consideration"] {
            let loan = Loan { workflow: workflow.to_owned(), ..self.loan("authority", from_to) };
            app::grant_delegation(&self.app, &self.actor("admin"), loan).await.unwrap();
        }
        for name in ["judge", "authority"] {
            let from_to = ("2026-01-01".parse().unwrap(), "2028-12-31".parse().unwrap());
            let loan = Loan { workflow: "appeal".to_owned(), ..self.loan(name, from_to) };
            app::grant_delegation(&self.app, &self.actor("admin"), loan).await.unwrap();
        }
        // Nothing of this happens at the same instant as what follows.
        self.app.clock.advance(Duration::seconds(1));
    }

    async fn holds(&self, person: usize, address: &str, role: HolderRole, confidence: Confidence) {
        self.holds_of_kind(person, (IdentifierKind::Email, address.to_owned()), role, confidence).await;
    }

    async fn holds_of_kind(
        &self,
        person: usize,
        (kind, value): (IdentifierKind, String),
        role: HolderRole,
        confidence: Confidence,
    ) {
        let new = NewIdentifier { kind, value, role, confidence, source: "By telephone.".to_owned() };
        people::add_identifier(&self.app, &self.actor("staff"), self.people[person], new).await.unwrap();
    }

    pub fn loan(&self, officer: &str, (from, to): (NaiveDate, NaiveDate)) -> Loan {
        Loan { officer: self.officer(officer).id, workflow: "communications-strategy".to_owned(), from, to }
    }

    pub fn officer(&self, name: &str) -> &Officer {
        self.officers.iter().find(|officer| officer.username == name).unwrap()
    }

    pub fn actor(&self, name: &str) -> Actor {
        Actor::Officer(self.officer(name).clone())
    }

    pub fn officer_with_id(&self, id: Uuid) -> Option<Actor> {
        self.officers.iter().find(|officer| officer.id.as_uuid() == id).map(|officer| Actor::Officer(officer.clone()))
    }

    pub fn today(&self) -> NaiveDate {
        evenhand::domain::calendar::london::date_of(self.app.now())
    }

    /// Counts what came of a command and remembers it; every command passes here.
    pub fn note<T>(&mut self, kind: &str, who: &str, result: Answered<T>) -> Option<T> {
        let answer = result.as_ref().err().map_or("accepted", String::as_str);
        self.told.push(format!("{} {kind} by {who}: {answer}", self.app.now()));
        self.tally.count(kind, answer);
        result.ok()
    }

    /// Takes an action on a case.
    pub async fn act(&mut self, actor: &Actor, case: &entities::cases::Model, command: Command) -> Option<()> {
        let kind = format!("{} {}", short(&case.workflow), known_or_unknown(&command.action));
        let disposes = command.action == "confirm_disposal";
        let asked = Asked { case: Id::from_uuid(case.id), expected_version: Some(case.version), command };
        let before = if disposes { Some(Arc::new(self.rows().await)) } else { None };
        let result = self.take(actor, asked).await;
        let done = self.note(&kind, &name(actor), result);
        if let (Some(before), Some(())) = (before, done) {
            self.witness.disposals.push((case.id, before));
        }
        done
    }

    /// No two commands at the same instant: what came first would not be told by the times.
    pub fn a_moment_later(&self, rng: &mut Rng) {
        self.app.clock.advance(Duration::milliseconds(rng.between(1, 90_000)));
    }

    /// What the database holds now.
    pub async fn snapshot(&self) -> Snapshot {
        Snapshot::read(self.app.store.reader(), &self.access_log, &self.app, self.witness.clone()).await
    }

    /// The same without what the test itself saw.
    async fn rows(&self) -> Snapshot {
        Snapshot::read(self.app.store.reader(), &self.access_log, &self.app, Witness::default()).await
    }

    pub fn id(case: &entities::cases::Model) -> CaseId {
        Id::from_uuid(case.id)
    }
}

/// A misspelt action is one kind, however it is misspelt.
fn known_or_unknown(action: &str) -> &str {
    if action == "frobnicate" { "(no such action)" } else { action }
}

pub fn short(workflow: &str) -> &str {
    match workflow {
        "frequent-service-user" => "user",
        "communications-strategy" => "strategy",
        "enforcement-order" => "order",
        "offence-consideration" => "offences",
        other => other,
    }
}

pub fn name(actor: &Actor) -> String {
    match actor {
        Actor::Officer(officer) => officer.username.clone(),
        Actor::System(system) => system.name.clone(),
        Actor::Clock => "the clock".to_owned(),
        Actor::Software => "the software".to_owned(),
    }
}

/// A system with this scope, and its id with its secret.
async fn system(app: &App, scope: Scope) -> (Actor, (String, String)) {
    let added = app::add_client(app, scope.to_string(), vec![scope]).await.unwrap();
    let id = added.system.id.to_string();
    (Actor::System(added.system), (id, added.secret))
}

fn renderer() -> Arc<Renderer> {
    static RENDERER: OnceLock<Arc<Renderer>> = OnceLock::new();
    RENDERER.get_or_init(|| Arc::new(Renderer::embedded().expect("sound templates"))).clone()
}

/// The workflows of this repository.
pub fn shipped() -> Arc<Catalog> {
    static CATALOG: OnceLock<Arc<Catalog>> = OnceLock::new();
    CATALOG.get_or_init(|| Arc::new(Catalog::embedded().expect("sound workflows"))).clone()
}

/// A mail as our border server hands it in.
pub struct Mail<'a> {
    pub from: &'a str,
    /// What the border server saw: `pass`, `fail`; `None`: it said nothing.
    pub dmarc: Option<&'a str>,
    pub subject: &'a str,
    pub words: &'a str,
    /// Further header lines, each with its line end.
    pub headers: &'a str,
    pub message_id: String,
}

impl Mail<'_> {
    pub fn raw(&self) -> Vec<u8> {
        let domain = self.from.rsplit('@').next().unwrap();
        let results = self
            .dmarc
            .map(|result| format!("Authentication-Results: {BORDER}; dmarc={result} header.from={domain}\r\n"));
        let raw = format!(
            "{}{}From: Example Person <{}>\r\nTo: {MAILBOX}\r\nSubject: {}\r\nMessage-ID: <{}@{domain}>\r\n\
             Date: Thu, 01 Jan 1998 00:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
            results.unwrap_or_default(),
            self.headers,
            self.from,
            self.subject,
            self.message_id,
            self.words
        );
        raw.into_bytes()
    }
}

/// Whether our own border server vouched for the sender, read off the bytes alone.
pub fn vouched_for(raw: &[u8]) -> bool {
    raw.starts_with(format!("Authentication-Results: {BORDER}; dmarc=pass").as_bytes())
}

pub fn command(action: &str, input: Value) -> Command {
    Command::new(action, input)
}
