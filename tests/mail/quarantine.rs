//! A message that cannot be routed is kept, listed with its reason, and routed again once what stood in its way is gone.

use super::mailroom::{Mailroom, OURS};
use crate::support::on_each_database;
use chrono::Duration;
use evenhand::domain::access::Role;
use sea_orm::{ConnectionTrait, Database, DbBackend};
use serde_json::{Value, json};

/// The subject of contacts that the database takes no more.
const STUCK: &str = "stuck";

/// From now on the database refuses contacts of that subject, as a fault of ours would make it.
async fn obstruct(url: &str) {
    let db = Database::connect(url).await.unwrap();
    let statement = match db.get_database_backend() {
        DbBackend::Postgres => format!("ALTER TABLE contacts ADD CONSTRAINT stuck CHECK (subject <> '{STUCK}')"),
        DbBackend::Sqlite | DbBackend::MySql | _ => format!(
            "CREATE TRIGGER stuck BEFORE INSERT ON contacts WHEN NEW.subject = '{STUCK}' \
             BEGIN SELECT RAISE(ABORT, 'stuck'); END"
        ),
    };
    db.execute_unprepared(&statement).await.unwrap();
    db.close().await.unwrap();
}

async fn clear(url: &str) {
    let db = Database::connect(url).await.unwrap();
    let statement = match db.get_database_backend() {
        DbBackend::Postgres => "ALTER TABLE contacts DROP CONSTRAINT stuck",
        DbBackend::Sqlite | DbBackend::MySql | _ => "DROP TRIGGER stuck",
    };
    db.execute_unprepared(statement).await.unwrap();
    db.close().await.unwrap();
}

async fn quarantined(room: &Mailroom) -> Vec<Value> {
    let listed = room.app.get(&room.staff, "/api/v1/mail?state=quarantined").await.ok();
    listed["data"].as_array().unwrap().clone()
}

#[test]
fn what_cannot_be_routed_is_listed_and_routed_again_and_keeps_nothing_else_back() {
    on_each_database(async |database| {
        let url = database.url.clone();
        let room = Mailroom::open(database).await;
        obstruct(&url).await;
        let mut stuck = Vec::new();
        for n in 0..3 {
            let raw = format!("From: a@example.com\r\nSubject: {STUCK}\r\n\r\nWords {n}\r\n");
            stuck.push(room.app.post_mail(&room.border, OURS, raw).await.ok()["id"].clone());
            // Others of the same batch go their way.
            room.arrives("From: b@example.com\r\nSubject: free", &format!("Words {n}")).await;
        }
        for _attempt in 0..10 {
            room.app.advance(Duration::days(1));
            room.app.run_jobs().await;
        }
        let listed = quarantined(&room).await;
        let ids: Vec<&Value> = listed.iter().map(|mail| &mail["id"]).collect();
        assert_eq!(ids, stuck.iter().collect::<Vec<_>>(), "the oldest first");
        assert!(listed.iter().all(|mail| mail["attempts"] == 5 && !mail["reason"].as_str().unwrap().is_empty()));
        assert!(!Value::from(listed).to_string().contains("a@example.com"));

        let again = json!({ "ids": stuck });
        let tried = room.app.post(&room.staff, "/api/v1/mail/reprocessing", again.clone()).await.ok();
        assert!(tried["data"].as_array().unwrap().iter().all(|one| one["outcome"] == "not_routed"), "{tried}");
        assert!(quarantined(&room).await.iter().all(|mail| mail["attempts"] == 6));

        clear(&url).await;
        let done = room.app.post(&room.staff, "/api/v1/mail/reprocessing", again).await.ok();
        assert!(done["data"].as_array().unwrap().iter().all(|one| one["outcome"] == "routed"), "{done}");
        assert_eq!(quarantined(&room).await.len(), 0);
        let path = format!("/api/v1/mail/{}", stuck[0].as_str().unwrap());
        let explained = room.app.get(&room.staff, &path).await.ok();
        let steps = explained["steps"].as_array().unwrap();
        let states: Vec<&str> = steps.iter().map(|step| step["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["quarantined", "quarantined", "unattributed"]);
        assert_eq!(steps[0]["by"]["kind"], "software");
        assert!(steps.iter().skip(1).all(|step| step["by"]["id"] == room.staff.id), "{steps:?}");

        let once_more = json!({ "ids": [stuck[0]] });
        let refused = room.app.post(&room.staff, "/api/v1/mail/reprocessing", once_more).await.ok();
        assert_eq!(refused["data"][0]["outcome"], "not_routed", "it reached a contact: {refused}");
        let spoc = room.app.officer("spoc", &[Role::Spoc]).await;
        room.app.get(&spoc, "/api/v1/mail?state=quarantined").await.is_problem(403, "wrong-role");
    });
}
