//! Sends what is queued: a job a mail.

use super::another_way::{Loss, Lost, ask_for_another_way};
use super::begin::{Begun, begin};
use crate::app::{App, AppError, JobOutcome};
use crate::domain::ids::{Id, OutgoingId};
use crate::fault_points::reached;
use crate::mail::bare_address;
use crate::mail::deliver::{DeliveryError, Parcel};
use crate::store::Tx;
use crate::store::jobs::Job;
use crate::store::outgoing::{self, Attempt, OutgoingRow, OutgoingState};
use serde_json::Value;

/// Sends the mails these jobs name, one after the other, and answers for each.
pub async fn send_mails(app: &App, jobs: &[Job]) -> Vec<JobOutcome> {
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        outcomes.push(send_mail(app, &job.payload).await.unwrap_or_else(|error| JobOutcome::from(Err(error))));
    }
    outcomes
}

async fn send_mail(app: &App, payload: &Value) -> Result<JobOutcome, AppError> {
    let id: Option<OutgoingId> = payload.get("outgoing").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let Some(id) = id else {
        return Ok(JobOutcome::GiveUp("the job names no mail".to_owned()));
    };
    let begun = app.clone();
    let begun = app.store.write(async move |tx| Box::pin(begin(&begun, tx, id)).await);
    let mail = match begun.await? {
        Begun::Go(mail) => *mail,
        Begun::Over => return Ok(JobOutcome::Done),
        Begun::Wait(until) => return Ok(JobOutcome::NotBefore(until)),
        Begun::Unreachable(mail, words) => {
            gave_up(app, (*mail).clone(), words).await?;
            return Ok(JobOutcome::GiveUp(after(&mail, "goes to an address that cannot be reached")));
        }
    };
    let from = bare_address(&app.settings.mail_from);
    let parcel = Parcel { from, to: bare_address(&mail.to_address), message_id: &mail.message_id, mime: &mail.mime };
    reached("send.begun_not_handed_over");
    match app.delivery.deliver(parcel).await {
        Ok(()) => {
            reached("send.handed_over_not_noted");
            note(app, id, Attempt::Sent { at: app.now() }).await?;
            reached("send.noted_not_done");
            Ok(JobOutcome::Done)
        }
        Err(DeliveryError::Later(words)) => {
            note(app, id, Attempt::Failed { words }).await?;
            Ok(JobOutcome::Retry(after(&mail, "was not taken for now")))
        }
        Err(DeliveryError::Unknown(words)) => {
            note(app, id, Attempt::Uncertain { words }).await?;
            Ok(JobOutcome::Retry(after(&mail, "may have been taken, and goes out again as the same mail")))
        }
        Err(DeliveryError::Never(words)) => {
            gave_up(app, mail.clone(), words).await?;
            Ok(JobOutcome::GiveUp(after(&mail, "was refused for good")))
        }
    }
}

/// A mail that was tried as often as there are tries is not tried again.
///
/// # Errors
/// Only where the store fails.
pub async fn give_up(app: &App, tx: &Tx, job: &Job) -> Result<(), AppError> {
    let id: Option<OutgoingId> = job.payload.get("outgoing").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let Some(id) = id else { return Ok(()) };
    let settled = [OutgoingState::Sent, OutgoingState::Dead, OutgoingState::Cancelled].map(OutgoingState::as_str);
    let mail = outgoing::find(tx, id).await?.filter(|mail| !settled.contains(&mail.state.as_str()));
    let Some(mail) = mail else { return Ok(()) };
    let words = mail.last_error.clone().unwrap_or_default();
    note_given_up(app, tx, &mail, words).await
}

async fn gave_up(app: &App, mail: OutgoingRow, words: String) -> Result<(), AppError> {
    let given = app.clone();
    let noted = app.store.write(async move |tx| note_given_up(&given, tx, &mail, words).await);
    Ok(noted.await?)
}

/// The mail is dead, and whoever answers for its case is asked to find another way.
async fn note_given_up(app: &App, tx: &Tx, mail: &OutgoingRow, words: String) -> Result<(), AppError> {
    outgoing::note(tx, Id::from_uuid(mail.id), Attempt::Dead { words }).await?;
    let lost = Lost {
        mail: Id::from_uuid(mail.id),
        case: mail.case_id.map(Id::from_uuid),
        person: mail.person_id.map(Id::from_uuid),
    };
    ask_for_another_way(app, tx, lost, Loss::GivenUp).await
}

/// The server's own words may hold the recipient's address: they stay with the mail.
fn after(mail: &OutgoingRow, what: &str) -> String {
    format!("the mail {} {what}; the mail itself says why", mail.id)
}

async fn note(app: &App, id: OutgoingId, attempt: Attempt) -> Result<(), AppError> {
    app.store.write(async move |tx| Ok(outgoing::note(tx, id, attempt).await?)).await.map_err(AppError::from)
}
