//! A report that was just made is handed out again while nothing was written since: making one reads every decision on
//! file. It says when it was made.

use crate::app::{App, AppError};
use crate::domain::ids::PersonId;
use crate::store::events;
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What another process wrote is told by its events; what leaves none, such as the hour, waits so long at most.
const MOST_AGE: Duration = Duration::seconds(60);

/// Reports kept for so many sets of people hidden from a reader.
const MOST_KEPT: usize = 32;

/// Which report, without whom.
type Key = (&'static str, Vec<PersonId>);

/// What had been written when a report was made: by this process, and by all as events.
type Written = (u64, i64);

/// The reports made last. Lives as long as the server.
#[derive(Default)]
pub struct Remembered(Mutex<HashMap<Key, Made>>);

#[derive(Clone)]
pub(super) struct Made {
    pub(super) at: DateTime<Utc>,
    written: Written,
    pub(super) content: Value,
}

/// The report as it was made since the last write, or as it is made now.
pub(super) async fn made(
    app: &App,
    key: Key,
    make: impl Future<Output = Result<Value, AppError>>,
) -> Result<Made, AppError> {
    let written = (*app.store.written().borrow(), events::last_position(app.store.reader()).await?);
    let now = app.now();
    let fresh = |made: &Made| made.written == written && made.at <= now && now - made.at < MOST_AGE;
    let kept = || app.reports.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(made) = kept().get(&key).filter(|made| fresh(made)) {
        return Ok(made.clone());
    }
    let made = Made { at: now, written, content: make.await? };
    let mut kept = kept();
    if kept.len() >= MOST_KEPT {
        kept.clear();
    }
    kept.insert(key, made.clone());
    Ok(made)
}
