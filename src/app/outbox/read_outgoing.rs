//! How our mails stand: by id and time, without what they say or to whom.

use crate::app::{App, AppError, Shown, ShownWith, log_list, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::{CaseId, Id};
use crate::domain::marking::Marking;
use crate::store::case_facts;
use crate::store::outgoing::{self, OutgoingState, OutgoingSummary};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

/// Who looks after the post.
const MAY_SEE: [Role; 4] = [Role::PsdStaff, Role::PsdSupervisor, Role::Admin, Role::Auditor];

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
    pub created_at: DateTime<Utc>,
    /// When the last attempt began.
    pub tried_at: Option<DateTime<Utc>>,
    /// It is not tried before; until then it may be taken back.
    pub not_before: Option<DateTime<Utc>>,
    /// `recipient_budget`, `case_budget`, `sending_stopped`: why it waits longer.
    pub waits_because: Option<String>,
    pub sent_at: Option<DateTime<Utc>>,
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
    let view = |mail: OutgoingSummary| OutgoingView {
        id: mail.id,
        marking: with.marking(mail.case_id.map(CaseId::from_uuid)),
        state: mail.state,
        origin: mail.origin,
        case_id: mail.case_id,
        person_id: mail.person_id,
        officer_id: mail.officer_id,
        attempts: mail.attempts,
        created_at: mail.created_at,
        tried_at: mail.tried_at,
        not_before: mail.not_before,
        waits_because: mail.waits_because,
        sent_at: mail.sent_at,
    };
    Ok(mails.into_iter().map(view).collect())
}
