//! What is not taken is sent again, and what is given up can be; secrets change without a message lost.

use super::{NOMINATED, Telling, signature};
use crate::support::on_each_database;
use chrono::Duration;
use evenhand::app::webhooks::{DELIVER_WEBHOOK, give_up_delivery};
use evenhand::domain::access::Scope;
use evenhand::domain::ids::Id;
use evenhand::store::Tx;
use evenhand::store::jobs::Job;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

const SCOPES: [Scope; 1] = [Scope::NominationsRead];
const WAITS_SECONDS: [i64; 7] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];

#[test]
fn what_is_not_taken_is_sent_again_by_the_steps_and_then_lies_dead_until_somebody_sends_it_again() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let hook = telling.confirmed(&[NOMINATED], &[]).await;
        let app = &telling.force.app;
        telling.receiver.answers_next(&[500, 503, 500, 500, 404, 500, 500, 500]);
        telling.force.nominate().await;
        let first = telling.told(1).await;
        for (sent, wait) in WAITS_SECONDS.iter().enumerate() {
            app.advance(Duration::seconds(wait - 1));
            app.run_jobs().await;
            assert_eq!(telling.receiver.told().len(), sent + 1, "sent again too early");
            assert_eq!(telling.deliveries(&hook, "waiting").await.len(), 1);
            app.advance(Duration::seconds(1));
            telling.told(sent + 2).await;
        }
        let dead = telling.deliveries(&hook, "dead").await;
        let answers: Vec<&Value> =
            dead[0]["attempts"].as_array().unwrap().iter().map(|attempt| &attempt["answer"]).collect();
        assert_eq!(answers, ["500", "503", "500", "500", "404", "500", "500", "500"]);
        let stands = telling.read(&hook).await;
        assert_eq!((&stands["dead"], &stands["trouble"]), (&json!(1), &json!("500")));
        assert_eq!(stands["troubleSince"], dead[0]["attempts"][0]["at"]);
        app.advance(Duration::days(3));
        app.run_jobs().await;
        assert_eq!(telling.receiver.told().len(), 8, "a dead letter was sent by itself");

        let one = format!("{}/deliveries/{}/replay", hook.path, dead[0]["id"].as_str().unwrap());
        assert_eq!(app.post(&telling.force.admin, &one, json!({})).await.ok()["state"], "waiting");
        app.post(&telling.force.admin, &one, json!({})).await.is_problem(404, "not-found");
        let last = telling.told(9).await.pop().unwrap();
        assert_eq!((&last.text, &last.headers["webhook-id"]), (&first[0].text, &first[0].headers["webhook-id"]));
        assert_ne!(last.headers["webhook-timestamp"], first[0].headers["webhook-timestamp"]);
        assert_eq!(last.headers["webhook-signature"], signature(&hook.secret, &last));
        let stands = telling.read(&hook).await;
        assert_eq!((&stands["dead"], &stands["troubleSince"]), (&json!(0), &Value::Null));
        assert_eq!(telling.deliveries(&hook, "delivered").await[0]["attempts"].as_array().unwrap().len(), 9);
    });
}

#[test]
fn all_that_was_given_up_since_a_day_is_sent_again_at_once() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let hook = telling.confirmed(&[NOMINATED], &[]).await;
        let (app, admin) = (&telling.force.app, &telling.force.admin);
        telling.receiver.answers_next(&[410, 410]);
        telling.force.nominate().await;
        telling.told(1).await;
        app.advance(Duration::days(1));
        let again = json!({ "personId": telling.force.person, "reason": "Another day, another matter." });
        app.post(&telling.force.staff, "/api/v1/nominations", again).await.ok();
        telling.told(2).await;
        assert_eq!(telling.deliveries(&hook, "dead").await.len(), 2, "a receiver that is gone is not asked again");
        let replay = format!("{}/replay", hook.path);
        let since = json!({ "since": app.now() });
        assert_eq!(app.post(admin, &replay, since).await.ok()["replayed"], 1);
        assert_eq!(app.post(admin, &replay, json!({})).await.ok()["replayed"], 1);
        assert_eq!(app.post(admin, &replay, json!({})).await.ok()["replayed"], 0);
        telling.told(4).await;
        assert_eq!(telling.deliveries(&hook, "delivered").await.len(), 2);
    });
}

