//! How much of our mail may leave, and who lets it go on once it has stopped.

use crate::support::{TestApp, TestDatabase, on_each_database};
use chrono::Duration;
use evenhand::app::App;
use evenhand::app::outbox::{Draft, Origin, Queued, queue_mail};
use evenhand::config::Config;
use evenhand::domain::access::Role;
use evenhand::domain::ids::{EventId, OfficerId, OutgoingId};
use evenhand::render::Rendered;
use evenhand::store::outgoing::{self, OutgoingRow};
use serde_json::{Value, json};
use uuid::Uuid;

pub fn draft(event: u128, to: &str, origin: Origin) -> Draft {
    Draft {
        event: EventId::from_uuid(Uuid::from_u128(event)),
        to: to.to_owned(),
        words: Rendered { subject: "Words".into(), text: "Words".into(), html: "<p>Words</p>".into() },
        origin,
        person: None,
        case: None,
        in_reply_to: None,
        references: Vec::new(),
    }
}

pub fn by_an_officer() -> Origin {
    Origin::Officer(OfficerId::from_uuid(Uuid::from_u128(9)))
}

pub async fn queue(app: &App, draft: Draft) -> OutgoingId {
    let house = app.clone();
    match app.store.write(async move |tx| queue_mail(&house, tx, draft).await).await.unwrap() {
        Queued::As(id) => id,
        Queued::Silent(why) => panic!("{why:?}"),
    }
}

pub async fn row(app: &App, id: OutgoingId) -> OutgoingRow {
    outgoing::find(app.store.reader(), id).await.unwrap().unwrap()
}

async fn house(database: TestDatabase, change: impl Fn(&mut Config)) -> TestApp {
    let mut config = TestApp::config();
    change(&mut config);
    TestApp::start_with(database, config).await
}

async fn titles(app: &TestApp, who: &crate::support::Session) -> Vec<String> {
    let tasks = app.get(who, "/api/v1/tasks").await.ok();
    let title = |task: &Value| task["title"].as_str().unwrap().to_owned();
    tasks["data"].as_array().unwrap().iter().map(title).collect()
}

#[test]
fn more_mails_than_an_address_may_get_wait_their_turn_and_a_person_is_told() {
    on_each_database(async |database| {
        let app = house(database, |config| config.sending.recipient_per_hour = 2).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let mut mails = Vec::new();
        for event in 1..=3 {
            let to = if event == 2 { "Person <PERSON@example.com>" } else { "person@example.com" };
            mails.push(queue(&app.app, draft(event, to, by_an_officer())).await);
        }
        let other = queue(&app.app, draft(4, "other@example.com", Origin::Program)).await;
        app.run_jobs().await;
        let sent = app.app.delivery.delivered();
        assert_eq!(sent.len(), 3, "two to the one address, one to the other");
        let mut waiting = None;
        for id in &mails {
            let mail = row(&app.app, *id).await;
            if mail.state == "queued" {
                assert_eq!(mail.waits_because.as_deref(), Some("recipient_budget"));
                assert_eq!((mail.attempts, mail.not_before), (0, Some(app.now() + Duration::hours(1))));
                waiting = Some(*id);
            }
        }
        let waiting = waiting.expect("one waits");
        assert_eq!(row(&app.app, other).await.state, "sent");
        assert_eq!(titles(&app, &staff).await.len(), 1);

        let listed = app.get(&staff, "/api/v1/outgoing?state=queued").await.ok();
        assert_eq!(listed["data"][0]["id"], json!(waiting));
        assert_eq!(listed["data"][0]["waitsBecause"], "recipient_budget");
        let text = listed.to_string();
        assert!(!text.contains("person@") && !text.contains("Words"), "{text}");

        app.advance(Duration::hours(1));
        app.run_jobs().await;
        assert_eq!(row(&app.app, waiting).await.state, "sent");
        assert_eq!(row(&app.app, waiting).await.waits_because, None);
        assert_eq!(titles(&app, &staff).await, [""; 0], "nobody has to look at it any more");
    });
}

#[test]
fn a_day_has_its_own_budget_for_an_address() {
    on_each_database(async |database| {
        let app = house(database, |config| config.sending.recipient_per_day = 3).await;
        let mut last = None;
        for event in 1..=4 {
            last = Some(queue(&app.app, draft(event, "person@example.com", Origin::Program)).await);
            app.run_jobs().await;
            app.advance(Duration::hours(2));
        }
        let mail = row(&app.app, last.unwrap()).await;
        assert_eq!((mail.state.as_str(), mail.waits_because.as_deref()), ("queued", Some("recipient_budget")));
        app.advance(Duration::hours(16));
        app.run_jobs().await;
        assert_eq!(app.app.delivery.delivered().len(), 4);
    });
}

#[test]
fn one_mail_too_many_stops_everything_until_a_named_officer_lets_it_go_on() {
    on_each_database(async |database| {
        let app = house(database, |config| config.sending.all_per_ten_minutes = 3).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let supervisor = app.officer("supervisor", &[Role::PsdSupervisor]).await;
        let border = app.system("border", &[evenhand::domain::access::Scope::MailWrite]).await;
        for event in 1..=7 {
            queue(&app.app, draft(event, &format!("person{event}@example.com"), by_an_officer())).await;
        }
        app.run_jobs().await;
        assert_eq!(app.app.delivery.delivered().len(), 3);
        app.advance(Duration::days(1));
        app.run_jobs().await;
        assert_eq!(app.app.delivery.delivered().len(), 3, "no time lets it go on");
        let stop = app.get(&staff, "/api/v1/outgoing/stop").await.ok();
        assert_eq!(stop["stop"]["because"], "3 mails left in 10 minutes.");
        assert!(titles(&app, &supervisor).await[0].contains("No mail is sent any more"));
        let mail = "From: Somebody <somebody@example.com>\r\nSubject: Hello\r\n\r\nWords.\r\n";
        assert_eq!(app.post_mail(&border, "psd@example.org", mail).await.status, 202, "mail still comes in");

        let reason = json!({ "reason": "A mass mailing that was meant." });
        assert_eq!(app.post(&staff, "/api/v1/outgoing/restart", reason.clone()).await.body["code"], "wrong-role");
        assert_eq!(app.post(&supervisor, "/api/v1/outgoing/restart", json!({ "reason": " " })).await.status, 422);
        let over = app.post(&supervisor, "/api/v1/outgoing/restart", reason.clone()).await.ok();
        assert_eq!(over["releasedBy"], json!(supervisor.id));
        let again = app.post(&supervisor, "/api/v1/outgoing/restart", reason).await;
        assert_eq!(again.body["code"], "sending-not-stopped");
        app.advance(Duration::seconds(1));
        app.run_jobs().await;
        assert_eq!(app.app.delivery.delivered().len(), 6, "as many again, and then it stops again");
        assert_eq!(titles(&app, &supervisor).await.len(), 1, "the first task was done by the restart");
        let history = evenhand::store::events::load(
            app.app.store.reader(),
            stop["stop"]["id"].as_str().unwrap().parse().unwrap(),
        );
        let kinds: Vec<String> = history.await.unwrap().into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds, ["sending_stopped", "sending_restarted"]);
    });
}
