//! Hands deliveries over: a job each. One that is not taken is tried again by the steps of `domain/webhook/retry`, and
//! then lies dead until a person has it sent again.

use super::secrets::in_force;
use super::{Attempt, Delivery, DeliveryState, Webhook, may_be_told};
use crate::app::{App, AppError, JobOutcome, log_disclosure};
use crate::domain::access::{Actor, System};
use crate::domain::ids::{EventId, JobId, WebhookId};
use crate::domain::webhook::{EventType, wait_before};
use crate::store::jobs::{self, Job, NewJob};
use crate::store::{Tx, clients, webhook_deliveries, webhooks};
use crate::webhooks::{Fault, Letter, Line, signatures};
use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// The kind of the job.
pub const DELIVER_WEBHOOK: &str = "deliver_webhook";
/// A receiver that is gone says so (RFC 9110 §15.5.11); it is not asked again.
const GONE: u16 = 410;
/// The webhook has ended, or its system may no longer be told.
const WITHDRAWN: &str = "withdrawn";
/// Our own trouble kept it from being handed over.
const KEPT: &str = "not_sent";

/// The work on a delivery as it stands: named by how often it was tried, so that each life has its own.
pub(super) fn delivering(app: &App, delivery: &Delivery) -> NewJob {
    let (webhook, event) = (delivery.webhook, delivery.event);
    NewJob {
        id: app.new_id(),
        kind: DELIVER_WEBHOOK.to_owned(),
        payload: json!({ "webhook": webhook, "event": event }),
        key: format!("{}{event}/{}", of_receiver(webhook), delivery.attempts.len()),
        run_at: app.now(),
        created_at: app.now(),
    }
}

/// When a receiver in trouble is tried next, with something new soon even where it takes one thing never; `None` where it
/// is in no trouble, or where its work is in hand.
pub(super) async fn next_try(app: &App, tx: &Tx, id: WebhookId) -> Result<Option<DateTime<Utc>>, AppError> {
    let in_trouble = webhooks::find(tx, id).await?.is_some_and(|webhook| webhook.trouble_since.is_some());
    if !in_trouble {
        return Ok(None);
    }
    let first = jobs::first_due(tx, (DELIVER_WEBHOOK, &of_receiver(id))).await?;
    Ok(first.map(|first| first.min(app.now() + LATER)))
}

/// How the keys of a receiver's work begin.
fn of_receiver(webhook: WebhookId) -> String {
    format!("{DELIVER_WEBHOOK}/{webhook}/")
}

/// Hands over what these jobs name: receivers side by side, each a few at a time, so that a silent one keeps no other
/// waiting for long. Once a receiver did not take something, the rest waits for it; one that was in trouble before is
/// tried with one.
pub async fn deliver_webhooks(app: &App, jobs: &[Job]) -> Vec<JobOutcome> {
    let mut of_receivers: BTreeMap<&str, Vec<&Job>> = BTreeMap::new();
    for job in jobs {
        of_receivers.entry(named(job, "webhook")).or_default().push(job);
    }
    let each = of_receivers.into_values().map(|theirs| deliver_to_one(app, theirs));
    let mut outcomes: HashMap<JobId, JobOutcome> = join_all(each).await.into_iter().flatten().collect();
    let missing = || JobOutcome::Retry("the work said nothing of this job".to_owned());
    jobs.iter().map(|job| outcomes.remove(&job.id).unwrap_or_else(missing)).collect()
}

/// A receiver that does not take something is not sent the rest for so long.
const LATER: Duration = Duration::minutes(5);
/// In the hands of one receiver at once.
const FEW: usize = 4;
/// A receiver that is slow has the rest sent with the next batch.
const ITS_TURN: std::time::Duration = std::time::Duration::from_secs(5);

async fn deliver_to_one(app: &App, jobs: Vec<&Job>) -> Vec<(JobId, JobOutcome)> {
    let began = std::time::Instant::now();
    let id = jobs.first().and_then(|job| named(job, "webhook").parse::<WebhookId>().ok());
    let in_trouble = match id {
        Some(id) => {
            webhooks::find(app.store.reader(), id).await.ok().flatten().is_some_and(|one| one.trouble_since.is_some())
        }
        None => false,
    };
    let (first, rest) = jobs.split_at(usize::from(in_trouble));
    let mut outcomes = Vec::with_capacity(jobs.len());
    let mut not_before = None;
    for some in std::iter::once(first).chain(rest.chunks(FEW)) {
        if not_before.is_none() && began.elapsed() > ITS_TURN {
            not_before = Some(app.now());
        }
        if let Some(at) = not_before {
            outcomes.extend(some.iter().map(|job| (job.id, JobOutcome::NotBefore(at))));
            continue;
        }
        let tried = join_all(some.iter().map(|job| async move { (job.id, Box::pin(deliver(app, job)).await) })).await;
        for (job, ended) in tried {
            let Ended { outcome, not_taken } = ended.unwrap_or_else(|error| JobOutcome::from(Err(error)).into());
            if not_taken {
                not_before = Some(app.now() + LATER);
            }
            outcomes.push((job, outcome));
        }
    }
    outcomes
}

