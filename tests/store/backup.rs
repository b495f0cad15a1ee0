//! Everything in one file, and back, into either database.

use super::{add_case, add_officer, add_person, event, noon};
use crate::support::database::{TestDatabase, on_each_database, on_postgres};
use entities::{
    cases, delivery_reports, mail_bodies, mail_deliveries, mail_references, mails, outgoing, people,
    screener_decisions, sending_stops, undeliverable_addresses,
};
use evenhand::domain::access::ActorRef;
use evenhand::domain::ids::Id;
use evenhand::store::access_log::{Access, Action};
use evenhand::store::backup::{BackupError, Present, backup, restore};
use evenhand::store::events::{Cursor, Stream, append, feed};
use evenhand::store::jobs::{self, NewJob};
use evenhand::store::mailbox_folders::{self, FolderRow};
use evenhand::store::seals::seal;
use evenhand::store::verify::{Verification, verify};
use evenhand::store::{Store, StoreError, Tx};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder, Statement,
};
use serde_json::json;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use uuid::Uuid;

/// People, cases, mail, events, a job, a seal and an access; children sort before their parents.
async fn fill(store: &Store) {
    let filled = store.write(async |tx: &Tx| {
        add_officer(tx, "one").await?;
        let [kept, merged, child, parent, mail] = [9, 1, 2, 8, 5].map(Uuid::from_u128);
        add_person(tx, kept, None).await?;
        add_person(tx, merged, Some(kept)).await?;
        add_case(tx, parent, kept, None).await?;
        add_case(tx, child, kept, Some(parent)).await?;
        let row = mails::ActiveModel {
            id: Set(mail),
            sha256: Set("ab".repeat(32)),
            size_bytes: Set(300_000),
            received_at: Set(noon()),
            recipient: Set("contact@police.example".to_owned()),
            source: Set("http".to_owned()),
            message_id: Set(None),
        };
        mails::Entity::insert(row).exec_without_returning(tx).await?;
        let body = mail_bodies::ActiveModel { mail_id: Set(mail), raw: Set((0..=255).cycle().take(300_000).collect()) };
        mail_bodies::Entity::insert(body).exec_without_returning(tx).await?;
        for n in 0..5 {
            append(tx, Stream::Case, parent, n, vec![event("noted", json!({"n": n, "x": 1e19}))]).await?;
        }
        let job = NewJob {
            id: Id::from_uuid(Uuid::new_v4()),
            kind: "route_mail".to_owned(),
            payload: json!({}),
            key: "mail 5".to_owned(),
            run_at: noon(),
            created_at: noon(),
        };
        jobs::enqueue(tx, vec![job]).await
    });
    filled.await.unwrap();
    seal(store, Uuid::new_v4(), noon()).await.unwrap().unwrap();
    record_access(store, "9").await;
}

/// What came with mail and what is known of mail of ours: a row a table.
async fn fill_the_mail_room(store: &Store) {
    let filled = store.write(async |tx: &Tx| {
        let [mail, mine, other] = [5, 21, 22].map(Uuid::from_u128);
        let db = tx;
        let delivery = mail_deliveries::Model {
            mail_id: mail,
            recipient: "contact@police.example".to_owned(),
            source: "lmtp".to_owned(),
            envelope_from: Some(String::new()),
            received_at: noon(),
        };
        mail_deliveries::Entity::insert(delivery.into_active_model().reset_all()).exec_without_returning(db).await?;
        let named = mail_references::Model { mail_id: mail, reference: "a@example.com".to_owned() };
        mail_references::Entity::insert(named.into_active_model().reset_all()).exec_without_returning(db).await?;
        outgoing::Entity::insert(ours(mine).into_active_model().reset_all()).exec_without_returning(db).await?;
        let report = delivery_reports::Model {
            id: other,
            outgoing_id: mine,
            mail_id: mail,
            recipient: "person@example.com".to_owned(),
            outcome: "failed_permanently".to_owned(),
            status: Some("5.1.1".to_owned()),
            diagnostic: None,
            reported_at: noon(),
        };
        delivery_reports::Entity::insert(report.into_active_model().reset_all()).exec_without_returning(db).await?;
        let mark = undeliverable_addresses::Model {
            address: "person@example.com".to_owned(),
            since: noon(),
            until: noon() + chrono::Duration::days(30),
            outgoing_id: mine,
            status: None,
            detail: Some("no such user".to_owned()),
        };
        undeliverable_addresses::Entity::insert(mark.into_active_model().reset_all())
            .exec_without_returning(db)
            .await?;
        let stop = sending_stops::Model {
            id: other,
            opened_at: noon(),
            because: "Too much.".to_owned(),
            released_at: None,
            released_by: None,
        };
        sending_stops::Entity::insert(stop.into_active_model().reset_all()).exec_without_returning(db).await?;
        let decision = screener_decisions::Model {
            id: other,
            address: "list@example.org".to_owned(),
            decision: "automatic".to_owned(),
            person_id: None,
            identifier_id: None,
            reason: "A newsletter.".to_owned(),
            decided_by: mine,
            decided_at: noon(),
            contacts: json!([]),
            reversed_by: None,
            reversed_at: None,
            reversal_reason: None,
        };
        screener_decisions::Entity::insert(decision.into_active_model().reset_all()).exec_without_returning(db).await?;
        let folder = FolderRow { kept_uid: 7, checked_at: Some(noon()), ..mailbox_folders::unread("psd", "INBOX") };
        mailbox_folders::put(db, folder).await?;
        Ok::<_, StoreError>(())
    });
    filled.await.unwrap();
}

