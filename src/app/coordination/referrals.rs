//! Cases of repeat callers as those see them who follow where they are: what waits, for whom, since when; no more of the
//! person than the case's own referral says. Whoever sees a case here sees it at its own address too, and the other way
//! round.

use super::desk::{StateCount, by_state};
use crate::app::callers::{CASE, hidden_from, sees_area};
use crate::app::cases::{Glimpse, Sight, WITH_A_UNIT, sight_of_repeat_caller};
use crate::app::people::AdjustmentView;
use crate::app::{App, AppError, Shown, ShownWith, log_list, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::marking::Marking;
use crate::domain::workflow::{State, StateKind};
use crate::store::cases::{self, CaseFilter, CaseRow};
use crate::store::disposal;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Who follows referrals; a unit sees those that were made to it.
const MAY_FOLLOW: [Role; 7] =
    [Role::Coordinator, Role::Csu, Role::Opt, Role::Snt, Role::Mash, Role::Ccr, Role::Auditor];
/// Who has cases of repeat callers of their own, or reads all of them.
pub const MAY_LIST: [Role; 4] = [Role::Coordinator, Role::Csu, Role::Snt, Role::Auditor];

/// A referral, and how far it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AreaReferral {
    pub case_id: CaseId,
    pub marking: Marking,
    pub state: String,
    pub state_title: String,
    /// No more work is done on it.
    pub ended: bool,
    pub opened_at: DateTime<Utc>,
    pub state_since: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    pub overdue: bool,
    /// What the caller gave as their name, or their number; only an officer is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub called: Option<String>,
    /// The unit it was made to: `csu`, `snt`.
    pub unit: Option<String>,
    /// A key of the register of areas; absent where the place is not known.
    pub area: Option<String>,
    pub person_id: Option<PersonId>,
    /// In force today; to be kept to wherever contact is composed or judged.
    pub adjustments: Vec<AdjustmentView>,
    /// What the unit was told.
    #[schema(value_type = Object)]
    pub referral: Value,
}

/// Referrals that wait for a unit or are with it, in the reader's areas, oldest first, after a case. Each is written down
/// as disclosed to another system.
///
/// # Errors
/// `Refused`.
pub async fn area_referrals(
    app: &App,
    actor: &Actor,
    after: Option<CaseId>,
    most: u64,
) -> Result<Vec<AreaReferral>, AppError> {
    rights::system_or_officer(actor, Scope::AreaReferralsRead, &MAY_FOLLOW)?;
    let mut rows = of_reader(actor, rows(app, actor, &WITH_A_UNIT).await?);
    rows.retain(|row| after.is_none_or(|after| row.id > after.as_uuid()));
    shown(app, actor, rows, most).await
}

/// Cases as a page lists them, and how many the reader sees in each state.
#[derive(Clone, Debug)]
pub struct ReferralList {
    pub by_state: Vec<StateCount>,
    pub rows: Vec<AreaReferral>,
}

/// The reader's cases of repeat callers in one state, or all that are open, oldest first, after a case: every one for
/// whoever coordinates, for a unit those that are its own.
///
/// # Errors
/// `wrong-role`.
pub async fn list_referrals(
    app: &App,
    actor: &Actor,
    (state, after): (Option<&str>, Option<CaseId>),
    most: u64,
) -> Result<ReferralList, AppError> {
    rights::officer_with(actor, &MAY_LIST)?;
    let mut rows = of_reader(actor, rows(app, actor, &[]).await?);
    let by_state = by_state(app, &rows);
    rows.retain(|row| state.map_or_else(|| !is_ended(app, row), |state| row.state == state));
    rows.retain(|row| after.is_none_or(|after| row.id > after.as_uuid()));
    Ok(ReferralList { by_state, rows: shown(app, actor, rows, most).await? })
}

