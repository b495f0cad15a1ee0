//! Who may see which case (rights of §3e), in one place: what a caller may not know of answers "not found".

use crate::app::{App, AppError, covered_by, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::case::{Case, Refusal};
use crate::domain::ids::{CaseId, OfficerId, PersonId};
use crate::store::cases::{CaseFilter, CaseRow};
use crate::store::{broken_glass, case_facts, cases};
use sea_orm::ConnectionTrait;
use serde_json::Value;

/// How much of a case an officer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Everything.
    Full,
    /// Only the question put to their unit and their answer.
    Consultation,
    /// That there is a case, where it stands, and which unit has it.
    Existence,
    Nothing,
}

const ALL_CASES: [Role; 6] =
    [Role::PsdStaff, Role::PsdSupervisor, Role::Chair, Role::AppropriateAuthority, Role::Records, Role::Auditor];
/// What an officer may answer through a system that only liaises.
pub(super) const CONSULTATION: &str = "consultation";
/// The units that repeat callers are referred to.
pub(super) const REFERRED_TO: [Role; 2] = [Role::Csu, Role::Snt];
const UNITS: [Role; 3] = [Role::Snt, Role::Opt, Role::Mash];
/// What the local units work on themselves: they see these cases whole (§3e, "create order record").
pub(super) const WORKED_BY_UNITS: [&str; 3] = ["enforcement-order", "joint-problem-solving", "out-of-county-referral"];
pub(super) const WORKING_UNITS: [Role; 3] = [Role::Opt, Role::Snt, Role::Csu];
/// The case of a vulnerable repeat caller: its coordinator's, and the unit's that it is referred to (§3e, "own referrals").
pub(crate) const REPEAT_CALLER: &str = "vulnerable-repeat-caller";
/// Who sees every case of a repeat caller whole; the others of the department see that there is one.
const WHOLE_REPEAT_CALLERS: [Role; 3] = [Role::Coordinator, Role::Records, Role::Auditor];

/// Where somebody turned out to be a targeted victim.
pub(super) const DIVERTED: &str = "diverted";
/// Where a repeat caller is referred to a unit, or with it.
pub(crate) const WITH_A_UNIT: [&str; 3] = ["referred", "with_unit", "review_due"];
/// More than a county has at a time.
const MOST_REFERRED: u64 = 5000;

/// What it depends on how much of a case an officer sees.
#[derive(Clone, Copy)]
pub(crate) struct Glimpse<'a> {
    pub(crate) workflow: &'a str,
    pub(crate) spoc: Option<OfficerId>,
    pub(crate) data: &'a Value,
}

impl<'a> Glimpse<'a> {
    pub(super) fn of(case: &'a Case) -> Self {
        Self { workflow: &case.workflow, spoc: case.spoc(), data: &case.data }
    }

    pub(crate) fn of_row(row: &'a CaseRow) -> Self {
        let spoc = row.spoc_id.map(OfficerId::from_uuid);
        Self { workflow: &row.workflow, spoc, data: &row.data }
    }
}

/// An officer as they look at cases now: with the points of contact they stand in for.
pub(crate) struct Onlooker<'a> {
    officer: &'a Officer,
    covered: Vec<OfficerId>,
}

impl<'a> Onlooker<'a> {
    pub(crate) async fn new(app: &App, db: &impl ConnectionTrait, officer: &'a Officer) -> Result<Self, AppError> {
        Ok(Self { officer, covered: covered_by(db, officer, app.now()).await? })
    }

    /// How much of a case they see, conflicts of interest apart.
    pub(crate) fn sight(&self, case: Glimpse<'_>) -> Sight {
        let officer = self.officer;
        let Glimpse { workflow, spoc, data, .. } = case;
        if workflow == REPEAT_CALLER {
            return sight_of_repeat_caller(officer, case);
        }
        let unit = unit_of(data);
        let answers = spoc.is_some_and(|spoc| spoc == officer.id || self.covered.contains(&spoc));
        if officer.has_any(&ALL_CASES) || (officer.has(Role::Spoc) && answers) {
            return Sight::Full;
        }
        if WORKED_BY_UNITS.contains(&workflow) && officer.has_any(&WORKING_UNITS) {
            return Sight::Full;
        }
        let theirs = |role: &Role| officer.has(*role) && unit == Some(role.as_str());
        if workflow == CONSULTATION && UNITS.iter().any(theirs) { Sight::Consultation } else { Sight::Nothing }
    }

