//! What is left after a disposal is vouched for: nothing else may be missing, and nobody disposes but a review that decided.

use super::disposal::Records;
use super::forms;
use crate::support::{TestDatabase, on_each_database};
use entities::events;
use evenhand::domain::access::ActorRef;
use evenhand::domain::case::{CaseEvent, Happening};
use evenhand::domain::ids::CaseId;
use evenhand::store::backup::{Present, backup, restore};
use evenhand::store::cases::{self, Due};
use evenhand::store::disposal;
use evenhand::store::verify::verify;
use sea_orm::{ConnectionTrait, EntityTrait};

/// Disposes of a case, does something to the events by hand, and says what verification finds.
async fn after(database: TestDatabase, tampering: impl Fn(&[events::Model]) -> String) -> Option<String> {
    let records = Records::gather(database).await;
    let (case, _) = records.case_ended().await;
    records.dispose(&case).await;
    assert_eq!(records.broken().await, None);
    let statement = tampering(&records.events().await);
    let store = records.force.app.app.store.clone();
    store.write(async move |tx: &evenhand::store::Tx| tx.execute_unprepared(&statement).await).await.unwrap();
    records.broken().await
}

fn is_marker(event: &&events::Model) -> bool {
    event.data.get("disposedBy").is_some()
}

#[test]
fn a_marker_that_no_disposal_names_is_found() {
    on_each_database(async |database| {
        let found = after(database, |events| {
            let marker = events.iter().find(is_marker).unwrap().data.to_string();
            let kept = events.iter().find(|event| event.stream == "officer").unwrap();
            format!("UPDATE events SET data = '{marker}' WHERE position = {}", kept.position)
        });
        assert!(Box::pin(found).await.unwrap().contains("it lost what it said, and no disposal says so"));
    });
}

#[test]
fn whatever_is_left_of_a_disposed_event_is_vouched_for() {
    for change in [
        "kind = 'signed_off'",
        "at = '2026-03-02 12:00:00.000002+00:00'",
        "actor = '{\"kind\":\"clock\"}'",
        "data = '{\"disposedBy\":\"00000000-0000-7000-8000-000000000000\"}'",
        "data = '{}'",
        "hash = 'x'",
    ] {
        on_each_database(async |database| {
            let found = after(database, |events| {
                let gone = events.iter().rfind(|event| is_marker(event) && event.stream == "case").unwrap();
                format!("UPDATE events SET {change} WHERE position = {}", gone.position)
            });
            assert!(Box::pin(found).await.is_some(), "{change}");
        });
    }
}

/// A case's own history says that its person's first event was disposed of, as a disposal would.
async fn forge(records: &Records, case: &str, actor: ActorRef) -> Option<String> {
    let app = &records.force.app.app;
    let (case, person): (CaseId, uuid::Uuid) = (case.parse().unwrap(), records.force.person.parse().unwrap());
    let (id, at) = (app.new_id(), app.now());
    let forged = app.store.write(async move |tx: &evenhand::store::Tx| {
        let streams = disposal::blank(tx, &[person], id).await?;
        let mut case = cases::load(tx, case).await?.unwrap();
        let event = CaseEvent { at, actor, what: Happening::Disposed { case: case.id, streams } };
        case.apply(&event);
        cases::append(tx, &case, vec![(id, event)], Due::default()).await
    });
    forged.await.unwrap();
    records.broken().await
}

#[test]
fn a_disposal_counts_only_in_a_review_that_two_officers_decided() {
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let case = records.force.nominate().await;
        let found = forge(&records, &case, ActorRef::Officer(records.second.id.parse().unwrap())).await.unwrap();
        assert!(found.contains("no retention review was proposed and confirmed"), "{found}");
    });
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let (case, _) = records.case_ended().await;
        let review = records.reviewed(&case).await;
        records.force.act(&records.first, &review, "propose_disposal", forms::reason()).await.ok();
        let found = forge(&records, &review, ActorRef::Officer(records.second.id.parse().unwrap())).await.unwrap();
        assert!(found.contains("no retention review was proposed and confirmed"), "{found}");
    });
}

#[test]
fn verification_counts_what_was_disposed_of_by_review() {
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let (case, _) = records.case_ended().await;
        let review = records.dispose(&case).await;
        let found = verify(&records.force.app.app.store).await.unwrap();
        let gone = records.events().await.iter().filter(is_marker).count();
        assert_eq!(found.disposed, [(review.parse().unwrap(), gone as u64)].into());
    });
}

#[test]
fn a_backup_keeps_a_disposal_and_verifies_after_it_is_restored() {
    on_each_database(async |database| {
        let records = Records::gather(database).await;
        let (case, _) = records.case_ended().await;
        records.dispose(&case).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("copy.db");
        backup(&records.force.app.app.store, &file).await.unwrap();
        let elsewhere = TestDatabase::sqlite();
        let other = elsewhere.store().await;
        restore(&other, &file, Present::MustBeEmpty).await.unwrap();
        let found = verify(&other).await.unwrap();
        assert_eq!(found.broken, None);
        let gone = events::Entity::find().all(other.reader()).await.unwrap();
        assert!(gone.iter().filter(is_marker).count() > 20);
        other.close().await;
    });
}
