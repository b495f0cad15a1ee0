//! How the automatic identification runs: when each system's last file came, how much of it was refused, and for how many
//! days there has been none.

use crate::app::{App, AppError};
use crate::domain::calendar::london;
use crate::store::call_imports::{self, CallImport, ImportStatus};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Files that are looked back at.
const MOST_FILES: u64 = 500;

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
    pub failed_since: usize,
    pub running: usize,
}

pub(super) async fn identification(app: &App) -> Result<Identification, AppError> {
    let imports = call_imports::list(app.store.reader(), None, MOST_FILES).await?;
    let mut of_system: BTreeMap<String, Vec<CallImport>> = BTreeMap::new();
    for import in imports {
        of_system.entry(import.system.clone()).or_default().push(import);
    }
    let today = london::date_of(app.now());
    let systems = of_system.into_iter().map(|(system, imports)| health(system, &imports, today)).collect();
    let rules =
        app.catalog.nomination_rules().iter().filter(|rule| rule.channels.iter().all(|one| !one.may_be_limited()));
    Ok(Identification { systems, rules: rules.map(|rule| rule.title.clone()).collect() })
}

/// `imports`: newest first.
fn health(system: String, imports: &[CallImport], today: NaiveDate) -> SystemHealth {
    let done = |import: &&CallImport| import.status == ImportStatus::Done;
    let last = imports.iter().find(done);
    let last_call_on = imports.iter().filter(done).filter_map(|import| import.last_call_at).max().map(london::date_of);
    let since = imports.iter().take_while(|import| import.status != ImportStatus::Done);
    let counts = last.map(|import| import.counts).unwrap_or_default();
    SystemHealth {
        last_done_at: last.and_then(|import| import.ended_at),
        last_file: last.map(|import| import.file_name.clone()),
        days_without: last_call_on.map(|day| (today - day).num_days().saturating_sub(1).max(0)),
        last_call_on,
        rows_read: counts.read,
        rejected: counts.rejected,
        rejected_per_mille: counts.rejected.saturating_mul(1000).checked_div(counts.read).unwrap_or(0),
        failed_since: since.filter(|import| import.status == ImportStatus::Failed).count(),
        running: imports.iter().filter(|import| import.status == ImportStatus::Running).count(),
        system,
    }
}
