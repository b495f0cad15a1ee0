//! The schema: the same on both databases, and held to by both.

use super::{add_case, add_officer, add_person, noon};
use crate::support::database::{TestDatabase, on_each_database, settings, sqlite_url};
use entities::{contacts, mail_bodies, officers, people, strategies_in_force};
use evenhand::store::{Store, StoreError, Tx, WriteError};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::json;
use uuid::Uuid;

#[test]
fn a_row_that_names_one_that_is_not_there_is_refused() {
    on_each_database(async |database| {
        for _again in 0..5 {
            let store = database.store().await;
            let orphan = store
                .write(async |tx: &Tx| {
                    let body = mail_bodies::ActiveModel { mail_id: Set(Uuid::new_v4()), raw: Set(b"x".to_vec()) };
                    mail_bodies::Entity::insert(body).exec_without_returning(tx).await?;
                    Ok::<_, StoreError>(())
                })
                .await;
            assert!(matches!(orphan, Err(WriteError::Refused(StoreError::Dangling(_)))), "{orphan:?}");
            store.close().await;
        }
    });
}

#[test]
fn the_readers_cannot_write() {
    on_each_database(async |database| {
        let store = database.store().await;
        for _every_connection in 0..8 {
            assert!(store.reader().execute_unprepared("DELETE FROM officers").await.is_err());
        }
        store.close().await;
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schema_is_brought_forward_once_however_many_programs_start() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(&folder.path().join("new.db"));
    let store = Store::connect(&url, settings()).await.unwrap();
    assert!(store.is_current().await.unwrap());
    store.migrate().await.unwrap();
    let second = Store::connect(&url, settings()).await.unwrap();
    assert!(second.is_current().await.unwrap());
    second.close().await;
    store.close().await;
}

#[test]
fn a_database_of_a_newer_release_is_left_alone() {
    on_each_database(async |database| {
        let raw = database.raw().await;
        raw.execute_unprepared(
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99990101_000001_later', 0)",
        )
        .await
        .unwrap();
        raw.close().await.unwrap();
        let refused = Store::connect(&database.url, settings()).await.err().unwrap();
        assert!(format!("{refused:?}").contains("newer release"), "{refused:?}");
    });
}

#[test]
fn at_most_one_strategy_binds_a_person_at_a_time() {
    on_each_database(async |database| {
        let store = database.store().await;
        let person = Uuid::new_v4();
        store.write(async move |tx: &Tx| add_person(tx, person, None).await).await.unwrap();
        for (lifted, wanted) in [(true, true), (false, true), (true, true), (false, false)] {
            let put = store.write(async move |tx: &Tx| put_in_force(tx, person, lifted).await).await;
            assert_eq!(put.is_ok(), wanted, "{put:?}");
        }
        store.close().await;
    });
}

#[test]
fn times_dates_and_json_come_back_as_they_were() {
    on_each_database(async |database| {
        let store = database.store().await;
        let person = Uuid::new_v4();
        let stored = store
            .write(async move |tx: &Tx| {
                add_person(tx, person, None).await?;
                Ok::<_, StoreError>(people::Entity::find_by_id(person).one(tx).await?.unwrap())
            })
            .await
            .unwrap();
        assert_eq!(stored.created_at, noon());
        assert_eq!(stored.date_of_birth, Some("1970-02-28".parse().unwrap()));
        assert_eq!(stored.vulnerability, json!({"notes": ["é", 1.5, null]}));
        store.close().await;
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_database_is_one_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.db");
    std::fs::write(&file, "Dear Sir or Madam, this is not a database at all. ".repeat(100)).unwrap();
    let error = Store::connect(&sqlite_url(&file), settings()).await.err().unwrap();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    for url in ["mysql://x/y", "sqlite::memory:", "sqlite://", "nonsense"] {
        let error = Store::connect(url, settings()).await.err().unwrap();
        assert!(matches!(error, StoreError::Unavailable(_)), "{url}: {error:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_are_synced_and_keys_checked_on_the_connection_that_writes() {
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let pragmas = store
        .write(async |tx: &Tx| {
            add_officer(tx, "one").await?;
            let mut values = Vec::new();
            for pragma in ["journal_mode", "synchronous", "foreign_keys"] {
                let asked = sea_orm::Statement::from_string(tx.get_database_backend(), format!("PRAGMA {pragma}"));
                let row = tx.query_one_raw(asked).await?.unwrap();
                values.push(
                    row.try_get_by::<String, _>(0).or_else(|_| row.try_get_by::<i32, _>(0).map(|n| n.to_string()))?,
                );
            }
            Ok::<_, StoreError>(values)
        })
        .await
        .unwrap();
    assert_eq!(pragmas, ["wal", "2", "1"]);
    assert_eq!(officers::Entity::find().all(store.reader()).await.unwrap().len(), 1);
    store.close().await;
}

async fn put_in_force(tx: &Tx, person: Uuid, lifted: bool) -> Result<(), StoreError> {
    let case = Uuid::new_v4();
    add_case(tx, case, person, None).await?;
    let strategy = strategies_in_force::ActiveModel {
        case_id: Set(case),
        person_id: Set(person),
        spoc_id: Set(None),
        effective_from: Set(noon()),
        ends_at: Set(noon()),
        limits: Set(json!([])),
        blocked: Set(json!([])),
        put_in_force_at: Set(noon()),
        lifted_at: Set(lifted.then(noon)),
        lifted_because: Set(None),
    };
    strategies_in_force::Entity::insert(strategy).exec_without_returning(tx).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_the_first_release_is_brought_forward_with_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("old.db");
    std::fs::File::create(&file).unwrap();
    let raw = sea_orm::Database::connect(sqlite_url(&file)).await.unwrap();
    Migrator::up(&raw, Some(1)).await.unwrap();
    let (person, held) = (Uuid::new_v4(), Uuid::new_v4());
    let blob = |id: Uuid| format!("X'{}'", id.simple());
    for row in [
        format!(
            "INSERT INTO people (id, reference, full_name, targeted_victim, vulnerability, version, created_at)
             VALUES ({}, 'A1', 'Zoë  ÉMILE', FALSE, '[]', 1, '2026-06-01 09:00:00')",
            blob(person)
        ),
        format!(
            "INSERT INTO contacts (id, channel, received_at, recorded_at, attribution, attribution_evidence, counted,
                                   exempt, flags, place, handling, version)
             VALUES ({}, 'letter', '2026-06-01 09:00:00', '2026-06-01 09:00:00', 'unattributed', '[]', TRUE, FALSE,
                     '[{{\"flag\":\"risk\",\"raisedBy\":\"rule\"}}]', 'held', 'open', 1)",
            blob(held)
        ),
    ] {
        raw.execute_unprepared(&row).await.unwrap();
    }
    raw.close().await.unwrap();
    let store = Store::connect(&sqlite_url(&file), settings()).await.unwrap();
    store.migrate().await.unwrap();
    let person = people::Entity::find_by_id(person).one(store.reader()).await.unwrap().unwrap();
    assert_eq!(person.name_key, "zoë émile");
    let held = contacts::Entity::find_by_id(held).one(store.reader()).await.unwrap().unwrap();
    assert!(held.ticks_owed && held.flagged);
    store.close().await;
}