fn named<'a>(job: &'a Job, name: &str) -> &'a str {
    job.payload.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The delivery that the job is about.
fn delivery_of(job: &Job) -> Option<(WebhookId, EventId)> {
    Some((named(job, "webhook").parse().ok()?, named(job, "event").parse().ok()?))
}

/// How the work on a delivery ended.
struct Ended {
    outcome: JobOutcome,
    /// The receiver was asked and took nothing.
    not_taken: bool,
}

impl From<JobOutcome> for Ended {
    fn from(outcome: JobOutcome) -> Self {
        Self { outcome, not_taken: false }
    }
}

async fn deliver(app: &App, job: &Job) -> Result<Ended, AppError> {
    let Some((id, event)) = delivery_of(job) else {
        return Ok(JobOutcome::GiveUp("the job names no delivery".to_owned()).into());
    };
    let db = app.store.reader();
    let waiting = webhook_deliveries::find(db, id, event).await?;
    let waiting = waiting.filter(|delivery| delivery.state == DeliveryState::Waiting);
    let Some(delivery) = waiting else { return Ok(JobOutcome::Done.into()) };
    if let Some(next) = delivery.next_at.filter(|next| *next > app.now()) {
        return Ok(JobOutcome::NotBefore(next).into());
    }
    let webhook = webhooks::find(db, id).await?.ok_or(AppError::NotFound)?;
    let Some(system) = receiver(app, &webhook, &delivery).await? else {
        return Ok(Box::pin(note(app, delivery, Handed::Withdrawn)).await?.into());
    };
    let handed = match hand_over(app, &webhook, &system, &delivery).await? {
        Ok(status) => Handed::Over(status),
        Err(Fault::Answered(GONE)) => Handed::Gone,
        Err(fault) => Handed::Not(fault),
    };
    let not_taken = matches!(handed, Handed::Not(_));
    Ok(Ended { outcome: Box::pin(note(app, delivery, handed)).await?, not_taken })
}

/// A delivery that our own trouble kept from being handed over as often as there are tries lies dead: a person can have it
/// sent again.
///
/// # Errors
/// Only where the store fails.
pub async fn give_up_delivery(app: &App, tx: &Tx, job: &Job) -> Result<(), AppError> {
    let Some((id, event)) = delivery_of(job) else { return Ok(()) };
    let waiting = webhook_deliveries::find(tx, id, event).await?;
    if let Some(delivery) = waiting.filter(|delivery| delivery.state == DeliveryState::Waiting) {
        let noted = after(delivery, &Handed::Kept, app.now());
        webhook_deliveries::save(tx, &noted).await?;
    }
    Ok(())
}

/// Who is told; `None` where nobody may be, or not any more.
async fn receiver(app: &App, webhook: &Webhook, delivery: &Delivery) -> Result<Option<System>, AppError> {
    let found = clients::find(app.store.reader(), webhook.client).await?;
    let found = found.filter(|found| found.active && webhook.ended_at.is_none()).map(|found| found.system);
    let event_type: Option<EventType> = delivery.event_type.parse().ok();
    Ok(found.filter(|system| event_type.is_some_and(|event_type| may_be_told(system, event_type))))
}

/// That something happened is told to somebody: it is written down to whom before it goes out.
async fn hand_over(
    app: &App,
    webhook: &Webhook,
    system: &System,
    delivery: &Delivery,
) -> Result<Result<u16, Fault>, AppError> {
    let line = match Line::open(&app.settings.webhooks, &webhook.url).await {
        Ok(line) => line,
        Err(fault) => return Ok(Err(fault)),
    };
    let (id, timestamp) = (delivery.event.to_string(), app.now().timestamp());
    let secrets = in_force(app, webhook).await?;
    let signed = signatures(&secrets, (&id, timestamp), &delivery.body);
    let signed = signed.map_err(|error| AppError::broken("signing an event", error))?;
    log_disclosure(app, &Actor::Software, (&delivery.object, delivery.object_id), &system.name).await?;
    Ok(line.hand_over(&Letter { id: &id, timestamp, signatures: &signed, body: &delivery.body }).await)
}

/// How an attempt ended.
enum Handed {
    Over(u16),
    Not(Fault),
    Gone,
    Withdrawn,
    /// Something of ours was in the way, too often.
    Kept,
}

