//! Contacts of every channel: the fact, whose it is, what was found, where it lies.

mod change;
mod history;
mod list;
mod recent;

pub use change::{count_for, set_attribution, set_case, set_findings, set_handling};
pub use history::{Since, Tally, allowances, later, received_times, tallies};
pub use list::{Filter, Order, Owed, ReadingKey, count, count_overdue, list};
pub use recent::{Received, counted_since, received_since};

use super::page::once;
use super::{StoreError, json_without_nul, without_nul};
use crate::domain::attribution::{Certainty, Evidence};
use crate::domain::contact::{Channel, NotCounted, Place, Queue, RaisedFlag};
use crate::domain::correspondence::MailKind;
use crate::domain::ids::{CaseId, ContactId, Id, MailId, PersonId};
use crate::domain::strategy::{Measurable, Standing, Verdict};
use chrono::{DateTime, Utc};
use entities::contacts::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};
use serde::Serialize;
use serde_json::{Value, json};
use std::str::FromStr;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    pub id: ContactId,
    pub mail: Option<MailId>,
    pub channel: Channel,
    /// When ours received it: the time that counts.
    pub received_at: DateTime<Utc>,
    /// When we learned of it.
    pub recorded_at: DateTime<Utc>,
    /// Which of our addresses or numbers it was sent to.
    pub addressee: Option<String>,
    /// The address or number it came from, as presented.
    pub presented: Option<String>,
    pub subject: Option<String>,
    /// The new words, without quoted text.
    pub words: Option<String>,
    /// What kind of mail it is; `None` for other channels.
    pub kind: Option<MailKind>,
    pub external: Option<External>,
    pub person: Option<PersonId>,
    /// The person after merges; `None`: it counts for nobody.
    pub counts_for: Option<PersonId>,
    pub certainty: Certainty,
    pub evidence: Vec<Evidence>,
    /// `None`: it counts.
    pub not_counted: Option<NotCounted>,
    pub exempt: bool,
    pub flags: Vec<RaisedFlag>,
    pub verdict: Option<Verdict>,
    pub place: Place,
    pub place_because: Option<String>,
    pub read_due_at: Option<DateTime<Utc>>,
    pub handling: Handling,
    /// The seven questions have to be answered before it is closed. Stays owed when somebody takes the contact out of the
    /// limits without answering them.
    pub ticks_owed: bool,
    /// Who deals with it, beyond whoever reads it.
    pub queues: Vec<Queue>,
    /// The case whose mail of ours it answers. A place, and nothing about who wrote it.
    pub case: Option<CaseId>,
    pub version: i64,
}

/// Another system's name for the contact: at most one contact each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct External {
    pub system: String,
    pub reference: String,
}

/// How far people got with a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    Open,
    /// A named person read it and, where it was held, answered the seven questions.
    Read,
    Closed,
}

impl Handling {
    pub fn as_str(self) -> &'static str {
        match self {
            Handling::Open => "open",
            Handling::Read => "read",
            Handling::Closed => "closed",
        }
    }
}

impl FromStr for Handling {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Handling::Open, Handling::Read, Handling::Closed]
            .into_iter()
            .find(|handling| handling.as_str() == text)
            .ok_or(StoreError::Corrupt { what: "the handling of a contact" })
    }
}

impl Contact {
    /// Whether it can be held against anybody.
    pub fn standing(&self) -> Standing {
        match (self.not_counted, self.counts_for, self.exempt) {
            (Some(_), _, _) => Standing::NotCounted,
            (None, None, _) => Standing::Unproven,
            (None, Some(_), true) => Standing::Exempt,
            (None, Some(_), false) => Standing::Counted,
        }
    }

    /// What measuring looks at. `words` are the subject and the new words together.
    pub fn measurable<'a>(&'a self, words: &'a str) -> Measurable<'a> {
        Measurable {
            id: self.id,
            received_at: self.received_at,
            channel: self.channel,
            addressee: self.addressee.as_deref(),
            presented: self.presented.as_deref(),
            words,
            standing: self.standing(),
        }
    }
}

