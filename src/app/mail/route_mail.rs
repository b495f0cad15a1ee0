//! Routes kept messages: read, told apart, attributed, measured, placed; a batch in one transaction.
//!
//! Reading happens before the transaction, deciding and writing inside it. A message that spoils its batch is tried
//! alone; one that cannot be routed at all, or takes too long to be read, is quarantined with the reason, never lost, and
//! can be routed again.

use super::digest::{self, Digest, OwnFindings, Reading};
use super::in_time::Busy;
use super::keep_mail::{IMPORT_LEASE, InHand};
use super::numbers::{self, MailStep};
use super::settle_mail::{self, Pass};
use crate::app::{App, AppError, JobOutcome, rights};
use crate::domain::access::{Actor, ActorRef, Role};
use crate::domain::ids::{JobId, MailId};
use crate::fault_points::reached;
use crate::store::StoreError;
use crate::store::jobs::{self, Job};
use crate::store::mails::{self, KeptMail, RouteRow};
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::json;
use std::collections::BTreeSet;

/// The job that routes one message; its payload is `{"mail": id}`.
pub const ROUTE_MAIL: &str = "route_mail";

/// The key of the job that routes a message.
pub(super) fn route_key(mail: MailId) -> String {
    format!("{ROUTE_MAIL}:{mail}")
}

/// The state of a message that cannot be routed.
pub(super) const QUARANTINED: &str = "quarantined";

/// Who may have a quarantined message tried again.
pub(super) const MAY_REROUTE: [Role; 3] = [Role::PsdStaff, Role::PsdSupervisor, Role::Admin];

/// Attempts after which a message that cannot be routed is quarantined.
const MOST_ATTEMPTS: i32 = 5;

/// Routes the messages of these jobs; an outcome for each, in their order.
pub async fn route_mails(app: &App, claimed: Vec<Job>) -> Vec<JobOutcome> {
    let mut outcomes = Vec::with_capacity(claimed.len());
    if route_together(app, &claimed).await.is_ok() {
        outcomes.resize_with(claimed.len(), || JobOutcome::Done);
        return outcomes;
    }
    for job in claimed {
        let outcome = match route_together(app, std::slice::from_ref(&job)).await {
            Ok(()) => JobOutcome::Done,
            Err(error) if is_passing(&error) || job.attempts < MOST_ATTEMPTS => JobOutcome::Retry(error.to_string()),
            Err(error) => quarantine(app, &job, &error).await,
        };
        outcomes.push(outcome);
    }
    outcomes
}

/// Claims up to `most` waiting messages and routes them, for a process that wants them routed now. Answers how many.
///
/// # Errors
/// Where the store fails; what was claimed comes back when its lease runs out.
pub async fn route_waiting(app: &App, most: usize) -> Result<usize, AppError> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    let claimed = jobs::claim(&app.store, &[ROUTE_MAIL], most, app.now(), IMPORT_LEASE).await?;
    let count = claimed.len();
    if count == 0 {
        return Ok(0);
    }
    let outcomes = route_mails(app, claimed.clone()).await;
    for (job, outcome) in claimed.iter().zip(outcomes) {
        put_down(app, job.clone(), outcome).await?;
    }
    Ok(count)
}

/// Routes messages that this process took in hand when it kept them: what was read from the mailbox is not read from
/// the database again.
///
/// # Errors
/// Where the store fails; what was in hand comes back when its lease runs out.
pub(super) async fn route_in_hand(app: &App, in_hand: InHand) -> Result<(), AppError> {
    let InHand { jobs, mails } = in_hand;
    if jobs.is_empty() || route_kept(app, &jobs, mails).await.is_ok() {
        return Ok(());
    }
    let outcomes = route_mails(app, jobs.clone()).await;
    for (job, outcome) in jobs.into_iter().zip(outcomes) {
        put_down(app, job, outcome).await?;
    }
    Ok(())
}

