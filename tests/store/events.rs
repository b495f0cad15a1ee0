//! Streams of events and the feed of all of them.

use super::{event, noon};
use crate::support::database::{on_each_database, on_postgres};
use evenhand::store::events::{
    Append, Cursor, NewEvent, Stream, append, append_many, append_next, feed, load, load_after,
};
use evenhand::store::{Store, StoreError, Tx, WriteError};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use uuid::Uuid;

async fn add(store: &Store, stream_id: Uuid, seq: i64, events: Vec<NewEvent>) -> Result<(), StoreError> {
    let written = store.write(async move |tx: &Tx| append(tx, Stream::Case, stream_id, seq, events).await).await;
    written.map(|_| ()).map_err(StoreError::from)
}

#[test]
fn events_come_back_in_order_and_as_they_were() {
    on_each_database(async |database| {
        let store = database.store().await;
        let case = Uuid::new_v4();
        let data = json!({"z": 1, "a": {"é": [1.5, 1e19, -0.0, null]}});
        add(&store, case, 0, vec![event("opened", data.clone()), event("allocated", json!({}))]).await.unwrap();
        add(&store, case, 2, vec![event("signed_off", json!({}))]).await.unwrap();
        let loaded = load(store.reader(), case).await.unwrap();
        let told: Vec<_> = loaded.iter().map(|event| (event.seq, event.kind.as_str(), event.at)).collect();
        assert_eq!(told, [(1, "opened", noon()), (2, "allocated", noon()), (3, "signed_off", noon())]);
        assert_eq!(loaded[0].data["a"]["é"][0], data["a"]["é"][0]);
        assert_eq!(load_after(store.reader(), case, 1, 1).await.unwrap(), loaded[1..2]);
        assert!(load(store.reader(), Uuid::new_v4()).await.unwrap().is_empty());
        store.close().await;
    });
}

#[test]
fn an_expectation_that_is_behind_or_ahead_is_stale() {
    on_each_database(async |database| {
        let store = database.store().await;
        let case = Uuid::new_v4();
        add(&store, case, 0, vec![event("opened", json!({}))]).await.unwrap();
        add(&store, case, 1, vec![event("allocated", json!({}))]).await.unwrap();
        for seq in [0, 1, 3, 7] {
            let stale = add(&store, case, seq, vec![event("closed", json!({}))]).await;
            assert!(matches!(stale, Err(StoreError::StaleVersion)), "{seq}: {stale:?}");
        }
        assert_eq!(load(store.reader(), case).await.unwrap().len(), 2);
        store.close().await;
    });
}

#[test]
fn a_text_with_nul_in_it_is_kept_without() {
    on_each_database(async |database| {
        let store = database.store().await;
        let mail = Uuid::new_v4();
        add(&store, mail, 0, vec![event("kept", json!({"subject": "a\0b"}))]).await.unwrap();
        assert_eq!(load(store.reader(), mail).await.unwrap()[0].data, json!({"subject": "a\u{fffd}b"}));
        store.close().await;
    });
}

#[test]
fn many_streams_are_added_to_at_once_or_none_is() {
    on_each_database(async |database| {
        let store = database.store().await;
        let streams: Vec<Uuid> = (0..2_500).map(|_| Uuid::new_v4()).collect();
        let (all, last) = (streams.clone(), streams[2_499]);
        let first = move |stream_id| Append {
            stream: Stream::Mail,
            stream_id,
            expected_seq: 0,
            events: vec![event("kept", json!({}))],
        };
        let begun = store.write(async move |tx: &Tx| append_many(tx, all.into_iter().map(first).collect()).await).await;
        assert_eq!(begun.unwrap().len(), 2_500);
        // A second event for each, two for the last one, then a stream that is further than expected.
        let second = |stream_id, expected_seq| Append {
            stream: Stream::Mail,
            stream_id,
            expected_seq,
            events: vec![event("routed", json!({}))],
        };
        let mut appends: Vec<_> = streams.iter().map(|stream| second(*stream, 1)).collect();
        appends.push(second(last, 2));
        let added = store.write(async move |tx: &Tx| append_many(tx, appends).await).await.unwrap();
        assert_eq!(added.last().unwrap().seq, 3);
        let stale = vec![second(streams[0], 2), second(last, 2)];
        let stale = store.write(async move |tx: &Tx| append_many(tx, stale).await).await;
        assert!(matches!(stale, Err(WriteError::Refused(StoreError::StaleVersion))));
        assert_eq!(load(store.reader(), streams[0]).await.unwrap().len(), 2);
        assert_eq!(load(store.reader(), last).await.unwrap().len(), 3);
        store.close().await;
    });
}

