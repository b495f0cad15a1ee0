//! The one door for writing: what shares a commit, what is undone alone, and who is told what.

use super::{add_officer, usernames};
use crate::support::database::{TestDatabase, on_each_database, settings};
use evenhand::store::{Store, StoreError, StoreSettings, Tx, WriteError};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};

type Answer = Result<(), WriteError<StoreError>>;

async fn add(store: &Store, username: &'static str) -> Answer {
    store.write(async move |tx: &Tx| add_officer(tx, username).await).await
}

#[test]
fn what_is_acknowledged_can_be_read_at_once() {
    on_each_database(async |database| {
        let store = database.store().await;
        add(&store, "one").await.unwrap();
        assert_eq!(usernames(&store).await, ["one"]);
        store.close().await;
    });
}

#[test]
fn inside_a_write_its_own_rows_are_seen_and_outside_they_are_not() {
    on_each_database(async |database| {
        let store = database.store().await;
        let reader = store.clone();
        let (inside, outside) = store
            .write(async move |tx: &Tx| {
                add_officer(tx, "one").await?;
                let inside = entities::officers::Entity::find().count(tx).await?;
                Ok::<_, StoreError>((inside, usernames(&reader).await.len()))
            })
            .await
            .unwrap();
        assert_eq!((inside, outside), (1, 0));
        store.close().await;
    });
}

#[test]
fn of_a_hundred_writes_at_once_only_those_that_fail_are_undone() {
    on_each_database(async |database| {
        let store = database.store().await;
        add(&store, "taken").await.unwrap();
        let writes: Vec<_> = (0..100)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    store
                        .write(async move |tx: &Tx| {
                            add_officer(tx, format!("officer {n:02}")).await?;
                            match n {
                                50 => panic!("a planted panic"),
                                n if n % 10 == 3 => add_officer(tx, "taken").await,
                                _ => Ok(()),
                            }
                        })
                        .await
                })
            })
            .collect();
        for (n, write) in writes.into_iter().enumerate() {
            let answer = write.await.unwrap();
            match n {
                50 => assert!(matches!(answer, Err(WriteError::Failed(StoreError::Panicked))), "{answer:?}"),
                n if n % 10 == 3 => {
                    assert!(matches!(answer, Err(WriteError::Refused(StoreError::Duplicate(_)))), "{answer:?}");
                }
                _ => assert!(answer.is_ok(), "{answer:?}"),
            }
        }
        let stored = usernames(&store).await;
        assert_eq!(stored.len(), 90, "89 and the one that was there");
        assert!(!stored.contains(&"officer 50".to_owned()) && !stored.contains(&"officer 13".to_owned()));
        store.close().await;
    });
}

#[test]
fn one_duplicate_refuses_the_whole_insert_it_is_part_of() {
    on_each_database(async |database| {
        let store = database.store().await;
        let twice = store
            .write(async |tx: &Tx| {
                add_officer(tx, "one").await?;
                add_officer(tx, "one").await
            })
            .await;
        assert!(matches!(twice, Err(WriteError::Refused(StoreError::Duplicate(_)))));
        assert!(usernames(&store).await.is_empty());
        store.close().await;
    });
}

#[test]
fn a_write_inside_a_write_is_refused_instead_of_waiting_for_ever() {
    on_each_database(async |database| {
        let store = database.store().await;
        let inner = store.clone();
        let nested = store.write(async move |_tx: &Tx| add(&inner, "one").await.map_err(StoreError::from)).await;
        assert!(matches!(nested, Err(WriteError::Refused(StoreError::Nested))), "{nested:?}");
        add(&store, "two").await.unwrap();
        store.close().await;
    });
}

