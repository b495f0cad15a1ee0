//! Every step, decision and piece of evidence of one message.

use super::log::{self, LogEntry, Record};
use super::route_mail::route_key;
use crate::app::contacts::cases_behind;
use crate::app::people::{AdjustmentView, may_see};
use crate::app::{App, AppError, ShownWith, log_reading, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::ids::{CaseId, ContactId, Id, MailId};
use crate::domain::marking::Marking;
use crate::store::contacts::{self, Contact};
use crate::store::{events, jobs, mails, tasks};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    pub id: MailId,
    /// `OFFICIAL` and up: what it bears when it is shown or printed.
    pub marking: Marking,
    /// In force today; to be kept to wherever contact is composed or judged.
    pub adjustments: Vec<AdjustmentView>,
    pub sha256: String,
    pub size_bytes: i64,
    pub received_at: DateTime<Utc>,
    pub recipient: String,
    /// `http`, `import`, `pipe`, `lmtp` or, by the name of the mailbox, `imap:psd`.
    pub source: String,
    /// Every address of ours it was delivered to, the first delivery first.
    pub deliveries: Vec<Delivery>,
    /// `waiting` until it is routed; then `routed`, `unattributed`, `automatic`, `failed` or `quarantined`.
    pub state: String,
    pub steps: Vec<Step>,
    /// Everything about it in one order: every step, decision, evidence, author and duration.
    pub log: Vec<LogEntry>,
    /// The contact it became, as it stands now.
    pub contact: Option<ContactNow>,
    /// What happened to the contact, oldest first: recorded, measured, attributed, read.
    pub events: Vec<ContactEvent>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    pub recipient: String,
    pub source: String,
    /// The sender's address of the SMTP envelope; empty: the null sender; absent: the door does not say.
    pub envelope_from: Option<String>,
    pub received_at: DateTime<Utc>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactNow {
    pub id: ContactId,
    pub verdict: Option<Value>,
    pub place: String,
    pub read_due_at: Option<DateTime<Utc>>,
    pub handling: String,
    /// The case whose mail of ours it answers.
    pub case_id: Option<CaseId>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub seq: i32,
    pub at: DateTime<Utc>,
    pub state: String,
    pub evidence: Value,
    pub by: Value,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactEvent {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub kind: String,
    pub actor: Value,
    pub data: Value,
}

/// Explains one message.
///
/// # Errors
/// `wrong-role`; `NotFound`, also where its person complained about the reader.
pub async fn explain_mail(app: &App, actor: &Actor, id: MailId) -> Result<Explanation, AppError> {
    let readers = [Role::PsdStaff, Role::PsdSupervisor, Role::Spoc, Role::Chair, Role::Auditor];
    rights::system_or_officer(actor, Scope::ContactsRead, &readers)?;
    let db = app.store.reader();
    let mail = mails::find(db, id).await?.ok_or(AppError::NotFound)?;
    let routes = mails::routes(db, id).await?;
    let deliveries = mails::deliveries(db, id).await?;
    let contact = match routes.iter().rev().find_map(|route| route.contact_id) {
        Some(contact) => contacts::find(db, Id::from_uuid(contact)).await?,
        None => None,
    };
    may_see(db, actor, contact.as_ref().and_then(|contact| contact.person)).await?;
    let events = match &contact {
        Some(contact) => events::load(db, contact.id.as_uuid()).await?,
        None => Vec::new(),
    };
    let asked = match &contact {
        Some(contact) => tasks::on_contact(db, contact.id).await?,
        None => Vec::new(),
    };
    let job = match routes.is_empty() {
        true => jobs::with_key(db, &route_key(id)).await?,
        false => None,
    };
    log_reading(app, actor, "mail", Some(id.as_uuid())).await?;
    let record = Record {
        mail: &mail,
        deliveries: &deliveries,
        job: job.as_ref(),
        routes: &routes,
        events: &events,
        tasks: &asked,
    };
    let log = log::log(&record);
    let happened = |event: events::Event| ContactEvent {
        id: event.id.as_uuid(),
        at: event.at,
        kind: event.kind,
        actor: serde_json::to_value(event.actor).unwrap_or_default(),
        data: event.data,
    };
    let cases: Vec<CaseId> = contact.iter().flat_map(cases_behind).collect();
    let person = contact.as_ref().and_then(|contact| contact.person);
    let with = ShownWith::load(app, db, &cases, &person.into_iter().collect::<Vec<_>>()).await?;
    Ok(Explanation {
        id,
        marking: with.marking(cases),
        adjustments: with.adjustments(person),
        sha256: mail.sha256,
        size_bytes: mail.size_bytes,
        received_at: mail.received_at,
        recipient: mail.recipient,
        source: mail.source,
        deliveries: deliveries.into_iter().map(delivery).collect(),
        state: routes.last().map_or_else(|| "waiting".to_owned(), |route| route.state.clone()),
        log,
        steps: routes.into_iter().map(step).collect(),
        events: events.into_iter().map(happened).collect(),
        contact: contact.map(now),
    })
}

fn delivery(row: mails::DeliveryRow) -> Delivery {
    let (recipient, source, envelope_from) = (row.recipient, row.source, row.envelope_from);
    Delivery { recipient, source, envelope_from, received_at: row.received_at }
}

fn step(route: mails::RouteRow) -> Step {
    Step { seq: route.seq, at: route.at, state: route.state, evidence: route.evidence, by: route.by }
}

fn now(contact: Contact) -> ContactNow {
    ContactNow {
        id: contact.id,
        verdict: contact.verdict.and_then(|verdict| serde_json::to_value(verdict).ok()),
        place: contact.place.as_str().to_owned(),
        read_due_at: contact.read_due_at,
        handling: contact.handling.as_str().to_owned(),
        case_id: contact.case,
    }
}
