//! Jobs are held for the length of a lease, and the lease is renewed for as long as the work on them goes on. What a lost
//! worker had in hand is free again when its lease runs out.

use crate::app::App;
use crate::domain::ids::JobId;
use crate::store::jobs::{self, Job};
use chrono::Duration;
use std::time::{Duration as Wait, Instant};

/// How long a lost worker's jobs wait for another.
pub(super) const LEASE: Duration = Duration::seconds(30);
/// How often the lease is renewed.
const RENEW: Wait = Wait::from_secs(8);
/// A lease that could not be renewed for so long may run out: the work is dropped well before somebody else begins it.
const GIVE_UP: Wait = Wait::from_secs(22);

/// The lease could not be kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lost;

/// Does the work, and keeps the lease on its jobs meanwhile.
///
/// # Errors
/// [`Lost`], with the work dropped, where the database was away for too long.
pub(super) async fn while_held<T>(app: &App, held: &[Job], work: impl Future<Output = T>) -> Result<T, Lost> {
    let mut work = std::pin::pin!(work);
    let mut renewed = Instant::now();
    loop {
        tokio::select! {
            done = &mut work => return Ok(done),
            () = tokio::time::sleep(RENEW) => {}
        }
        let asked = Instant::now();
        let ids: Vec<JobId> = held.iter().map(|job| job.id).collect();
        let until = app.now() + LEASE;
        let left = GIVE_UP.saturating_sub(renewed.elapsed());
        tokio::select! {
            done = &mut work => return Ok(done),
            renewal = tokio::time::timeout(left, jobs::renew(&app.store, ids, until)) => match renewal {
                Ok(Ok(())) => renewed = asked,
                Ok(Err(_)) | Err(_) if renewed.elapsed() + RENEW >= GIVE_UP => return Err(Lost),
                Ok(Err(_)) | Err(_) => {}
            }
        }
    }
}
