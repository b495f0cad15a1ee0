//! How the automatic identification runs: when each system's last file came, how much of it was refused, and for how many
//! days there has been none.

use crate::app::callers::profiled_systems;
use crate::app::{App, AppError};
use crate::domain::calendar::london;
use crate::store::call_imports::{self, Standing};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// The runs, and the rules they ran by.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Identification {
    pub systems: Vec<SystemHealth>,
    /// The rules by which callers are nominated, in words.
    pub rules: Vec<String>,
}

/// One system's files.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SystemHealth {
    pub system: String,
    /// When the last file that was read to its end was.
    pub last_done_at: Option<DateTime<Utc>>,
    pub last_file: Option<String>,
    /// The day of the last call in any file.
    pub last_call_on: Option<NaiveDate>,
    /// Days since, today not counted; absent where there is no call yet.
    pub days_without: Option<i64>,
    /// Rows of the last file, and those of them that were refused.
    pub rows_read: u64,
    pub rejected: u64,
    /// Refused rows of a thousand.
    pub rejected_per_mille: u64,
    /// Files that failed since the last one that was read to its end.
    pub failed_since: u64,
    pub running: u64,
}

/// Of each system that a profile is of, and of each that a file ever came from: one that stopped, or never began, is what
/// somebody has to see.
pub(super) async fn identification(app: &App) -> Result<Identification, AppError> {
    let db = app.store.reader();
    let mut of: BTreeSet<String> = call_imports::systems(db).await?;
    of.extend(profiled_systems(app));
    let today = london::date_of(app.now());
    let mut systems = Vec::with_capacity(of.len());
    for system in of {
        let standing = call_imports::standing(db, &system).await?;
        systems.push(health(system, standing, today));
    }
    let rules =
        app.catalog.nomination_rules().iter().filter(|rule| rule.channels.iter().all(|one| !one.may_be_limited()));
    Ok(Identification { systems, rules: rules.map(|rule| rule.title.clone()).collect() })
}

fn health(system: String, standing: Standing, today: NaiveDate) -> SystemHealth {
    let last = standing.last_done;
    let last_call_on = standing.last_call_at.map(london::date_of);
    let counts = last.as_ref().map(|import| import.counts).unwrap_or_default();
    SystemHealth {
        last_done_at: last.as_ref().and_then(|import| import.ended_at),
        last_file: last.map(|import| import.file_name),
        days_without: last_call_on.map(|day| (today - day).num_days().saturating_sub(1).max(0)),
        last_call_on,
        rows_read: counts.read,
        rejected: counts.rejected,
        rejected_per_mille: counts.rejected.saturating_mul(1000).checked_div(counts.read).unwrap_or(0),
        failed_since: standing.failed_since,
        running: standing.running,
        system,
    }
}