    /// The points of contact whose cases are all they see; empty where they see every case.
    pub(crate) fn only_cases_of(&self) -> Vec<OfficerId> {
        if self.officer.has_any(&ALL_CASES) {
            return Vec::new();
        }
        self.covered.iter().copied().chain([self.officer.id]).collect()
    }
}

/// How much of a repeat caller's case an officer sees, conflicts of interest apart.
pub(crate) fn sight_of_repeat_caller(officer: &Officer, case: Glimpse<'_>) -> Sight {
    if officer.has_any(&WHOLE_REPEAT_CALLERS) || may_see_referral(officer, case) {
        return Sight::Full;
    }
    if officer.has_any(&ALL_CASES) { Sight::Existence } else { Sight::Nothing }
}

/// Whether a repeat caller is referred to the officer's own unit, in an area that is theirs; or was, and to none since. A
/// targeted victim is the unit's, too, that was asked to help.
pub(super) fn may_see_referral(officer: &Officer, case: Glimpse<'_>) -> bool {
    let theirs = |(unit, area): (&str, &str)| {
        let has = |role: &Role| officer.has(*role) && unit == role.as_str();
        REFERRED_TO.iter().any(has) && officer.covers(area)
    };
    units_of(case.data).any(theirs)
}

/// The units, each with its area, that have something to do for a repeat caller: the one they were referred to, and the
/// Community Safety Unit that a targeted victim was sent to.
pub(super) fn units_of(data: &Value) -> impl Iterator<Item = (&str, &str)> {
    let referral = unit_of(data).zip(area_of(data));
    let diversions = [data.get("diversion"), data.get("natureReview").and_then(|review| review.get("diversion"))];
    referral.into_iter().chain(diversions.into_iter().flatten().filter_map(sent_to))
}

/// The unit and the area that a diversion names; nothing for another department.
fn sent_to(diversion: &Value) -> Option<(&str, &str)> {
    Some((diversion.get("to")?.as_str()?, diversion.get("area")?.as_str()?))
}

/// The unit a consultation was put to, or a repeat caller was referred to.
pub(super) fn unit_of(data: &Value) -> Option<&str> {
    data.get("unit").or_else(|| data.get("referral")?.get("unit")).and_then(Value::as_str)
}

/// The open cases of repeat callers that are none of the officer's, though a unit of theirs has such cases: what waits in
/// them waits for others.
///
/// # Errors
/// What the store says.
pub(crate) async fn not_referred_to(db: &impl ConnectionTrait, officer: &Officer) -> Result<Vec<CaseId>, AppError> {
    if officer.has(Role::Coordinator) || !officer.has_any(&REFERRED_TO) || officer.areas.is_empty() {
        return Ok(Vec::new());
    }
    let filter = CaseFilter {
        workflows: vec![REPEAT_CALLER.to_owned()],
        states: WITH_A_UNIT.into_iter().chain([DIVERTED]).map(str::to_owned).collect(),
        ..CaseFilter::default()
    };
    let rows = cases::list(db, &filter, None, MOST_REFERRED).await?;
    let others = rows.iter().filter(|row| !may_see_referral(officer, Glimpse::of_row(row)));
    Ok(others.map(|row| CaseId::from_uuid(row.id)).collect())
}

/// The area that a repeat caller was referred by.
pub(super) fn area_of(data: &Value) -> Option<&str> {
    data.get("referral")?.get("area")?.as_str()
}

/// A case, and how much of it its reader sees: never nothing.
pub(super) struct Seen {
    pub(super) case: Case,
    pub(super) sight: Sight,
    pub(super) by: SeenBy,
}

/// Why somebody sees a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeenBy {
    Role,
    /// Only for having broken the glass: to read, and nothing else.
    BrokenGlass,
}

