//! Calls on the line: looked up, recorded, graded, and what call takers are told.

mod away;
mod lookup;
mod markers;
mod record;

use crate::support::{Answer, Session, TestApp};
use evenhand::domain::access::Role;
use serde_json::{Value, json};

/// A control room with somebody on file.
pub struct Room {
    pub app: TestApp,
    pub staff: Session,
    pub ccr: Session,
    pub person: String,
}

pub const NUMBER: &str = "01632 960123";

impl Room {
    pub async fn open(app: TestApp) -> Self {
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let ccr = app.officer("ccr", &[Role::Ccr]).await;
        let person = on_file(&app, &staff, ("FSU-0001", "Example Person One"), Some(NUMBER)).await;
        Self { app, staff, ccr, person }
    }

    pub async fn looked_up(&self, clues: Value) -> Value {
        self.app.post(&self.ccr, "/api/v1/caller-lookups", clues).await.ok()
    }

    /// Begins a record. Answers its path.
    pub async fn begun(&self, new: Value) -> String {
        let begun = self.app.post(&self.ccr, "/api/v1/calls", new).await.ok();
        format!("/api/v1/calls/{}", begun["id"].as_str().unwrap())
    }

    /// Acts at the version that is read first.
    pub async fn act(&self, path: &str, action: &str, input: Value) -> Answer {
        let etag = self.app.get(&self.ccr, path).await.etag();
        self.app.post_at(&self.ccr, &format!("{path}/actions/{action}"), &etag, input).await
    }

    pub async fn assess(&self, path: &str, genuine: bool, crime: bool) -> Value {
        let purpose = json!({ "finding": "policing", "reason": "They report a theft." });
        let input = json!({ "purpose": purpose, "genuine": genuine, "crime": crime, "reportNeeded": false });
        self.act(path, "assess", input).await.ok()
    }

    pub async fn thrive(&self, path: &str) -> Value {
        self.act(path, "thrive", thrive()).await.ok()
    }

    /// Every step of the script is done.
    pub async fn go_through_the_script(&self, path: &str) {
        let steps = self.app.get(&self.ccr, path).await.ok()["script"].as_array().unwrap().len();
        for step in 1..=steps {
            self.act(path, "script_step", json!({ "step": step, "done": true })).await.ok();
        }
    }
}

pub fn thrive() -> Value {
    json!({ "threat": "None.", "harm": "None.", "risk": "Low.", "investigation": "None.", "vulnerability": "Lives alone.",
            "engagement": "Wants to be heard." })
}

pub async fn on_file(
    app: &TestApp,
    staff: &Session,
    (reference, name): (&str, &str),
    telephone: Option<&str>,
) -> String {
    let new = json!({ "reference": reference, "fullName": name });
    let id = app.post(staff, "/api/v1/people", new).await.ok()["id"].as_str().unwrap().to_owned();
    if let Some(telephone) = telephone {
        let number = json!({ "kind": "telephone", "value": telephone, "role": "self", "confidence": "confirmed" });
        app.post(staff, &format!("/api/v1/people/{id}/identifiers"), number).await.ok();
    }
    id
}