/// Settles what routing did not settle itself: jobs that are done were deleted with their effect.
async fn put_down(app: &App, job: Job, outcome: JobOutcome) -> Result<(), AppError> {
    let later = app.now() + Duration::seconds(30);
    match outcome {
        JobOutcome::Done => return Ok(()),
        JobOutcome::NotBefore(at) => {
            app.store.write(async move |tx| jobs::postpone(tx, &job, at).await).await.map_err(StoreError::from)?;
        }
        JobOutcome::Retry(why) => {
            app.store
                .write(async move |tx| jobs::retry_at(tx, &job, later, &why).await)
                .await
                .map_err(StoreError::from)?;
        }
        JobOutcome::GiveUp(why) => {
            app.store.write(async move |tx| jobs::give_up(tx, &job, &why).await).await.map_err(StoreError::from)?;
        }
    }
    Ok(())
}

/// Whether trying again later may go better without anybody doing anything.
fn is_passing(error: &AppError) -> bool {
    if let AppError::Broken { source, .. } = error {
        return source.is::<Busy>();
    }
    matches!(
        error,
        AppError::Store(
            StoreError::Unavailable(_) | StoreError::Full(_) | StoreError::StaleVersion | StoreError::Closed
        )
    )
}

async fn route_together(app: &App, claimed: &[Job]) -> Result<(), AppError> {
    let ids: Vec<MailId> = claimed.iter().filter_map(mail_of).collect();
    let waiting = mails::with_raw(app.store.reader(), &ids).await?;
    route_kept(app, claimed, waiting).await
}

async fn route_kept(app: &App, claimed: &[Job], waiting: Vec<KeptMail>) -> Result<(), AppError> {
    let ids: Vec<MailId> = claimed.iter().filter_map(mail_of).collect();
    let Read { digests, given_up } = read_all(app, waiting).await?;
    reached("route.read_not_settled");
    let done: Vec<JobId> = claimed.iter().map(|job| job.id).collect();
    let app_in = app.clone();
    let settled = app.store.write(async move |tx| {
        let routed: BTreeSet<MailId> = mails::newest_routes(tx, &ids).await?.into_keys().collect();
        let fresh = digests.into_iter().filter(|digest| !routed.contains(&digest.mail)).collect();
        let pass = Pass { seq: 1, by: ActorRef::Software };
        settle_mail::settle(&app_in, tx, fresh, pass).await?;
        let given_up = given_up.into_iter().filter(|(mail, _)| !routed.contains(mail));
        let rows = given_up.map(|(mail, why)| quarantined(&app_in, mail, (pass, 1), why));
        mails::add_routes(tx, rows.collect()).await?;
        jobs::done(tx, &done).await?;
        reached("route.settled_not_committed");
        Ok::<_, AppError>(())
    });
    settled.await?;
    reached("route.committed_not_done");
    Ok(())
}

fn mail_of(job: &Job) -> Option<MailId> {
    job.payload.get("mail")?.as_str()?.parse().ok()
}

