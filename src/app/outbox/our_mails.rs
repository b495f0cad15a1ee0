//! Our mails as whoever sends them reads them: what they say, to whom, how they stand, and whether they may be taken back.

use super::read_outgoing::AttemptView;
use crate::app::contacts::MAY_READ;
use crate::app::mail::LogEntry;
use crate::app::people::{AdjustmentView, may_see};
use crate::app::{App, AppError, Shown, ShownWith, log_list, log_reading, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::ids::{CaseId, ContactId, Id, MailId, OutgoingId, PersonId};
use crate::domain::marking::Marking;
use crate::mail::parse::parse;
use crate::store::outbox::{self, Listed, Wanted};
use crate::store::outgoing::{OutgoingRow, OutgoingState};
use crate::store::{case_facts, contacts, events, outgoing, outgoing_attempts};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

/// Who sees everybody's mails; others see their own.
const SEES_ALL: [Role; 4] = [Role::PsdStaff, Role::PsdSupervisor, Role::Chair, Role::Auditor];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tray {
    /// Not sent yet, or not yet known to be.
    Outbox,
    /// Sent, given up or taken back.
    Done,
}

impl Tray {
    fn states(self) -> Vec<OutgoingState> {
        match self {
            Tray::Outbox => {
                vec![OutgoingState::Queued, OutgoingState::Sending, OutgoingState::Failed, OutgoingState::Uncertain]
            }
            Tray::Done => vec![OutgoingState::Sent, OutgoingState::Dead, OutgoingState::Cancelled],
        }
    }
}

/// A mail of ours.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OurMail {
    pub id: Uuid,
    pub marking: Marking,
    pub state: String,
    /// `officer`, `program`, `automatic_answer`.
    pub origin: String,
    pub subject: String,
    pub to: String,
    pub case_id: Option<Uuid>,
    pub person_id: Option<PersonId>,
    pub officer_id: Option<Uuid>,
    pub attempts: i32,
    pub created_at: DateTime<Utc>,
    pub not_before: Option<DateTime<Utc>>,
    pub waits_because: Option<String>,
    pub sent_at: Option<DateTime<Utc>>,
    /// The reader may take it back now.
    pub may_be_taken_back: bool,
}

/// A mail of ours with everything about it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OurMailInFull {
    pub mail: OurMail,
    pub adjustments: Vec<AdjustmentView>,
    pub text: String,
    /// The contact it answers.
    pub answers: Option<ContactId>,
    /// Each attempt with the server's words, the oldest first.
    pub tries: Vec<AttemptView>,
    pub log: Vec<LogEntry>,
}

/// The mails of a tray that the reader may see, the newest first, at most `most` after one.
///
/// # Errors
/// `wrong-role`.
pub async fn list_our_mails(
    app: &App,
    actor: &Actor,
    tray: Tray,
    (after, most): (Option<(DateTime<Utc>, Uuid)>, u64),
) -> Result<Vec<OurMail>, AppError> {
    let officer = rights::officer_with(actor, &MAY_READ)?;
    let db = app.store.reader();
    let found = outbox::list(db, &wanted(app, officer, tray).await?, after, most).await?;
    let logged: Vec<Shown> = found.iter().map(|mail| Shown::of(mail.id, mail.person_id.map(Id::from_uuid))).collect();
    log_list(app, actor, "outgoing", &logged).await?;
    let cases: Vec<CaseId> = found.iter().filter_map(|mail| mail.case_id).map(CaseId::from_uuid).collect();
    let with = ShownWith::load(app, db, &cases, &[]).await?;
    Ok(found.into_iter().map(|mail| shown(officer, mail, &with)).collect())
}

/// How many mails wait in the reader's outbox.
///
/// # Errors
/// `wrong-role`.
pub async fn count_waiting(app: &App, actor: &Actor) -> Result<u64, AppError> {
    let officer = rights::officer_with(actor, &MAY_READ)?;
    Ok(outbox::count(app.store.reader(), &wanted(app, officer, Tray::Outbox).await?).await?)
}

async fn wanted(app: &App, officer: &Officer, tray: Tray) -> Result<Wanted, AppError> {
    let hidden = case_facts::people_complaining_about(app.store.reader(), officer.id).await?;
    let by = Some(officer.id).filter(|_| !officer.has_any(&SEES_ALL));
    Ok(Wanted { states: tray.states(), by, hidden })
}

/// One mail of ours, to whoever reads contacts and cases.
///
/// # Errors
/// `wrong-role`; `NotFound`, also where its person complained about the reader.
pub async fn read_our_mail(app: &App, actor: &Actor, id: OutgoingId) -> Result<OurMailInFull, AppError> {
    let officer = rights::officer_with(actor, &MAY_READ)?;
    let db = app.store.reader();
    let row = outgoing::find(db, id).await?.ok_or(AppError::NotFound)?;
    let person: Option<PersonId> = row.person_id.map(Id::from_uuid);
    may_see(db, actor, person).await?;
    let events = events::load(db, id.as_uuid()).await?;
    let tries = outgoing_attempts::of(db, &[row.id]).await?;
    let answers = match row.answers_id.map(MailId::from_uuid) {
        Some(mail) => contacts::of_mail(db, mail).await?.map(|contact| contact.id),
        None => None,
    };
    log_reading(app, actor, "outgoing", Some(id.as_uuid())).await?;
    let cases: Vec<CaseId> = row.case_id.map(CaseId::from_uuid).into_iter().collect();
    let with = ShownWith::load(app, db, &cases, &person.into_iter().collect::<Vec<_>>()).await?;
    Ok(OurMailInFull {
        adjustments: with.adjustments(person),
        text: parse(&row.mime).text,
        answers,
        tries: tries.into_iter().map(AttemptView::from).collect(),
        log: events.iter().map(LogEntry::of_event).collect(),
        mail: shown(officer, listed(row), &with),
    })
}

fn listed(row: OutgoingRow) -> Listed {
    Listed {
        id: row.id,
        state: row.state,
        origin: row.origin,
        subject: row.subject,
        to_address: row.to_address,
        case_id: row.case_id,
        person_id: row.person_id,
        officer_id: row.officer_id,
        attempts: row.attempts,
        created_at: row.created_at,
        not_before: row.not_before,
        waits_because: row.waits_because,
        sent_at: row.sent_at,
    }
}

fn shown(officer: &Officer, mail: Listed, with: &ShownWith) -> OurMail {
    let theirs = mail.officer_id == Some(officer.id.as_uuid()) || officer.has(Role::PsdSupervisor);
    OurMail {
        marking: with.marking(mail.case_id.map(CaseId::from_uuid)),
        may_be_taken_back: theirs && mail.state == OutgoingState::Queued.as_str(),
        id: mail.id,
        state: mail.state,
        origin: mail.origin,
        subject: mail.subject,
        to: mail.to_address,
        case_id: mail.case_id,
        person_id: mail.person_id.map(Id::from_uuid),
        officer_id: mail.officer_id,
        attempts: mail.attempts,
        created_at: mail.created_at,
        not_before: mail.not_before,
        waits_because: mail.waits_because,
        sent_at: mail.sent_at,
    }
}