pub async fn find(db: &impl ConnectionTrait, id: ContactId) -> Result<Option<Contact>, StoreError> {
    let ask = async { Entity::find_by_id(id.as_uuid()).one(db).await?.map(read).transpose() };
    once("contacts::find", vec![id.as_uuid()], ask).await
}

/// Those of these contacts that there are, in no order.
pub async fn with_ids(db: &impl ConnectionTrait, ids: &[ContactId]) -> Result<Vec<Contact>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(5_000) {
        let rows = Entity::find().filter(Column::Id.is_in(some.iter().map(|id| id.as_uuid()))).all(db).await?;
        found.extend(rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(found)
}

/// The contact that a mail became.
pub async fn of_mail(db: &impl ConnectionTrait, mail: MailId) -> Result<Option<Contact>, StoreError> {
    Entity::find().filter(Column::MailId.eq(mail.as_uuid())).one(db).await?.map(read).transpose()
}

/// The contacts that these mails became, in no order.
pub async fn of_mails(db: &impl ConnectionTrait, mails: &[MailId]) -> Result<Vec<Contact>, StoreError> {
    let mails = mails.iter().take(5_000).map(|mail| mail.as_uuid());
    Entity::find().filter(Column::MailId.is_in(mails)).all(db).await?.into_iter().map(read).collect()
}

/// The contact another system knows by this name.
pub async fn find_external(db: &impl ConnectionTrait, external: &External) -> Result<Option<Contact>, StoreError> {
    Ok(with_externals(db, std::slice::from_ref(external)).await?.pop())
}

/// Those of these names that a contact has already.
pub async fn with_externals(db: &impl ConnectionTrait, externals: &[External]) -> Result<Vec<Contact>, StoreError> {
    if externals.is_empty() {
        return Ok(Vec::new());
    }
    let one = |external: &External| {
        Column::ExternalSystem.eq(&*external.system).and(Column::ExternalRef.eq(&*external.reference))
    };
    let any = externals.iter().fold(Condition::any(), |any, external| any.add(one(external)));
    Entity::find().filter(any).all(db).await?.into_iter().map(read).collect()
}

/// The contacts that one system knows by these references.
pub async fn with_references(
    db: &impl ConnectionTrait,
    system: &str,
    references: &[String],
) -> Result<Vec<Contact>, StoreError> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let theirs = Entity::find().filter(Column::ExternalSystem.eq(system));
    let named = theirs.filter(Column::ExternalRef.is_in(references.to_vec()));
    named.all(db).await?.into_iter().map(read).collect()
}

