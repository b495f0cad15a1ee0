//! What lies on the desk today. Each reader sees the parts that are theirs.

use super::identification::{Identification, identification};
use super::measures::{MeasureCount, measures, steps};
use super::notes::{NoteView, list_notes};
use super::referrals::{self, AreaReferral, is_overdue};
use super::{MAY_COORDINATE, MAY_LIST, MAY_READ_PROGRAMME, MAY_SEE_DESK, programme};
use crate::app::callers::{CASE, MAY_READ_MONTHS, MonthStands, months_now};
use crate::app::live_calls::overdue_markers;
use crate::app::{App, AppError, list_officers, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::calendar::london;
use crate::domain::ids::OfficerId;
use crate::domain::marking::Marking;
use crate::domain::workflow::StateKind;
use crate::store::cases::CaseRow;
use crate::store::covers;
use crate::store::nominated_callers::{self, Which};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

const MONTHS: usize = 3;
/// The state of a case whose place nobody knows yet.
const AREA_UNKNOWN: &str = "area_unknown";
const REFERRED: &str = "referred";
const REVIEW_DUE: &str = "review_due";
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
    /// Who holds the role of the coordinator, and who stands in for whom today.
    pub holders: Vec<Holder>,
}

/// How far referrals are: every one for whoever coordinates, for a unit those that are its own. A case stands on one list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReferralsStand {
    pub by_state: Vec<StateCount>,
    /// Past the day their state should have been left.
    pub overdue: Vec<AreaReferral>,
    /// The day of their review has come.
    pub review_due: Vec<AreaReferral>,
    /// Referred, and not taken on by the unit yet.
    pub to_take_on: Vec<AreaReferral>,
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
    /// The deputy today, until that day has passed: another who holds the role.
    pub deputy: Option<Deputy>,
}

/// Who stands in for a coordinator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deputy {
    pub officer_id: OfficerId,
    pub name: String,
    /// The last day, in London.
    pub to: NaiveDate,
}

/// # Errors
/// `wrong-role`; `NotFound` where the installation has no programme.
pub async fn read_desk(app: &App, actor: &Actor) -> Result<CoordinationDesk, AppError> {
    let officer = rights::officer_with(actor, &MAY_SEE_DESK)?;
    let reads = officer.has_any(&MAY_READ_PROGRAMME);
    let lists = officer.has_any(&MAY_LIST);
    let all = if reads || lists { referrals::rows(app, actor, &[]).await? } else { Vec::new() };
    let measures = if reads { Some(measures(app, &all, &steps(app).await?).await?) } else { None };
    let referrals = if lists { Some(stand(app, actor, referrals::of_reader(actor, all)).await?) } else { None };
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
    let hold: Vec<Officer> =
        all.filter(|found| found.active && found.officer.has_any(&MAY_COORDINATE)).map(|found| found.officer).collect();
    let ids: Vec<OfficerId> = hold.iter().map(|officer| officer.id).collect();
    let covers = covers::of_absent(app.store.reader(), &ids, london::date_of(app.now())).await?;
    let deputy = |of: OfficerId| {
        covers.iter().filter(|cover| cover.spoc == of).find_map(|cover| {
            let by = hold.iter().find(|officer| officer.id == cover.by)?;
            Some(Deputy { officer_id: by.id, name: by.display_name.clone(), to: cover.to })
        })
    };
    let holder = |officer: &Officer| Holder {
        officer_id: officer.id,
        name: officer.display_name.clone(),
        deputy: deputy(officer.id),
    };
    Ok(hold.iter().map(holder).collect())
}

async fn stand(app: &App, actor: &Actor, rows: Vec<CaseRow>) -> Result<ReferralsStand, AppError> {
    let by_state = by_state(app, &rows);
    let part = |is: &dyn Fn(&CaseRow) -> bool| rows.iter().filter(|row| is(row)).cloned().collect::<Vec<_>>();
    let overdue = |row: &CaseRow| is_overdue(app, row) && row.state != AREA_UNKNOWN;
    let parts: [Vec<CaseRow>; 4] = [
        part(&overdue),
        part(&|row| row.state == REVIEW_DUE && !overdue(row)),
        part(&|row| row.state == REFERRED && !overdue(row)),
        part(&|row| row.state == AREA_UNKNOWN),
    ];
    let mut ends = parts.iter().map(Vec::len).collect::<Vec<_>>().into_iter();
    let mut shown = referrals::shown(app, actor, parts.concat(), u64::MAX).await?.into_iter();
    let mut next = || shown.by_ref().take(ends.next().unwrap_or(0)).collect::<Vec<_>>();
    Ok(ReferralsStand {
        by_state,
        overdue: next(),
        review_due: next(),
        to_take_on: next(),
        area_unknown: next(),
        nominations_waiting: nominated_callers::count(app.store.reader(), Which::Waiting).await?,
    })
}

/// Every state of the case type in its own order, and any that only older cases know.
pub(super) fn by_state(app: &App, all: &[CaseRow]) -> Vec<StateCount> {
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
