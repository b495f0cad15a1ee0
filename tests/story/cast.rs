//! Who takes part, and what they can say: each verb is one or two requests.

use super::forms;
use crate::support::{Answer, Session, TestApp, TestDatabase};
use evenhand::domain::access::{Role, Scope};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

pub const MAILBOX: &str = "psd@force.example";
/// The address of the person the story is about, confirmed as their own.
pub const ADDRESS: &str = "person.one@mail.example";

/// A force with one person on file.
pub struct Force {
    pub app: TestApp,
    pub staff: Session,
    pub chair: Session,
    pub spoc: Session,
    pub authority: Session,
    pub snt: Session,
    pub opt: Session,
    pub mash: Session,
    pub admin: Session,
    pub border: Session,
    pub person: String,
}

impl Force {
    pub async fn gather(database: TestDatabase) -> Self {
        let mut config = TestApp::config();
        config.mail.authserv_ids = vec!["mx.force.example".to_owned()];
        config.mail.addresses = vec![MAILBOX.to_owned()];
        let hosts = ["hooks.force.example", "127.0.0.1", "localhost"];
        config.webhooks.allowed_hosts = hosts.map(str::to_owned).to_vec();
        config.webhooks.loopback_hosts = vec!["127.0.0.1".to_owned()];
        let app = TestApp::start_with(database, config).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let person = a_person_on_file(&app, &staff).await;
        let force = Self {
            chair: app.officer("chair", &[Role::Chair]).await,
            spoc: app.officer("spoc", &[Role::Spoc]).await,
            authority: app.officer("authority", &[Role::AppropriateAuthority]).await,
            snt: app.officer("snt", &[Role::Snt]).await,
            opt: app.officer("opt", &[Role::Opt]).await,
            mash: app.officer("mash", &[Role::Mash]).await,
            admin: app.officer("admin", &[Role::Admin]).await,
            border: app.system("border", &[Scope::MailWrite]).await,
            staff,
            person,
            app,
        };
        force.delegate(&force.authority.id, "2026-01-01", "2026-12-31").await;
        force
    }

    pub async fn delegate(&self, officer: &str, from: &str, to: &str) {
        let loan = json!({ "officerId": officer, "workflow": "communications-strategy", "from": from, "to": to });
        self.app.post(&self.admin, "/api/v1/delegations", loan).await.ok();
    }

    /// Acts on a case at the version the actor reads first.
    pub async fn act(&self, who: &Session, case: &str, action: &str, input: Value) -> Answer {
        let read = self.app.get(who, &format!("/api/v1/cases/{case}")).await;
        // Who may not see the case has no version to name; anything else than that is a fault of ours.
        assert!([200, 403, 404].contains(&read.status), "{} {}", read.status, read.text);
        let etag = if read.status == 200 { read.etag() } else { "\"v1\"".to_owned() };
        self.act_at(who, case, &etag, action, json!({ "input": input })).await
    }

    #[expect(clippy::too_many_arguments, reason = "who does what to which case as they read it")]
    pub async fn act_at(&self, who: &Session, case: &str, etag: &str, action: &str, body: Value) -> Answer {
        self.app.post_at(who, &format!("/api/v1/cases/{case}/actions/{action}"), etag, body).await
    }

    pub async fn case(&self, who: &Session, case: &str) -> Value {
        self.app.get(who, &format!("/api/v1/cases/{case}")).await.ok()
    }

