//! Two doors to the same program: the functions of `app`, and the API over HTTP with tokens, ETags and problem codes, as
//! other systems call it. Every command of a random history passes here, so each runs through either.

use super::world::World;
use crate::support::{Answer, Server};
use chrono::{DateTime, Duration, Utc};
use evenhand::app::cases::{self, Asked, NewCase};
use evenhand::app::meetings::{self, ItemDecision};
use evenhand::app::{self, App, AppError};
use evenhand::domain::access::Actor;
use evenhand::domain::ids::{CaseId, MeetingId};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Done, with what is needed further on; or the code of the refusal.
pub type Answered<T> = Result<T, String>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    App,
    Http,
}

impl Door {
    pub fn name(self) -> &'static str {
        match self {
            Door::App => "the engine",
            Door::Http => "HTTP",
        }
    }
}

/// One action as `GET …/actions` or the engine offers it.
#[derive(Clone, Debug)]
pub struct Offered {
    pub action: String,
    pub form: Option<String>,
    pub allowed: bool,
}

/// What an answer of the program's own functions comes to.
pub fn told<T>(answer: Result<T, AppError>) -> Answered<T> {
    answer.map_err(|error| match error {
        AppError::Refused(refusal) => refusal.code,
        AppError::NotFound => "not-found".to_owned(),
        AppError::Invalid(_) => "invalid".to_owned(),
        AppError::StaleVersion { .. } => "stale-version".to_owned(),
        broken @ (AppError::NotSignedIn(_) | AppError::Store(_) | AppError::Broken { .. }) => {
            panic!("something broke: {broken:?}")
        }
    })
}

/// A request before it is sent.
pub struct Asking {
    pub method: Method,
    pub path: String,
    /// Sent as `If-Match`.
    pub version: Option<i64>,
    pub body: Option<Value>,
}

pub fn get(path: String) -> Asking {
    Asking { method: Method::GET, path, version: None, body: None }
}

pub fn post(path: impl Into<String>, body: Value) -> Asking {
    Asking { method: Method::POST, path: path.into(), version: None, body: Some(body) }
}

/// A write to a thing as it was read at `version`.
pub fn post_at(path: String, version: Option<i64>, body: Value) -> Asking {
    Asking { version, ..post(path, body) }
}

/// The API of a world, in front of its `App`.
pub struct Http {
    server: Server,
    app: App,
    /// Of systems, by their id.
    secrets: BTreeMap<String, String>,
    /// Of officers, with when they were issued.
    tokens: Mutex<BTreeMap<String, (DateTime<Utc>, String)>>,
}

impl Http {
    pub fn before(app: &App, secrets: BTreeMap<String, String>) -> Self {
        Self { server: Server::before(app), app: app.clone(), secrets, tokens: Mutex::default() }
    }

    pub async fn ask(&self, who: &Actor, asking: Asking) -> Answered<Value> {
        let mut request = self.server.request(asking.method, &asking.path).bearer_auth(self.token(who).await);
        if let Some(version) = asking.version {
            request = request.header("if-match", format!("\"v{version}\""));
        }
        if let Some(body) = asking.body {
            request = request.json(&body);
        }
        answered(self.server.send(request).await)
    }

    pub async fn hand_in(&self, who: &Actor, recipient: &str, raw: Vec<u8>) -> Answered<Value> {
        let request = self.server.request(Method::POST, &format!("/api/v1/mail?recipient={recipient}"));
        let request = request.bearer_auth(self.token(who).await).header("content-type", "message/rfc822");
        answered(self.server.send(request.body(raw)).await)
    }

    async fn token(&self, who: &Actor) -> String {
        match who {
            Actor::Officer(officer) => self.token_of_officer(&officer.username).await,
            Actor::System(system) => {
                let id = system.id.to_string();
                self.server.sign_in_system(&id, &self.secrets[&id]).await
            }
            Actor::Clock | Actor::Software => panic!("whoever has no name has no token"),
        }
    }

    /// Tokens are issued for eight hours and used for seven.
    async fn token_of_officer(&self, username: &str) -> String {
        let now = self.app.now();
        let known = self.tokens.lock().unwrap().get(username).cloned();
        if let Some((issued, token)) = known
            && now - issued < Duration::hours(7)
        {
            return token;
        }
        let token = app::issue_officer_token(&self.app, username, 480).await.unwrap();
        self.tokens.lock().unwrap().insert(username.to_owned(), (now, token.clone()));
        token
    }
}

fn answered(answer: Answer) -> Answered<Value> {
    assert!(answer.status < 500, "{} {}", answer.status, answer.text);
    if answer.status < 300 {
        return Ok(answer.body);
    }
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.text);
    let slug = answer.body["type"].as_str().unwrap().trim_start_matches("/problems/");
    Err(if slug == "validation" { "invalid" } else { slug }.to_owned())
}