#[test]
fn a_write_that_takes_too_long_is_undone_alone() {
    on_each_database(async |database| {
        let hasty = StoreSettings { write_limit: Duration::from_millis(200), ..settings() };
        let store = database.store_with(hasty).await;
        let slow = store.write(async |tx: &Tx| {
            add_officer(tx, "slow").await?;
            std::future::pending::<Result<(), StoreError>>().await
        });
        let (slow, quick) = tokio::join!(slow, add(&store, "quick"));
        assert!(matches!(slow, Err(WriteError::Failed(StoreError::TooSlow))), "{slow:?}");
        quick.unwrap();
        assert_eq!(usernames(&store).await, ["quick"]);
        store.close().await;
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_given_up_while_it_queues_is_never_begun() {
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let first = {
        let (store, begun, go_on) = (store.clone(), begun.clone(), go_on.clone());
        tokio::spawn(async move {
            store
                .write(async move |tx: &Tx| {
                    begun.notify_one();
                    go_on.notified().await;
                    add_officer(tx, "first").await
                })
                .await
        })
    };
    begun.notified().await;
    let given_up = tokio::time::timeout(Duration::from_millis(20), add(&store, "given up")).await;
    assert!(given_up.is_err());
    go_on.notify_one();
    first.await.unwrap().unwrap();
    add(&store, "last").await.unwrap();
    assert_eq!(usernames(&store).await, ["first", "last"]);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_whose_asker_goes_away_while_it_runs_is_finished() {
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let (begun, is_running) = oneshot::channel();
    let finished = Arc::new(AtomicBool::new(false));
    let asker = {
        let (store, finished) = (store.clone(), finished.clone());
        tokio::spawn(async move {
            store
                .write(async move |tx: &Tx| {
                    begun.send(()).unwrap();
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    finished.store(true, Ordering::SeqCst);
                    add_officer(tx, "finished").await
                })
                .await
        })
    };
    is_running.await.unwrap();
    asker.abort();
    assert!(asker.await.unwrap_err().is_cancelled());
    add(&store, "next").await.unwrap();
    assert!(finished.load(Ordering::SeqCst));
    assert_eq!(usernames(&store).await, ["finished", "next"]);
    store.close().await;
}

/// Our own schema has no key that is checked at commit; this one shows what such a key would do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_commit_fails_everybody_in_it_is_told_and_nothing_is_stored() {
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let raw = database.raw().await;
    raw.execute_unprepared("CREATE TABLE late (officer BLOB REFERENCES officers (id) DEFERRABLE INITIALLY DEFERRED)")
        .await
        .unwrap();
    let writes: Vec<_> = (0..10)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .write(async move |tx: &Tx| {
                        tokio::time::sleep(Duration::from_millis(5)).await; // so that the others queue behind the first
                        add_officer(tx, format!("officer {n}")).await?;
                        if n == 4 {
                            tx.execute_unprepared("INSERT INTO late VALUES (x'00')").await?;
                        }
                        Ok::<_, StoreError>(n)
                    })
                    .await
            })
        })
        .collect();
    let mut acknowledged = Vec::new();
    for write in writes {
        match write.await.unwrap() {
            Ok(n) => acknowledged.push(format!("officer {n}")),
            Err(error) => assert!(matches!(error, WriteError::Failed(StoreError::Dangling(_))), "{error:?}"),
        }
    }
    acknowledged.sort();
    assert!(acknowledged.len() < 10);
    assert_eq!(usernames(&store).await, acknowledged);
    add(&store, "zoe").await.unwrap();
    assert_eq!(usernames(&store).await.len(), acknowledged.len() + 1);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_transaction_is_lost_on_the_way_nothing_of_its_group_is_stored() {
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let group = store.write(async |tx: &Tx| {
        add_officer(tx, "one").await?;
        tx.execute_unprepared("ROLLBACK").await?; // as SQLite itself does when the disk is full
        Ok::<_, StoreError>(())
    });
    let (lost, other) = tokio::join!(group, add(&store, "two"));
    assert!(matches!(lost, Err(WriteError::Failed(_))), "{lost:?}");
    let expected = if other.is_ok() { vec!["two"] } else { vec![] };
    assert_eq!(usernames(&store).await, expected);
    add(&store, "three").await.unwrap();
    store.close().await;
}

#[test]
fn closing_lets_the_writes_that_wait_finish_and_takes_no_more() {
    on_each_database(async |database| {
        let store = database.store().await;
        let writes: Vec<_> = (0..20)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(
                    async move { store.write(async move |tx: &Tx| add_officer(tx, n.to_string()).await).await },
                )
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(5)).await;
        store.close().await;
        let late = add(&store, "late").await;
        assert!(matches!(late, Err(WriteError::Failed(StoreError::Closed | StoreError::Unavailable(_)))), "{late:?}");
        let mut stored = 0;
        for write in writes {
            stored += usize::from(write.await.unwrap().is_ok());
        }
        let reopened = database.store().await;
        assert_eq!(usernames(&reopened).await.len(), stored);
        reopened.close().await;
    });
}