/// # Errors
/// `Duplicate` when another system's name for one of them is taken.
pub async fn insert_many(db: &impl ConnectionTrait, contacts: &[Contact]) -> Result<(), StoreError> {
    // PostgreSQL takes 65,535 values in a statement, SQLite 32,766; a contact is 32.
    for chunk in contacts.chunks(1000) {
        let rows = chunk.iter().map(write).collect::<Result<Vec<_>, _>>()?;
        Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

fn parsed<T: FromStr>(text: &str, what: &'static str) -> Result<T, StoreError> {
    text.parse().map_err(|_unreadable| StoreError::Corrupt { what })
}

fn from_json<T: serde::de::DeserializeOwned>(value: Value, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_value(value).map_err(|_unreadable| StoreError::Corrupt { what })
}

fn read(row: Model) -> Result<Contact, StoreError> {
    let not_counted = row.not_counted_because.as_deref().and_then(NotCounted::parse);
    let external = row.external_system.zip(row.external_ref).map(|(system, reference)| External { system, reference });
    let verdict = row.verdict_detail.filter(|detail| !detail.is_null());
    Ok(Contact {
        id: Id::from_uuid(row.id),
        mail: row.mail_id.map(Id::from_uuid),
        channel: parsed(&row.channel, "the channel of a contact")?,
        received_at: row.received_at,
        recorded_at: row.recorded_at,
        addressee: row.addressee,
        presented: row.presented,
        subject: row.subject,
        words: row.words,
        kind: row.automatic.as_deref().map(|kind| parsed(kind, "the kind of a mail")).transpose()?,
        external,
        person: row.person_id.map(Id::from_uuid),
        counts_for: row.counts_for_id.map(Id::from_uuid),
        certainty: parsed(&row.attribution, "the attribution of a contact")?,
        evidence: from_json(row.attribution_evidence, "the evidence of a contact")?,
        not_counted,
        exempt: row.exempt,
        flags: from_json(row.flags, "the flags of a contact")?,
        verdict: verdict.map(|detail| from_json(detail, "the verdict on a contact")).transpose()?,
        place: parsed(&row.place, "the place of a contact")?,
        place_because: row.place_because,
        read_due_at: row.read_due_at,
        handling: row.handling.parse()?,
        ticks_owed: row.ticks_owed,
        queues: read_queues(row.queues.as_deref())?,
        case: row.case_id.map(Id::from_uuid),
        version: row.version,
    })
}

fn write(contact: &Contact) -> Result<ActiveModel, StoreError> {
    let uuid = |person: Option<PersonId>| person.map(PersonId::as_uuid);
    Ok(ActiveModel {
        id: Set(contact.id.as_uuid()),
        mail_id: Set(contact.mail.map(MailId::as_uuid)),
        channel: Set(contact.channel.as_str().to_owned()),
        received_at: Set(contact.received_at),
        recorded_at: Set(contact.recorded_at),
        addressee: Set(contact.addressee.clone().map(without_nul)),
        presented: Set(contact.presented.clone().map(without_nul)),
        subject: Set(contact.subject.clone().map(without_nul)),
        words: Set(contact.words.clone().map(without_nul)),
        automatic: Set(contact.kind.map(|kind| kind.as_str().to_owned())),
        external_system: Set(contact.external.as_ref().map(|external| external.system.clone())),
        external_ref: Set(contact.external.as_ref().map(|external| external.reference.clone())),
        person_id: Set(uuid(contact.person)),
        counts_for_id: Set(uuid(contact.counts_for)),
        attribution: Set(contact.certainty.as_str().to_owned()),
        attribution_evidence: Set(json_without_nul(json!(contact.evidence))),
        counted: Set(contact.not_counted.is_none()),
        not_counted_because: Set(contact.not_counted.map(|because| because.as_str().to_owned())),
        exempt: Set(contact.exempt),
        flags: Set(json_without_nul(json!(contact.flags))),
        verdict: Set(contact.verdict.as_ref().map(leading)),
        verdict_detail: Set(contact.verdict.as_ref().map(|verdict| json!(verdict))),
        strategy_id: Set(contact.verdict.as_ref().and_then(strategy)),
        place: Set(contact.place.as_str().to_owned()),
        place_because: Set(contact.place_because.clone()),
        read_due_at: Set(contact.read_due_at),
        handling: Set(contact.handling.as_str().to_owned()),
        ticks_owed: Set(contact.ticks_owed),
        flagged: Set(!contact.flags.is_empty()),
        queues: Set(queues(contact)),
        case_id: Set(contact.case.map(CaseId::as_uuid)),
        version: Set(contact.version),
    })
}

/// Between commas and with one at each end, so that a part is found as a whole word.
fn queues(contact: &Contact) -> Option<String> {
    let names: Vec<&str> = contact.queues.iter().map(|queue| queue.as_str()).collect();
    (!names.is_empty()).then(|| format!(",{},", names.join(",")))
}

fn read_queues(stored: Option<&str>) -> Result<Vec<Queue>, StoreError> {
    let names = stored.unwrap_or_default().split(',').filter(|name| !name.is_empty());
    names.map(|name| parsed(name, "the queues of a contact")).collect()
}

fn leading(verdict: &Verdict) -> String {
    verdict.kinds.first().as_str().to_owned()
}

fn strategy(verdict: &Verdict) -> Option<Uuid> {
    verdict.strategy.map(CaseId::as_uuid)
}
