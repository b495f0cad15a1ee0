//! The counts that the programme's aims name, over the whole county: they name nobody, so whoever reads the programme reads
//! all of them.

use super::calls_compared::{CallsCompared, calls_compared};
use super::outcomes::Steps;
use super::programme;
use super::referrals::{is_ended, text};
use crate::app::callers::CASE;
use crate::app::{App, AppError};
use crate::domain::registers::Measure;
use crate::store::case_steps;
use crate::store::cases::CaseRow;
use crate::store::nominated_callers::{self, Which};
use serde::Serialize;
use utoipa::ToSchema;

const NOMINATED: &str = "nominated";
/// A case that a unit has: its review may be due.
const WITH_UNIT: [&str; 2] = ["with_unit", "review_due"];
const DIVERTED: &str = "diverted";
const CONCLUDED: &str = "concluded";

/// A count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeasureCount {
    #[schema(value_type = String, example = "nominated")]
    pub measure: Measure,
    pub count: u64,
}

/// The counts that the aims name, each once.
pub(super) async fn measures(app: &App, rows: &[CaseRow], steps: &Steps) -> Result<Vec<MeasureCount>, AppError> {
    let db = app.store.reader();
    let cases = |which: &dyn Fn(&CaseRow) -> bool| count(rows.iter().filter(|row| which(row)).count());
    // Whoever opens a case by hand nominates too; its nomination is the case itself.
    let by_hand = |row: &CaseRow| text(row, "/nominationId").is_none();
    let waiting =
        nominated_callers::count(db, Which::Waiting).await? + cases(&|row| by_hand(row) && row.state == NOMINATED);
    let looked_at =
        nominated_callers::count(db, Which::LookedAt).await? + cases(&|row| by_hand(row) && row.state != NOMINATED);
    let mut named: Vec<Measure> = programme(app)?.aims.iter().flat_map(|aim| aim.measures.clone()).collect();
    named.sort_unstable();
    named.dedup();
    let calls = if named.iter().any(|measure| matches!(measure, Measure::CallsBefore | Measure::CallsAfter)) {
        calls_compared(app, (rows, steps), |_| true).await?
    } else {
        CallsCompared::default()
    };
    let count = |measure: Measure| match measure {
        Measure::Nominated => looked_at + waiting,
        Measure::LookedAt => looked_at,
        Measure::Waiting => waiting,
        Measure::Referred => cases(&is_referred),
        Measure::WithUnit => cases(&|row| WITH_UNIT.contains(&row.state.as_str())),
        Measure::Diverted => cases(&|row| row.state == DIVERTED),
        Measure::Concluded => cases(&|row| row.state == CONCLUDED),
        Measure::Open => cases(&|row| !is_ended(app, row)),
        Measure::CallsBefore => calls.calls_before,
        Measure::CallsAfter => calls.calls_after,
    };
    Ok(named.into_iter().map(|measure| MeasureCount { measure, count: count(measure) }).collect())
}

/// Every step taken on cases of repeat callers.
pub(super) async fn steps(app: &App) -> Result<Steps, AppError> {
    let mut steps = Steps::new();
    for step in case_steps::of_workflows(app.store.reader(), &[CASE]).await? {
        steps.entry(step.case).or_default().push(step);
    }
    Ok(steps)
}

/// Whether a unit was ever named for it. Where somebody calls from has to be known for that: until then it waits on a list.
pub(super) fn is_referred(row: &CaseRow) -> bool {
    text(row, "/referral/area").is_some()
}

pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
