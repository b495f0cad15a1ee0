//! Taking a mail back before it is sent.

use super::ask::{self, Asked};
use super::begin::{one_at_a_time, waits_cause};
use super::read_outgoing::{OutgoingView, shown};
use crate::app::contacts::answer_taken_back;
use crate::app::people::may_act_on;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::case::Refusal;
use crate::domain::ids::{Id, OutgoingId};
use crate::store::events::{self, NewEvent, Stream};
use crate::store::outgoing::{self, Attempt, OutgoingRow, OutgoingState};
use crate::store::{Tx, tasks};
use serde_json::json;

/// Takes back a mail that waits: within the moment every mail waits, or longer where something keeps it. The case it
/// belongs to does not go back with it: somebody is asked to look. Taking it back twice changes nothing.
///
/// # Errors
/// `named-person-required`; `NotFound` where it is neither the officer's own nor the officer a supervisor;
/// `complained-about`; `mail-not-waiting` once an attempt to send it began.
pub async fn cancel_mail(app: &App, actor: &Actor, id: OutgoingId) -> Result<OutgoingView, AppError> {
    let officer = rights::named_person(actor)?.clone();
    let (inner, by) = (app.clone(), actor.clone());
    let cancelled = app.store.write(async move |tx| {
        one_at_a_time(tx).await?;
        let mail = outgoing::find(tx, id).await?.filter(|mail| may_take_back(&officer, mail));
        let mail = mail.ok_or(AppError::NotFound)?;
        may_act_on(tx, &by, mail.person_id.map(Id::from_uuid)).await?;
        if mail.state == OutgoingState::Cancelled.as_str() {
            return Ok(mail);
        }
        if mail.state != OutgoingState::Queued.as_str() {
            return Err(Refusal::conflict("mail-not-waiting", "This mail is on its way or was sent.").into());
        }
        outgoing::note(tx, id, Attempt::Cancelled).await?;
        tasks::settle(tx, tasks::with_cause(&waits_cause(&mail)), Some(officer.id), inner.now()).await?;
        Box::pin(tell(&inner, tx, &by, &mail)).await?;
        outgoing::find(tx, id).await?.ok_or(AppError::NotFound)
    });
    let cancelled = vec![cancelled.await?.into()];
    shown(app, cancelled).await?.pop().ok_or(AppError::NotFound)
}

fn may_take_back(officer: &Officer, mail: &OutgoingRow) -> bool {
    mail.officer_id == Some(officer.id.as_uuid()) || officer.has(Role::PsdSupervisor)
}

/// It is part of the mail's history, and of what has to be done for its case.
async fn tell(app: &App, tx: &Tx, actor: &Actor, mail: &OutgoingRow) -> Result<(), AppError> {
    let event = NewEvent {
        id: app.new_id(),
        at: app.now(),
        actor: actor.reference(),
        kind: "cancelled".to_owned(),
        data: json!({ "case": mail.case_id }),
    };
    events::append_next(tx, vec![(Stream::Outgoing, mail.id, vec![event])]).await?;
    // Whoever it answered waits for an answer again.
    if let (Some(answered), super::OFFICER) = (mail.answers_id, mail.origin.as_str()) {
        let answered = (Id::from_uuid(answered), Id::from_uuid(mail.id));
        let Some(contact) = answer_taken_back(app, tx, actor, answered).await? else { return Ok(()) };
        let asked = Asked {
            kind: "mail_cancelled",
            title: "A reply to the person was taken back before it went out: answer the message, or close it",
            cause: format!("mail:{}:cancelled", mail.id),
            contact: Some(contact),
        };
        return ask::whoever_answers_for(app, tx, mail, asked).await;
    }
    if mail.case_id.is_none() {
        return Ok(());
    }
    let asked = Asked {
        kind: "mail_cancelled",
        title: "A mail to the person was taken back; the case went on without it: decide how they are told",
        cause: format!("mail:{}:cancelled", mail.id),
        contact: None,
    };
    ask::whoever_answers_for(app, tx, mail, asked).await
}
