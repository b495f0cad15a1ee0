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
const MOST_AGE: Duration = Duration::minutes(10);

/// Reports kept for so many sets of people hidden from a reader.
const MOST_KEPT: usize = 32;

/// Which report, without whom.
type Key = (&'static str, Vec<PersonId>);

/// What had been written when a report was made: by this process, and by all as events.
type Written = (u64, i64);

/// The reports made last. Lives as long as the server.
#[derive(Default)]
pub struct Remembered {
    kept: Mutex<HashMap<Key, Made>>,
    /// One is made at a time: whoever asks for the same meanwhile waits for it, instead of making it too.
    making: tokio::sync::Mutex<()>,
}

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
    if let Some(made) = fresh(app, &key).await? {
        return Ok(made);
    }
    let _turn = app.reports.making.lock().await;
    if let Some(made) = fresh(app, &key).await? {
        return Ok(made);
    }
    let made = Made { at: app.now(), written: written(app).await?, content: make.await? };
    let mut kept = app.reports.kept.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST_KEPT {
        kept.clear();
    }
    kept.insert(key, made.clone());
    Ok(made)
}

/// What is kept and was made since the last write.
async fn fresh(app: &App, key: &Key) -> Result<Option<Made>, AppError> {
    let (written, now) = (written(app).await?, app.now());
    let kept = app.reports.kept.lock().unwrap_or_else(PoisonError::into_inner);
    let fresh = |made: &&Made| made.written == written && made.at <= now && now - made.at < MOST_AGE;
    Ok(kept.get(key).filter(fresh).cloned())
}

async fn written(app: &App) -> Result<Written, AppError> {
    Ok((*app.store.written().borrow(), events::last_position(app.store.reader()).await?))
}
