//! One kind of work, from claiming to settling.

use super::kinds::Kind;
use super::lease::{self, LEASE};
use super::retry;
use crate::app::{App, AppError, JobOutcome};
use crate::domain::ids::JobId;
use crate::fault_points::reached;
use crate::store::Tx;
use crate::store::jobs::{self, Job};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration as Wait;
use tokio::sync::watch;

/// A batch that takes longer is dropped.
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
pub(super) async fn work_once(app: &App, kind: &'static Kind) -> Result<u64, AppError> {
    // Looking is cheap; claiming writes.
    let due = jobs::next_due(app.store.reader(), &[kind.name]).await?;
    if due.is_none_or(|due| due > app.now()) {
        return Ok(0);
    }
    let claimed = jobs::claim(&app.store, &[kind.name], kind.batch, app.now(), LEASE).await?;
    if claimed.is_empty() {
        return Ok(0);
    }
    reached("jobs.claimed_not_run");
    let started = std::time::Instant::now();
    let run = AssertUnwindSafe((kind.run)(app.clone(), claimed.clone())).catch_unwind();
    let run = lease::while_held(app, &claimed, tokio::time::timeout(LONGEST_RUN, run));
    let outcomes = match run.await {
        Ok(Ok(Ok(outcomes))) => outcomes,
        Ok(Ok(Err(_panic))) => all_retry(&claimed, "the work failed in an unforeseen way"),
        Ok(Err(_elapsed)) => all_retry(&claimed, "the work took too long"),
        Err(lease::Lost) => all_retry(&claimed, "the database was away for longer than the work may be held"),
    };
    metrics::histogram!("evenhand_job_batch_seconds", "kind" => kind.name).record(started.elapsed().as_secs_f64());
    settle(app, kind, claimed, outcomes).await
}

fn all_retry(jobs: &[Job], why: &str) -> Vec<JobOutcome> {
    jobs.iter().map(|_| JobOutcome::Retry(why.to_owned())).collect()
}

async fn settle(app: &App, kind: &'static Kind, jobs: Vec<Job>, outcomes: Vec<JobOutcome>) -> Result<u64, AppError> {
    let count = u64::try_from(jobs.len()).unwrap_or(u64::MAX);
    let now = app.now();
    let missing = std::iter::repeat_with(|| JobOutcome::Retry("the work said nothing of this job".to_owned()));
    let settled: Vec<(Job, JobOutcome)> = jobs.into_iter().zip(outcomes.into_iter().chain(missing)).collect();
    for (job, outcome) in &settled {
        log(kind, job, outcome);
    }
    let given = app.clone();
    let written = app.store.write(async move |tx: &Tx| {
        let done: Vec<JobId> =
            settled.iter().filter(|(_, outcome)| *outcome == JobOutcome::Done).map(|(job, _)| job.id).collect();
        jobs::done(tx, &done).await?;
        for (job, outcome) in &settled {
            match (outcome, retry::delay(job.attempts)) {
                (JobOutcome::Done, _) => {}
                (JobOutcome::NotBefore(at), _) => jobs::postpone(tx, job, *at).await?,
                (JobOutcome::Retry(why), Some(delay)) => jobs::retry_at(tx, job, now + delay, why).await?,
                (JobOutcome::Retry(why), None) | (JobOutcome::GiveUp(why), _) => {
                    jobs::give_up(tx, job, why).await?;
                    (kind.give_up)(&given, tx, job).await?;
                }
            }
        }
        Ok::<_, AppError>(())
    });
    written.await?;
    Ok(count)
}