    /// The child cases of one kind, oldest first.
    pub async fn children(&self, case: &str, workflow: &str) -> Vec<String> {
        let case = self.case(&self.staff, case).await;
        let of_kind = case["children"].as_array().unwrap().iter().filter(|child| child["workflow"] == workflow);
        of_kind.map(|child| child["id"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn nominate(&self) -> String {
        let new = json!({
            "workflow": "frequent-service-user",
            "personId": self.person,
            "input": { "source": "manual", "reason": "Nine mails in two days about one answered matter.",
                       "behaviour": "Repeats an answered question.", "demand": "About four hours a week." },
        });
        let opened = self.app.post(&self.staff, "/api/v1/cases", new).await.ok();
        opened["id"].as_str().unwrap().to_owned()
    }

    /// Nominated, triaged, and on the agenda of the next meeting.
    pub async fn on_the_agenda(&self) -> String {
        let case = self.nominate().await;
        self.act(&self.staff, &case, "triage", forms::triage()).await.ok();
        self.act(&self.staff, &case, "list", Value::Null).await.ok();
        case
    }

    /// The meeting opens, decides that the threshold is met on its only item, and closes.
    pub async fn meeting_decides_met(&self) -> String {
        let meetings = self.app.get(&self.chair, "/api/v1/meetings").await.ok();
        let meeting = meetings["data"].as_array().unwrap().iter().find(|meeting| meeting["state"] == "planned");
        let path = format!("/api/v1/meetings/{}", meeting.unwrap()["id"].as_str().unwrap());
        let planned = self.app.get(&self.chair, &path).await;
        let attendees = json!({ "attendees": ["Example Chair", "Example Staff"] });
        let open = self.app.post_at(&self.chair, &format!("{path}/open"), &planned.etag(), attendees).await;
        let decision = json!({ "outcome": "met", "input": forms::threshold_met() });
        let decided = self.app.post_at(&self.chair, &format!("{path}/items/1/decision"), &open.etag(), decision).await;
        self.app.post_at(&self.chair, &format!("{path}/close"), &decided.etag(), json!({})).await.ok();
        path
    }

    /// From the agenda to a point of contact with a strategy to write. Answers the case and the strategy.
    pub async fn strategy_begun(&self) -> (String, String) {
        self.strategy_begun_by(&self.spoc).await
    }

    pub async fn strategy_begun_by(&self, spoc: &Session) -> (String, String) {
        let case = self.on_the_agenda().await;
        self.meeting_decides_met().await;
        self.act(&self.chair, &case, "allocate_spoc", forms::spoc(&spoc.id)).await.ok();
        self.act(spoc, &case, "record_warning", forms::warning()).await.ok();
        self.act(spoc, &case, "start_strategy", forms::start()).await.ok();
        let strategy = self.children(&case, "communications-strategy").await.pop().unwrap();
        (case, strategy)
    }

    /// The chair gives a strategy that is being drafted to another point of contact.
    pub async fn hand_over(&self, strategy: &str, to: &Session) {
        self.act(&self.chair, strategy, "change_spoc", forms::spoc(&to.id)).await.ok();
    }

    /// An officer holds these roles from now on.
    pub async fn also_gives(&self, officer: &Session, roles: &[Role]) {
        let roles = roles.iter().copied().collect();
        evenhand::app::change_officer(&self.app.app, &officer.name, Some(roles), None).await.unwrap();
    }

    /// SNT, OPT and MASH are asked and answer.
    pub async fn units_answer(&self, strategy: &str) {
        for (unit, who) in [("snt", &self.snt), ("opt", &self.opt), ("mash", &self.mash)] {
            self.act(&self.spoc, strategy, "consult", forms::question(unit)).await.ok();
            let theirs = self.app.get(who, "/api/v1/consultations").await.ok();
            let asked = theirs["data"].as_array().unwrap().iter().find(|asked| asked["state"] == "asked").unwrap();
            let (id, etag) = (asked["id"].as_str().unwrap(), format!("\"v{}\"", asked["version"]));
            let answer = json!({ "spokenOn": "2026-06-02", "advice": "Known to us; no concern about this." });
            self.app.post_at(who, &format!("/api/v1/consultations/{id}/answer"), &etag, answer).await.ok();
        }
    }

    /// Written, consulted on and submitted.
    pub async fn strategy_submitted(&self) -> (String, String) {
        let (case, strategy) = self.strategy_begun().await;
        self.act(&self.spoc, &strategy, "edit", forms::strategy()).await.ok();
        self.units_answer(&strategy).await;
        self.act(&self.spoc, &strategy, "submit", Value::Null).await.ok();
        (case, strategy)
    }

    pub async fn strategy_signed(&self) -> (String, String) {
        let (case, strategy) = self.strategy_submitted().await;
        self.sign(&strategy).await.ok();
        (case, strategy)
    }

    /// The appropriate authority signs what it has read.
    pub async fn sign(&self, strategy: &str) -> Answer {
        let read = self.app.get(&self.authority, &format!("/api/v1/cases/{strategy}")).await;
        let body = json!({ "input": forms::approval(), "contentHash": read.body["contentHash"] });
        self.act_at(&self.authority, strategy, &read.etag(), "approve", body).await
    }

    /// Tested for harm with this outcome, by two people.
    pub async fn harm_tested(&self, outcome: &str) -> (String, String) {
        let (case, strategy) = self.strategy_signed().await;
        self.act(&self.staff, &strategy, "prepare_harm_test", forms::harm_test()).await.ok();
        let decision = forms::harm_test_decision(outcome);
        self.act(&self.authority, &strategy, "decide_harm_test", decision).await.ok();
        (case, strategy)
    }

    /// Shared, served and in force: the notice went by e-mail on the day it is.
    pub async fn strategy_in_force(&self) -> (String, String) {
        let (case, strategy) = self.harm_tested("full").await;
        self.act(&self.spoc, &strategy, "share", forms::sharing(ADDRESS)).await.ok();
        let today = self.app.now().date_naive().to_string();
        self.act(&self.spoc, &strategy, "record_service", forms::service(ADDRESS, &today)).await.ok();
        (case, strategy)
    }

    /// A review of the strategy in force ends in another version to be written. Answers it.
    pub async fn another_version(&self, case: &str) -> String {
        self.act(&self.spoc, case, "start_review", forms::review()).await.ok();
        self.act(&self.authority, case, "vary", forms::review_outcome()).await.ok();
        self.children(case, "communications-strategy").await.pop().unwrap()
    }

    /// Writes a draft and takes it as far as the harm test, all on the day it is.
    pub async fn made_ready(&self, strategy: &str) {
        self.act(&self.spoc, strategy, "edit", forms::strategy()).await.ok();
        self.units_answer(strategy).await;
        self.act(&self.spoc, strategy, "submit", Value::Null).await.ok();
        self.sign(strategy).await.ok();
        self.act(&self.staff, strategy, "prepare_harm_test", forms::harm_test()).await.ok();
        self.act(&self.authority, strategy, "decide_harm_test", forms::harm_test_decision("full")).await.ok();
        self.act(&self.spoc, strategy, "share", forms::sharing(ADDRESS)).await.ok();
    }

    /// Service of what was shared, recorded on the day it is.
    pub async fn served(&self, strategy: &str) -> Answer {
        let today = self.app.now().date_naive().to_string();
        self.act(&self.spoc, strategy, "record_service", forms::service(ADDRESS, &today)).await
    }

    /// The limits of a strategy as contacts are measured by them.
    pub async fn limits_of(&self, strategy: &str) -> Option<entities::strategies_in_force::Model> {
        let rows = entities::strategies_in_force::Entity::find_by_id(strategy.parse::<uuid::Uuid>().unwrap());
        rows.one(self.app.app.store.reader()).await.unwrap()
    }

    /// The person is on file as a targeted victim from now on.
    pub async fn turns_out_a_victim(&self) {
        let path = format!("/api/v1/people/{}", self.person);
        let person = self.app.get(&self.staff, &path).await;
        let request = self.app.request(reqwest::Method::PATCH, &path).bearer_auth(&self.staff.token);
        let victim = request.header("if-match", person.etag()).json(&json!({ "targetedVictim": true }));
        self.app.send(victim).await.ok();
    }

    /// The titles of the open tasks on somebody's list.
    pub async fn tasks_of(&self, who: &Session) -> Vec<String> {
        let tasks = self.app.get(who, "/api/v1/tasks").await.ok();
        tasks["data"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap().to_owned()).collect()
    }

    /// A mail of the person, as the border server hands it in; routed. Answers the contact it became.
    pub async fn mail_arrives(&self, mail: &Mail<'_>) -> Value {
        let kept = self.app.post_mail(&self.border, MAILBOX, mail.raw()).await;
        assert_eq!(kept.status, 202, "{}", kept.text);
        self.app.run_jobs().await;
        let id = kept.body["id"].as_str().unwrap();
        let explained = self.app.get(&self.staff, &format!("/api/v1/mail/{id}")).await.ok();
        let contact = explained["contact"]["id"].as_str().expect("a contact");
        self.app.get(&self.staff, &format!("/api/v1/contacts/{contact}")).await.ok()
    }
}

/// A mail as the border server hands it in.
pub struct Mail<'a> {
    pub from: &'a str,
    pub subject: &'a str,
    pub words: &'a str,
    /// What the border server saw: `pass`, `fail`; `None`: it said nothing.
    pub dmarc: Option<&'a str>,
}

impl<'a> Mail<'a> {
    pub fn proven(subject: &'a str, words: &'a str) -> Self {
        Self { from: ADDRESS, subject, words, dmarc: Some("pass") }
    }

    fn raw(&self) -> String {
        let domain = self.from.rsplit('@').next().unwrap();
        let results = self
            .dmarc
            .map(|result| format!("Authentication-Results: mx.force.example; dmarc={result} header.from={domain}\r\n"));
        let token: String = self.subject.chars().filter(char::is_ascii_alphanumeric).collect();
        format!(
            "{}From: Example Person <{}>\r\nTo: {MAILBOX}\r\nSubject: {}\r\nMessage-ID: <{token}@{domain}>\r\n\
             Date: Thu, 01 Jan 1998 00:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
            results.unwrap_or_default(),
            self.from,
            self.subject,
            self.words
        )
    }
}

async fn a_person_on_file(app: &TestApp, staff: &Session) -> String {
    let person = json!({ "reference": "FSU-0001", "fullName": "Example Person One" });
    let made = app.post(staff, "/api/v1/people", person).await.ok();
    let id = made["id"].as_str().unwrap().to_owned();
    let address = json!({ "kind": "email", "value": ADDRESS, "role": "self", "confidence": "confirmed",
                          "source": "Confirmed by telephone." });
    app.post(staff, &format!("/api/v1/people/{id}/identifiers"), address).await.ok();
    id
}
