//! Nothing is sent any more, and a named officer lets it go on.

use super::begin::{STOPPED, one_at_a_time};
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, ActorRef, Role};
use crate::domain::case::Refusal;
use crate::domain::ids::{OutgoingId, of};
use crate::store::events::{self, NewEvent, Stream};
use crate::store::sending_stops::{self, StopRow};
use crate::store::tasks::{self, NewTask};
use crate::store::{Tx, jobs, outgoing};
use serde_json::{Value, json};

/// Who may let sending go on, and is told that it stopped.
const MAY_RESTART: [Role; 2] = [Role::Admin, Role::PsdSupervisor];
/// Who may know that it stopped.
const MAY_KNOW: [Role; 4] = [Role::Admin, Role::PsdSupervisor, Role::PsdStaff, Role::Auditor];
/// The task of those who are told; done by the restart.
pub(crate) const SENDING_STOPPED: &str = "sending_stopped";
/// Mails called back at once by a restart.
const MAILS_AT_ONCE: u64 = 500;

/// Stops sending, and tells whoever may let it go on.
pub(super) async fn open(app: &App, tx: &Tx, because: String) -> Result<(), AppError> {
    let id = app.new_id::<of::Event>().as_uuid();
    sending_stops::open(tx, id, app.now(), &because).await?;
    tell(app, tx, id, (ActorRef::Software, "sending_stopped", json!({ "because": because }))).await?;
    let task = |role: Role| NewTask {
        id: app.new_id::<of::Event>().as_uuid(),
        kind: SENDING_STOPPED,
        title: format!("No mail is sent any more: {because} Look at what was sent, and let it go on"),
        role: Some(role.as_str().to_owned()),
        officer: None,
        case: None,
        contact: None,
        person: None,
        due_at: Some(app.now()),
        created_at: app.now(),
        cause: format!("sending-stop:{id}:{role}"),
    };
    tasks::create(tx, MAY_RESTART.into_iter().map(task).collect()).await?;
    tracing::error!(stop.id = %id, because, "no mail is sent any more until an officer lets it go on");
    show(true);
    Ok(())
}

/// Lets sending go on. What was sent before counts neither for the budgets of the whole house nor as a loop any more; the
/// budgets of each address and case go on as they are.
///
/// # Errors
/// `named-person-required`; `wrong-role`; `Invalid` without a reason; `sending-not-stopped`.
pub async fn restart_sending(app: &App, actor: &Actor, reason: String) -> Result<StopRow, AppError> {
    let officer = rights::officer_with(actor, &MAY_RESTART)?.id;
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        return Err(AppError::invalid("/reason", "Say what was found and why mail may be sent again."));
    }
    let (inner, by) = (app.clone(), actor.reference());
    let released = app.store.write(async move |tx| {
        one_at_a_time(tx).await?;
        let Some(stop) = sending_stops::in_force(tx).await? else {
            return Err(Refusal::conflict("sending-not-stopped", "Mail is being sent; nothing is stopped.").into());
        };
        let now = inner.now();
        sending_stops::release(tx, stop.id, now, officer).await?;
        tell(&inner, tx, stop.id, (by, "sending_restarted", json!({ "reason": reason }))).await?;
        let told = MAY_RESTART.map(|role| tasks::with_cause(&format!("sending-stop:{}:{role}", stop.id)));
        for task in told {
            tasks::settle(tx, task, Some(officer), now).await?;
        }
        call_back(&inner, tx).await?;
        Ok::<_, AppError>(StopRow { released_at: Some(now), released_by: Some(officer.as_uuid()), ..stop })
    });
    let released = released.await?;
    tracing::warn!(stop.id = %released.id, "an officer let mail be sent again");
    show(false);
    Ok(released)
}

/// The stop in force; `None` where mail is sent.
///
/// # Errors
/// `wrong-role`.
pub async fn read_stop(app: &App, actor: &Actor) -> Result<Option<StopRow>, AppError> {
    rights::officer_with(actor, &MAY_KNOW)?;
    Ok(sending_stops::in_force(app.store.reader()).await?)
}

/// Shows in the numbers of this process whether sending is stopped: another process may have stopped it.
///
/// # Errors
/// What the store says.
pub async fn show_stop(app: &App) -> Result<(), AppError> {
    show(sending_stops::in_force(app.store.reader()).await?.is_some());
    Ok(())
}

fn show(stopped: bool) {
    metrics::gauge!("evenhand_sending_stopped").set(if stopped { 1.0 } else { 0.0 });
}

/// What waited for the restart is due now.
async fn call_back(app: &App, tx: &Tx) -> Result<(), AppError> {
    loop {
        let waiting: Vec<OutgoingId> = outgoing::waiting_for(tx, STOPPED, MAILS_AT_ONCE).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let keys: Vec<String> = waiting.iter().map(|id| super::job_key(*id)).collect();
        jobs::bring_forward(tx, &keys, app.now()).await?;
        outgoing::wait_no_more(tx, &waiting).await?;
    }
}

async fn tell(
    app: &App,
    tx: &Tx,
    stop: uuid::Uuid,
    (actor, kind, data): (ActorRef, &str, Value),
) -> Result<(), AppError> {
    let event = NewEvent { id: app.new_id(), at: app.now(), actor, kind: kind.to_owned(), data };
    events::append_next(tx, vec![(Stream::Outgoing, stop, vec![event])]).await?;
    Ok(())
}