#[test]
fn for_a_day_after_a_new_secret_each_message_is_signed_with_both() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let hook = telling.confirmed(&[NOMINATED], &[]).await;
        let (app, admin) = (&telling.force.app, &telling.force.admin);
        let rotated = app.post(admin, &format!("{}/secret", hook.path), json!({})).await.ok();
        let new = rotated["secret"].as_str().unwrap();
        assert_ne!(new, hook.secret);
        let shown = app.get(admin, &hook.path).await;
        assert!(!shown.text.contains("whsec_") && !shown.text.contains(new));
        telling.force.nominate().await;
        let told = telling.told(1).await.pop().unwrap();
        let both = format!("{} {}", signature(new, &told), signature(&hook.secret, &told));
        assert_eq!(told.headers["webhook-signature"], both);
        app.advance(Duration::hours(24));
        let again = json!({ "personId": telling.force.person, "reason": "Another day, another matter." });
        app.post(&telling.force.staff, "/api/v1/nominations", again).await.ok();
        let told = telling.told(2).await.pop().unwrap();
        assert_eq!(told.headers["webhook-signature"], signature(new, &told));
    });
}

#[test]
fn an_ended_webhook_is_told_nothing_more() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let hook = telling.confirmed(&[NOMINATED], &[]).await;
        let (app, admin) = (&telling.force.app, &telling.force.admin);
        telling.receiver.answers_next(&[500]);
        telling.force.nominate().await;
        telling.told(1).await;
        for _twice in 0..2 {
            assert!(app.post(admin, &format!("{}/end", hook.path), json!({})).await.ok()["endedAt"].is_string());
        }
        app.advance(Duration::hours(1));
        telling.told(1).await;
        let dead = telling.deliveries(&hook, "dead").await;
        assert_eq!(dead[0]["attempts"][1]["answer"], "withdrawn");
        app.post(admin, &format!("{}/secret", hook.path), json!({})).await.is_problem(404, "not-found");
        app.post(admin, &format!("{}/replay", hook.path), json!({})).await.is_problem(404, "not-found");
    });
}

#[test]
fn a_receiver_in_trouble_is_tried_with_one_and_the_rest_waits_for_it() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let hook = telling.confirmed(&[NOMINATED], &[]).await;
        let app = &telling.force.app;
        telling.receiver.answers_next(&[500]);
        telling.force.nominate().await;
        telling.told(1).await;
        for day in 1..=6 {
            app.advance(Duration::days(1));
            let again = json!({ "personId": telling.force.person, "reason": format!("Another matter {day}.") });
            app.post(&telling.force.staff, "/api/v1/nominations", again).await.ok();
        }
        telling.receiver.answers_next(&[503; 3]);
        // Another test's transaction in the same cluster holds the feed back.
        for _again in 0..500 {
            app.run_jobs().await;
            if telling.deliveries(&hook, "waiting").await.len() == 7 {
                break;
            }
        }
        app.run_jobs().await;
        let tried = telling.receiver.told().len();
        assert!(tried <= 2, "{tried} were sent to a receiver that takes nothing");
        app.run_jobs().await;
        assert_eq!(telling.receiver.told().len(), tried, "the rest did not wait");
        for _again in 0..40 {
            app.advance(Duration::hours(1));
            app.run_jobs().await;
        }
        assert_eq!(telling.deliveries(&hook, "delivered").await.len(), 7);
    });
}

#[test]
fn a_delivery_that_our_own_trouble_kept_lies_dead_and_can_be_sent_again() {
    on_each_database(async |database| {
        let telling = Box::pin(Telling::begin(database, &SCOPES)).await;
        let hook = telling.confirmed(&[NOMINATED], &[]).await;
        let (app, admin) = (&telling.force.app, &telling.force.admin);
        telling.receiver.answers_next(&[500]);
        telling.force.nominate().await;
        telling.told(1).await;
        let db = app.app.store.reader();
        let wanted = entities::jobs::Column::Kind.eq(DELIVER_WEBHOOK);
        let job = entities::jobs::Entity::find().filter(wanted).one(db).await.unwrap().unwrap();
        let job = Job {
            id: Id::from_uuid(job.id),
            kind: job.kind,
            payload: job.payload,
            key: job.key,
            attempts: job.attempts,
            run_at: job.run_at,
            last_error: job.last_error,
            created_at: job.created_at,
        };
        let given = app.app.clone();
        let given_up = app.app.store.write(async move |tx: &Tx| give_up_delivery(&given, tx, &job).await);
        given_up.await.unwrap();
        let dead = telling.deliveries(&hook, "dead").await;
        assert_eq!(dead[0]["attempts"][1]["answer"], "not_sent");
        let one = format!("{}/deliveries/{}/replay", hook.path, dead[0]["id"].as_str().unwrap());
        assert_eq!(app.post(admin, &one, json!({})).await.ok()["state"], "waiting");
        telling.told(2).await;
    });
}
