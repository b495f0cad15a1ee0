//! Mailboxes read over IMAP, from a server that misbehaves as told. The walk past a real one is `.ci/imap`.

use super::imap_server::{Server, Shelf};
use crate::support::{TestApp, TestDatabase, on_each_database};
use evenhand::app::mail::{FolderName, folder_position};
use evenhand::domain::access::Role;
use evenhand::gateway::{Account, After, Folder, Proof, Security};
use sea_orm::EntityTrait;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::watch;

fn letter(n: u32) -> Vec<u8> {
    format!("From: s{n}@example.org\r\nSubject: Letter {n}\r\nMessage-ID: <{n}@example.org>\r\n\r\nMatter {n}.\r\n")
        .into()
}

fn shelf(uids: impl IntoIterator<Item = u32>) -> Shelf {
    let messages: BTreeMap<u32, Vec<u8>> = uids.into_iter().map(|uid| (uid, letter(uid))).collect();
    Shelf { uid_validity: 7, messages, ..Shelf::default() }
}

fn account(server: &Server, after: After) -> Account {
    Account {
        name: "psd".to_owned(),
        host: server.address.ip().to_string(),
        port: server.address.port(),
        security: Security::None,
        user: "psd@force.example".to_owned(),
        proof: Proof::Password("pale-moon".to_owned()),
        folders: vec!["INBOX".to_owned()],
        after,
        recipient: "psd@force.example".to_owned(),
        every: Duration::from_secs(1_200),
        since: None,
    }
}

/// A house, the server it reads from, and what it reads.
struct Room {
    house: TestApp,
    server: Server,
    stop: watch::Sender<bool>,
    watching: Option<tokio::task::JoinHandle<()>>,
}

impl Room {
    async fn new(database: TestDatabase, shelf: Shelf) -> Self {
        let (house, server) = (TestApp::start(database).await, Server::start(shelf).await);
        Self { house, server, stop: watch::channel(false).0, watching: None }
    }

    fn watch(&mut self, account: Account) {
        let folder = Folder::all(&self.house.app, account).remove(0);
        let stop = self.stop.subscribe();
        #[expect(clippy::disallowed_methods, reason = "stopped and waited for in `stop`")]
        let watching = tokio::spawn(async move { folder.watch(stop).await });
        self.watching = Some(watching);
    }

    async fn stop(&mut self) {
        self.stop.send(true).unwrap();
        self.watching.take().unwrap().await.unwrap();
        self.stop = watch::channel(false).0;
    }

    async fn subjects(&self) -> Vec<String> {
        let bodies = entities::mail_bodies::Entity::find().all(self.house.app.store.reader()).await.unwrap();
        let subject = |raw: Vec<u8>| String::from_utf8(raw).unwrap().lines().nth(1).unwrap().to_owned();
        let mut subjects: Vec<String> = bodies.into_iter().map(|body| subject(body.raw)).collect();
        subjects.sort();
        subjects
    }

    async fn position(&self) -> evenhand::app::mail::Position {
        let name = FolderName { mailbox: "psd".to_owned(), folder: "INBOX".to_owned() };
        folder_position(&self.house.app, &name).await.unwrap()
    }

