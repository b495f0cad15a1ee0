//! Sends what is queued: a job a mail.

use super::another_way::{Loss, Lost, ask_for_another_way};
use super::begin::{Begun, begin};
use super::noted;
use super::queue_mail::SEND_MAIL;
use crate::app::mail::{MailStep, took as took_step};
use crate::app::{App, AppError, JobOutcome};
use crate::domain::correspondence::retry::{FailureClass, next_try};
use crate::domain::correspondence::return_path::return_path;
use crate::domain::ids::{Id, JobId, OutgoingId};
use crate::fault_points::reached;
use crate::mail::bare_address;
use crate::mail::deliver::{DeliveryError, Parcel};
use crate::store::jobs::{self, Job};
use crate::store::outgoing::{self, Attempt, OutgoingRow, OutgoingState};
use crate::store::outgoing_attempts::{self, AttemptRow, Ended};
use crate::store::{StoreError, Tx};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::time::{Duration, Instant};

/// As long as that a mail that was taken in hand by a process that died waits.
const LEASE: chrono::Duration = chrono::Duration::minutes(10);

/// Sends the mails these jobs name, one after the other, and answers for each.
pub async fn send_mails(app: &App, jobs: &[Job]) -> Vec<JobOutcome> {
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        outcomes
            .push(Box::pin(send_mail(app, &job.payload)).await.unwrap_or_else(|error| JobOutcome::from(Err(error))));
    }
    outcomes
}

/// Sends what is due, for a process that wants it sent now. What is not taken comes back when its lease runs out.
///
/// # Errors
/// Where the store fails.
pub async fn send_waiting(app: &App) -> Result<(), AppError> {
    loop {
        let claimed = jobs::claim(&app.store, &[SEND_MAIL], 100, app.now(), LEASE).await?;
        if claimed.is_empty() {
            return Ok(());
        }
        let outcomes = send_mails(app, &claimed).await;
        let done = claimed.iter().zip(&outcomes).filter(|(_, outcome)| matches!(outcome, JobOutcome::Done));
        let done: Vec<JobId> = done.map(|(job, _)| job.id).collect();
        let written = app.store.write(async move |tx| jobs::done(tx, &done).await);
        written.await.map_err(StoreError::from)?;
    }
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
            Box::pin(gave_up(app, (*mail).clone(), words)).await?;
            return Ok(JobOutcome::GiveUp(after(&mail, "goes to an address that cannot be reached")));
        }
    };
    let from = envelope_from(app, &mail);
    let to = bare_address(&mail.to_address);
    let parcel = Parcel { from: &from, to, message_id: &mail.message_id, mime: &mail.mime };
    reached("send.begun_not_handed_over");
    let begun = Instant::now();
    let answer = app.delivery.deliver(parcel).await;
    let took = begun.elapsed();
    took_step(MailStep::Delivering, took);
    match answer {
        Ok(()) => {
            reached("send.handed_over_not_noted");
            let sent = Ended { outcome: OutgoingState::Sent.as_str().to_owned(), ..Ended::default() };
            let (number, now) = (number_of(&mail), app.now());
            let inner = app.clone();
            let noted = app.store.write(async move |tx| {
                noted::note(&inner, tx, id, (Attempt::Sent { at: now }, Some(took))).await?;
                Ok::<_, AppError>(outgoing_attempts::end(tx, (id, number), (sent, now)).await?)
            });
            noted.await?;
            reached("send.noted_not_done");
            Ok(JobOutcome::Done)
        }
        Err(failure) => Box::pin(failed(app, mail, failure, took)).await,
    }
}

/// Where reports about a mail come back to. An answer by itself asks for none (RFC 3834 §3.3).
fn envelope_from(app: &App, mail: &OutgoingRow) -> String {
    if mail.origin == super::AUTOMATIC_ANSWER {
        return String::new();
    }
    let settings = &app.settings;
    let signed = return_path(&settings.message_id_secret, &settings.bounce_address, Id::from_uuid(mail.id));
    signed.unwrap_or_else(|| bare_address(&settings.mail_from).to_owned())
}

/// The attempt that is being made, as the mail stood before it.
fn number_of(mail: &OutgoingRow) -> i32 {
    mail.attempts + 1
}

/// The mail was not taken: it is tried again by the schedule for such a failure, or given up.
async fn failed(app: &App, mail: OutgoingRow, failure: DeliveryError, took: Duration) -> Result<JobOutcome, AppError> {
    let (id, number, now): (OutgoingId, _, _) = (Id::from_uuid(mail.id), number_of(&mail), app.now());
    let DeliveryError { class, code, status, words } = failure;
    let before = outgoing_attempts::of(app.store.reader(), &[mail.id]).await?;
    let next = next_try_after(&before, class, now);
    let ended = Ended {
        outcome: class.as_str().to_owned(),
        code,
        status: status.clone(),
        words: Some(words.clone()),
        gave_up: next.is_none(),
    };
    let (noting, noted) = (app.clone(), mail.clone());
    let noted = app.store.write(async move |tx| {
        outgoing_attempts::end(tx, (id, number), (ended, now)).await?;
        match (class, next) {
            (_, None) => note_given_up(&noting, tx, &noted, words).await,
            (FailureClass::Uncertain, Some(_)) => {
                noted::note(&noting, tx, id, (Attempt::Uncertain { words }, Some(took))).await
            }
            (_, Some(_)) => noted::note(&noting, tx, id, (Attempt::Failed { words }, Some(took))).await,
        }
    });
    noted.await?;
    let Some(next) = next else {
        return Ok(JobOutcome::GiveUp(after(&mail, why_given_up(class))));
    };
    // The server's own words may hold the recipient's address.
    let (class, status) = (class.as_str(), status.unwrap_or_default());
    if class == FailureClass::Credentials.as_str() {
        tracing::error!(mail.id = %id, code, status, "the mail server refuses our sign-in; mail waits until it is mended");
    } else {
        tracing::warn!(mail.id = %id, class, code, status, next = %next, "a mail was not taken; it is tried again");
    }
    Ok(JobOutcome::NotBefore(next))
}

/// When a mail is tried again after a failure of this class; `None`: no more. What was tried before a person gave it
/// another life does not count.
fn next_try_after(attempts: &[AttemptRow], class: FailureClass, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let of_this_life = attempts.iter().rposition(|attempt| attempt.gave_up).map_or(0, |last| last + 1);
    let tried = attempts.get(of_this_life..).unwrap_or_default();
    let failures = 1 + tried.iter().filter(|attempt| attempt.outcome.as_deref() == Some(class.as_str())).count();
    let first = tried.first().map_or(now, |first| first.began_at);
    next_try(class, failures, now - first).map(|wait| now + wait)
}

fn why_given_up(class: FailureClass) -> &'static str {
    match class {
        FailureClass::Refused => "was refused for good",
        FailureClass::Uncertain => "may have been taken, and has gone out as often as it may",
        FailureClass::Connection
        | FailureClass::Credentials
        | FailureClass::Greylisted
        | FailureClass::Quota
        | FailureClass::Busy => "was not taken for as long as a mail is tried",
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
    noted::note(app, tx, Id::from_uuid(mail.id), (Attempt::Dead { words }, None)).await?;
    outgoing_attempts::gave_up(tx, Id::from_uuid(mail.id)).await?;
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