/// The case, for reading.
///
/// # Errors
/// `NotFound` where there is none, where the actor's role does not show it and they did not break the glass, or where its
/// person complained about them.
pub(super) async fn visible(
    app: &App,
    db: &impl ConnectionTrait,
    officer: &Officer,
    id: CaseId,
) -> Result<Seen, AppError> {
    let case = cases::load(db, id).await?.ok_or(AppError::NotFound)?;
    let by_role = by_role(app, db, officer, &case).await;
    let seen = match by_role {
        Ok(Sight::Full) => Seen { case, sight: Sight::Full, by: SeenBy::Role },
        // What their role lets them do with the part they see they go on doing.
        Ok(Sight::Consultation) if reads_for_broken_glass(app, db, officer, id).await? => {
            Seen { case, sight: Sight::Full, by: SeenBy::Role }
        }
        Ok(Sight::Existence) if reads_for_broken_glass(app, db, officer, id).await? => {
            Seen { case, sight: Sight::Full, by: SeenBy::BrokenGlass }
        }
        Ok(sight) => Seen { case, sight, by: SeenBy::Role },
        Err(AppError::NotFound) if reads_for_broken_glass(app, db, officer, id).await? => {
            Seen { case, sight: Sight::Full, by: SeenBy::BrokenGlass }
        }
        Err(error) => return Err(error),
    };
    if is_hidden(db, officer, &seen.case).await? { Err(AppError::NotFound) } else { Ok(seen) }
}

async fn reads_for_broken_glass(
    app: &App,
    db: &impl ConnectionTrait,
    officer: &Officer,
    id: CaseId,
) -> Result<bool, AppError> {
    if officer.through.is_some() || only_administers(officer) {
        return Ok(false);
    }
    Ok(broken_glass::broken_until(db, (id, officer.id), app.now()).await?.is_some())
}

/// Whoever looks after the software and has no other part in the work reads no case (§3e).
pub(super) fn only_administers(officer: &Officer) -> bool {
    officer.has(Role::Admin) && officer.roles.len() == 1
}

/// The case, for acting on it. An officer whom the person complained about is told that this is why: that a complaint
/// about them exists they know, and nothing else is said.
///
/// # Errors
/// `named-person-required`; `NotFound` where there is none or the actor's role does not show it; `wrong-role` where it
/// only shows that there is one; `complained-about`.
pub(super) async fn visible_to_act(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: CaseId,
) -> Result<Case, AppError> {
    // A system is told that it never may before it is told whether there is such a case.
    let officer = rights::liaison(actor)?;
    let case = cases::load(db, id).await?.ok_or(AppError::NotFound)?;
    let sight = by_role(app, db, officer, &case).await?;
    if is_hidden(db, officer, &case).await? {
        let message = "This person has complained about you, so you neither see nor decide this.";
        return Err(Refusal::forbidden("complained-about", message).under(Some("7.5")).into());
    }
    if sight == Sight::Existence {
        let message = "You see that this case exists; its coordinator and the unit that has it work on it.";
        return Err(Refusal::forbidden("wrong-role", message).into());
    }
    Ok(case)
}

async fn by_role(app: &App, db: &impl ConnectionTrait, officer: &Officer, case: &Case) -> Result<Sight, AppError> {
    let onlooker = Onlooker::new(app, db, officer).await?;
    match onlooker.sight(Glimpse::of(case)) {
        Sight::Full | Sight::Consultation | Sight::Existence
            if officer.is_confined_to_liaison() && case.workflow != CONSULTATION =>
        {
            Err(rights::only_liaison())
        }
        sight @ (Sight::Full | Sight::Consultation | Sight::Existence) => Ok(sight),
        Sight::Nothing => Err(AppError::NotFound),
    }
}

pub(super) async fn is_hidden(db: &impl ConnectionTrait, officer: &Officer, case: &Case) -> Result<bool, AppError> {
    let Some(person) = case.person else { return Ok(false) };
    Ok(case_facts::people_complaining_about(db, officer.id).await?.contains(&person))
}

/// The people whose cases this actor does not see, because they complained about them.
pub(super) async fn hidden_people(db: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<PersonId>, AppError> {
    match actor.officer() {
        Some(officer) => Ok(case_facts::people_complaining_about(db, officer.id).await?),
        None => Ok(Vec::new()),
    }
}
