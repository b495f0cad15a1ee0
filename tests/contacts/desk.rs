//! A desk of the department: one person on file, one who reads, and strategies put in force without their cases' story.

use crate::support::{Session, TestApp, TestDatabase};
use chrono::{DateTime, Utc};
use evenhand::app::AppError;
use evenhand::domain::access::{Role, Scope};
use evenhand::domain::ids::{CaseId, PersonId};
use evenhand::store::strategies::{self, StrategyRow};
use serde_json::{Value, json};

pub struct Desk {
    pub app: TestApp,
    pub staff: Session,
    pub calls: Session,
    pub person: String,
}

pub fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl Desk {
    pub async fn set_up(database: TestDatabase) -> Self {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let calls = app.system("calls", &[Scope::ContactsWrite, Scope::ContactsRead]).await;
        let mut desk = Self { app, staff, calls, person: String::new() };
        desk.person = desk.person_on_file("FSU-0001").await;
        desk
    }

    /// The same at another time: the clock is set, and the officer signs in again.
    pub async fn at(mut self, now: &str) -> Self {
        self.app.app.clock.set(utc(now));
        self.staff = self.app.sign_in("staff").await;
        self
    }

    pub async fn person_on_file(&self, reference: &str) -> String {
        let body = json!({ "reference": reference, "fullName": format!("Example Person {reference}") });
        let made = self.app.post(&self.staff, "/api/v1/people", body).await.ok();
        made["id"].as_str().unwrap().to_owned()
    }

    /// Limits that bind the person from `from` to the end of 2027.
    pub async fn limits_in_force(&self, person: &str, from: &str, limits: Value) -> CaseId {
        self.in_force(person, from, limits, json!([])).await
    }

    pub async fn in_force(&self, person: &str, from: &str, limits: Value, blocked: Value) -> CaseId {
        self.in_force_with(person, from, (limits, blocked), None).await
    }

    /// The same with a single point of contact.
    pub async fn in_force_with(
        &self,
        person: &str,
        from: &str,
        (limits, blocked): (Value, Value),
        spoc: Option<&Session>,
    ) -> CaseId {
        let opened = json!({ "workflow": "frequent-service-user", "personId": person,
                             "input": { "source": "manual", "reason": "For a test." } });
        let case = self.app.post(&self.staff, "/api/v1/cases", opened).await.ok();
        let case: CaseId = case["id"].as_str().unwrap().parse().unwrap();
        let row = StrategyRow {
            case_id: case.as_uuid(),
            person_id: person.parse::<PersonId>().unwrap().as_uuid(),
            spoc_id: spoc.map(|spoc| spoc.id.parse().unwrap()),
            effective_from: utc(from),
            ends_at: utc("2028-01-01T00:00:00Z"),
            limits,
            blocked,
            put_in_force_at: self.app.now(),
            lifted_at: None,
            lifted_because: None,
        };
        let put = async move |tx: &evenhand::store::Tx| -> Result<(), AppError> {
            Ok(strategies::put_in_force(tx, row).await?)
        };
        self.app.app.store.write(put).await.map_err(AppError::from).unwrap();
        self.recount(person).await;
        case
    }

    /// Measures a person's whole history anew, as putting limits in force does.
    pub async fn recount(&self, person: &str) {
        let id = person.parse::<PersonId>().unwrap();
        evenhand::app::contacts::recompute_person(&self.app.app, id).await.unwrap();
    }

    /// A letter the officer knows to be from the person.
    pub async fn letter(&self, person: &str, received_at: &str) -> Value {
        let body = json!({ "channel": "letter", "receivedAt": received_at, "personId": person });
        self.app.post(&self.staff, "/api/v1/contacts", body).await.ok()
    }

    /// The open tasks of an officer, by kind.
    pub async fn tasks(&self, who: &Session) -> Vec<Value> {
        let tasks = self.app.get(who, "/api/v1/tasks").await.ok();
        tasks["data"].as_array().unwrap().iter().filter(|task| task["contactId"].is_string()).cloned().collect()
    }

    pub async fn kinds(&self, who: &Session) -> Vec<String> {
        let mut kinds: Vec<String> =
            self.tasks(who).await.iter().map(|task| task["kind"].as_str().unwrap().to_owned()).collect();
        kinds.sort();
        kinds
    }

    pub async fn finish(&self, who: &Session, task: &Value, body: Value) -> crate::support::Answer {
        let path = format!("/api/v1/tasks/{}/completion", task["id"].as_str().unwrap());
        self.app.post(who, &path, body).await
    }

    pub async fn contact(&self, contact: &Value) -> Value {
        self.app.get(&self.staff, &format!("/api/v1/contacts/{}", contact["id"].as_str().unwrap())).await.ok()
    }

    /// An action on a contact at the version it is now.
    pub async fn act(&self, contact: &Value, action: &str, body: Value) -> crate::support::Answer {
        let path = format!("/api/v1/contacts/{}", contact["id"].as_str().unwrap());
        let etag = self.app.get(&self.staff, &path).await.etag();
        self.app.post_at(&self.staff, &format!("{path}/{action}"), &etag, body).await
    }

    /// The leading verdict of each of the person's contacts, oldest first.
    pub async fn verdicts(&self, person: &str) -> Vec<String> {
        let page = self.app.get(&self.staff, &format!("/api/v1/people/{person}/contacts?limit=200")).await.ok();
        let newest_first = page["data"].as_array().unwrap();
        newest_first.iter().rev().map(|contact| contact["verdict"]["kinds"][0].as_str().unwrap().to_owned()).collect()
    }
}

/// One letter a rolling week.
pub fn one_a_week() -> Value {
    at_most(1, "rolling", "week", 1)
}

pub fn at_most(max: u32, kind: &str, unit: &str, n: u32) -> Value {
    json!([{ "channel": "letter", "allowed": true, "max": max, "window": { "kind": kind, "unit": unit, "n": n } }])
}

/// The seven questions, with these ticked.
pub fn answers(ticked: &[&str]) -> Value {
    let questions = ["risk", "complaint", "crime", "rights", "adjustment", "threat", "requested_reply"];
    questions.iter().map(|question| ((*question).to_owned(), json!(ticked.contains(question)))).collect()
}