/// The first of these as the reader sees them; written down as shown to them.
pub(super) async fn shown(
    app: &App,
    actor: &Actor,
    mut rows: Vec<CaseRow>,
    most: u64,
) -> Result<Vec<AreaReferral>, AppError> {
    rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let cases: Vec<CaseId> = rows.iter().map(|row| CaseId::from_uuid(row.id)).collect();
    let people: Vec<PersonId> = rows.iter().filter_map(|row| row.person_id.map(PersonId::from_uuid)).collect();
    let with = ShownWith::load(app, app.store.reader(), &cases, &people).await?;
    let seen: Vec<AreaReferral> = rows.into_iter().map(|row| view(app, actor, &with, row)).collect();
    let shown: Vec<Shown> = seen.iter().map(|one| Shown::of(one.case_id.as_uuid(), one.person_id)).collect();
    log_list(app, actor, "case", &shown).await?;
    Ok(seen)
}

/// Of these cases, those that the reader sees whole.
pub(super) fn of_reader(actor: &Actor, mut rows: Vec<CaseRow>) -> Vec<CaseRow> {
    rows.retain(|row| sight(actor, row) == Sight::Full);
    rows
}

/// How much of a case the reader sees; a system sees what was referred in its areas.
pub(super) fn sight(actor: &Actor, row: &CaseRow) -> Sight {
    match actor.officer() {
        Some(officer) => sight_of_repeat_caller(officer, Glimpse::of_row(row)),
        None if sees_area(actor, text(row, "/referral/area").as_deref()) => Sight::Full,
        None => Sight::Nothing,
    }
}

/// Every case of a repeat caller in these states, or in any where none is named, in order of opening; none about somebody
/// who complained about the reader, and none that was disposed of. To be counted: what is shown of them passes [`of_reader`] first.
pub(super) async fn rows(app: &App, actor: &Actor, states: &[&str]) -> Result<Vec<CaseRow>, AppError> {
    const AT_ONCE: u64 = 500;
    let hidden_people = hidden_from(app, actor).await?.people();
    let states = states.iter().map(|state| (*state).to_owned()).collect();
    let filter = CaseFilter { workflows: vec![CASE.to_owned()], states, hidden_people, ..CaseFilter::default() };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = cases::list(app.store.reader(), &filter, after, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = Some(CaseId::from_uuid(last.id));
        found.extend(page.into_iter().filter(|row| !disposal::is_gravestone(&row.data)));
    }
}

fn view(app: &App, actor: &Actor, with: &ShownWith, row: CaseRow) -> AreaReferral {
    let id = CaseId::from_uuid(row.id);
    let person = row.person_id.map(PersonId::from_uuid);
    let state = state(app, &row);
    let called = text(&row, "/callerName").or_else(|| text(&row, "/callerTelephone"));
    AreaReferral {
        case_id: id,
        marking: app.shown_with(with.marking([id])),
        state_title: state.map_or_else(|| row.state.clone(), |state| state.title.clone()),
        ended: is_ended(app, &row),
        opened_at: row.opened_at,
        state_since: row.state_since,
        overdue: is_overdue(app, &row),
        due_at: row.due_at,
        called: called.filter(|_| actor.officer().is_some()),
        unit: text(&row, "/referral/unit"),
        area: text(&row, "/referral/area").or_else(|| text(&row, "/area")),
        person_id: person,
        adjustments: with.adjustments(person),
        referral: row.data.get("referral").cloned().unwrap_or_default(),
        state: row.state,
    }
}

/// A text of the case's data, if there is one.
pub(super) fn text(row: &CaseRow, pointer: &str) -> Option<String> {
    row.data.pointer(pointer).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn state<'a>(app: &'a App, row: &CaseRow) -> Option<&'a State> {
    app.catalog.latest(CASE)?.states.iter().find(|state| state.id == row.state)
}

/// No more work is done on it.
pub(super) fn is_ended(app: &App, row: &CaseRow) -> bool {
    state(app, row).is_some_and(|state| state.kind == StateKind::Final)
}

/// The day its state should have been left is past.
pub(super) fn is_overdue(app: &App, row: &CaseRow) -> bool {
    !is_ended(app, row) && row.due_at.is_some_and(|due| due <= app.now())
}
