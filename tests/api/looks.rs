//! Whose data were shown to whom: each look at a list can be told person by person.

use crate::support::database::access_log_of;
use crate::support::{TestApp, TestDatabase, on_each_database};
use entities::access_log::{Column, Entity, Model};
use evenhand::domain::access::{Role, Scope};
use sea_orm::{Database, DatabaseConnection, EntityTrait, QueryOrder};
use serde_json::json;

async fn log_of(database: &TestDatabase) -> DatabaseConnection {
    if database.is_postgres() {
        return database.raw().await;
    }
    Database::connect(format!("sqlite://{}", access_log_of(&database.file()).display())).await.unwrap()
}

/// What of this kind was looked at, one after the other.
async fn looked_at(log: &DatabaseConnection, object: &str) -> Vec<Model> {
    let all = Entity::find().order_by_asc(Column::Position).all(log).await.unwrap();
    all.into_iter().filter(|entry| entry.object == object).collect()
}

#[test]
fn a_list_or_a_search_is_written_down_record_by_record() {
    on_each_database(async |database| {
        let log = log_of(&database).await;
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let system = app.system("telephony", &[Scope::ContactsWrite]).await;
        let mut people = Vec::new();
        for n in 1..=2 {
            let person = json!({ "reference": format!("FSU-{n}"), "fullName": "Example Person" });
            people.push(app.post(&staff, "/api/v1/people", person).await.ok()["id"].clone());
        }
        let contact = json!({ "channel": "101", "personId": people[0] });
        let contact = app.post(&system, "/api/v1/contacts", contact).await.ok()["id"].clone();
        let case = json!({ "personId": people[0], "reason": "Nine calls in a day" });
        app.post(&staff, "/api/v1/nominations", case).await.ok();

        let ids = async |object: &str| -> Vec<serde_json::Value> {
            looked_at(&log, object).await.iter().map(|entry| json!(entry.object_id)).collect()
        };
        app.post(&staff, "/api/v1/people/searches", json!({ "text": "Example" })).await.ok();
        assert_eq!(ids("person").await, [json!(null), people[0].clone(), people[1].clone()]);
        app.get(&staff, "/api/v1/contacts").await.ok();
        let contacts = looked_at(&log, "contact").await;
        assert_eq!(ids("contact").await, [json!(null), contact]);
        assert_eq!(contacts[1].detail["person"], people[0]);
        app.get(&staff, "/api/v1/cases").await.ok();
        let cases = looked_at(&log, "case").await;
        let (whole, one) = (&cases[cases.len() - 2], &cases[cases.len() - 1]);
        assert_eq!((&whole.object_id, &whole.detail), (&None, &json!({ "found": 1 })));
        assert_eq!(one.detail["person"], people[0]);
        let found = app.post(&staff, "/api/v1/caller-lookups", json!({ "name": "Example Person" })).await;
        let found = found.ok()["data"].as_array().unwrap().len();
        assert_eq!(looked_at(&log, "caller").await.len(), found + 1);
    });
}
