//! Door: the work that waits, as jobs in the database. Claim → run → settle.
//!
//! Each kind of work has a lane, so that a slow mail server never keeps mail from being read. Any number of workers may
//! run on one database; a job is theirs for the length of a lease.

mod kinds;
mod lane;
mod lease;
mod periodic;
mod retry;

use crate::app::{App, AppError};
use futures_util::future::BoxFuture;
use tokio::sync::watch;

/// Everything a worker does, a future each: to be run side by side until `stop` says so. Each finishes what is in hand.
pub fn lanes(app: &App, stop: &watch::Receiver<bool>) -> Vec<BoxFuture<'static, ()>> {
    let of_jobs = kinds::KINDS.iter().map(|kind| {
        let lane: BoxFuture<'static, ()> = Box::pin(lane::run(app.clone(), kind, stop.clone()));
        lane
    });
    let of_time = periodic::TASKS.iter().map(|task| {
        let lane: BoxFuture<'static, ()> = Box::pin(periodic::run(app.clone(), task, stop.clone()));
        lane
    });
    of_jobs.chain(of_time).collect()
}

/// What every process that answers requests does by the clock, whoever does the work: it is about its own memory.
pub fn of_every_server(app: &App, stop: &watch::Receiver<bool>) -> Vec<BoxFuture<'static, ()>> {
    let lane = |task| -> BoxFuture<'static, ()> { Box::pin(periodic::run(app.clone(), task, stop.clone())) };
    periodic::OF_EVERY_SERVER.iter().map(lane).collect()
}

/// Does, here and now, all that is due, and what that asks for, until nothing is. Answers how many jobs were run.
///
/// # Errors
/// When the database cannot be reached, or a task that runs by the clock fails.
pub async fn work_off(app: &App) -> Result<u64, AppError> {
    for task in periodic::TASKS.iter().chain(periodic::OF_EVERY_SERVER) {
        (task.run)(app.clone()).await?;
    }
    let mut all = 0;
    loop {
        let mut ran = 0;
        for kind in kinds::KINDS {
            ran += lane::work_once(app, kind).await?;
        }
        if ran == 0 {
            return Ok(all);
        }
        all += ran;
    }
}
