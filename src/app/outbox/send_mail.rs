//! Sends what is queued: a job a mail.

use crate::app::{App, AppError, JobOutcome};
use crate::domain::access::Role;
use crate::domain::ids::{Id, OutgoingId, of};
use crate::mail::deliver::{DeliveryError, Parcel};
use crate::store::jobs::Job;
use crate::store::outgoing::{self, Attempt, OutgoingRow, OutgoingState};
use crate::store::tasks::{self, NewTask};
use crate::store::{Tx, cases};
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
    let Some(mail) = outgoing::find(app.store.reader(), id).await? else {
        return Ok(JobOutcome::GiveUp(format!("there is no mail {id}")));
    };
    if mail.state == OutgoingState::Sent.as_str() {
        return Ok(JobOutcome::Done);
    }
    note(app, id, Attempt::Begun).await?;
    let from = bare_address(&app.settings.mail_from);
    let parcel = Parcel { from, to: bare_address(&mail.to_address), message_id: &mail.message_id, mime: &mail.mime };
    match app.delivery.deliver(parcel).await {
        Ok(()) => {
            note(app, id, Attempt::Sent { at: app.now() }).await?;
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
    let settled = [OutgoingState::Sent.as_str(), OutgoingState::Dead.as_str()];
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
    let Some(case) = mail.case_id else { return Ok(()) };
    let spoc = cases::find_row(tx, Id::from_uuid(case)).await?.and_then(|case| case.spoc_id);
    let asked = NewTask {
        id: app.new_id::<of::Event>().as_uuid(),
        kind: "mail_given_up",
        title: "A mail to the person was given up; find another way".to_owned(),
        role: spoc.is_none().then(|| Role::PsdStaff.as_str().to_owned()),
        officer: spoc.map(Id::from_uuid),
        case: Some(Id::from_uuid(case)),
        contact: None,
        person: mail.person_id.map(Id::from_uuid),
        due_at: None,
        created_at: app.now(),
        cause: format!("mail:{}:given-up", mail.id),
    };
    Ok(tasks::create(tx, vec![asked]).await?)
}

/// The server's own words may hold the recipient's address: they stay with the mail.
fn after(mail: &OutgoingRow, what: &str) -> String {
    format!("the mail {} {what}; the mail itself says why", mail.id)
}

async fn note(app: &App, id: OutgoingId, attempt: Attempt) -> Result<(), AppError> {
    app.store.write(async move |tx| Ok(outgoing::note(tx, id, attempt).await?)).await.map_err(AppError::from)
}

/// `Name <a@b>` → `a@b`.
fn bare_address(text: &str) -> &str {
    let inner = text.rsplit_once('<').map_or(text, |(_, address)| address);
    inner.trim().trim_end_matches('>')
}
