//! A contact as callers read it: the fact, whose it is and why, what was found and by which limits.

use super::reading::READING;
use crate::app::people::AdjustmentView;
use crate::app::{App, AppError, ShownWith};
use crate::domain::attribution::{Certainty, Evidence};
use crate::domain::contact::{Channel, Place, Queue, RaisedFlag, Reply};
use crate::domain::ids::{CaseId, ContactId, Id, MailId, OfficerId, PersonId};
use crate::domain::marking::Marking;
use crate::domain::strategy::{Terms, Verdict};
use crate::store::contacts::{Contact, Handling, ReadingKey};
use crate::store::tasks;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Contact)]
pub struct ContactView {
    pub id: ContactId,
    /// `OFFICIAL` and up: what it bears when it is shown or printed.
    pub marking: Marking,
    /// In force today; to be kept to wherever contact is composed or judged.
    pub adjustments: Vec<AdjustmentView>,
    /// The raw message it came in, for mail.
    pub mail_id: Option<MailId>,
    pub channel: Channel,
    /// When ours received it: the time that counts.
    pub received_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    /// Which of our addresses or numbers it came to.
    pub addressee: Option<String>,
    /// The address or number it came from.
    pub presented: Option<String>,
    pub subject: Option<String>,
    /// The new words, without quoted text.
    pub words: Option<String>,
    /// For mail: `human`, `auto_reply`, `bounce`, `complaint`, `list` or `own`.
    pub automatic: Option<&'static str>,
    pub external_system: Option<String>,
    pub external_ref: Option<String>,
    /// The record it was found to be from.
    pub person_id: Option<PersonId>,
    /// The person after merges it counts for; `null`: nobody.
    pub counts_for_id: Option<PersonId>,
    /// `verified`, `confirmed`, `on_behalf`, `suggested`, `unattributed` or `not_applicable`.
    #[schema(value_type = String)]
    pub attribution: Certainty,
    /// The reasons for it.
    #[schema(value_type = Vec<Object>)]
    pub evidence: Vec<Evidence>,
    pub counted: bool,
    pub not_counted_because: Option<&'static str>,
    /// A person ticked it as outside every limit.
    pub exempt: bool,
    #[schema(value_type = Vec<Object>)]
    pub flags: Vec<RaisedFlag>,
    /// `kinds`, `strategy`, `frequency` with `used` and `max`, `nextPermittedAt`.
    #[schema(value_type = Option<Object>)]
    pub verdict: Option<Verdict>,
    /// The limits it was measured against; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub measured_against: Option<MeasuredAgainst>,
    /// `to_read`, `held`, `quarantine`, `moved_to_spoc`, `filed`, `unattributed` or `released`.
    #[schema(value_type = String)]
    pub place: Place,
    pub place_because: Option<String>,
    /// By when somebody has to have read it.
    pub read_due_at: Option<DateTime<Utc>>,
    /// Who has to read it; null: nobody in particular, or somebody has.
    pub read_by: Option<ReadBy>,
    /// The answer it is owed.
    #[schema(value_type = Option<Object>)]
    pub reply: Option<Reply>,
    /// `open`, `read` or `closed`.
    #[schema(value_type = String)]
    pub handling: Handling,
    /// The seven questions have to be answered before it is closed.
    pub ticks_owed: bool,
    /// Who deals with it: `safeguarding`, `complaints`, `crime`, `information_rights`, `adjustments`, `staff_safety`,
    /// `correspondence`.
    #[schema(value_type = Vec<String>)]
    pub queues: Vec<Queue>,
    /// The case whose mail it answers, by a signed Message-ID of ours: a place, and nothing about who wrote it.
    pub case_id: Option<CaseId>,
    /// What `If-Match` names: `"v12"`.
    pub version: i64,
}

/// Who has to read a contact: an officer, or anybody who holds a role.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadBy {
    #[schema(value_type = Option<uuid::Uuid>)]
    pub officer_id: Option<OfficerId>,
    pub role: Option<String>,
    /// `read_held`: the seven questions have to be answered; or `read_flagged`, `read_moved`, `read_closed_subject`,
    /// `read_and_reply`.
    pub task: String,
}

