//! How our mails stand: by id and time, without what they say or to whom.

use crate::app::{App, AppError, Shown, ShownWith, log_list, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::{CaseId, Id};
use crate::domain::marking::Marking;
use crate::store::case_facts;
use crate::store::outgoing::{self, OutgoingState, OutgoingSummary};
use crate::store::outgoing_attempts::{self, AttemptRow};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

/// Who looks after the post.
pub(super) const MAY_SEE: [Role; 4] = [Role::PsdStaff, Role::PsdSupervisor, Role::Admin, Role::Auditor];

/// A mail of ours in a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Outgoing)]
pub struct OutgoingView {
    pub id: Uuid,
    /// Of its case: what it bears when it is shown.
    pub marking: Marking,
    /// `queued`, `sending`, `sent`, `failed` or `uncertain` (it is tried again), `dead` (given up), `cancelled`.
    pub state: String,
    /// Who speaks: `officer`, `program`, `automatic_answer`.
    pub origin: String,
    pub case_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    /// Whose step asked for it.
    pub officer_id: Option<Uuid>,
    pub attempts: i32,
    /// Each attempt, the oldest first; what the server said is shown with the case.
    pub tries: Vec<AttemptView>,
    pub created_at: DateTime<Utc>,
    /// When the last attempt began.
    pub tried_at: Option<DateTime<Utc>>,
    /// It is not tried before; until then it may be taken back.
    pub not_before: Option<DateTime<Utc>>,
    /// `recipient_budget`, `case_budget`, `sending_stopped`: why it waits longer.
    pub waits_because: Option<String>,
    pub sent_at: Option<DateTime<Utc>>,
}

/// One attempt to hand a mail of ours over.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OutgoingAttempt)]
pub struct AttemptView {
    /// 1 is the first.
    pub number: i32,
    pub began_at: DateTime<Utc>,
    /// Null: it is being made, or was cut off.
    pub ended_at: Option<DateTime<Utc>>,
    /// `sent`, or why not: `connection`, `credentials` (our own), `greylisted`, `quota`, `busy`, `uncertain`, `refused`.
    pub outcome: Option<String>,
    /// What the server answered: 451.
    pub code: Option<i32>,
    /// Enhanced status code (RFC 3463): `4.7.1`.
    pub status: Option<String>,
    /// The server's words; null in lists.
    pub words: Option<String>,
}

impl From<AttemptRow> for AttemptView {
    fn from(row: AttemptRow) -> Self {
        let AttemptRow { outgoing_id: _, number, began_at, ended_at, outcome, code, status, words, gave_up: _ } = row;
        Self { number, began_at, ended_at, outcome, code, status, words }
    }
}

impl AttemptView {
    /// The attempts of one mail. The server's words may hold the recipient's address.
    fn without_words(attempts: &[AttemptRow], mail: Uuid) -> Vec<Self> {
        let theirs = attempts.iter().filter(|attempt| attempt.outgoing_id == mail).cloned();
        theirs.map(|attempt| AttemptView { words: None, ..attempt.into() }).collect()
    }
}

/// Mails in this state, or in any, the newest first, at most `most` after one; none about people who complained about the
/// reader.
///
/// # Errors
/// `wrong-role`; `Invalid` for a state that is none.
pub async fn list_outgoing(
    app: &App,
    actor: &Actor,
    state: Option<&str>,
    (after, most): (Option<(DateTime<Utc>, Uuid)>, u64),
) -> Result<Vec<OutgoingView>, AppError> {
    let officer = rights::officer_with(actor, &MAY_SEE)?;
    let state = state.map(state_of).transpose()?;
    let db = app.store.reader();
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    let found = outgoing::list(db, (state, &hidden), after, most).await?;
    let logged: Vec<Shown> = found.iter().map(|mail| Shown::of(mail.id, mail.person_id.map(Id::from_uuid))).collect();
    log_list(app, actor, "outgoing", &logged).await?;
    shown(app, found).await
}

fn state_of(text: &str) -> Result<OutgoingState, AppError> {
    let known = OutgoingState::ALL.into_iter().find(|state| state.as_str() == text);
    known.ok_or_else(|| AppError::invalid("/state", "there is no such state of a mail"))
}

/// The mails with the markings they are shown with.
///
/// # Errors
/// What the store says.
pub(super) async fn shown(app: &App, mails: Vec<OutgoingSummary>) -> Result<Vec<OutgoingView>, AppError> {
    let cases: Vec<CaseId> = mails.iter().filter_map(|mail| mail.case_id).map(CaseId::from_uuid).collect();
    let with = ShownWith::load(app, app.store.reader(), &cases, &[]).await?;
    let ids: Vec<Uuid> = mails.iter().map(|mail| mail.id).collect();
    let tries = outgoing_attempts::of(app.store.reader(), &ids).await?;
    let view = |mail: OutgoingSummary| OutgoingView {
        id: mail.id,
        marking: with.marking(mail.case_id.map(CaseId::from_uuid)),
        state: mail.state,
        origin: mail.origin,
        case_id: mail.case_id,
        person_id: mail.person_id,
        officer_id: mail.officer_id,
        attempts: mail.attempts,
        tries: AttemptView::without_words(&tries, mail.id),
        created_at: mail.created_at,
        tried_at: mail.tried_at,
        not_before: mail.not_before,
        waits_because: mail.waits_because,
        sent_at: mail.sent_at,
    };
    Ok(mails.into_iter().map(view).collect())
}
