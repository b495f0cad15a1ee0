//! A house that mail comes to, and that writes mails of its own.

use crate::support::{Session, TestApp, TestDatabase};
use evenhand::app::AppError;
use evenhand::app::outbox::{Draft, Origin, Queued, queue_mail};
use evenhand::config::Config;
use evenhand::domain::access::{Role, Scope};
use evenhand::domain::correspondence::threading;
use evenhand::domain::ids::{CaseId, EventId, Id, OutgoingId};
use evenhand::render::NoticeContext;
use evenhand::store::outgoing::{self, OutgoingRow};
use serde_json::{Value, json};
use uuid::Uuid;

pub const OURS: &str = "psd@force.example";

pub struct Mailroom {
    pub app: TestApp,
    pub staff: Session,
    pub border: Session,
}

/// A mail of ours.
pub struct Letter {
    pub id: OutgoingId,
    pub message_id: String,
}

impl Mailroom {
    pub async fn open(database: TestDatabase) -> Self {
        let mut config = TestApp::config();
        config.mail.authserv_ids = vec!["mx.force.example".to_owned()];
        Self::with(database, config).await
    }

    /// Under other settings; the address is ours whatever they say.
    pub async fn with(database: TestDatabase, mut config: Config) -> Self {
        config.mail.addresses = vec![OURS.to_owned()];
        let app = TestApp::start_with(database, config).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let border = app.system("border", &[Scope::MailWrite]).await;
        Self { app, staff, border }
    }

    /// What a message of plain text became: its explanation and its contact.
    pub async fn arrives(&self, header: &str, words: &str) -> (Value, Value) {
        let raw = format!("{header}\r\nTo: {OURS}\r\nContent-Type: text/plain\r\n\r\n{words}\r\n");
        self.takes_in(raw).await
    }

    /// What these bytes became.
    pub async fn takes_in(&self, raw: String) -> (Value, Value) {
        self.takes_in_at(OURS, raw).await
    }

    /// What these bytes became, at another address.
    pub async fn takes_in_at(&self, recipient: &str, raw: String) -> (Value, Value) {
        let kept = self.app.post_mail(&self.border, &recipient.replace('+', "%2B"), raw).await.ok();
        self.app.run_jobs().await;
        let explained = format!("/api/v1/mail/{}", kept["id"].as_str().unwrap());
        let explained = self.app.get(&self.staff, &explained).await.ok();
        let contact = explained["contact"]["id"].as_str().expect("a contact").to_owned();
        (explained, self.app.get(&self.staff, &format!("/api/v1/contacts/{contact}")).await.ok())
    }

    pub async fn person(&self, address: &str) -> String {
        let new = json!({ "reference": format!("FSU {address}"), "fullName": "Example Person One" });
        let made = self.app.post(&self.staff, "/api/v1/people", new).await.ok();
        let id = made["id"].as_str().unwrap().to_owned();
        self.confirm(&id, address).await;
        id
    }

    /// Somebody says that the address is this person's.
    pub async fn confirm(&self, person: &str, address: &str) {
        let address = json!({ "kind": "email", "value": address, "role": "self", "confidence": "confirmed" });
        self.app.post(&self.staff, &format!("/api/v1/people/{person}/identifiers"), address).await.ok();
    }

    /// A case about this person, or about nobody on file.
    pub async fn case_about(&self, person: Option<&str>) -> CaseId {
        let opened = json!({ "workflow": "frequent-service-user", "personId": person,
                             "input": { "source": "manual", "reason": "For a test." } });
        let case = self.app.post(&self.staff, "/api/v1/cases", opened).await.ok();
        case["id"].as_str().unwrap().parse().unwrap()
    }

    /// A mail of ours about a case, on its way.
    pub async fn writes(&self, case: CaseId, to: &str, event: u128) -> Letter {
        let [rich, _] = NoticeContext::samples();
        let draft = Draft {
            event: EventId::from_uuid(Uuid::from_u128(event)),
            to: to.to_owned(),
            words: self.app.app.renderer.notice(&rich).unwrap(),
            origin: Origin::Officer(evenhand::domain::ids::OfficerId::from_uuid(Uuid::from_u128(9))),
            person: None,
            case: Some(case),
            in_reply_to: None,
            references: Vec::new(),
        };
        let house = self.app.app.clone();
        let queued = self.app.app.store.write(async move |tx| queue_mail(&house, tx, draft).await);
        let Queued::As(id) = queued.await.map_err(AppError::from).unwrap() else { panic!("an officer's mail") };
        let settings = &self.app.app.settings;
        let message_id = threading::message_id(&settings.message_id_secret, &settings.message_id_domain, id);
        Letter { id, message_id }
    }

    /// A mail of ours about a new case. Answers the case and the mail's Message-ID.
    pub async fn wrote(&self) -> (CaseId, String) {
        let case = self.case_about(None).await;
        (case, self.writes(case, "person@example.com", 1).await.message_id)
    }

    /// The mail as it stands.
    pub async fn row(&self, id: OutgoingId) -> OutgoingRow {
        outgoing::find(self.app.app.store.reader(), Id::from_uuid(id.as_uuid())).await.unwrap().unwrap()
    }

    /// The open tasks of a kind.
    pub async fn tasks(&self, kind: &str) -> Vec<Value> {
        let tasks = self.app.get(&self.staff, "/api/v1/tasks?limit=200").await.ok();
        tasks["data"].as_array().unwrap().iter().filter(|task| task["kind"] == kind).cloned().collect()
    }

    /// What the case shows of one of its mails.
    pub async fn shown(&self, case: CaseId, letter: &Letter) -> Value {
        let shown = self.app.get(&self.staff, &format!("/api/v1/cases/{case}")).await.ok();
        let mails = shown["mails"].as_array().unwrap();
        mails.iter().find(|mail| mail["id"] == json!(letter.id)).expect("the mail").clone()
    }
}
