//! Work that waits: queued once, claimed by one, never lost.

use super::noon;
use crate::support::database::on_each_database;
use chrono::Duration;
use evenhand::domain::ids::{Id, JobId};
use evenhand::store::jobs::{self, Job, NewJob};
use evenhand::store::{Store, StoreError, Tx, without_nul};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

fn job(kind: &str, key: impl Into<String>, due_in: Duration) -> NewJob {
    NewJob {
        id: Id::from_uuid(Uuid::new_v4()),
        kind: kind.to_owned(),
        payload: json!({"mail": "1"}),
        key: key.into(),
        run_at: noon() + due_in,
        created_at: noon(),
    }
}

async fn enqueue(store: &Store, all: Vec<NewJob>) {
    store.write(async move |tx: &Tx| jobs::enqueue(tx, all).await).await.unwrap();
}

async fn claim(store: &Store, limit: u64, later: Duration) -> Vec<Job> {
    jobs::claim(store, &["route_mail"], limit, noon() + later, Duration::minutes(5)).await.unwrap()
}

#[test]
fn four_workers_claim_each_job_once() {
    on_each_database(async |database| {
        let store = database.store().await;
        enqueue(&store, (0..2_000).map(|n| job("route_mail", format!("mail {n}"), Duration::zero())).collect()).await;
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move {
                    let mut mine: Vec<JobId> = Vec::new();
                    loop {
                        let claimed: Vec<_> = claim(&store, 100, Duration::zero()).await;
                        if claimed.is_empty() {
                            return mine;
                        }
                        let ids: Vec<_> = claimed.iter().map(|job| job.id).collect();
                        mine.extend(&ids);
                        store.write(async move |tx: &Tx| jobs::done(tx, &ids).await).await.unwrap();
                    }
                })
            })
            .collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (2_000, 2_000));
        assert_eq!(jobs::unfinished(store.reader(), &["route_mail"]).await.unwrap(), 0);
        store.close().await;
    });
}

#[test]
fn the_same_cause_queues_work_once() {
    on_each_database(async |database| {
        let store = database.store().await;
        enqueue(&store, vec![job("route_mail", "mail 1", Duration::zero())]).await;
        enqueue(&store, vec![job("route_mail", "mail 1", Duration::zero()); 2]).await;
        let more = vec![job("route_mail", "mail 2", Duration::zero()), job("route_mail", "mail 1", Duration::zero())];
        enqueue(&store, more).await;
        enqueue(&store, Vec::new()).await;
        let keys: Vec<_> = claim(&store, 10, Duration::zero()).await.into_iter().map(|job| job.key).collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>(), BTreeSet::from([&"mail 1".to_owned(), &"mail 2".to_owned()]));
        assert_eq!(keys.len(), 2);
        store.close().await;
    });
}

#[test]
fn only_what_is_due_and_of_the_kind_is_claimed_the_longest_due_first() {
    on_each_database(async |database| {
        let store = database.store().await;
        let all = vec![
            job("route_mail", "second", Duration::minutes(2)),
            job("route_mail", "first", Duration::minutes(1)),
            job("route_mail", "later", Duration::minutes(9)),
            job("send_mail", "another kind", Duration::zero()),
        ];
        enqueue(&store, all).await;
        assert_eq!(jobs::next_due(store.reader(), &["route_mail"]).await.unwrap(), Some(noon() + Duration::minutes(1)));
        let keys: Vec<_> = claim(&store, 10, Duration::minutes(2)).await.into_iter().map(|job| job.key).collect();
        assert_eq!(keys, ["first", "second"]);
        assert_eq!(
            jobs::next_due(store.reader(), &["route_mail"]).await.unwrap(),
            Some(noon() + Duration::minutes(7)),
            "the end of the leases comes before the next due"
        );
        assert_eq!(jobs::next_due(store.reader(), &["nothing"]).await.unwrap(), None);
        store.close().await;
    });
}

#[test]
fn the_job_of_a_worker_that_died_comes_back_when_its_lease_runs_out() {
    on_each_database(async |database| {
        let store = database.store().await;
        enqueue(&store, vec![job("route_mail", "mail 1", Duration::zero())]).await;
        let dead_workers = claim(&store, 1, Duration::zero()).await.remove(0);
        assert!(claim(&store, 1, Duration::minutes(4)).await.is_empty());
        let again = claim(&store, 1, Duration::minutes(5)).await.remove(0);
        assert_eq!((again.id, dead_workers.attempts, again.attempts), (dead_workers.id, 1, 2));
        // The first worker was only slow, and what it says now is about a claim that is not its own any more.
        let late = dead_workers.clone();
        store.write(async move |tx: &Tx| jobs::give_up(tx, &late, "too late").await).await.unwrap();
        assert!(jobs::dead_letters(store.reader(), 10).await.unwrap().is_empty());
        store.close().await;
    });
}

#[test]
fn what_fails_is_tried_again_then_lies_dead_until_a_person_revives_it() {
    on_each_database(async |database| {
        let store = database.store().await;
        enqueue(&store, vec![job("route_mail", "mail 1", Duration::zero())]).await;
        let first = claim(&store, 1, Duration::zero()).await.remove(0);
        let at = noon() + Duration::minutes(1);
        store.write(async move |tx: &Tx| jobs::retry_at(tx, &first, at, "no\0 answer").await).await.unwrap();
        assert!(claim(&store, 1, Duration::zero()).await.is_empty());
        let second = claim(&store, 1, Duration::minutes(1)).await.remove(0);
        assert_eq!((second.attempts, second.last_error.clone()), (2, Some(without_nul("no\0 answer".to_owned()))));
        let id = second.id;
        store.write(async move |tx: &Tx| jobs::give_up(tx, &second, "no such mail").await).await.unwrap();
        assert!(claim(&store, 1, Duration::days(9)).await.is_empty());
        let dead = jobs::dead_letters(store.reader(), 10).await.unwrap();
        assert_eq!((dead.len(), dead[0].last_error.as_deref()), (1, Some("no such mail")));
        let revived = store.write(async move |tx: &Tx| jobs::revive(tx, &[id], noon()).await).await.unwrap();
        assert_eq!(revived, 1);
        assert_eq!(claim(&store, 1, Duration::zero()).await.remove(0).attempts, 1);
        store.close().await;
    });
}

#[test]
fn a_job_is_queued_only_if_what_caused_it_is_stored() {
    on_each_database(async |database| {
        let store = database.store().await;
        let refused = store
            .write(async |tx: &Tx| {
                jobs::enqueue(tx, vec![job("route_mail", "mail 1", Duration::zero())]).await?;
                Err::<(), _>(StoreError::StaleVersion)
            })
            .await;
        assert!(refused.is_err());
        assert!(claim(&store, 1, Duration::zero()).await.is_empty());
        store.close().await;
    });
}
