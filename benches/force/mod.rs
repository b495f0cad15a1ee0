//! A made-up force to measure on: people on file, strategies in force, mail whose fate the generator knows.
#![allow(clippy::allow_attributes, dead_code, unreachable_pub, reason = "each benchmark uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "a benchmark prints")]

pub mod bare;

use chrono::{DateTime, Duration, TimeZone, Utc};
use evenhand::app::App;
use evenhand::app::people::{PersonRow, import_people};
use evenhand::boot::{self, Parts};
use evenhand::catalog::Catalog;
use evenhand::clock::Clock;
use evenhand::config::Config;
use evenhand::domain::access::Actor;
use evenhand::domain::case::{About, open_child};
use evenhand::domain::ids::{PersonId, of};
use evenhand::id_source::IdSource;
use evenhand::render::Renderer;
use evenhand::store::cases::{self, Due};
use evenhand::store::strategies::{self, StrategyRow};
use evenhand::store::{StoreError, people};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

pub const AUTHSERV_ID: &str = "mx.force.example";
pub const MAILBOX: &str = "psd@force.example";

/// The whole house on a database of its own.
pub async fn house(url: &str) -> App {
    house_with(url, |_config| ()).await
}

/// The same with settings of its own.
pub async fn house_with(url: &str, change: impl FnOnce(&mut Config)) -> App {
    let mut config = Config::default();
    config.database.url = url.into();
    config.mail.authserv_ids = vec![AUTHSERV_ID.to_owned()];
    config.mail.addresses = vec![MAILBOX.to_owned()];
    config.auth.token_minutes = 600;
    change(&mut config);
    let parts = Parts {
        clock: Clock::Machine,
        ids: IdSource::Random,
        catalog: Arc::new(Catalog::embedded().expect("sound workflows")),
        renderer: Arc::new(Renderer::embedded().expect("sound templates")),
        delivery: boot::memory_delivery(),
    };
    boot::assemble(&config, parts).await.expect("a house")
}

pub fn address(n: usize) -> String {
    format!("person{n}@mail{}.example", n % 7)
}

/// Puts `count` people on file, each with a confirmed address and a strategy in force since `since`.
pub async fn people_with_strategies(app: &App, count: usize, since: DateTime<Utc>) {
    let row = |n: usize| PersonRow {
        reference: format!("FSU-{n:04}"),
        full_name: format!("Example Person {n}"),
        date_of_birth: String::new(),
        email: address(n),
        telephone: String::new(),
        postcode: String::new(),
    };
    import_people(app, &Actor::Software, (0..count).map(row).collect()).await.expect("people");
    let references: Vec<String> = (0..count).map(|n| format!("FSU-{n:04}")).collect();
    let on_file = people::with_references(app.store.reader(), &references).await.expect("people on file");
    for person in on_file {
        Box::pin(put_strategy_in_force(app, person.id, since)).await;
    }
}

async fn put_strategy_in_force(app: &App, person: PersonId, since: DateTime<Utc>) {
    let workflow = Arc::clone(app.catalog.latest("communications-strategy").expect("a case type"));
    let bundle = serde_json::to_value(app.catalog.bundle("communications-strategy")).expect("a bundle");
    let about = About { id: app.new_id::<of::Case>(), person: Some(person), parent: None };
    let opened = open_child(&workflow, about, (&Actor::Software, since), json!({}));
    let row = StrategyRow {
        case_id: about.id.as_uuid(),
        person_id: person.as_uuid(),
        spoc_id: None,
        effective_from: since,
        ends_at: since + Duration::days(365),
        limits: json!([
            { "channel": "email", "allowed": true, "max": 1, "window": { "kind": "rolling", "unit": "day", "n": 7 } },
            { "channel": "telephone", "allowed": false },
        ]),
        blocked: json!([]),
        put_in_force_at: since,
        lifted_at: None,
        lifted_because: None,
    };
    let app_in = app.clone();
    let written = app.store.write(async move |tx| {
        let name = (workflow.content_hash.as_str(), workflow.key.as_str(), workflow.version);
        cases::keep_definition(tx, name, bundle, since).await?;
        let events = opened.events.iter().map(|event| (app_in.new_id(), event.clone())).collect();
        cases::append(tx, &opened.case, events, Due::default()).await?;
        strategies::put_in_force(tx, row).await?;
        Ok::<_, StoreError>(())
    });
    written.await.expect("a strategy in force");
}

/// One message of the generator's: plain mail of about two kilobytes, received `minute` minutes into the run.
pub fn message(n: usize, from: &str, proven: bool, received_at: DateTime<Utc>) -> String {
    let domain = from.rsplit('@').next().unwrap_or_default();
    let results = if proven {
        format!("Authentication-Results: {AUTHSERV_ID}; spf=pass; dkim=pass; dmarc=pass header.from={domain}\r\n")
    } else {
        String::new()
    };
    let words: String = (0..24).map(|line| WORDS[(n * 7 + line * 3) % WORDS.len()]).collect::<Vec<_>>().join("\r\n");
    format!(
        "Received: from mail.{domain} by {AUTHSERV_ID}; {}\r\n{results}From: Example Person <{from}>\r\nTo: <{MAILBOX}>\r\n\
         Subject: My letter number {n}\r\nMessage-ID: <{n}.made-up@{domain}>\r\nDate: {}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nDear Sir or Madam,\r\n\r\n{words}\r\n\r\nYours\r\n\r\n\
         On Monday, PSD <{MAILBOX}> wrote:\r\n> Thank you for your letter.\r\n> We will answer it.\r\n",
        received_at.to_rfc2822(),
        received_at.to_rfc2822(),
    )
}

