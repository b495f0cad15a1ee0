//! What lies on the desk today. Each reader sees the parts that are theirs.

use super::identification::{Identification, identification};
use super::notes::{NoteView, list_notes};
use super::referrals::{self, AreaReferral};
use super::{MAY_COORDINATE, MAY_READ_PROGRAMME, MAY_SEE_DESK, programme};
use crate::app::callers::{CASE, MAY_READ_MONTHS, MonthStands, months_now};
use crate::app::live_calls::overdue_markers;
use crate::app::{App, AppError, list_officers, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::OfficerId;
use crate::domain::marking::Marking;
use crate::domain::registers::Measure;
use crate::domain::workflow::StateKind;
use crate::store::nominated_callers::{self, Which};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

const MONTHS: usize = 3;
/// The state of a case whose place nobody knows yet.
const AREA_UNKNOWN: &str = "area_unknown";
const WITH_UNIT: &str = "with_unit";
const DIVERTED: &str = "diverted";
const CONCLUDED: &str = "concluded";
const RUNS_READ: [Role; 3] = [Role::Coordinator, Role::Ccr, Role::Auditor];

/// The desk; a part that is not the reader's is absent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoordinationDesk {
    pub marking: Marking,
    /// The aims, the working practice, partners and meetings, with how far the practice was evaluated.
    #[schema(value_type = Object)]
    pub programme: Value,
    /// Counts behind the aims.
    pub measures: Option<Vec<MeasureCount>>,
    pub referrals: Option<ReferralsStand>,
    /// Markers for call takers that somebody was to look at again before today.
    pub markers_overdue: Option<u64>,
    /// How the automatic identification runs.
    pub identification: Option<Identification>,
    /// The last months: what was sent, received and checked.
    pub months: Option<Vec<MonthStands>>,
    /// For whoever takes over; newest first.
    pub notes: Option<Vec<NoteView>>,
    /// Who holds the role of the coordinator: whoever is not there has a deputy where there are two.
    pub holders: Vec<Holder>,
}

/// A count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeasureCount {
    #[schema(value_type = String, example = "nominated")]
    pub measure: Measure,
    pub count: u64,
}

/// How far referrals are.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferralsStand {
    pub by_state: Vec<StateCount>,
    /// Past the day their state should have been left.
    pub overdue: Vec<AreaReferral>,
    /// Nobody knows yet where they call from: a list to work on, so that nobody is dropped.
    pub area_unknown: Vec<AreaReferral>,
    /// Nominations of callers that nobody has looked at.
    pub nominations_waiting: u64,
}

/// Cases in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StateCount {
    pub state: String,
    pub title: String,
    pub ended: bool,
    pub cases: u64,
}

/// Somebody who holds the role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    pub officer_id: OfficerId,
    pub name: String,
}

/// # Errors
/// `wrong-role`; `NotFound` where the installation has no programme.
pub async fn read_desk(app: &App, actor: &Actor) -> Result<CoordinationDesk, AppError> {
    let officer = rights::officer_with(actor, &MAY_SEE_DESK)?;
    let reads = officer.has_any(&MAY_READ_PROGRAMME);
    let all = if reads { Some(referrals::all(app, actor).await?) } else { None };
    let waiting = nominated_callers::count(app.store.reader(), Which::Waiting).await?;
    let measures = match &all {
        Some(all) => Some(measures(app, all, waiting).await?),
        None => None,
    };
    let referrals = all.map(|all| stand(app, all, waiting));
    if let Some(shown) = &referrals {
        let shown: Vec<AreaReferral> = shown.overdue.iter().chain(&shown.area_unknown).cloned().collect();
        referrals::log(app, actor, &shown).await?;
    }
    let runs = officer.has_any(&RUNS_READ);
    let months = officer.has_any(&MAY_READ_MONTHS);
    Ok(CoordinationDesk {
        marking: app.shown_with(Marking::OfficialSensitive),
        programme: json!(programme(app)?),
        measures,
        referrals,
        markers_overdue: overdue_markers(app, officer).await?,
        identification: if runs { Some(identification(app).await?) } else { None },
        months: if months { Some(months_now(app, MONTHS).await?) } else { None },
        notes: if reads { Some(list_notes(app, actor).await?) } else { None },
        holders: holders(app).await?,
    })
}

async fn holders(app: &App) -> Result<Vec<Holder>, AppError> {
    let all = list_officers(app).await?.into_iter();
    let hold = all.filter(|found| found.active && found.officer.has_any(&MAY_COORDINATE));
    Ok(hold.map(|found| Holder { officer_id: found.officer.id, name: found.officer.display_name }).collect())
}

fn stand(app: &App, all: Vec<AreaReferral>, nominations_waiting: u64) -> ReferralsStand {
    let by_state = by_state(app, &all);
    let open: Vec<AreaReferral> = all.into_iter().filter(|one| !one.ended).collect();
    let (area_unknown, known): (Vec<_>, Vec<_>) = open.into_iter().partition(|one| one.state == AREA_UNKNOWN);
    let overdue = known.into_iter().filter(|one| one.overdue).collect();
    ReferralsStand { by_state, overdue, area_unknown, nominations_waiting }
}

/// Every state of the case type in its own order, and any that only older cases know.
pub(super) fn by_state(app: &App, all: &[AreaReferral]) -> Vec<StateCount> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for one in all {
        *counts.entry(&one.state).or_default() += 1;
    }
    let known = app.catalog.latest(CASE).into_iter().flat_map(|of_type| &of_type.states);
    let mut states: Vec<StateCount> = known
        .map(|state| StateCount {
            cases: counts.remove(state.id.as_str()).unwrap_or(0),
            state: state.id.clone(),
            title: state.title.clone(),
            ended: state.kind == StateKind::Final,
        })
        .collect();
    let older = counts.into_iter();
    states.extend(older.map(|(state, cases)| StateCount {
        state: state.to_owned(),
        title: state.to_owned(),
        ended: false,
        cases,
    }));
    states
}

/// The counts that the programme's aims name.
pub(super) async fn measures(app: &App, all: &[AreaReferral], waiting: u64) -> Result<Vec<MeasureCount>, AppError> {
    let nominated = nominated_callers::count(app.store.reader(), Which::All).await?;
    let cases = |which: &dyn Fn(&AreaReferral) -> bool| {
        u64::try_from(all.iter().filter(|one| which(one)).count()).unwrap_or(u64::MAX)
    };
    let mut named: Vec<Measure> = programme(app)?.aims.iter().flat_map(|aim| aim.measures.clone()).collect();
    named.sort_unstable();
    named.dedup();
    let count = |measure: Measure| match measure {
        Measure::Nominated => nominated,
        Measure::LookedAt => nominated.saturating_sub(waiting),
        Measure::Waiting => waiting,
        Measure::Referred => cases(&|one| !one.referral.is_null()),
        Measure::WithUnit => cases(&|one| one.state == WITH_UNIT),
        Measure::Diverted => cases(&|one| one.state == DIVERTED),
        Measure::Concluded => cases(&|one| one.state == CONCLUDED),
        Measure::Open => cases(&|one| !one.ended),
    };
    Ok(named.into_iter().map(|measure| MeasureCount { measure, count: count(measure) }).collect())
}