impl World {
    /// The API, where this history goes through it and the actor can: clocks and software have no door.
    pub fn http(&self, who: &Actor) -> Option<&Http> {
        self.http.as_ref().filter(|_| matches!(who, Actor::Officer(_) | Actor::System(_)))
    }

    pub async fn open(&self, who: &Actor, new: NewCase) -> Answered<()> {
        let Some(http) = self.http(who) else { return told(cases::open_case(&self.app, who, new).await).map(drop) };
        let body =
            json!({ "workflow": new.workflow, "personId": new.person, "parentId": new.parent, "input": new.input });
        http.ask(who, post("/api/v1/cases", body)).await.map(drop)
    }

    pub async fn take(&self, who: &Actor, asked: Asked) -> Answered<()> {
        let Some(http) = self.http(who) else {
            return told(Box::pin(cases::act_on_case(&self.app, who, asked)).await).map(drop);
        };
        let path = format!("/api/v1/cases/{}/actions/{}", asked.case, asked.command.action);
        let body = json!({ "input": asked.command.input, "contentHash": asked.command.content_hash });
        http.ask(who, post_at(path, asked.expected_version, body)).await.map(drop)
    }

    pub async fn offers(&self, who: &Actor, case: CaseId) -> Answered<Vec<Offered>> {
        let Some(http) = self.http(who) else {
            let now = told(cases::actions_now(&self.app, who, case).await)?;
            let offered = now.offers.into_iter();
            return Ok(offered
                .map(|offer| Offered { action: offer.action, form: offer.form, allowed: offer.allowed })
                .collect());
        };
        let now = http.ask(who, get(format!("/api/v1/cases/{case}/actions"))).await?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let offered = now["data"].as_array().unwrap().iter().map(|offer| Offered {
            action: text(&offer["action"]).unwrap(),
            form: text(&offer["form"]),
            allowed: offer["allowed"] == true,
        });
        Ok(offered.collect())
    }

    /// The case as its reader sees it.
    pub async fn read_case(&self, who: &Actor, case: CaseId) -> Answered<Value> {
        match self.http(who) {
            Some(http) => http.ask(who, get(format!("/api/v1/cases/{case}"))).await,
            None => told(cases::find_case(&self.app, who, case).await).map(|view| json!(view)),
        }
    }

    pub async fn read_events(&self, who: &Actor, case: CaseId) -> Answered<()> {
        match self.http(who) {
            Some(http) => http.ask(who, get(format!("/api/v1/cases/{case}/events"))).await.map(drop),
            None => told(cases::case_events(&self.app, who, case, (None, u64::MAX)).await).map(drop),
        }
    }

    /// The questions put to an officer's unit.
    pub async fn read_consultations(&self, who: &Actor) -> Answered<Vec<Value>> {
        match self.http(who) {
            Some(http) => {
                let page = http.ask(who, get("/api/v1/consultations".to_owned())).await?;
                Ok(page["data"].as_array().cloned().unwrap_or_default())
            }
            None => {
                let views = told(cases::consultations(&self.app, who, None, 50).await)?;
                Ok(views.iter().map(|view| json!(view)).collect())
            }
        }
    }

    pub async fn plan(&self, who: &Actor, held_on: chrono::NaiveDate) -> Answered<()> {
        match self.http(who) {
            Some(http) => http.ask(who, post("/api/v1/meetings", json!({ "heldOn": held_on }))).await.map(drop),
            None => told(meetings::plan_meeting(&self.app, who, held_on).await).map(drop),
        }
    }

    pub async fn open_meeting(&self, who: &Actor, (id, version): (MeetingId, i64), there: Vec<String>) -> Answered<()> {
        match self.http(who) {
            Some(http) => {
                let path = format!("/api/v1/meetings/{id}/open");
                http.ask(who, post_at(path, Some(version), json!({ "attendees": there }))).await.map(drop)
            }
            None => told(meetings::open_meeting(&self.app, who, id, Some(version), there).await).map(drop),
        }
    }

    pub async fn close_meeting(&self, who: &Actor, (id, version): (MeetingId, i64)) -> Answered<()> {
        match self.http(who) {
            Some(http) => {
                let asking = post_at(format!("/api/v1/meetings/{id}/close"), Some(version), Value::Null);
                http.ask(who, Asking { body: None, ..asking }).await.map(drop)
            }
            None => told(meetings::close_meeting(&self.app, who, id, Some(version)).await).map(drop),
        }
    }

    pub async fn decide_item(
        &self,
        who: &Actor,
        (id, n): (MeetingId, i32),
        version: i64,
        decision: ItemDecision,
    ) -> Answered<()> {
        match self.http(who) {
            Some(http) => {
                let path = format!("/api/v1/meetings/{id}/items/{n}/decision");
                let body = json!({ "outcome": decision.outcome, "input": decision.input });
                http.ask(who, post_at(path, Some(version), body)).await.map(drop)
            }
            None => told(meetings::decide_item(&self.app, who, (id, n), Some(version), decision).await).map(drop),
        }
    }
}