/// Follows the feed until `wanted` events were shown: their ids, in the feed's order.
async fn follow(store: &Store, wanted: usize) -> Vec<Uuid> {
    let (mut shown, mut cursor) = (Vec::new(), Cursor::START);
    let started = Instant::now();
    while shown.len() < wanted {
        assert!(started.elapsed() < Duration::from_secs(60), "only {} of {wanted} were ever shown", shown.len());
        for (next, event) in feed(store.reader(), cursor, 7).await.unwrap() {
            assert!(next > cursor);
            cursor = next.to_string().parse().unwrap();
            shown.push(event.id.as_uuid());
        }
        tokio::task::yield_now().await;
    }
    shown
}

#[test]
fn whoever_follows_the_feed_is_shown_every_event_once() {
    on_each_database(async |database| {
        let store = database.store().await;
        let follower = {
            let store = store.clone();
            tokio::spawn(async move { follow(&store, 400).await })
        };
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let store = store.clone();
                tokio::spawn(async move {
                    for n in 0..25 {
                        let pause = Duration::from_millis((writer * 7 + n * 3) % 4);
                        let written = store.write(async move |tx: &Tx| {
                            append(tx, Stream::Person, Uuid::new_v4(), 0, vec![event("one", json!({}))]).await?;
                            tokio::time::sleep(pause).await;
                            append(tx, Stream::Person, Uuid::new_v4(), 0, vec![event("two", json!({}))]).await
                        });
                        written.await.unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let shown = follower.await.unwrap();
        assert_eq!(shown.iter().collect::<BTreeSet<_>>().len(), 400);
        assert_eq!(shown, follow(&store, 400).await, "a second follower sees the same order");
        store.close().await;
    });
}

#[test]
fn an_event_that_is_committed_late_is_still_shown() {
    on_postgres(async |database| {
        let store = database.store().await;
        let (begun, has_begun) = oneshot::channel();
        let (release, released) = oneshot::channel();
        let late = Uuid::new_v4();
        let writer = {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .write(async move |tx: &Tx| {
                        append(tx, Stream::Case, late, 0, vec![event("late", json!({}))]).await?;
                        begun.send(()).unwrap();
                        released.await.unwrap();
                        Ok::<_, StoreError>(())
                    })
                    .await
            })
        };
        has_begun.await.unwrap();
        let early = Uuid::new_v4();
        add(&store, early, 0, vec![event("early", json!({}))]).await.unwrap();
        let shown = feed(store.reader(), Cursor::START, 10).await.unwrap();
        assert!(shown.is_empty(), "the early one has the higher position: showing it would hide the late one");
        release.send(()).unwrap();
        writer.await.unwrap().unwrap();
        assert_eq!(follow(&store, 2).await.len(), 2);
        store.close().await;
    });
}

#[test]
fn events_that_another_tool_brought_from_another_cluster_are_shown() {
    on_postgres(async |database| {
        let store = database.store().await;
        for n in 1..=3 {
            add(&store, Uuid::from_u128(n), 0, vec![event("noted", json!({}))]).await.unwrap();
        }
        store.close().await;
        let raw = database.raw().await;
        raw.execute_unprepared("UPDATE events SET txid = 4000000000 + position").await.unwrap();
        raw.close().await.unwrap();
        let store = database.store().await;
        assert_eq!(follow(&store, 3).await.len(), 3);
        store.close().await;
    });
}

#[test]
fn facts_are_added_to_a_stream_by_many_at_once_without_anybody_failing() {
    on_each_database(async |database| {
        let store = database.store().await;
        let people = [1, 2].map(Uuid::from_u128);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move {
                    for n in 0..10 {
                        let noted = |person: Uuid| (Stream::Person, person, vec![event("noted", json!({ "n": n }))]);
                        // Once to the one, twice to the other.
                        let next = [people[n % 2], people[(n + 1) % 2], people[n % 2]].map(noted).to_vec();
                        store.write(async move |tx: &Tx| append_next(tx, next).await).await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        for person in people {
            assert_eq!(load(store.reader(), person).await.unwrap().len(), 8 * 15);
        }
        store.close().await;
    });
}
