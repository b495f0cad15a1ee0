//! Many at once: nobody's change is lost, nobody fails because others are writing.

use super::{add_person, event};
use crate::support::database::on_each_database;
use entities::people;
use evenhand::store::events::{Stream, append, load};
use evenhand::store::{Store, StoreError, Tx, WriteError, hold};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// Reads how long the stream is and writes its next event, as often as it takes.
async fn count_up(store: &Store, counter: Uuid) -> u32 {
    for tries in 1.. {
        let written = store
            .write(async move |tx: &Tx| {
                let seq = load(tx, counter).await?.last().map_or(0, |event| event.seq);
                append(tx, Stream::Case, counter, seq, vec![event("counted", json!({ "after": seq }))]).await
            })
            .await;
        match written {
            Ok(_) => return tries,
            Err(WriteError::Refused(StoreError::StaleVersion)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    unreachable!("it went on for ever")
}

#[test]
fn of_four_hundred_read_then_write_by_eight_tasks_none_is_lost() {
    on_each_database(async |database| {
        let store = database.store().await;
        let counter = Uuid::new_v4();
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move {
                    let mut tries = 0;
                    for _ in 0..50 {
                        tries += count_up(&store, counter).await;
                    }
                    tries
                })
            })
            .collect();
        let mut tries = 0;
        for task in tasks {
            tries += task.await.unwrap();
        }
        println!("400 changes in {tries} tries");
        if !database.is_postgres() {
            assert_eq!(tries, 400, "one pen: nobody is overtaken");
        }
        let counted: Vec<_> = load(store.reader(), counter).await.unwrap();
        assert_eq!(counted.len(), 400);
        for (n, event) in counted.iter().enumerate() {
            assert_eq!(event.data, json!({ "after": n }));
        }
        store.close().await;
    });
}

#[test]
fn of_two_who_expect_the_same_end_of_a_stream_one_wins() {
    on_each_database(async |database| {
        let store = database.store().await;
        let case = Uuid::new_v4();
        let writes = (0..10).map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                let events = vec![event("opened", json!({ "by": n })), event("allocated", json!({}))];
                store.write(async move |tx: &Tx| append(tx, Stream::Case, case, 0, events).await).await
            })
        });
        let (mut won, mut stale) = (0, 0);
        for write in writes.collect::<Vec<_>>() {
            match write.await.unwrap() {
                Ok(_) => won += 1,
                Err(WriteError::Refused(StoreError::StaleVersion)) => stale += 1,
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!((won, stale), (1, 9));
        assert_eq!(load(store.reader(), case).await.unwrap().len(), 2);
        store.close().await;
    });
}

#[test]
fn whoever_holds_a_thing_is_alone_with_it_until_the_commit() {
    on_each_database(async |database| {
        let store = database.store().await;
        let people = [1, 2, 3].map(Uuid::from_u128);
        let added = store.write(async move |tx: &Tx| {
            for person in people {
                add_person(tx, person, None).await?;
            }
            Ok::<_, StoreError>(())
        });
        added.await.unwrap();
        let tasks: Vec<_> = (0..8)
            .map(|task| {
                let store = store.clone();
                tokio::spawn(async move {
                    for n in 0..25 {
                        // Two of the three each time, named in any order.
                        let mut two = [people[(task + n) % 3], people[(task + n + 1) % 3]];
                        if task % 2 == 0 {
                            two.reverse();
                        }
                        let counted = store.write(async move |tx: &Tx| {
                            hold(tx, &two).await?;
                            for person in two {
                                let version = people::Entity::find_by_id(person).one(tx).await?.unwrap().version + 1;
                                let row =
                                    people::Entity::update_many().col_expr(people::Column::Version, version.into());
                                row.filter(people::Column::Id.eq(person)).exec(tx).await?;
                            }
                            Ok::<_, StoreError>(())
                        });
                        counted.await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let all = people::Entity::find().all(store.reader()).await.unwrap();
        assert_eq!(all.iter().map(|person| person.version).sum::<i64>(), 3 + 8 * 25 * 2);
        store.close().await;
    });
}