fn ours(id: Uuid) -> outgoing::Model {
    outgoing::Model {
        id,
        sha256: "cd".repeat(32),
        message_id: "1@police.example".to_owned(),
        person_id: None,
        case_id: None,
        cause_event_id: id,
        recipient: "person@example.com".to_owned(),
        to_address: "person@example.com".to_owned(),
        subject: "Words".to_owned(),
        mime: b"Subject: Words\r\n\r\nWords\r\n".to_vec(),
        state: "sent".to_owned(),
        attempts: 1,
        sent_at: Some(noon()),
        last_error: None,
        created_at: noon(),
        origin: "officer".to_owned(),
        officer_id: None,
        answers_id: None,
        tried_at: Some(noon()),
        not_before: None,
        waits_because: None,
    }
}

type MailRoom = (
    Vec<mail_deliveries::Model>,
    Vec<mail_references::Model>,
    Vec<delivery_reports::Model>,
    Vec<undeliverable_addresses::Model>,
    Vec<sending_stops::Model>,
    Vec<screener_decisions::Model>,
    Vec<FolderRow>,
);

async fn mail_room(store: &Store) -> MailRoom {
    let db = store.reader();
    (
        mail_deliveries::Entity::find().all(db).await.unwrap(),
        mail_references::Entity::find().all(db).await.unwrap(),
        delivery_reports::Entity::find().all(db).await.unwrap(),
        undeliverable_addresses::Entity::find().all(db).await.unwrap(),
        sending_stops::Entity::find().all(db).await.unwrap(),
        screener_decisions::Entity::find().all(db).await.unwrap(),
        mailbox_folders::list(db).await.unwrap(),
    )
}

#[test]
fn deliveries_references_reports_marks_stops_and_decisions_about_senders_come_back() {
    on_each_database(async |database| {
        let store = database.store().await;
        fill(&store).await;
        fill_the_mail_room(&store).await;
        let before = mail_room(&store).await;
        let (_folder, file) = backed_up(&store).await;
        store.close().await;
        for target in each_kind() {
            let store = target.store().await;
            let copied = restore(&store, &file, Present::MustBeEmpty).await.unwrap();
            for table in [
                "mail_deliveries",
                "mail_references",
                "delivery_reports",
                "undeliverable_addresses",
                "sending_stops",
                "screener_decisions",
                "mailbox_folders",
            ] {
                assert_eq!(copied[table], 1, "{table}");
            }
            assert_eq!(mail_room(&store).await, before);
            store.close().await;
        }
    });
}

async fn record_access(store: &Store, object_id: &str) {
    let access = Access {
        at: noon(),
        actor: ActorRef::Software,
        action: Action::Read,
        object: "person".to_owned(),
        object_id: Some(object_id.to_owned()),
        recipient: None,
        detail: json!({}),
    };
    store.access_log().record(vec![access]).await.unwrap();
}

type Contents = (Vec<people::Model>, Vec<cases::Model>, Vec<mail_bodies::Model>, Verification);

async fn contents(store: &Store) -> Contents {
    let db = store.reader();
    (
        people::Entity::find().order_by_asc(people::Column::Id).all(db).await.unwrap(),
        cases::Entity::find().order_by_asc(cases::Column::Id).all(db).await.unwrap(),
        mail_bodies::Entity::find().all(db).await.unwrap(),
        verify(store).await.unwrap(),
    )
}

async fn backed_up(store: &Store) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.db");
    backup(store, &file).await.unwrap();
    (folder, file)
}

