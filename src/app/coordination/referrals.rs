//! Cases of repeat callers as those see them who follow where they are: what waits, for whom, since when; no more of the
//! person than the case's own referral says.

use super::MAY_COORDINATE;
use crate::app::callers::{CASE, hidden_from, log_callers, sees_area};
use crate::app::people::AdjustmentView;
use crate::app::{App, AppError, Shown, ShownWith, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::marking::Marking;
use crate::domain::workflow::StateKind;
use crate::store::cases::{self, CaseFilter, CaseRow};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Who follows referrals; a unit sees those that were made to it.
const MAY_FOLLOW: [Role; 7] =
    [Role::Coordinator, Role::Csu, Role::Opt, Role::Snt, Role::Mash, Role::Ccr, Role::Auditor];
/// Who sees those of every unit.
const SEE_ALL: [Role; 3] = [Role::Coordinator, Role::Csu, Role::Auditor];

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

/// Referrals in the reader's areas, oldest first, after a case. Each is written down as disclosed to another system.
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
    let mut seen = all(app, actor).await?;
    seen.retain(|one| !one.referral.is_null() && of_reader(actor, one));
    seen.retain(|one| after.is_none_or(|after| one.case_id > after));
    seen.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    log(app, actor, &seen).await?;
    Ok(seen)
}

/// Writes down who was shown these cases.
pub(super) async fn log(app: &App, actor: &Actor, seen: &[AreaReferral]) -> Result<(), AppError> {
    let shown: Vec<Shown> = seen.iter().map(|one| Shown::of(one.case_id.as_uuid(), one.person_id)).collect();
    log_callers(app, actor, "case", &shown).await
}

fn of_reader(actor: &Actor, one: &AreaReferral) -> bool {
    if !sees_area(actor, one.area.as_deref()) {
        return false;
    }
    let Some(officer) = actor.officer() else { return true };
    let own = |role: &Role| one.unit.as_deref() == Some(role.as_str());
    officer.has_any(&SEE_ALL) || officer.has_any(&MAY_COORDINATE) || officer.roles.iter().any(own)
}

/// Every case of a repeat caller that is not about somebody who complained about the reader, in order of opening.
pub(super) async fn all(app: &App, actor: &Actor) -> Result<Vec<AreaReferral>, AppError> {
    let hidden = hidden_from(app, actor).await?.people();
    let rows = rows(app, hidden).await?;
    let cases: Vec<CaseId> = rows.iter().map(|row| CaseId::from_uuid(row.id)).collect();
    let people: Vec<PersonId> = rows.iter().filter_map(|row| row.person_id.map(PersonId::from_uuid)).collect();
    let with = ShownWith::load(app, app.store.reader(), &cases, &people).await?;
    Ok(rows.into_iter().map(|row| view(app, &with, row)).collect())
}

async fn rows(app: &App, hidden_people: Vec<PersonId>) -> Result<Vec<CaseRow>, AppError> {
    const AT_ONCE: u64 = 500;
    let filter = CaseFilter { workflows: vec![CASE.to_owned()], hidden_people, ..CaseFilter::default() };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = cases::list(app.store.reader(), &filter, after, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = Some(CaseId::from_uuid(last.id));
        found.extend(page);
    }
}

fn view(app: &App, with: &ShownWith, row: CaseRow) -> AreaReferral {
    let id = CaseId::from_uuid(row.id);
    let person = row.person_id.map(PersonId::from_uuid);
    let text = |pointer: &str| row.data.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let state = app.catalog.latest(CASE).and_then(|of_type| of_type.states.iter().find(|state| state.id == row.state));
    let ended = state.is_some_and(|state| state.kind == StateKind::Final);
    AreaReferral {
        case_id: id,
        marking: app.shown_with(with.marking([id])),
        state_title: state.map_or_else(|| row.state.clone(), |state| state.title.clone()),
        ended,
        opened_at: row.opened_at,
        state_since: row.state_since,
        overdue: !ended && row.due_at.is_some_and(|due| due <= app.now()),
        due_at: row.due_at,
        unit: text("/referral/unit"),
        area: text("/referral/area").or_else(|| text("/area")),
        person_id: person,
        adjustments: with.adjustments(person),
        referral: row.data.get("referral").cloned().unwrap_or_default(),
        state: row.state,
    }
}
