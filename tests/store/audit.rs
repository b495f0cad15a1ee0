//! What can be proved afterwards: chains, seals, the log of who looked.

use super::{event, noon};
use crate::support::database::{TestDatabase, access_log_of, on_each_database, sqlite_url};
use evenhand::domain::access::ActorRef;
use evenhand::store::access_log::{Access, Action};
use evenhand::store::events::{Stream, append};
use evenhand::store::seals::seal;
use evenhand::store::verify::{BrokenPlace, Verification, verify};
use evenhand::store::{Store, StoreError, Tx};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use serde_json::json;
use uuid::Uuid;

async fn add_event(store: &Store, case: Uuid, seq: i64) {
    let events = vec![event("noted", json!({"words": "Example words", "n": seq}))];
    store.write(async move |tx: &Tx| append(tx, Stream::Case, case, seq, events).await).await.unwrap();
}

/// Three cases with four events each, a seal after the second round and one at the end.
async fn history(store: &Store) -> [Uuid; 3] {
    let cases = [1, 2, 3].map(Uuid::from_u128);
    for seq in 0..4 {
        for case in cases {
            add_event(store, case, seq).await;
        }
        if seq % 2 == 1 {
            seal(store, Uuid::new_v4(), noon()).await.unwrap().unwrap();
        }
    }
    cases
}

fn access(object_id: &str) -> Access {
    Access {
        at: noon(),
        actor: ActorRef::Software,
        action: Action::Read,
        object: "person".to_owned(),
        object_id: Some(object_id.to_owned()),
        recipient: None,
        detail: json!({"found": 1}),
    }
}

async fn access_log_by_hand(database: &TestDatabase) -> DatabaseConnection {
    if database.is_postgres() {
        database.raw().await
    } else {
        Database::connect(sqlite_url(&access_log_of(&database.file()))).await.unwrap()
    }
}

#[test]
fn an_untouched_history_is_found_whole() {
    on_each_database(async |database| {
        let store = database.store().await;
        assert_eq!(verify(&store).await.unwrap(), Verification::default());
        history(&store).await;
        add_event(&store, Uuid::from_u128(4), 0).await;
        store.access_log().record(vec![access("1"), access("2")]).await.unwrap();
        store.access_log().record(vec![access("3")]).await.unwrap();
        let found = verify(&store).await.unwrap();
        assert_eq!(found, Verification { events: 13, streams: 4, seals: 2, accesses: 3, ..Verification::default() });
        store.close().await;
    });
}

#[test]
fn nothing_new_is_not_sealed_again() {
    on_each_database(async |database| {
        let store = database.store().await;
        assert_eq!(seal(&store, Uuid::new_v4(), noon()).await.unwrap(), None);
        add_event(&store, Uuid::from_u128(1), 0).await;
        let sealed = seal(&store, Uuid::new_v4(), noon()).await.unwrap().unwrap();
        assert_eq!((sealed.streams, sealed.root.len()), (1, 64));
        assert_eq!(seal(&store, Uuid::new_v4(), noon()).await.unwrap(), None);
        store.close().await;
    });
}

/// Does something to the history by hand and says what `verify` finds.
async fn after(database: &TestDatabase, tampering: &str) -> Option<BrokenPlace> {
    let store = database.store().await;
    history(&store).await;
    store.close().await;
    let raw = database.raw().await;
    raw.execute_unprepared(tampering).await.unwrap();
    raw.close().await.unwrap();
    let store = database.store().await;
    let broken = verify(&store).await.unwrap().broken;
    store.close().await;
    broken
}

#[test]
fn one_changed_byte_of_an_event_is_found_with_its_place() {
    on_each_database(async |database| {
        let changed = if database.is_postgres() {
            "UPDATE events SET data = replace(data::text, 'Example', 'Exbmple')::jsonb WHERE position = 5"
        } else {
            "UPDATE events SET data = replace(data, 'Example', 'Exbmple') WHERE position = 5"
        };
        let broken = after(&database, changed).await.unwrap();
        assert_eq!(
            broken.to_string(),
            format!("event 2 of stream {}, at position 5: it is not what was written", Uuid::from_u128(2))
        );
    });
}

