//! The one gate: an attempt begins, and is counted, in the transaction that found room for it in every budget.
//!
//! What has no room waits and is not lost; where the whole house has sent too much, or answers look like a loop, sending
//! stops until a named officer lets it go on.

use super::ask::{self, Asked};
use super::noted::{note, note_waiting};
use super::stop;
use super::undeliverable::why_not_sent;
use crate::app::{App, AppError};
use crate::domain::correspondence::budget::{Budget, Clearance, Full, Share, clear};
use crate::domain::ids::{Id, OutgoingId};
use crate::store::outgoing::{self, Attempt, Counted, OutgoingRow, OutgoingState};
use crate::store::{Tx, hold, outgoing_attempts, sending_stops, tasks};
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

/// What everybody asks for who begins an attempt, takes a mail back, stops sending or lets it go on: one at a time.
const SENDING: Uuid = Uuid::from_u128(0x0073_656e_6469_6e67);
/// How long a mail that waits for the restart is left alone; the restart itself calls it earlier.
const STOPPED_LOOK: Duration = Duration::minutes(10);
/// Why a mail waits while nothing is sent.
pub(super) const STOPPED: &str = "sending_stopped";

/// Whether the attempt has begun.
#[derive(Debug)]
pub(super) enum Begun {
    /// It is counted: hand the mail over.
    Go(Box<OutgoingRow>),
    /// It is sent already, or was taken back.
    Over,
    /// Look again then.
    Wait(DateTime<Utc>),
    /// Its address cannot be reached at present, for the reason given: nothing is tried.
    Unreachable(Box<OutgoingRow>, String),
}

/// # Errors
/// What the store says.
pub(super) async fn one_at_a_time(tx: &Tx) -> Result<(), AppError> {
    Ok(hold(tx, &[SENDING]).await?)
}

/// Begins an attempt, if it may begin now.
///
/// # Errors
/// What the store says.
pub(super) async fn begin(app: &App, tx: &Tx, id: OutgoingId) -> Result<Begun, AppError> {
    one_at_a_time(tx).await?;
    let over = [OutgoingState::Sent, OutgoingState::Cancelled].map(OutgoingState::as_str);
    let mail = outgoing::find(tx, id).await?.filter(|mail| !over.contains(&mail.state.as_str()));
    let Some(mail) = mail else { return Ok(Begun::Over) };
    let now = app.now();
    if let Some(later) = mail.not_before.filter(|at| *at > now) {
        return Ok(Begun::Wait(later));
    }
    if let Some(words) = why_not_sent(tx, &mail, now).await? {
        return Ok(Begun::Unreachable(Box::new(mail), words));
    }
    if sending_stops::in_force(tx).await?.is_some() {
        return wait_for_restart(app, tx, &mail).await;
    }
    match clearance(app, tx, &mail).await? {
        Clearance::Go => {
            note(app, tx, id, (Attempt::Begun { at: now }, None)).await?;
            outgoing_attempts::begin(tx, (id, mail.attempts + 1), now).await?;
            tasks::settle(tx, tasks::with_cause(&waits_cause(&mail)), None, now).await?;
            Ok(Begun::Go(Box::new(mail)))
        }
        Clearance::Wait { until, because } => {
            note_waiting(app, tx, &mail, Attempt::Waits { until: Some(until), because }).await?;
            tell_of_waiting(app, tx, &mail).await?;
            Ok(Begun::Wait(until))
        }
        Clearance::Stop { because } => {
            stop::open(app, tx, because).await?;
            wait_for_restart(app, tx, &mail).await
        }
    }
}

async fn wait_for_restart(app: &App, tx: &Tx, mail: &OutgoingRow) -> Result<Begun, AppError> {
    note_waiting(app, tx, mail, Attempt::Waits { until: None, because: STOPPED }).await?;
    tell_of_waiting(app, tx, mail).await?;
    Ok(Begun::Wait(app.now() + STOPPED_LOOK))
}

async fn clearance(app: &App, tx: &Tx, mail: &OutgoingRow) -> Result<Clearance, AppError> {
    let budgets = &app.settings.sending.budgets;
    // Whoever let sending go on knew of what had been sent until then.
    let released = sending_stops::last_release(tx).await?.unwrap_or(DateTime::UNIX_EPOCH);
    let mut full = Vec::new();
    for budget in &budgets.recipient {
        full.extend(is_full(app, tx, mail, (Share::Recipient, *budget), DateTime::UNIX_EPOCH).await?);
    }
    for budget in &budgets.case {
        full.extend(is_full(app, tx, mail, (Share::Case, *budget), DateTime::UNIX_EPOCH).await?);
    }
    for budget in &budgets.all {
        full.extend(is_full(app, tx, mail, (Share::All, *budget), released).await?);
    }
    let mut answers = 0;
    if mail.origin == super::AUTOMATIC_ANSWER {
        let since = released.max(app.now() - budgets.a_loop.window);
        answers = outgoing::asked_for(tx, (super::AUTOMATIC_ANSWER, &mail.recipient), since).await?;
    }
    Ok(clear(&full, answers, budgets.a_loop))
}

/// Whether the budget has no room for this mail beside those that may have left us since then.
async fn is_full(
    app: &App,
    tx: &Tx,
    mail: &OutgoingRow,
    (share, budget): (Share, Budget),
    at_least_since: DateTime<Utc>,
) -> Result<Option<Full>, AppError> {
    let counted = match (share, mail.case_id) {
        (Share::Recipient, _) => Counted::To(&mail.recipient),
        (Share::Case, Some(case)) => Counted::OfCase(case),
        (Share::Case, None) => return Ok(None),
        (Share::All, _) => Counted::All,
    };
    let since = at_least_since.max(app.now() - budget.window);
    let oldest = outgoing::nth_tried(tx, counted, (budget.most, since), Id::from_uuid(mail.id)).await?;
    Ok(oldest.map(|tried_at| Full { share, budget, free_at: tried_at + budget.window }))
}

/// What asked for the task about a mail that waits.
pub(super) fn waits_cause(mail: &OutgoingRow) -> String {
    format!("mail:{}:waits", mail.id)
}

/// What a person decided to send does not wait in silence.
async fn tell_of_waiting(app: &App, tx: &Tx, mail: &OutgoingRow) -> Result<(), AppError> {
    if mail.origin != super::OFFICER {
        return Ok(());
    }
    let asked = Asked {
        kind: "mail_waits",
        title: "A mail to the person waits, because too much mail is being sent; look whether it can wait",
        cause: waits_cause(mail),
        contact: None,
    };
    ask::whoever_answers_for(app, tx, mail, asked).await
}