/// The limits of one strategy version.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MeasuredAgainst {
    pub strategy: crate::domain::ids::CaseId,
    pub effective_from: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub limits: Vec<crate::domain::strategy::Limit>,
}

/// Contacts with the markings of the cases behind them and the adjustments of whom they are from.
///
/// # Errors
/// What the store says.
pub async fn show_contacts(app: &App, contacts: Vec<Contact>) -> Result<Vec<ContactView>, AppError> {
    let cases: Vec<CaseId> = contacts.iter().flat_map(cases_behind).collect();
    let people: Vec<PersonId> = contacts.iter().filter_map(|contact| contact.person).collect();
    let db = app.store.reader();
    let with = ShownWith::load(app, db, &cases, &people).await?;
    let unread = contacts.iter().filter(|contact| contact.handling == Handling::Open).map(|contact| contact.id);
    let asked = tasks::open_on_contacts(db, &unread.collect::<Vec<_>>(), &READING).await?;
    let mut readers: HashMap<ContactId, ReadBy> = HashMap::new();
    for task in asked {
        if let Some(contact) = task.contact_id {
            let officer_id = task.officer_id.map(Id::from_uuid);
            readers.insert(Id::from_uuid(contact), ReadBy { officer_id, role: task.role, task: task.kind });
        }
    }
    let view = |contact: Contact| {
        let read_by = readers.remove(&contact.id);
        ContactView { read_by, ..ContactView::new(contact, &with) }
    };
    Ok(contacts.into_iter().map(view).collect())
}

/// One contact, as a list of them is shown.
///
/// # Errors
/// What the store says.
pub async fn show_contact(app: &App, contact: Contact) -> Result<ContactView, AppError> {
    show_contacts(app, vec![contact]).await?.pop().ok_or(AppError::NotFound)
}

/// The case whose mail it answers, and the strategy whose limits it was measured by.
pub(crate) fn cases_behind(contact: &Contact) -> impl Iterator<Item = CaseId> + use<> {
    contact.case.into_iter().chain(contact.verdict.as_ref().and_then(|verdict| verdict.strategy))
}

impl ContactView {
    fn new(contact: Contact, with: &ShownWith) -> Self {
        let marking = with.marking(cases_behind(&contact));
        let (external_system, external_ref) =
            contact.external.map(|external| (external.system, external.reference)).unzip();
        Self {
            id: contact.id,
            marking,
            adjustments: with.adjustments(contact.person),
            mail_id: contact.mail,
            channel: contact.channel,
            received_at: contact.received_at,
            recorded_at: contact.recorded_at,
            addressee: contact.addressee,
            presented: contact.presented,
            subject: contact.subject,
            words: contact.words,
            automatic: contact.kind.map(|kind| kind.as_str()),
            external_system,
            external_ref,
            person_id: contact.person,
            counts_for_id: contact.counts_for,
            attribution: contact.certainty,
            evidence: contact.evidence,
            counted: contact.not_counted.is_none(),
            not_counted_because: contact.not_counted.map(|because| because.as_str()),
            exempt: contact.exempt,
            flags: contact.flags,
            reply: match contact.handling {
                Handling::Closed => contact.verdict.as_ref().map(|_| Reply::NotOwed),
                Handling::Open | Handling::Read => contact.verdict.as_ref().map(Reply::owed_for),
            },
            verdict: contact.verdict,
            measured_against: None,
            place: contact.place,
            place_because: contact.place_because,
            read_due_at: contact.read_due_at,
            read_by: None,
            handling: contact.handling,
            ticks_owed: contact.ticks_owed,
            queues: contact.queues,
            case_id: contact.case,
            version: contact.version,
        }
    }
}

impl ContactView {
    /// Where it stands in the reading list.
    pub fn reading_key(&self) -> ReadingKey {
        ReadingKey { flagged: !self.flags.is_empty(), read_due_at: self.read_due_at, id: self.id }
    }

    /// With the limits it was measured against.
    pub(super) fn against(self, terms: Option<Terms>) -> Self {
        let measured_against = terms.map(|terms| MeasuredAgainst {
            strategy: terms.strategy,
            effective_from: terms.effective_from,
            ends_at: terms.ends_at,
            limits: terms.limits,
        });
        Self { measured_against, ..self }
    }
}
