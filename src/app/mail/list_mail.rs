//! Messages that reached no contact: those that wait to be routed, and those that could not be. Nothing is dropped.

use super::route_mail::{MAY_REROUTE, QUARANTINED, reroute_mail, route_key};
use crate::app::{App, AppError, Shown, log_list, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::ids::{Id, MailId};
use crate::store::jobs;
use crate::store::mails::{self, InState};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// Kept, and not routed yet.
    Waiting,
    Quarantined,
}

/// A message in a list, without what it says or from whom.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MailInState {
    pub id: MailId,
    /// `waiting` or `quarantined`.
    pub state: &'static str,
    pub received_at: DateTime<Utc>,
    /// Which of our addresses it came to.
    pub recipient: String,
    pub source: String,
    pub size_bytes: i64,
    /// Since when it is in this state.
    pub since: DateTime<Utc>,
    /// How often routing it was tried.
    pub attempts: Option<i64>,
    /// What stood in its way the last time.
    pub reason: Option<String>,
}

/// Messages in this state, the oldest first, at most `most` after one.
///
/// # Errors
/// `wrong-role`.
pub async fn list_mail(
    app: &App,
    actor: &Actor,
    state: MailState,
    (after, most): (Option<(DateTime<Utc>, MailId)>, u64),
) -> Result<Vec<MailInState>, AppError> {
    let readers: Vec<Role> = MAY_REROUTE.into_iter().chain([Role::Auditor]).collect();
    rights::system_or_officer(actor, Scope::ContactsRead, &readers)?;
    let db = app.store.reader();
    let named = match state {
        MailState::Waiting => None,
        MailState::Quarantined => Some(QUARANTINED),
    };
    let found = mails::in_state(db, named, after, most).await?;
    let ids: Vec<MailId> = found.iter().map(|mail| MailId::from_uuid(mail.id)).collect();
    let logged: Vec<Shown> = ids.iter().map(|id| Shown::of(id.as_uuid(), None)).collect();
    log_list(app, actor, "mail", &logged).await?;
    match state {
        MailState::Waiting => waiting(app, found).await,
        MailState::Quarantined => {
            let mut routes = mails::newest_routes(db, &ids).await?;
            let view = |mail: InState| {
                let route = routes.remove(&Id::from_uuid(mail.id));
                let said = |name: &str| route.as_ref().and_then(|route| route.evidence.get(name));
                let attempts = said("attempts").and_then(Value::as_i64);
                let reason = said("reason").and_then(Value::as_str).map(str::to_owned);
                let since = route.as_ref().map_or(mail.received_at, |route| route.at);
                shown(mail, QUARANTINED, since, (attempts, reason))
            };
            Ok(found.into_iter().map(view).collect())
        }
    }
}

async fn waiting(app: &App, found: Vec<InState>) -> Result<Vec<MailInState>, AppError> {
    let keys: Vec<String> = found.iter().map(|mail| route_key(Id::from_uuid(mail.id))).collect();
    let mut jobs = jobs::with_keys(app.store.reader(), &keys).await?;
    let view = |mail: InState| {
        let job = jobs.remove(&route_key(Id::from_uuid(mail.id)));
        let attempts = job.as_ref().map(|job| i64::from(job.attempts));
        let since = mail.received_at;
        shown(mail, "waiting", since, (attempts, job.and_then(|job| job.last_error)))
    };
    Ok(found.into_iter().map(view).collect())
}

fn shown(
    mail: InState,
    state: &'static str,
    since: DateTime<Utc>,
    (attempts, reason): (Option<i64>, Option<String>),
) -> MailInState {
    MailInState {
        id: MailId::from_uuid(mail.id),
        state,
        received_at: mail.received_at,
        recipient: mail.recipient,
        source: mail.source,
        size_bytes: mail.size_bytes,
        since,
        attempts,
        reason,
    }
}

/// What became of one message that was to be routed again.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rerouted {
    pub id: MailId,
    /// `routed`, or `not_routed`.
    pub outcome: &'static str,
    /// Why not.
    pub because: Option<String>,
}

/// Routes quarantined messages again, each for itself: one that cannot be routed keeps none of the others back.
///
/// # Errors
/// `wrong-role`.
pub async fn reroute_mails(app: &App, actor: &Actor, ids: Vec<MailId>) -> Result<Vec<Rerouted>, AppError> {
    rights::officer_with(actor, &MAY_REROUTE)?;
    let mut done = Vec::with_capacity(ids.len());
    for id in ids {
        let because = reroute_mail(app, actor, id).await.err().map(|error| error.to_string());
        let outcome = if because.is_none() { "routed" } else { "not_routed" };
        done.push(Rerouted { id, outcome, because });
    }
    Ok(done)
}