/// Fresh databases of every kind there is.
fn each_kind() -> Vec<TestDatabase> {
    [TestDatabase::sqlite()].into_iter().chain(TestDatabase::postgres()).collect()
}

#[test]
fn what_is_backed_up_from_either_database_comes_back_whole_in_either() {
    on_each_database(async |database| {
        let store = database.store().await;
        fill(&store).await;
        let before = contents(&store).await;
        assert_eq!(before.3.broken, None);
        let (_folder, file) = backed_up(&store).await;
        store.close().await;
        for target in each_kind() {
            let store = target.store().await;
            let copied = restore(&store, &file, Present::MustBeEmpty).await.unwrap();
            assert_eq!((copied["people"], copied["events"], copied["access_log"]), (2, 5, 1));
            assert_eq!(contents(&store).await, before);
            // Life goes on: positions and sequences follow on.
            let more = store.write(async |tx: &Tx| {
                append(tx, Stream::Case, Uuid::from_u128(8), 5, vec![event("noted", json!({}))]).await
            });
            more.await.unwrap();
            record_access(&store, "1").await;
            let found = verify(&store).await.unwrap();
            assert_eq!((found.events, found.accesses, found.broken), (6, 2, None));
            store.close().await;
        }
    });
}

#[test]
fn whoever_followed_the_feed_goes_on_after_a_restore_and_misses_nothing() {
    on_each_database(async |database| {
        let store = database.store().await;
        fill(&store).await;
        let shown = loop {
            let shown = feed(store.reader(), Cursor::START, 3).await.unwrap();
            if shown.len() == 3 {
                break shown;
            }
        };
        let cursor = shown[2].0;
        let (_folder, file) = backed_up(&store).await;
        store.close().await;
        for target in each_kind() {
            let store = target.store().await;
            restore(&store, &file, Present::MustBeEmpty).await.unwrap();
            let more = store.write(async |tx: &Tx| {
                append(tx, Stream::Case, Uuid::from_u128(8), 5, vec![event("noted", json!({}))]).await
            });
            more.await.unwrap();
            let (mut cursor, mut seen) = (cursor, Vec::new());
            while seen.len() < 3 {
                for (next, event) in feed(store.reader(), cursor, 2).await.unwrap() {
                    cursor = next;
                    seen.push(event.seq);
                }
            }
            assert_eq!(seen, [4, 5, 6]);
            store.close().await;
        }
    });
}

#[test]
fn a_cursor_of_a_server_that_was_further_on_misses_nothing_here() {
    on_postgres(async |database| {
        let store = database.store().await;
        fill(&store).await;
        let (_folder, file) = backed_up(&store).await;
        store.close().await;
        let target = TestDatabase::postgres().unwrap();
        let store = target.store().await;
        restore(&store, &file, Present::MustBeEmpty).await.unwrap();
        let more = store.write(async |tx: &Tx| {
            append(tx, Stream::Case, Uuid::from_u128(8), 5, vec![event("noted", json!({}))]).await
        });
        more.await.unwrap();
        let far: Cursor = "4000000000-3".parse().unwrap();
        let mut seen = Vec::new();
        while seen.len() < 3 {
            seen = feed(store.reader(), far, 10).await.unwrap().into_iter().map(|(_, event)| event.seq).collect();
        }
        assert_eq!(seen, [4, 5, 6]);
        store.close().await;
    });
}

#[test]
fn a_database_with_something_in_it_is_not_restored_into_unless_told() {
    on_each_database(async |database| {
        let store = database.store().await;
        fill(&store).await;
        let before = contents(&store).await;
        let (_folder, file) = backed_up(&store).await;
        store.write(async |tx: &Tx| add_person(tx, Uuid::from_u128(77), None).await).await.unwrap();
        record_access(&store, "77").await;
        let refused = restore(&store, &file, Present::MustBeEmpty).await;
        assert!(matches!(refused, Err(BackupError::NotEmpty)), "{refused:?}");
        assert_eq!(people::Entity::find().all(store.reader()).await.unwrap().len(), 3);
        restore(&store, &file, Present::IsReplaced).await.unwrap();
        let after = contents(&store).await;
        assert_eq!((&after.0, &after.1, &after.2), (&before.0, &before.1, &before.2));
        assert_eq!((after.3.accesses, after.3.broken), (2, None), "who looked since is not forgotten");
        store.close().await;
    });
}