fn log(kind: &Kind, job: &Job, outcome: &JobOutcome) {
    let (ended, why) = match outcome {
        JobOutcome::Done => ("done", None),
        JobOutcome::NotBefore(_) => ("postponed", None),
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

#[cfg(test)]
mod tests {
    use super::super::kinds::nothing_follows;
    use super::*;
    use crate::boot;
    use crate::catalog::Catalog;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::id_source::IdSource;
    use crate::store::jobs::NewJob;
    use chrono::{Duration, TimeZone, Utc};
    use futures_util::future::join_all;
    use serde_json::json;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    async fn app(folder: &tempfile::TempDir) -> App {
        let mut config = Config::default();
        config.database.url = format!("sqlite://{}", folder.path().join("evenhand.db").display()).as_str().into();
        let parts = boot::Parts {
            clock: Clock::fixed(Utc.with_ymd_and_hms(2026, 6, 1, 9, 0, 0).unwrap()),
            ids: IdSource::counting(1),
            catalog: Arc::new(Catalog::default()),
            renderer: Arc::new(crate::render::Renderer::embedded().unwrap()),
            delivery: boot::memory_delivery(),
        };
        boot::assemble(&config, parts).await.unwrap()
    }

    async fn queue(app: &App, kind: &str, count: usize) {
        let jobs = (0..count).map(|n| NewJob {
            id: app.new_id(),
            kind: kind.to_owned(),
            payload: json!({}),
            key: format!("{kind}/{n}"),
            run_at: app.now(),
            created_at: app.now(),
        });
        let jobs = jobs.collect();
        app.store.write(async move |tx: &Tx| jobs::enqueue(tx, jobs).await).await.unwrap();
    }

    fn answer(outcome: JobOutcome) -> impl Fn(Vec<Job>) -> Vec<JobOutcome> {
        move |jobs| jobs.iter().map(|_| outcome.clone()).collect()
    }

    static NOT_NOW: Kind = Kind {
        name: "not_now",
        batch: 10,
        run: |_, jobs| Box::pin(async move { answer(JobOutcome::Retry("the server is away".into()))(jobs) }),
        give_up: nothing_follows,
    };
    static NEVER: Kind = Kind {
        name: "never",
        batch: 10,
        run: |_, jobs| Box::pin(async move { answer(JobOutcome::GiveUp("there is no such address".into()))(jobs) }),
        give_up: nothing_follows,
    };
    static PANICS: Kind = Kind {
        name: "panics",
        batch: 10,
        run: |_, _| Box::pin(async { panic!("unforeseen") }),
        give_up: nothing_follows,
    };
    static SILENT: Kind =
        Kind { name: "silent", batch: 10, run: |_, _| Box::pin(async { Vec::new() }), give_up: nothing_follows };

    #[tokio::test]
    async fn what_fails_for_now_is_tried_again_later_and_later_and_then_lies_dead() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder).await;
        queue(&app, "not_now", 1).await;
        let mut tries = 0;
        while jobs::unfinished(app.store.reader(), &["not_now"]).await.unwrap() > 0 {
            tries += work_once(&app, &NOT_NOW).await.unwrap();
            assert_eq!(work_once(&app, &NOT_NOW).await.unwrap(), 0, "not before its time");
            app.clock.advance(Duration::hours(18));
        }
        assert_eq!(tries, 11);
        let dead = jobs::dead_letters(app.store.reader(), 10).await.unwrap();
        assert_eq!(dead[0].last_error.as_deref(), Some("the server is away"));
    }

    #[tokio::test]
    async fn what_can_never_be_done_is_not_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder).await;
        queue(&app, "never", 2).await;
        assert_eq!(work_once(&app, &NEVER).await.unwrap(), 2);
        assert_eq!(jobs::dead_letters(app.store.reader(), 10).await.unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_panic_or_a_missing_answer_loses_no_job() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder).await;
        for kind in [&PANICS, &SILENT] {
            queue(&app, kind.name, 3).await;
            assert_eq!(work_once(&app, kind).await.unwrap(), 3);
            assert_eq!(jobs::unfinished(app.store.reader(), &[kind.name]).await.unwrap(), 3);
        }
    }

    static RUNS: AtomicUsize = AtomicUsize::new(0);
    static COUNTS: Kind = Kind {
        name: "counts",
        batch: 7,
        run: |_, jobs| {
            Box::pin(async move {
                RUNS.fetch_add(jobs.len(), Ordering::Relaxed);
                tokio::task::yield_now().await;
                answer(JobOutcome::Done)(jobs)
            })
        },
        give_up: nothing_follows,
    };

    #[tokio::test]
    async fn several_workers_share_the_work_and_run_nothing_twice() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder).await;
        queue(&app, "counts", 100).await;
        let worker = async || while work_once(&app, &COUNTS).await.unwrap() > 0 {};
        join_all((0..4).map(|_| worker())).await;
        assert_eq!(RUNS.load(Ordering::Relaxed), 100);
        assert_eq!(jobs::unfinished(app.store.reader(), &["counts"]).await.unwrap(), 0);
    }

    static WOKEN: Kind = Kind {
        name: "woken",
        batch: 10,
        run: |_, jobs| Box::pin(async move { answer(JobOutcome::Done)(jobs) }),
        give_up: nothing_follows,
    };

    #[tokio::test]
    async fn a_lane_wakes_for_work_of_its_own_process_and_stops_when_told() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder).await;
        let (stop, stopped) = watch::channel(false);
        let work = async {
            tokio::task::yield_now().await;
            let queued = std::time::Instant::now();
            queue(&app, "woken", 1).await;
            let mut written = app.store.written();
            while jobs::unfinished(app.store.reader(), &["woken"]).await.unwrap() > 0 {
                written.changed().await.unwrap();
            }
            stop.send(true).unwrap();
            queued.elapsed()
        };
        let ((), waited) = tokio::join!(run(app.clone(), &WOKEN, stopped), work);
        assert!(waited < POLL, "{waited:?}");
    }
}