/// What reading gave.
#[derive(Default)]
struct Read {
    digests: Vec<Digest>,
    /// Messages that were given up, and why.
    given_up: Vec<(MailId, &'static str)>,
}

/// Reads the messages off the async threads: mail text is hostile and may take its time.
async fn read_all(app: &App, waiting: Vec<KeptMail>) -> Result<Read, AppError> {
    let own = check_senders(app, &waiting).await;
    let settings = app.settings.clone();
    let reading = tokio::task::spawn_blocking(move || digest::read_all(waiting, settings, own));
    let readings = reading.await.map_err(|error| AppError::broken("reading mail", error))?;
    let mut read = Read::default();
    for reading in readings.map_err(|busy| AppError::broken("reading mail", busy))? {
        match reading {
            Reading::Understood(digest) => read.digests.push(*digest),
            Reading::Given(mail, why) => {
                tracing::error!(mail.id = %mail, why, "a message is quarantined; it can be routed again");
                read.given_up.push((mail, why));
            }
        }
    }
    for digest in &read.digests {
        numbers::took(MailStep::Reading, digest.reading);
    }
    Ok(read)
}

/// Our own check of who sent them, where the operator wants one. All together take no longer than its patience.
async fn check_senders(app: &App, waiting: &[KeptMail]) -> OwnFindings {
    let Some(check) = &app.own_check else { return OwnFindings::default() };
    let deadline = check.deadline();
    let checks = waiting.iter().map(async |kept| (kept.id, check.check(&kept.raw, deadline).await));
    join_all(checks).await.into_iter().collect()
}

async fn quarantine(app: &App, job: &Job, error: &AppError) -> JobOutcome {
    let Some(mail) = mail_of(job) else { return JobOutcome::GiveUp("the job names no message".to_owned()) };
    tracing::error!(mail.id = %mail, %error, "a message cannot be routed; it is quarantined and can be routed again");
    let pass = Pass { seq: 1, by: ActorRef::Software };
    let route = quarantined(app, mail, (pass, job.attempts), &error.to_string());
    match app.store.write(async move |tx| mails::add_routes(tx, vec![route]).await).await {
        Ok(()) => JobOutcome::Done,
        Err(failed) => JobOutcome::Retry(StoreError::from(failed).to_string()),
    }
}

/// `attempts`: how often it was tried in all.
fn quarantined(app: &App, mail: MailId, (pass, attempts): (Pass, i32), reason: &str) -> RouteRow {
    let route = RouteRow {
        id: app.new_id::<crate::domain::ids::of::Event>().as_uuid(),
        mail_id: mail.as_uuid(),
        seq: pass.seq,
        at: app.now(),
        state: QUARANTINED.to_owned(),
        contact_id: None,
        evidence: json!({ "reason": reason, "attempts": attempts }),
        by: json!(pass.by),
    };
    numbers::routed(std::slice::from_ref(&route));
    route
}

/// Routes a quarantined message again, because somebody mended what stood in its way. Where it still cannot be routed it
/// stays in quarantine, and its log says who tried.
///
/// # Errors
/// `wrong-role`; `NotFound`; `mail-not-quarantined` where it reached a contact already: that is corrected there; and
/// what still stands in its way.
pub async fn reroute_mail(app: &App, actor: &Actor, mail: MailId) -> Result<(), AppError> {
    rights::officer_with(actor, &MAY_REROUTE)?;
    let by = actor.reference();
    let Err(error) = try_again(app, by, mail).await else { return Ok(()) };
    if matches!(error, AppError::NotFound | AppError::Refused(_)) || is_passing(&error) {
        return Err(error);
    }
    let newest = mails::newest_routes(app.store.reader(), &[mail]).await?.remove(&mail);
    let Some(newest) = newest.filter(|route| route.state == QUARANTINED) else { return Err(error) };
    let pass = Pass { seq: newest.seq + 1, by };
    let route = quarantined(app, mail, (pass, attempts_with(&newest)), &error.to_string());
    app.store.write(async move |tx| mails::add_routes(tx, vec![route]).await).await.map_err(StoreError::from)?;
    Err(error)
}

/// How often it was tried, with once more.
fn attempts_with(newest: &RouteRow) -> i32 {
    let before = newest.evidence.get("attempts").and_then(serde_json::Value::as_i64);
    before.and_then(|before| i32::try_from(before).ok()).unwrap_or_default().saturating_add(1)
}

async fn try_again(app: &App, by: ActorRef, mail: MailId) -> Result<(), AppError> {
    let waiting = mails::with_raw(app.store.reader(), &[mail]).await?;
    if waiting.is_empty() {
        return Err(AppError::NotFound);
    }
    let Read { digests, given_up } = read_all(app, waiting).await?;
    let app_in = app.clone();
    let settled = app.store.write(async move |tx| {
        let newest = mails::newest_routes(tx, &[mail]).await?.remove(&mail);
        let seq = newest.as_ref().map_or(1, |route| route.seq + 1);
        let attempts = newest.as_ref().map_or(1, attempts_with);
        if newest.is_some_and(|route| route.state != QUARANTINED) {
            let message = "The message has been routed; correct its contact instead.";
            return Err(crate::domain::case::Refusal::conflict("mail-not-quarantined", message).into());
        }
        settle_mail::settle(&app_in, tx, digests, Pass { seq, by }).await?;
        let rows =
            given_up.into_iter().map(|(mail, why)| quarantined(&app_in, mail, (Pass { seq, by }, attempts), why));
        mails::add_routes(tx, rows.collect()).await?;
        Ok::<_, AppError>(())
    });
    Ok(settled.await?)
}
