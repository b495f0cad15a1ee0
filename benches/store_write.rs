//! How many use cases a second the write door stores: three rows each (a mail, an event, a job), on the disk before
//! they are acknowledged. Beside it, in the same run, the same three rows by bare SQL in a transaction each: what the
//! machine gives today. SQLite in a temporary file; PostgreSQL too where `TEST_DATABASE_URL` names a server.
//!
//! `cargo bench --bench store_write`
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark stops where it fails, and prints its table"
)]

mod force;

use chrono::{DateTime, Utc};
use entities::mails;
use evenhand::domain::access::ActorRef;
use evenhand::domain::ids::Id;
use evenhand::store::events::{NewEvent, Stream, append};
use evenhand::store::jobs::{NewJob, enqueue};
use evenhand::store::{Store, StoreError, StoreSettings, Tx};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseConnection, EntityTrait, Statement, Value};
use serde_json::json;
use std::time::{Duration, Instant};
use uuid::Uuid;

const CLIENTS: [usize; 4] = [1, 8, 32, 128];
const ROUND: Duration = Duration::from_millis(1500);
const ROUNDS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        println!("use cases of 3 rows a second; median of {ROUNDS} rounds of {ROUND:?} (worst – best)\n");
        let folder = tempfile::tempdir().unwrap();
        for database in force::databases(folder.path()).await {
            measure(&database.name, &database.url).await;
            database.drop().await;
        }
    });
}

async fn measure(title: &str, url: &str) {
    let store = Store::connect(url, StoreSettings::default()).await.unwrap();
    let bare = force::bare::connect(url).await;
    println!("{title}");
    println!(
        "{:>8} {:>26} {:>10} {:>10} {:>26} {:>8}",
        "clients", "store.write", "p50 ms", "p99 ms", "bare SQL", "ratio"
    );
    for clients in CLIENTS {
        let (mut ours, mut theirs, mut waits) = (Vec::new(), Vec::new(), Vec::new());
        for _round in 0..ROUNDS {
            let (rate, waited) = round(clients, async || through_the_door(&store).await.unwrap()).await;
            ours.push(rate);
            waits.extend(waited);
            theirs.push(round(clients, async || by_bare_sql(&bare).await).await.0);
        }
        let (ours, theirs) = (force::Rates::of(ours), force::Rates::of(theirs));
        waits.sort_unstable();
        println!(
            "{clients:>8} {:>26} {:>10.2} {:>10.2} {:>26} {:>8.2}",
            ours.told(),
            force::at(&waits, 50),
            force::at(&waits, 99),
            theirs.told(),
            ours.median / theirs.median
        );
    }
    println!();
    bare.close().await.unwrap();
    store.close().await;
}

/// What `clients` at once get done, a second, and how long each waited.
async fn round(clients: usize, work: impl AsyncFn()) -> (f64, Vec<Duration>) {
    let started = Instant::now();
    let one = async || {
        let mut waits = Vec::new();
        while started.elapsed() < ROUND {
            let begun = Instant::now();
            work().await;
            waits.push(begun.elapsed());
        }
        waits
    };
    let waits = futures_util::future::join_all((0..clients).map(|_| one())).await.concat();
    (waits.len() as f64 / started.elapsed().as_secs_f64(), waits)
}

async fn through_the_door(store: &Store) -> Result<(), StoreError> {
    let id = Uuid::new_v4();
    let written = store.write(async move |tx: &Tx| {
        let now = noon();
        let mail = mails::ActiveModel {
            id: Set(id),
            sha256: Set(id.to_string()),
            size_bytes: Set(500),
            received_at: Set(now),
            recipient: Set("contact@police.example".to_owned()),
            source: Set("http".to_owned()),
            message_id: Set(None),
        };
        mails::Entity::insert(mail).exec_without_returning(tx).await?;
        let kept = NewEvent {
            id: Id::from_uuid(Uuid::new_v4()),
            at: now,
            actor: ActorRef::Software,
            kind: "kept".to_owned(),
            data: json!({ "words": WORDS }),
        };
        append(tx, Stream::Mail, id, 0, vec![kept]).await?;
        let job = NewJob {
            id: Id::from_uuid(Uuid::new_v4()),
            kind: "route_mail".to_owned(),
            payload: json!({ "mail": id }),
            key: format!("route_mail/{id}"),
            run_at: now,
            created_at: now,
        };
        enqueue(tx, vec![job]).await
    });
    written.await.map_err(StoreError::from)
}

const WORDS: &str = "Example words of about the length that a short mail has, repeated until they are: Example words of \
                     about the length that a short mail has, repeated until they are: Example words of about the length \
                     that a short mail has, repeated until they are: Example words of about the length that a mail has.";

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_452_800, 0).unwrap()
}

async fn by_bare_sql(db: &DatabaseConnection) {
    let tx = force::bare::begin(db).await;
    let (id, now) = (Uuid::new_v4(), noon());
    let run = async |sql: &str, values: Vec<Value>| {
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await.unwrap();
    };
    let mail = "INSERT INTO mails (id, sha256, size_bytes, received_at, recipient, source) VALUES ($1, $2, 500, $3, $4, 'http')";
    run(mail, vec![id.into(), id.to_string().into(), now.into(), "contact@police.example".into()]).await;
    let event = "INSERT INTO events (id, stream, stream_id, seq, at, actor, kind, data, prev_hash, hash) \
                 VALUES ($1, 'mail', $2, 1, $3, $4, 'kept', $5, '', $6)";
    let hash = "0".repeat(64);
    let (actor, data) = (json!({"kind": "software"}), json!({ "words": WORDS }));
    run(event, vec![Uuid::new_v4().into(), id.into(), now.into(), actor.into(), data.into(), hash.into()]).await;
    let job = "INSERT INTO jobs (id, kind, payload, key, run_at, attempts, state, created_at) \
               VALUES ($1, 'route_mail', $2, $3, $4, 0, 'ready', $4)";
    run(job, vec![Uuid::new_v4().into(), json!({ "mail": id }).into(), format!("route_mail/{id}").into(), now.into()])
        .await;
    tx.commit().await.unwrap();
}
