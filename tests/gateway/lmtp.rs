//! The LMTP door on a real port, before a real database.

use crate::support::{TestApp, on_each_database};
use evenhand::app::mail::explain_mail;
use evenhand::domain::access::Actor;
use evenhand::domain::ids::MailId;
use evenhand::gateway::Door;
use evenhand::worker;
use sea_orm::EntityTrait;
use std::net::SocketAddr;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// An open door, and the way to shut it.
struct Open {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    served: tokio::task::JoinHandle<()>,
}

impl Open {
    fn before(house: &TestApp, connections: usize) -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let door = Door::bind(house.app.clone(), listen, "mx.force.example".to_owned(), (connections, 64)).unwrap();
        let address = door.address().unwrap();
        let (stop, stopped) = watch::channel(false);
        #[expect(clippy::disallowed_methods, reason = "shut and waited for at the test's end")]
        let served = tokio::spawn(door.serve(stopped));
        Self { address, stop, served }
    }

    async fn shut(self) {
        self.stop.send(true).unwrap();
        self.served.await.unwrap();
    }
}

struct Caller(BufReader<TcpStream>);

impl Caller {
    async fn call(open: &Open) -> Self {
        Self(BufReader::new(TcpStream::connect(open.address).await.unwrap()))
    }

    async fn say(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).await.unwrap();
    }

    /// The next answer's last line; empty: the door hung up.
    async fn hear(&mut self) -> String {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await.unwrap();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.trim_end().to_owned();
            }
        }
    }

    /// Hands a message over to two addresses, everything at once as a pipelining server does.
    async fn hand_over(&mut self, content: &str) -> Vec<String> {
        let length = content.len();
        self.say(&format!(
            "LHLO mta.example\r\nMAIL FROM:<Sender@Example.org> SIZE={length} BODY=8BITMIME\r\n\
             RCPT TO:<psd@force.example>\r\nRCPT TO:<Desk@Force.example>\r\nDATA\r\n"
        ))
        .await;
        let mut heard = vec![self.hear().await];
        for _ in 0..5 {
            heard.push(self.hear().await);
        }
        if heard.last().is_some_and(|answer| answer.starts_with("354")) {
            self.say(&format!("{content}.\r\n")).await;
            heard.extend([self.hear().await, self.hear().await]);
        }
        heard.iter().map(|answer| answer.get(..3).unwrap_or_default().to_owned()).collect()
    }
}

fn letter(n: usize) -> String {
    format!(
        "From: Sender <sender@example.org>\r\nTo: psd@force.example\r\nSubject: Letter {n}\r\n\
         Message-ID: <{n}@example.org>\r\n\r\nAbout matter {n}, naïvely.\r\n"
    )
}

async fn kept(house: &TestApp) -> Vec<entities::mails::Model> {
    entities::mails::Entity::find().all(house.app.store.reader()).await.unwrap()
}

#[test]
fn a_message_for_two_of_our_addresses_is_one_message_with_two_deliveries() {
    on_each_database(async |database| {
        let house = TestApp::start(database).await;
        let open = Open::before(&house, 4);
        for _again in 0..2 {
            let mut caller = Caller::call(&open).await;
            let heard = caller.hand_over(&letter(1)).await;
            assert_eq!(heard, ["220", "250", "250", "250", "250", "354", "250", "250"]);
        }
        let mails = kept(&house).await;
        assert_eq!(mails.len(), 1, "the same bytes again are not kept twice");
        worker::work_off(&house.app).await.unwrap();
        let told = explain_mail(&house.app, &Actor::Software, MailId::from_uuid(mails[0].id)).await.unwrap();
        let to: Vec<_> = told.deliveries.iter().map(|delivery| delivery.recipient.as_str()).collect();
        assert_eq!(to, ["desk@force.example", "psd@force.example"]);
        assert!(told.deliveries.iter().all(|delivery| delivery.source == "lmtp"));
        assert_eq!(told.deliveries[0].envelope_from.as_deref(), Some("sender@example.org"));
        assert_eq!((told.state.as_str(), told.steps.len()), ("unattributed", 1));
        let contacts = entities::contacts::Entity::find().all(house.app.store.reader()).await.unwrap();
        assert_eq!(contacts.len(), 1);
        open.shut().await;
    });
}

#[test]
fn what_cannot_be_kept_stays_with_its_sender() {
    on_each_database(async |database| {
        let house = TestApp::start(database).await;
        let open = Open::before(&house, 4);
        house.app.store.close().await;
        let heard = Caller::call(&open).await.hand_over(&letter(1)).await;
        assert_eq!(heard.split_off_last(2), ["451", "451"]);
        open.shut().await;
    });
}

#[test]
fn many_callers_at_once_are_each_answered_for_what_is_on_the_disk() {
    on_each_database(async |database| {
        let house = TestApp::start(database).await;
        let open = Open::before(&house, 32);
        let calls = (0..8).map(async |n| {
            for round in 0..5 {
                let heard = Caller::call(&open).await.hand_over(&letter(n * 100 + round)).await;
                assert_eq!(heard.split_off_last(2), ["250", "250"]);
            }
        });
        futures_util::future::join_all(calls).await;
        assert_eq!(kept(&house).await.len(), 40);
        open.shut().await;
    });
}

#[test]
fn more_callers_than_there_is_room_for_are_asked_to_come_again() {
    on_each_database(async |database| {
        let house = TestApp::start(database).await;
        let open = Open::before(&house, 1);
        let mut first = Caller::call(&open).await;
        assert!(first.hear().await.starts_with("220"));
        assert!(Caller::call(&open).await.hear().await.starts_with("421"));
        first.say("QUIT\r\n").await;
        assert!(first.hear().await.starts_with("221"));
        open.shut().await;
    });
}

#[test]
fn a_door_that_shuts_says_so_to_whoever_waits_and_finishes_what_is_in_hand() {
    on_each_database(async |database| {
        let house = TestApp::start(database).await;
        let open = Open::before(&house, 4);
        let (mut idle, mut busy) = (Caller::call(&open).await, Caller::call(&open).await);
        assert!(idle.hear().await.starts_with("220"));
        busy.say("LHLO m\r\nMAIL FROM:<>\r\nRCPT TO:<psd@force.example>\r\nDATA\r\n").await;
        for answer in ["220", "250", "250", "250", "354"] {
            assert!(busy.hear().await.starts_with(answer));
        }
        open.stop.send(true).unwrap();
        assert!(idle.hear().await.starts_with("421"));
        busy.say(&format!("{}.\r\n", letter(7))).await;
        assert!(busy.hear().await.starts_with("250"));
        assert!(busy.hear().await.starts_with("421"));
        open.served.await.unwrap();
        assert_eq!(kept(&house).await.len(), 1);
    });
}

trait SplitOffLast {
    fn split_off_last(self, n: usize) -> Vec<String>;
}

impl SplitOffLast for Vec<String> {
    fn split_off_last(mut self, n: usize) -> Vec<String> {
        self.split_off(self.len() - n)
    }
}
