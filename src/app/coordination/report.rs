//! What was done with referrals, and what it is estimated to have cost. It counts; it concludes nothing (R78, R79, R83).

use super::costs::{CostSum, CostView, list_costs, sums};
use super::desk::{StateCount, by_state};
use super::measures::{MeasureCount, measures};
use super::referrals;
use super::{MAY_READ_PROGRAMME, programme};
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::case::Happening;
use crate::domain::ids::CaseId;
use crate::domain::marking::Marking;
use crate::store::cases::{self, CaseRow};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The state of a case that a unit accepted.
const ACCEPTED: &str = "with_unit";

/// The report of referrals and impact.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallsReport {
    pub marking: Marking,
    pub made_at: DateTime<Utc>,
    /// How far the practice was evaluated: `untested`.
    pub evidence: String,
    /// What can be concluded from it, and what cannot.
    pub says: Vec<String>,
    pub measures: Vec<MeasureCount>,
    pub by_state: Vec<StateCount>,
    /// Referrals by the unit they were made to; `none` where none was made.
    #[schema(value_type = Object)]
    pub by_unit: BTreeMap<String, u64>,
    pub acceptance: Acceptance,
    pub costs: Vec<CostView>,
    /// What is known apart from what is estimated.
    pub sums: Vec<CostSum>,
}

/// How long it took until a unit accepted a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Acceptance {
    /// Cases that a unit accepted.
    pub accepted: usize,
    /// Whole days from the opening of the case; absent where none was accepted.
    pub median_days: Option<i64>,
    pub longest_days: Option<i64>,
}

/// # Errors
/// `wrong-role`; `NotFound` where the installation has no programme.
pub async fn read_report(app: &App, actor: &Actor) -> Result<CallsReport, AppError> {
    rights::officer_with(actor, &MAY_READ_PROGRAMME)?;
    let programme = programme(app)?;
    let all = referrals::rows(app, actor, &[]).await?;
    let costs = list_costs(app, actor).await?;
    let mut by_unit: BTreeMap<String, u64> = BTreeMap::new();
    for one in &all {
        *by_unit.entry(referrals::text(one, "/referral/unit").unwrap_or_else(|| "none".to_owned())).or_default() += 1;
    }
    let markings = all.iter().map(|row| cases::read_marking(&row.marking)).collect::<Result<Vec<_>, _>>()?;
    log_reading(app, actor, "report-repeat-callers", None).await?;
    Ok(CallsReport {
        marking: app.shown_with(Marking::OfficialSensitive).with(markings),
        made_at: app.now(),
        evidence: programme.evidence.clone(),
        says: vec![
            programme.evidence_says.clone(),
            "That calls went up or down after a referral does not show that the referral did it.".to_owned(),
            "An estimate is somebody's, with how they made it; it is never added to what is known.".to_owned(),
            "Cases about people who complained about you are left out.".to_owned(),
        ],
        measures: measures(app, &all).await?,
        by_state: by_state(app, &all),
        by_unit,
        acceptance: acceptance(app, &all).await?,
        sums: sums(&costs),
        costs,
    })
}

async fn acceptance(app: &App, all: &[CaseRow]) -> Result<Acceptance, AppError> {
    let mut took = Vec::new();
    for one in all {
        let history = cases::history(app.store.reader(), CaseId::from_uuid(one.id)).await?;
        let accepted =
            history.iter().find(|(_, event)| matches!(&event.what, Happening::Acted { to, .. } if to == ACCEPTED));
        took.extend(accepted.map(|(_, event)| event.at - one.opened_at));
    }
    Ok(spread(took))
}

fn spread(mut took: Vec<Duration>) -> Acceptance {
    took.sort_unstable();
    Acceptance {
        accepted: took.len(),
        median_days: took.get(took.len() / 2).map(Duration::num_days),
        longest_days: took.last().map(Duration::num_days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_it_took_is_said_in_whole_days_and_of_nothing_nothing_is() {
        assert_eq!(spread(Vec::new()), Acceptance::default());
        let took = [30, 1, 49].map(Duration::hours).to_vec();
        let said = spread(took);
        assert_eq!((said.accepted, said.median_days, said.longest_days), (3, Some(1), Some(2)));
    }
}