    /// Waits for what is bound to come.
    async fn until(&self, what: &str, is_so: impl AsyncFn(&Self) -> bool) {
        for _ in 0..600 {
            if is_so(self).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never: {what}; heard {:?}", self.server.with(|shelf| shelf.heard.clone()));
    }

    async fn until_settled(&self, uid: u32) {
        self.until("the folder is read and settled", async |room| room.position().await.settled == uid).await;
    }
}

#[test]
fn what_is_new_is_kept_and_then_marked_and_the_server_calls_for_more() {
    on_each_database(async |database| {
        let mut room = Room::new(database, shelf([3, 5])).await;
        room.watch(account(&room.server, After::Seen));
        room.until_settled(5).await;
        room.until("it idles", async |room| room.server.with(|shelf| shelf.heard.iter().any(|c| c == "IDLE"))).await;
        room.server.with(|shelf| shelf.messages.insert(9, letter(9)));
        room.until_settled(9).await;
        room.stop().await;
        assert_eq!(room.subjects().await, ["Subject: Letter 3", "Subject: Letter 5", "Subject: Letter 9"]);
        assert_eq!(room.server.with(|shelf| shelf.done.clone()), ["seen 3", "seen 5", "seen 9"]);
        let mails = entities::mails::Entity::find().all(room.house.app.store.reader()).await.unwrap();
        assert!(mails.iter().all(|mail| mail.source == "imap:psd" && mail.recipient == "psd@force.example"));
        let arrived = "2026-06-01T07:30:00+00:00";
        assert!(mails.iter().all(|mail| mail.received_at.to_rfc3339() == arrived), "when the server had it");
    });
}

#[test]
fn nothing_is_marked_or_moved_that_is_not_on_the_disk() {
    on_each_database(async |database| {
        let mut room = Room::new(database, shelf([1, 2])).await;
        room.house.app.store.close().await;
        room.watch(account(&room.server, After::Move("Kept".to_owned())));
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        room.stop().await;
        let (done, left) = room.server.with(|shelf| (shelf.done.clone(), shelf.messages.len()));
        assert_eq!((done, left), (vec![], 2));
    });
}

#[test]
fn moving_copies_and_marks_deleted_where_the_server_cannot_move() {
    on_each_database(async |database| {
        let mut room = Room::new(database, shelf([1, 2])).await;
        room.server.with(|shelf| shelf.has_no_move = true);
        room.watch(account(&room.server, After::Move("Kept".to_owned())));
        room.until_settled(2).await;
        room.stop().await;
        let done = room.server.with(|shelf| shelf.done.clone());
        assert_eq!(done, ["copy 1 Kept", "copy 2 Kept", "deleted 1", "deleted 2"]);
    });
}

#[test]
fn a_folder_that_is_only_read_is_left_as_it_is() {
    on_each_database(async |database| {
        let mut room = Room::new(database, shelf([1])).await;
        room.watch(account(&room.server, After::Keep));
        room.until_settled(1).await;
        room.stop().await;
        let (heard, done) = room.server.with(|shelf| (shelf.heard.clone(), shelf.done.clone()));
        assert!(done.is_empty() && heard.iter().any(|command| command.starts_with("EXAMINE")), "{heard:?}");
        assert!(heard.iter().all(|command| !command.contains("BODY[]") && !command.starts_with("SELECT")), "{heard:?}");
    });
}

#[test]
fn uids_of_another_validity_are_read_from_the_beginning_and_nothing_is_kept_twice() {
    on_each_database(async |database| {
        let mut room = Room::new(database, shelf([100, 101])).await;
        room.watch(account(&room.server, After::Keep));
        room.until_settled(101).await;
        room.stop().await;
        room.server.with(|shelf| {
            let renumbered = [(1, letter(100)), (2, letter(101)), (3, letter(3))];
            (shelf.uid_validity, shelf.messages) = (8, renumbered.into());
        });
        room.watch(account(&room.server, After::Keep));
        room.until_settled(3).await;
        room.stop().await;
        assert_eq!(room.subjects().await, ["Subject: Letter 100", "Subject: Letter 101", "Subject: Letter 3"]);
    });
}

#[test]
fn a_connection_that_dies_while_it_waits_is_made_again() {
    on_each_database(async |database| {
        let mut room = Room::new(database, shelf([1])).await;
        room.server.with(|shelf| shelf.cuts = 2);
        room.watch(account(&room.server, After::Seen));
        room.until("it is cut twice", async |room| room.server.with(|shelf| shelf.cuts == 0)).await;
        room.server.with(|shelf| shelf.messages.insert(2, letter(2)));
        room.until_settled(2).await;
        room.stop().await;
        assert_eq!(room.subjects().await.len(), 2);
    });
}

#[test]
fn a_message_that_cannot_be_read_stays_and_a_person_is_asked_for_it_and_the_others_come_in() {
    on_each_database(async |database| {
        let mut room = Room::new(database, shelf([1, 2, 3, 4])).await;
        room.server.with(|shelf| shelf.garbled.push(3));
        room.watch(account(&room.server, After::Move("Kept".to_owned())));
        room.until_settled(4).await;
        room.stop().await;
        assert_eq!(room.subjects().await.len(), 3);
        assert_eq!(room.server.with(|shelf| shelf.messages.keys().copied().collect::<Vec<_>>()), [3]);
        assert_eq!(room.position().await.left_behind, 1);
        let staff = room.house.officer("staff", &[Role::PsdStaff]).await;
        let tasks = room.house.get(&staff, "/api/v1/tasks?limit=200").await.ok();
        let titles: Vec<&str> = tasks["data"].as_array().unwrap().iter().filter_map(|t| t["title"].as_str()).collect();
        let asked = "A message in INBOX of the mailbox psd (UID 3) comes in a form that cannot be read; take it from the \
                     mailbox by hand";
        assert!(titles.contains(&asked), "{titles:?}");
    });
}

#[test]
fn a_server_that_lets_nobody_in_is_asked_again_and_the_trouble_is_shown() {
    on_each_database(async |database| {
        let mut room = Room::new(database, shelf([1])).await;
        room.server.with(|shelf| shelf.is_shut = true);
        room.watch(account(&room.server, After::Keep));
        let admin = room.house.officer("admin", &[Role::Admin]).await;
        let shown = async |room: &Room| room.house.get(&admin, "/api/v1/mailboxes").await.ok();
        let in_trouble = async |room: &Room| shown(room).await.pointer("/data/0/trouble").is_some_and(Value::is_string);
        room.until("the trouble is shown", &in_trouble).await;
        let told = shown(&room).await;
        let why = told.pointer("/data/0/trouble").and_then(Value::as_str).unwrap_or_default();
        assert!(why.starts_with("the server refused to let us in: "), "{why}");
        assert!(!told.to_string().contains("pale-moon") && told.pointer("/data/0/checkedAt").is_none(), "{told}");
        room.server.with(|shelf| shelf.is_shut = false);
        room.until_settled(1).await;
        room.until("the trouble is over", async |room| !in_trouble(room).await).await;
        room.stop().await;
        let liaison = room.house.officer("mash", &[Role::Mash]).await;
        room.house.get(&liaison, "/api/v1/mailboxes").await.is_problem(403, "wrong-role");
    });
}

#[test]
fn a_token_is_read_afresh_for_each_sign_in_and_a_refusal_is_heard_out() {
    on_each_database(async |database| {
        let mut room = Room::new(database, shelf([1])).await;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "first-token\n").unwrap();
        room.server.with(|shelf| shelf.is_shut = true);
        let proof = Proof::TokenFile(file.path().to_owned());
        room.watch(Account { proof, ..account(&room.server, After::Keep) });
        let heard =
            |room: &Room, what: &str| room.server.with(|shelf| shelf.heard.iter().any(|said| said.trim() == what));
        room.until("the empty answer", async |room| heard(room, "ANSWER")).await;
        std::fs::write(file.path(), "second-token\n").unwrap();
        room.server.with(|shelf| shelf.is_shut = false);
        room.until_settled(1).await;
        room.stop().await;
        use base64::Engine;
        let expected = base64::engine::general_purpose::STANDARD
            .encode("user=psd@force.example\u{1}auth=Bearer second-token\u{1}\u{1}");
        assert!(heard(&room, &format!("TOKEN {expected}")));
    });
}