#[test]
fn every_field_that_an_event_is_made_of_is_vouched_for() {
    for change in [
        "kind = 'signed_off'",
        "seq = 9",
        "stream = 'person'",
        "at = '2026-03-02 12:00:00.000002+00:00'",
        "actor = '{\"kind\":\"clock\"}'",
        "hash = 'x'",
        "prev_hash = 'x'",
    ] {
        on_each_database(async |database| {
            let broken = after(&database, &format!("UPDATE events SET {change} WHERE position = 5")).await;
            assert!(matches!(broken, Some(BrokenPlace::Event { position: 5, .. })), "{change}: {broken:?}");
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_cannot_be_read_is_found_with_its_place() {
    let database = TestDatabase::sqlite();
    let broken = after(&database, "UPDATE events SET data = '{\"words' WHERE position = 5").await;
    assert!(matches!(broken, Some(BrokenPlace::Event { position: 5, stream_id: None, .. })), "{broken:?}");
}

#[test]
fn what_was_taken_away_is_missed() {
    on_each_database(async |database| {
        let in_the_middle = after(&database, "DELETE FROM events WHERE position = 5").await;
        assert!(matches!(in_the_middle, Some(BrokenPlace::Seal { up_to_position: 6, .. })), "{in_the_middle:?}");
    });
    for taken in ["position = 12", "position IN (1, 4, 7, 10)", "position > 0"] {
        on_each_database(async |database| {
            let broken = after(&database, &format!("DELETE FROM events WHERE {taken}")).await;
            assert!(matches!(broken, Some(BrokenPlace::Seal { .. })), "{taken}: {broken:?}");
        });
    }
}

#[test]
fn a_changed_seal_is_found() {
    on_each_database(async |database| {
        let broken = after(&database, "UPDATE seals SET root = 'x' WHERE up_to_position = 12").await;
        assert!(matches!(broken, Some(BrokenPlace::Seal { up_to_position: 12, .. })), "{broken:?}");
    });
}

#[test]
fn a_changed_or_missing_access_is_found() {
    for tampering in [
        "UPDATE access_log SET object_id = '9' WHERE position = 3",
        "UPDATE access_log SET recipient = 'nobody' WHERE position = 3",
        "DELETE FROM access_log WHERE position = 2",
    ] {
        on_each_database(async |database| {
            let store = database.store().await;
            for n in 1..=4 {
                store.access_log().record(vec![access(&n.to_string())]).await.unwrap();
            }
            let raw = access_log_by_hand(&database).await;
            raw.execute_unprepared(tampering).await.unwrap();
            raw.close().await.unwrap();
            let broken = verify(&store).await.unwrap().broken;
            assert!(matches!(broken, Some(BrokenPlace::AccessLog { position: 3, .. })), "{tampering}: {broken:?}");
            store.close().await;
        });
    }
}

/// Three looks, a seal, and one more look; then something is done to the log by hand.
async fn after_the_log_was_sealed(database: &TestDatabase, tampering: &str) -> Option<BrokenPlace> {
    let store = database.store().await;
    history(&store).await;
    store.access_log().record(vec![access("1"), access("2"), access("3")]).await.unwrap();
    let sealed = seal(&store, Uuid::new_v4(), noon()).await.unwrap();
    assert_eq!(sealed.map(|seal| seal.log_position), Some(3), "looks alone are sealed too");
    store.access_log().record(vec![access("4")]).await.unwrap();
    assert_eq!(verify(&store).await.unwrap().broken, None);
    store.close().await;
    let log = access_log_by_hand(database).await;
    log.execute_unprepared(tampering).await.unwrap();
    log.close().await.unwrap();
    let store = Store::connect_existing(&database.url, Default::default()).await.unwrap();
    let broken = verify(&store).await.unwrap().broken;
    store.close().await;
    broken
}

#[test]
fn an_access_log_whose_sealed_end_was_taken_away_is_missed() {
    on_each_database(async |database| {
        let broken = after_the_log_was_sealed(&database, "DELETE FROM access_log WHERE position >= 3").await;
        assert!(matches!(broken, Some(BrokenPlace::Seal { up_to_position: 12, .. })), "{broken:?}");
    });
    on_each_database(async |database| {
        let broken = after_the_log_was_sealed(&database, "DELETE FROM access_log").await;
        assert!(matches!(broken, Some(BrokenPlace::Seal { .. })), "{broken:?}");
    });
}

#[test]
fn a_seal_made_to_forget_the_access_log_is_found() {
    on_each_database(async |database| {
        let forget = "UPDATE seals SET log_position = NULL, log_hash = NULL";
        let broken = after(&database, forget).await;
        assert!(matches!(broken, Some(BrokenPlace::Seal { .. })), "{broken:?}");
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_access_log_that_is_gone_is_accused_and_not_made_anew() {
    let database = TestDatabase::sqlite();
    let log = access_log_of(&database.file());
    std::fs::remove_file(&log).unwrap();
    let gone = Store::connect_existing(&database.url, Default::default()).await.err().unwrap();
    assert!(matches!(gone, StoreError::NoAccessLog), "{gone:?}");
    assert!(!log.exists());
}

#[test]
fn a_database_of_an_older_release_is_not_brought_forward_to_be_looked_at() {
    on_each_database(async |database| {
        let raw = database.raw().await;
        for column in ["log_position", "log_hash"] {
            raw.execute_unprepared(&format!("ALTER TABLE seals DROP COLUMN {column}")).await.unwrap();
        }
        raw.execute_unprepared("DELETE FROM seaql_migrations WHERE version LIKE 'm20261125_000003%'").await.unwrap();
        let older = Store::connect_existing(&database.url, Default::default()).await.err().unwrap();
        assert!(matches!(older, StoreError::OlderSchema), "{older:?}");
        assert!(raw.execute_unprepared("SELECT log_position FROM seals").await.is_err(), "it is as it was");
        raw.close().await.unwrap();
        let store = database.store().await;
        assert!(store.is_current().await.unwrap());
        store.close().await;
    });
}

#[test]
fn accesses_recorded_at_once_by_two_programs_are_all_there_in_one_chain() {
    on_each_database(async |database| {
        let stores = [database.store().await, database.store().await];
        let tasks: Vec<_> = (0..40)
            .map(|n| {
                let log = stores[n % 2].access_log().clone();
                tokio::spawn(async move { log.record(vec![access(&n.to_string()); 3]).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let found = verify(&stores[0]).await.unwrap();
        assert_eq!((found.accesses, found.broken), (120, None));
        for store in stores {
            store.close().await;
        }
    });
}

#[test]
fn a_seal_taken_while_others_write_holds() {
    on_each_database(async |database| {
        let store = database.store().await;
        let writers: Vec<_> = (0..6)
            .map(|writer| {
                let store = store.clone();
                tokio::spawn(async move {
                    for n in 0..20 {
                        add_event(&store, Uuid::from_u128(writer), n).await;
                    }
                })
            })
            .collect();
        let mut seals = 0;
        while writers.iter().any(|writer| !writer.is_finished()) {
            match seal(&store, Uuid::new_v4(), noon()).await {
                Ok(sealed) => seals += u64::from(sealed.is_some()),
                Err(error) => assert!(matches!(error, StoreError::StaleVersion), "{error:?}"),
            }
            let found = verify(&store).await.unwrap();
            assert_eq!(found.broken, None);
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let found = verify(&store).await.unwrap();
        assert_eq!((found.events, found.seals, found.broken), (120, seals, None));
        store.close().await;
    });
}
