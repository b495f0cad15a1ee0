//! What was done with referrals, what came of them, and what is estimated to have cost what. It counts; it concludes
//! nothing (R78, R79, R83).

use super::calls_compared::{CallsCompared, calls_compared};
use super::costs::{CostSum, CostView, list_costs, sums};
use super::desk::{StateCount, by_state};
use super::measures::{MeasureCount, measures, steps};
use super::outcomes::{Acceptance, ImpactSum, OutcomeCount, acceptance, impacts, outcomes};
use super::period::Period;
use super::{MAY_READ_PROGRAMME, programme, referrals};
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::marking::Marking;
use crate::store::cases;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The report of referrals and impact.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallsReport {
    pub marking: Marking,
    pub made_at: DateTime<Utc>,
    /// The days it is about, both included.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// How far the practice was evaluated: `untested`.
    pub evidence: String,
    /// What can be concluded from it, and what cannot.
    pub says: Vec<String>,
    /// The counts behind the aims, of all time.
    pub measures: Vec<MeasureCount>,
    /// Every case, by where it stands now.
    pub by_state: Vec<StateCount>,
    /// Cases opened in the period, by the unit they were referred to; `none` where they were to none.
    #[schema(value_type = Object)]
    pub by_unit: BTreeMap<String, u64>,
    /// What came of cases in the period.
    pub outcomes: Vec<OutcomeCount>,
    pub acceptance: Acceptance,
    /// Calls of those whose case was concluded in the period, before and after.
    pub calls: CallsCompared,
    /// What was estimated in the cases themselves, of days that end in the period.
    pub impacts: Vec<ImpactSum>,
    /// What was entered for the programme, of days that end in the period.
    pub costs: Vec<CostView>,
    /// What is known apart from what is estimated.
    pub sums: Vec<CostSum>,
}

/// The report of some days; of the last twelve months unless told.
///
/// # Errors
/// `wrong-role`; `NotFound` where the installation has no programme; `Invalid` where the last day is before the first.
pub async fn read_report(
    app: &App,
    actor: &Actor,
    asked: (Option<NaiveDate>, Option<NaiveDate>),
) -> Result<CallsReport, AppError> {
    rights::officer_with(actor, &MAY_READ_PROGRAMME)?;
    let programme = programme(app)?;
    let period = Period::asked(app, asked)?;
    let all = referrals::rows(app, actor, &[]).await?;
    let steps = steps(app).await?;
    let mut costs = list_costs(app, actor).await?;
    costs.retain(|cost| period.holds(cost.to));
    let mut by_unit: BTreeMap<String, u64> = BTreeMap::new();
    for one in all.iter().filter(|row| period.holds_instant(row.opened_at)) {
        let unit = referrals::text(one, "/referral/unit").filter(|_| super::measures::is_referred(one));
        *by_unit.entry(unit.unwrap_or_else(|| "none".to_owned())).or_default() += 1;
    }
    let markings = all.iter().map(|row| cases::read_marking(&row.marking)).collect::<Result<Vec<_>, _>>()?;
    let calls = calls_compared(app, (&all, &steps), |at| period.holds_instant(at)).await?;
    log_reading(app, actor, "report-repeat-callers", None).await?;
    Ok(CallsReport {
        marking: app.shown_with(Marking::OfficialSensitive).with(markings),
        made_at: app.now(),
        from: period.from,
        to: period.to,
        evidence: programme.evidence.clone(),
        says: says(&programme.evidence_says),
        measures: measures(app, &all, &steps).await?,
        by_state: by_state(app, &all),
        by_unit,
        outcomes: outcomes(app, &all, &steps, period),
        acceptance: acceptance(&all, &steps, period),
        calls,
        impacts: impacts(&all, period),
        sums: sums(&costs),
        costs,
    })
}

/// What can be concluded, and what cannot.
fn says(evidence: &str) -> Vec<String> {
    let always = [
        "That calls went up or down after a referral does not show that the referral did it: people are referred when they \
         call most, and calls fall from a peak by themselves. Nobody is compared who was not referred.",
        "What came of a case is what its unit said of it.",
        "An estimate is somebody's, with how they made it; it is never added to what is known. Estimates of one case for \
         days that overlap are added as they were given.",
        "Cases about people who complained about you, and those that were disposed of, are left out.",
    ];
    std::iter::once(evidence.to_owned()).chain(always.map(str::to_owned)).collect()
}