const WORDS: [&str; 8] = [
    "I wrote to you before about the parking in front of my house and have had no answer that helps.",
    "Your letter of last month says that the matter is at an end. I do not agree with that at all.",
    "The officer who came on the day was polite, but did not look at the photographs that I had taken.",
    "Please tell me who decided this, on what date, and what they were shown before they decided it.",
    "My neighbour saw the same thing and is willing to say so if somebody would only ask for it.",
    "I have telephoned the station and was told to write to you, which is what I am doing now again.",
    "It is about the time that it takes and the way in which letters go from one desk to the next.",
    "I look forward to hearing from you and would be glad of an answer in the course of this week.",
];

/// An mbox of `count` messages: the even ones from people on file, proven, one an hour and person in turn; the odd
/// ones from strangers. Answers how many are the people's own.
pub fn mailbox(path: &Path, count: usize, people: usize, start: DateTime<Utc>) -> usize {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    let mut own = 0;
    for n in 0..count {
        let received_at = start + Duration::seconds(i64::try_from(n).unwrap_or(0) * 30);
        let known = n % 2 == 0;
        own += usize::from(known);
        let from = if known { address((n / 2) % people) } else { format!("stranger{n}@elsewhere.example") };
        let when = received_at.format("%a %b %d %H:%M:%S %Y");
        write!(file, "From {from} {when}\n{}\n", message(n, &from, known, received_at).replace("\r\n", "\n"))
            .expect("written");
    }
    own
}

/// A Monday long enough ago.
pub fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, 1, 8, 0, 0).single().expect("a time")
}

/// The databases to measure on: SQLite in a folder of its own, and PostgreSQL where `TEST_DATABASE_URL` names one.
pub async fn databases(folder: &Path) -> Vec<Fresh> {
    let url = format!("sqlite://{}", folder.join("bench.db").display());
    let mut found = vec![Fresh { name: "SQLite, synchronous=FULL".to_owned(), url, server: None }];
    #[expect(clippy::disallowed_methods, reason = "the one question a benchmark asks the environment")]
    match std::env::var("TEST_DATABASE_URL") {
        Ok(server) => found.push(Fresh::on_postgres(&server).await),
        Err(_) => println!("TEST_DATABASE_URL is not set: not measured on PostgreSQL\n"),
    }
    found
}

/// A database of the benchmark's own: a file, or one made in the server and dropped afterwards.
pub struct Fresh {
    pub name: String,
    pub url: String,
    server: Option<String>,
}

impl Fresh {
    async fn on_postgres(server: &str) -> Self {
        let database = format!("evenhand_bench_{}", std::process::id());
        let admin = Database::connect(server).await.expect("a server");
        admin.execute_unprepared(&format!("CREATE DATABASE {database}")).await.expect("made");
        let asked = Statement::from_string(admin.get_database_backend(), "SHOW fsync");
        let row = admin.query_one_raw(asked).await.expect("answered").expect("a row");
        let fsync: String = row.try_get_by(0).expect("a setting");
        admin.close().await.expect("closed");
        let (host, _) = server.rsplit_once('/').expect("a database name");
        let url = format!("{host}/{database}");
        Self { name: format!("PostgreSQL, fsync {fsync}"), url, server: Some(server.to_owned()) }
    }

    pub async fn drop(self) {
        let Some(server) = self.server else { return };
        let database = self.url.rsplit('/').next().expect("a name");
        let admin = Database::connect(&server).await.expect("a server");
        admin.execute_unprepared(&format!("DROP DATABASE {database} WITH (FORCE)")).await.expect("dropped");
        admin.close().await.expect("closed");
    }
}

/// What several rounds came to, each in a second.
pub struct Rates {
    pub median: f64,
    pub worst: f64,
    pub best: f64,
}

impl Rates {
    pub fn of(mut rates: Vec<f64>) -> Self {
        rates.sort_by(f64::total_cmp);
        let at = |n: usize| rates.get(n).copied().unwrap_or_default();
        Self { median: at(rates.len() / 2), worst: at(0), best: at(rates.len() - 1) }
    }

    pub fn told(&self) -> String {
        format!("{:.0} ({:.0} – {:.0})", self.median, self.worst, self.best)
    }
}

/// The wait that so many in a hundred do not exceed, in milliseconds.
pub fn at(sorted: &[std::time::Duration], percent: usize) -> f64 {
    sorted.get(sorted.len() * percent / 100).map_or(0.0, |wait| wait.as_secs_f64() * 1000.0)
}