#[test]
fn a_mailbox_believes_the_border_server_that_the_settings_name_for_it_and_another_does_not() {
    on_each_database(async |database| {
        let mut config = TestApp::config();
        config.mail.authserv_ids_by_door = vec!["imap:PSD=inner.example".to_owned(), "imap=".to_owned()];
        let proven = "Authentication-Results: inner.example; dmarc=pass header.from=example.org\r\n";
        let letter = |uid: u32| (uid, [proven.as_bytes(), &letter(uid)].concat());
        let house = TestApp::start_with(database, config).await;
        let server = Server::start(Shelf { messages: [letter(1)].into(), ..shelf([]) }).await;
        let mut room = Room { house, server, stop: watch::channel(false).0, watching: None };
        room.watch(account(&room.server, After::Keep));
        room.until_settled(1).await;
        room.stop().await;
        room.server.with(|shelf| shelf.messages.insert(2, letter(2).1));
        room.watch(Account { name: "desk".to_owned(), ..account(&room.server, After::Keep) });
        room.until("both are kept", async |room| {
            entities::mails::Entity::find().all(room.house.app.store.reader()).await.unwrap().len() == 2
        })
        .await;
        room.stop().await;
        room.house.run_jobs().await;
        let staff = room.house.officer("staff", &[Role::PsdStaff]).await;
        let mut seen = BTreeMap::new();
        for mail in entities::mails::Entity::find().all(room.house.app.store.reader()).await.unwrap() {
            let told = room.house.get(&staff, &format!("/api/v1/mail/{}", mail.id)).await.ok();
            seen.insert(mail.source, told["steps"][0]["evidence"]["sender"]["proof"].clone());
        }
        let expected = [("imap:desk", "claimed"), ("imap:psd", "verified")];
        assert_eq!(seen, expected.map(|(door, proof)| (door.to_owned(), Value::from(proof))).into());
    });
}

#[test]
fn what_is_older_than_the_day_named_is_neither_asked_for_nor_moved() {
    on_each_database(async |database| {
        let mut room = Room::new(database, shelf([4, 8])).await;
        let since = chrono::NaiveDate::from_ymd_opt(2026, 1, 5);
        room.watch(Account { since, ..account(&room.server, After::Move("Kept".to_owned())) });
        room.until_settled(8).await;
        room.stop().await;
        let (heard, done) = room.server.with(|shelf| (shelf.heard.clone(), shelf.done.clone()));
        assert!(heard.contains(&"UID SEARCH UID 1:* SINCE 5-Jan-2026".to_owned()), "{heard:?}");
        assert!(heard.contains(&"UID MOVE 4,8 Kept".to_owned()) || done == ["move 4 Kept", "move 8 Kept"], "{done:?}");
    });
}
