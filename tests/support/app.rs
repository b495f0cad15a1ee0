//! A whole Evenhand for one test: a real server on a port of its own, a clock that stands still until it is moved, and
//! mail that goes nowhere.

use super::{Answer, Server, TestDatabase, TestIssuer};
use chrono::{DateTime, Duration, TimeZone, Utc};
use evenhand::app::{self, App, NewOfficer};
use evenhand::boot::{self, Parts};
use evenhand::catalog::Catalog;
use evenhand::clock::Clock;
use evenhand::config::Config;
use evenhand::domain::access::{Role, Scope};
use evenhand::id_source::IdSource;
use evenhand::render::Renderer;
use evenhand::worker;
use reqwest::Method;
use serde_json::Value;
use std::sync::{Arc, OnceLock};

pub struct TestApp {
    pub app: App,
    server: Server,
    /// Servers that answer no more. What they connected to the database is theirs, and in the pool.
    retired: Vec<Server>,
    _database: TestDatabase,
}

/// Somebody who can call: an officer or a system, with a token.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: String,
    pub name: String,
    pub token: String,
    /// Of a system.
    pub secret: Option<String>,
}

impl TestApp {
    /// The settings of most tests: what is queued may be sent at once.
    pub fn config() -> Config {
        let mut config = Config::default();
        // Tests read who looked right after the answer.
        config.look_up.log_wait_ms = 2_000;
        config.sending.undo_seconds = 0;
        config.pages.require_code = false;
        config
    }

    /// On Monday 1 June 2026, 10:00 in London.
    pub async fn start(database: TestDatabase) -> Self {
        Self::start_with(database, Self::config()).await
    }

    /// The same under other settings; the database's URL is the test's own whatever they say.
    pub async fn start_with(database: TestDatabase, mut config: Config) -> Self {
        config.database.url = database.url.as_str().into();
        let parts = Parts {
            clock: Clock::fixed(Utc.with_ymd_and_hms(2026, 6, 1, 9, 0, 0).unwrap()),
            ids: IdSource::counting(1),
            catalog: catalog(),
            renderer: renderer(),
            delivery: boot::memory_delivery(),
        };
        let app = boot::assemble(&config, parts).await.unwrap();
        let server = Server::before(&app);
        Self { app, server, retired: Vec::new(), _database: database }
    }

    /// Serves the house as it stands now: with the catalog and the letters that were put into it since.
    pub fn serve_again(&mut self) {
        let retired = std::mem::replace(&mut self.server, Server::before(&self.app));
        self.retired.push(retired);
    }

    /// The same, trusting another issuer whose keys this test holds.
    pub async fn start_trusting(database: TestDatabase, issuer: &TestIssuer) -> Self {
        let mut config = Self::config();
        config.auth.issuers = vec![issuer.config()];
        Self::start_with(database, config).await
    }

    /// Registers an officer with these roles and signs them in for eight hours.
    pub async fn officer(&self, name: &str, roles: &[Role]) -> Session {
        let new = NewOfficer {
            username: name.to_owned(),
            display_name: format!("Example {name}"),
            roles: roles.iter().copied().collect(),
        };
        let added = app::add_officer(&self.app, new).await.unwrap();
        self.sign_in(&added.officer.username).await
    }

    /// A new token for an officer who is registered.
    pub async fn sign_in(&self, name: &str) -> Session {
        let token = app::issue_officer_token(&self.app, name, 480).await.unwrap();
        let found = app::list_officers(&self.app).await.unwrap();
        let id = found.iter().find(|found| found.officer.username == name).unwrap().officer.id;
        Session { id: id.to_string(), name: name.to_owned(), token, secret: None }
    }

    /// Registers a system with these scopes and signs it in by its credentials.
    pub async fn system(&self, name: &str, scopes: &[Scope]) -> Session {
        self.system_of_areas(name, scopes, Vec::new()).await
    }

    /// The same, reading of these areas alone.
    pub async fn system_of_areas(&self, name: &str, scopes: &[Scope], areas: Vec<String>) -> Session {
        let added = app::add_client_of_areas(&self.app, name.to_owned(), scopes.to_vec(), areas).await.unwrap();
        let id = added.system.id.to_string();
        let token = self.server.sign_in_system(&id, &added.secret).await;
        Session { id, name: name.to_owned(), token, secret: Some(added.secret) }
    }

    /// A token that is valid now: tests move the clock further than a token lives.
    async fn bearer(&self, who: &Session) -> String {
        if let Some(secret) = &who.secret {
            return self.server.sign_in_system(&who.id, secret).await;
        }
        app::issue_officer_token(&self.app, &who.name, 480).await.unwrap_or_else(|_| who.token.clone())
    }

    pub async fn get(&self, who: &Session, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).bearer_auth(self.bearer(who).await)).await
    }

    /// The changes that somebody is told of, read again until they say something: another test's transaction in the same
    /// cluster holds the feed back, and it loses nothing.
    pub async fn changes_until(&self, who: &Session, says: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let mut told = Vec::new();
        for _again in 0..5_000 {
            let answer = self.get(who, "/api/v1/changes?limit=200").await.ok();
            told = answer["data"].as_array().cloned().unwrap_or_default();
            if says(&told) {
                break;
            }
        }
        told
    }

    pub async fn post(&self, who: &Session, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).bearer_auth(self.bearer(who).await).json(&body)).await
    }

    /// A write to a versioned thing: sends what was read before as If-Match.
    pub async fn post_at(&self, who: &Session, path: &str, etag: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, path).bearer_auth(self.bearer(who).await).header("if-match", etag);
        self.send(request.json(&body)).await
    }

    /// Hands in a raw message, as a border mail server would.
    pub async fn post_mail(&self, who: &Session, recipient: &str, raw: impl Into<Vec<u8>>) -> Answer {
        let request = self.request(Method::POST, &format!("/api/v1/mail?recipient={recipient}"));
        let request = request.bearer_auth(self.bearer(who).await).header("content-type", "message/rfc822");
        self.send(request.body(raw.into())).await
    }

    /// Anything else: build it, then [`TestApp::send`] it.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.server.request(method, path)
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        self.server.send(request).await
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.app.now()
    }

    pub fn advance(&self, by: Duration) {
        self.app.clock.advance(by);
    }

    /// Does the work that is due now, and what that work asks for, until nothing is. Answers how many jobs were done.
    pub async fn run_jobs(&self) -> u64 {
        worker::work_off(&self.app).await.unwrap()
    }
}

/// The templates of this repository, read once for all tests.
fn renderer() -> Arc<Renderer> {
    static RENDERER: OnceLock<Arc<Renderer>> = OnceLock::new();
    let read = || Arc::new(Renderer::embedded().expect("sound templates"));
    RENDERER.get_or_init(read).clone()
}

/// The workflows of this repository, read once for all tests.
fn catalog() -> Arc<Catalog> {
    static CATALOG: OnceLock<Arc<Catalog>> = OnceLock::new();
    let read = || Arc::new(Catalog::embedded().expect("sound workflows"));
    CATALOG.get_or_init(read).clone()
}