/// Writes down how an attempt ended, and says when there is another.
async fn note(app: &App, delivery: Delivery, handed: Handed) -> Result<JobOutcome, AppError> {
    let now = app.now();
    let noted = after(delivery, &handed, now);
    say(&noted, &handed);
    let outcome = noted.next_at.map_or(JobOutcome::Done, JobOutcome::NotBefore);
    let written = app.store.write(async move |tx| {
        webhook_deliveries::save(tx, &noted).await?;
        match &handed {
            Handed::Over(_) => webhooks::out_of_trouble(tx, noted.webhook).await?,
            Handed::Not(fault) => {
                webhooks::in_trouble(tx, noted.webhook, (now, &fault.to_string())).await?;
                jobs::put_off(tx, (DELIVER_WEBHOOK, &of_receiver(noted.webhook)), now + LATER).await?;
            }
            Handed::Gone => webhooks::in_trouble(tx, noted.webhook, (now, &GONE.to_string())).await?,
            Handed::Withdrawn | Handed::Kept => {}
        }
        Ok::<_, AppError>(())
    });
    written.await?;
    Ok(outcome)
}

/// The delivery as it stands after an attempt.
fn after(mut delivery: Delivery, handed: &Handed, now: DateTime<Utc>) -> Delivery {
    let answer = match handed {
        Handed::Over(status) => status.to_string(),
        Handed::Not(fault) => fault.to_string(),
        Handed::Gone => GONE.to_string(),
        Handed::Withdrawn => WITHDRAWN.to_owned(),
        Handed::Kept => KEPT.to_owned(),
    };
    delivery.attempts.push(Attempt { at: now, answer });
    delivery.tries += 1;
    let made = usize::try_from(delivery.tries).unwrap_or(usize::MAX);
    let wait = match handed {
        Handed::Not(_) => wait_before(made),
        Handed::Over(_) | Handed::Gone | Handed::Withdrawn | Handed::Kept => None,
    };
    delivery.next_at = wait.map(|wait| now + wait);
    delivery.state = match (handed, wait) {
        (Handed::Over(_), _) => DeliveryState::Delivered,
        (Handed::Not(_), Some(_)) => DeliveryState::Waiting,
        (Handed::Not(_) | Handed::Gone | Handed::Withdrawn | Handed::Kept, _) => DeliveryState::Dead,
    };
    delivery
}

/// Never the address: it may hold what nobody else should know.
fn say(delivery: &Delivery, handed: &Handed) {
    let (webhook, event, tries) = (delivery.webhook, delivery.event, delivery.tries);
    match (handed, delivery.state) {
        (Handed::Not(fault), DeliveryState::Waiting) => {
            tracing::warn!(webhook.id = %webhook, event.id = %event, tries, %fault, "an event was not taken; it is sent again");
        }
        (Handed::Not(_) | Handed::Gone, DeliveryState::Waiting | DeliveryState::Delivered | DeliveryState::Dead) => {
            tracing::error!(webhook.id = %webhook, event.id = %event, tries, "an event was given up; /admin/webhooks shows it, and sends it again");
        }
        (Handed::Over(_) | Handed::Withdrawn | Handed::Kept, _) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Id;
    use uuid::Uuid;

    fn fresh() -> Delivery {
        Delivery {
            webhook: Id::from_uuid(Uuid::nil()),
            event: Id::from_uuid(Uuid::nil()),
            event_type: EventType::ContactRecorded.as_str().to_owned(),
            object: "contact".to_owned(),
            object_id: Uuid::nil(),
            body: String::new(),
            state: DeliveryState::Waiting,
            tries: 0,
            attempts: Vec::new(),
            made_at: DateTime::UNIX_EPOCH,
            next_at: None,
        }
    }

    #[test]
    fn what_nobody_takes_is_tried_eight_times_and_then_lies_dead_with_every_attempt() {
        let (mut now, mut delivery) = (DateTime::UNIX_EPOCH, fresh());
        while delivery.state == DeliveryState::Waiting {
            delivery = after(delivery, &Handed::Not(Fault::Answered(500)), now);
            now = delivery.next_at.unwrap_or(now);
        }
        assert_eq!((delivery.state, delivery.tries, delivery.next_at), (DeliveryState::Dead, 8, None));
        assert!(delivery.attempts.iter().all(|attempt| attempt.answer == "500"));
        let waited = |n: usize| delivery.attempts[n].at - delivery.attempts[n - 1].at;
        assert_eq!((waited(1), waited(7)), (Duration::seconds(5), Duration::hours(10)));
    }

    #[test]
    fn a_receiver_that_is_gone_or_may_not_be_told_is_not_tried_again() {
        for handed in [Handed::Gone, Handed::Withdrawn, Handed::Kept] {
            let noted = after(fresh(), &handed, DateTime::UNIX_EPOCH);
            assert_eq!((noted.state, noted.next_at), (DeliveryState::Dead, None));
        }
        let taken = after(fresh(), &Handed::Over(204), DateTime::UNIX_EPOCH);
        assert_eq!((taken.state, taken.next_at), (DeliveryState::Delivered, None));
    }
}
