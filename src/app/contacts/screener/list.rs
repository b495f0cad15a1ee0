//! Who is not on file, and what was decided.

use crate::app::contacts::attribute_contact::MAY_TRIAGE;
use crate::app::{App, AppError, Shown, log_list, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::ids::{ContactId, Id, MailId, OfficerId, PersonId};
use crate::store::contacts::Contact;
use crate::store::screener::{self, DecisionRow, Sender};
use crate::store::{case_facts, contacts, mails};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Characters of the newest words that a list shows.
const FIRST_WORDS: usize = 200;

/// A sender who is not on file.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnknownSender {
    /// Lower case.
    pub address: String,
    /// How many of their mails wait.
    pub mails: i64,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    /// In how many of them something urgent may stand.
    pub flagged: i64,
    /// How many of them are suspected to be feigned.
    pub suspected_spoofs: i64,
    /// Of the newest: `verified`, `claimed` or `failed`, with its evidence.
    pub proof: Option<String>,
    #[schema(value_type = Vec<String>)]
    pub proof_evidence: Value,
    /// Of the newest: ways in which the sender looks like somebody else.
    #[schema(value_type = Vec<Object>)]
    pub pretences: Value,
    pub subject: Option<String>,
    /// Of the newest: at most 200 characters.
    pub first_words: Option<String>,
    #[schema(value_type = Option<uuid::Uuid>)]
    pub newest_contact_id: Option<ContactId>,
}

/// Whoever wrote last first, at most `most` after one whose newest mail was at a time and is a contact.
///
/// # Errors
/// `wrong-role`.
pub async fn list_senders(
    app: &App,
    actor: &Actor,
    after: Option<(DateTime<Utc>, ContactId)>,
    most: u64,
) -> Result<Vec<UnknownSender>, AppError> {
    let readers: Vec<Role> = MAY_TRIAGE.into_iter().chain([Role::Auditor]).collect();
    rights::system_or_officer(actor, Scope::ContactsRead, &readers)?;
    let db = app.store.reader();
    let after = match after {
        Some((at, contact)) => {
            let last = contacts::find(db, contact).await?.and_then(|contact| contact.presented);
            last.map(|address| (at, address.to_lowercase()))
        }
        None => None,
    };
    let senders = screener::senders(db, after, most).await?;
    let mut newest = screener::newest_of(db, &senders).await?;
    let ids: Vec<MailId> = newest.values().filter_map(|contact| contact.mail).collect();
    let mut evidence: BTreeMap<MailId, Value> = BTreeMap::new();
    for (mail, route) in mails::newest_routes(db, &ids).await? {
        evidence.insert(mail, route.evidence);
    }
    let shown: Vec<Shown> = newest.values().map(|contact| Shown::of(contact.id.as_uuid(), contact.person)).collect();
    log_list(app, actor, "contact", &shown).await?;
    let view = |sender: Sender| {
        let contact = newest.remove(&sender.address);
        let seen = contact.as_ref().and_then(|contact| evidence.remove(&contact.mail?));
        unknown(sender, contact, &seen.unwrap_or_default())
    };
    Ok(senders.into_iter().map(view).collect())
}

fn unknown(sender: Sender, newest: Option<Contact>, evidence: &Value) -> UnknownSender {
    let found = |pointer: &str| evidence.pointer(pointer).cloned();
    let words = newest.as_ref().and_then(|contact| contact.words.as_deref());
    UnknownSender {
        address: sender.address,
        mails: sender.mails,
        first_at: sender.first_at,
        last_at: sender.last_at,
        flagged: sender.flagged,
        suspected_spoofs: sender.spoofs,
        proof: evidence.pointer("/sender/proof").and_then(Value::as_str).map(str::to_owned),
        proof_evidence: found("/sender/evidence").unwrap_or_else(|| json!([])),
        pretences: found("/sender/pretences").unwrap_or_else(|| json!([])),
        first_words: words.map(|words| words.chars().take(FIRST_WORDS).collect()),
        newest_contact_id: newest.as_ref().map(|contact| contact.id),
        subject: newest.and_then(|contact| contact.subject),
    }
}

/// What was decided about a sender.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScreenerDecision)]
pub struct DecisionView {
    pub id: Uuid,
    pub address: String,
    /// `person`, `general` or `automatic`.
    pub decision: String,
    #[schema(value_type = Option<uuid::Uuid>)]
    pub person_id: Option<PersonId>,
    pub reason: String,
    #[schema(value_type = uuid::Uuid)]
    pub decided_by: OfficerId,
    pub decided_at: DateTime<Utc>,
    /// How many contacts it was about then.
    pub contacts: usize,
    #[schema(value_type = Option<uuid::Uuid>)]
    pub reversed_by: Option<OfficerId>,
    /// Null: in force.
    pub reversed_at: Option<DateTime<Utc>>,
    pub reversal_reason: Option<String>,
}

impl From<DecisionRow> for DecisionView {
    fn from(row: DecisionRow) -> Self {
        Self {
            contacts: screener::contacts_of(&row).len(),
            id: row.id,
            address: row.address,
            decision: row.decision,
            person_id: row.person_id.map(Id::from_uuid),
            reason: row.reason,
            decided_by: Id::from_uuid(row.decided_by),
            decided_at: row.decided_at,
            reversed_by: row.reversed_by.map(Id::from_uuid),
            reversed_at: row.reversed_at,
            reversal_reason: row.reversal_reason,
        }
    }
}

/// Decisions, reversed ones too, the newest first, at most `most` after one; none about people who complained about the
/// reader.
///
/// # Errors
/// `wrong-role`.
pub async fn list_decisions(
    app: &App,
    actor: &Actor,
    after: Option<(DateTime<Utc>, Uuid)>,
    most: u64,
) -> Result<Vec<DecisionView>, AppError> {
    let readers: Vec<Role> = MAY_TRIAGE.into_iter().chain([Role::Auditor]).collect();
    rights::system_or_officer(actor, Scope::ContactsRead, &readers)?;
    let db = app.store.reader();
    let hidden = match actor.officer() {
        Some(officer) => case_facts::people_complaining_about(db, officer.id).await?,
        None => Vec::new(),
    };
    let found = screener::decisions(db, (&hidden, after), most).await?;
    let shown: Vec<Shown> = found.iter().map(|row| Shown::of(row.id, row.person_id.map(Id::from_uuid))).collect();
    log_list(app, actor, "screener-decision", &shown).await?;
    Ok(found.into_iter().map(DecisionView::from).collect())
}