#[test]
fn an_access_log_that_is_not_the_one_the_backup_knows_is_neither_deleted_nor_left_to_be_accused() {
    on_each_database(async |database| {
        let store = database.store().await;
        fill(&store).await;
        record_access(&store, "1").await;
        let (_folder, file) = backed_up(&store).await;
        store.close().await;
        let other = TestDatabase::sqlite();
        let store = other.store().await;
        record_access(&store, "of another house").await;
        let refused = restore(&store, &file, Present::IsReplaced).await;
        assert!(matches!(refused, Err(BackupError::AnotherAccessLog)), "{refused:?}");
        assert_eq!(verify(&store).await.unwrap().accesses, 1);
        store.close().await;
    });
}

#[test]
fn a_backup_that_was_tampered_with_is_restored_and_found_out() {
    on_each_database(async |database| {
        let store = database.store().await;
        fill(&store).await;
        let (_folder, file) = backed_up(&store).await;
        store.close().await;
        let raw = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
        raw.execute_unprepared("UPDATE events SET kind = 'signed_off' WHERE seq = 3").await.unwrap();
        raw.close().await.unwrap();
        let target = TestDatabase::sqlite();
        let store = target.store().await;
        restore(&store, &file, Present::MustBeEmpty).await.unwrap();
        assert!(verify(&store).await.unwrap().broken.is_some());
        store.close().await;
    });
}

#[test]
fn what_is_no_backup_changes_nothing() {
    on_each_database(async |database| {
        let store = database.store().await;
        let folder = tempfile::tempdir().unwrap();
        let letter = folder.path().join("letter");
        std::fs::write(&letter, "Dear Sir or Madam".repeat(1000)).unwrap();
        let foreign = folder.path().join("foreign.db");
        let raw = sea_orm::Database::connect(format!("sqlite://{}?mode=rwc", foreign.display())).await.unwrap();
        raw.execute_unprepared("CREATE TABLE letters (words TEXT)").await.unwrap();
        raw.close().await.unwrap();
        for file in [&letter, &foreign] {
            let refused = restore(&store, file, Present::IsReplaced).await;
            assert!(matches!(refused, Err(BackupError::NotABackup)), "{refused:?}");
        }
        let missing = restore(&store, &folder.path().join("missing"), Present::IsReplaced).await;
        assert!(matches!(missing, Err(BackupError::File(_))), "{missing:?}");
        let nowhere = backup(&store, Path::new("/nowhere/at/all")).await;
        assert!(matches!(nowhere, Err(BackupError::File(_))), "{nowhere:?}");
        store.close().await;
    });
}

#[test]
fn a_backup_is_one_file_for_its_owner_alone_and_replaces_the_last() {
    on_each_database(async |database| {
        let store = database.store().await;
        fill(&store).await;
        let (folder, file) = backed_up(&store).await;
        backup(&store, &file).await.unwrap();
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, ["backup.db"]);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        store.close().await;
    });
}

#[test]
fn a_backup_taken_while_others_write_is_of_one_moment() {
    on_each_database(async |database| {
        let store = database.store().await;
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let store = store.clone();
                tokio::spawn(async move {
                    for seq in 0..50 {
                        let noted = store.write(async move |tx: &Tx| {
                            append(tx, Stream::Case, Uuid::from_u128(writer), seq, vec![event("noted", json!({}))])
                                .await
                        });
                        noted.await.unwrap();
                    }
                })
            })
            .collect();
        let (_folder, file) = backed_up(&store).await;
        for writer in writers {
            writer.await.unwrap();
        }
        store.close().await;
        let target = TestDatabase::sqlite();
        let store = target.store().await;
        restore(&store, &file, Present::MustBeEmpty).await.unwrap();
        assert_eq!(verify(&store).await.unwrap().broken, None);
        store.close().await;
    });
}

#[test]
fn no_table_is_left_out_of_a_backup() {
    on_each_database(async |database| {
        let store = database.store().await;
        let (folder, file) = backed_up(&store).await;
        let copied: BTreeSet<String> =
            backup(&store, &folder.path().join("again.db")).await.unwrap().into_keys().map(str::to_owned).collect();
        store.close().await;
        let raw = sea_orm::Database::connect(format!("sqlite://{}", file.display())).await.unwrap();
        let all = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                   AND name NOT LIKE '%_migrations'";
        let all = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), all)).await.unwrap();
        let all: BTreeSet<String> = all.iter().map(|row| row.try_get("", "name").unwrap()).collect();
        assert_eq!(copied, all);
        raw.close().await.unwrap();
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_not_there_is_not_made_to_be_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("missing.db");
    let url = format!("sqlite://{}", file.display());
    let missing = Store::connect_existing(&url, Default::default()).await.err().unwrap();
    assert!(matches!(missing, StoreError::Unavailable(_)), "{missing:?}");
    assert!(!file.exists());
}
