//! One kind of work, from claiming to settling.

use super::kinds::Kind;
use super::retry;
use crate::app::{App, AppError, JobOutcome};
use crate::domain::ids::JobId;
use crate::store::jobs::{self, Job};
use crate::store::{StoreError, Tx};
use chrono::Duration;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration as Wait;
use tokio::sync::watch;

/// Longer than any batch takes; when a worker is lost, its jobs wait this long for another.
const LEASE: Duration = Duration::minutes(5);
/// A batch that takes longer is dropped, well before somebody else may claim it.
const LONGEST_RUN: Wait = Wait::from_secs(240);
/// How often to look when nothing of this process calls: another process may have queued work.
const POLL: Wait = Wait::from_secs(1);
/// After a call: let more come, so that they are run together.
const GATHER: Wait = Wait::from_millis(5);

/// Works until told to stop.
pub(super) async fn run(app: App, kind: &'static Kind, mut stop: watch::Receiver<bool>) {
    let mut written = app.store.written();
    while !*stop.borrow() {
        written.borrow_and_update();
        match work_once(&app, kind).await {
            Ok(0) => {
                tokio::select! {
                    () = told(&mut stop) => {}
                    _ = written.changed() => tokio::time::sleep(GATHER).await,
                    () = tokio::time::sleep(POLL) => {}
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(job.kind = kind.name, %error, "work cannot be claimed or settled; trying again");
                tokio::select! {
                    () = told(&mut stop) => {}
                    () = tokio::time::sleep(POLL) => {}
                }
            }
        }
    }
}

/// Waits until told to stop, or until nobody is left to say so.
pub(super) async fn told(stop: &mut watch::Receiver<bool>) {
    let _ended = stop.wait_for(|stop| *stop).await;
}

/// Claims what is due, up to a batch, runs it and settles it. Answers how many jobs that were.
pub(super) async fn work_once(app: &App, kind: &Kind) -> Result<u64, AppError> {
    // Looking is cheap; claiming writes.
    let due = jobs::next_due(app.store.reader(), &[kind.name]).await?;
    if due.is_none_or(|due| due > app.now()) {
        return Ok(0);
    }
    let claimed = jobs::claim(&app.store, &[kind.name], kind.batch, app.now(), LEASE).await?;
    if claimed.is_empty() {
        return Ok(0);
    }
    let started = std::time::Instant::now();
    let run = AssertUnwindSafe((kind.run)(app.clone(), claimed.clone())).catch_unwind();
    let outcomes = match tokio::time::timeout(LONGEST_RUN, run).await {
        Ok(Ok(outcomes)) => outcomes,
        Ok(Err(_panic)) => all_retry(&claimed, "the work failed in an unforeseen way"),
        Err(_elapsed) => all_retry(&claimed, "the work took too long"),
    };
    metrics::histogram!("evenhand_job_batch_seconds", "kind" => kind.name).record(started.elapsed().as_secs_f64());
    settle(app, kind, claimed, outcomes).await
}

fn all_retry(jobs: &[Job], why: &str) -> Vec<JobOutcome> {
    jobs.iter().map(|_| JobOutcome::Retry(why.to_owned())).collect()
}

async fn settle(app: &App, kind: &Kind, jobs: Vec<Job>, outcomes: Vec<JobOutcome>) -> Result<u64, AppError> {
    let count = u64::try_from(jobs.len()).unwrap_or(u64::MAX);
    let now = app.now();
    let missing = std::iter::repeat_with(|| JobOutcome::Retry("the work said nothing of this job".to_owned()));
    let settled: Vec<(Job, JobOutcome)> = jobs.into_iter().zip(outcomes.into_iter().chain(missing)).collect();
    for (job, outcome) in &settled {
        log(kind, job, outcome);
    }
    let written = app.store.write(async move |tx: &Tx| {
        let done: Vec<JobId> =
            settled.iter().filter(|(_, outcome)| *outcome == JobOutcome::Done).map(|(job, _)| job.id).collect();
        jobs::done(tx, &done).await?;
        for (job, outcome) in &settled {
            match (outcome, retry::delay(job.attempts)) {
                (JobOutcome::Done, _) => {}
                (JobOutcome::Retry(why), Some(delay)) => jobs::retry_at(tx, job, now + delay, why).await?,
                (JobOutcome::Retry(why), None) | (JobOutcome::GiveUp(why), _) => jobs::give_up(tx, job, why).await?,
            }
        }
        Ok::<_, StoreError>(())
    });
    written.await.map_err(StoreError::from)?;
    Ok(count)
}

fn log(kind: &Kind, job: &Job, outcome: &JobOutcome) {
    let (ended, why) = match outcome {
        JobOutcome::Done => ("done", None),
        JobOutcome::Retry(why) if retry::delay(job.attempts).is_some() => ("retry", Some(why)),
        JobOutcome::Retry(why) | JobOutcome::GiveUp(why) => ("dead", Some(why)),
    };
    metrics::counter!("evenhand_jobs_total", "kind" => kind.name, "ended" => ended).increment(1);
    match (ended, why) {
        ("dead", Some(why)) => {
            tracing::error!(job.id = %job.id, job.kind = kind.name, why, "a job was given up; GET /api/v1/jobs lists it");
        }
        (_, Some(why)) => {
            tracing::warn!(job.id = %job.id, job.kind = kind.name, job.attempts, why, "a job failed and will be tried again");
        }
        (_, None) => {}
    }
}
