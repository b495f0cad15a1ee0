//! Strategies, each driven as far as its part in the story goes, so that every state can be seen.

use super::force::Force;
use super::forms;
use super::meetings::{act, open_case_of};
use crate::app::cases;
use crate::app::{App, AppError};
use crate::domain::access::{Actor, Officer};
use crate::domain::ids::{CaseId, Id};
use chrono::{Days, NaiveDate};
use serde_json::Value;

/// How far a strategy goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Draft,
    Consulted,
    Submitted,
    Refused,
    Approved,
    Withheld,
    HarmTested,
    Shared,
    InForce,
    Lifted,
    Quashed,
    Expired,
    UnderReview,
    Superseded,
    Withdrawn,
}

/// Whose strategy goes how far: the n-th person on file, in the order in which meetings discuss them.
const PARTS: [(i64, Stage); 16] = [
    (0, Stage::InForce),
    (1, Stage::Expired),
    (3, Stage::Superseded),
    (4, Stage::Lifted),
    (7, Stage::Quashed),
    (9, Stage::UnderReview),
    (10, Stage::Withheld),
    (12, Stage::InForce),
    (13, Stage::Refused),
    (15, Stage::Withdrawn),
    (16, Stage::Shared),
    (18, Stage::HarmTested),
    (19, Stage::Approved),
    (21, Stage::Submitted),
    (22, Stage::Consulted),
    (24, Stage::Draft),
];

/// What remains to be told.
pub(super) struct Plan {
    waiting: Vec<(i64, Stage)>,
    /// Those to be ended some weeks after they came into force: the day, the strategy, its case, how.
    ends: Vec<(i64, CaseId, CaseId, Stage)>,
}

impl Plan {
    pub(super) fn new() -> Self {
        Self { waiting: PARTS.to_vec(), ends: Vec::new() }
    }

    /// Goes on with whoever's threshold a meeting found met, the day after.
    pub(super) async fn go_on(&mut self, app: &App, force: &Force, day: i64) -> Result<(), AppError> {
        for (n, stage) in std::mem::take(&mut self.waiting) {
            match begin(app, force, n).await? {
                Some((case, strategy)) => {
                    drive(app, force, n, (strategy, stage)).await?;
                    if stage >= Stage::Lifted && stage != Stage::Withdrawn {
                        self.ends.push((day + 21, strategy, case, stage));
                    }
                }
                None => self.waiting.push((n, stage)),
            }
        }
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.ends).into_iter().partition(|end| end.0 <= day);
        self.ends = later;
        for (_, strategy, case, stage) in due {
            end(app, force, (case, strategy), stage).await?;
        }
        Ok(())
    }
}

/// Allocates a point of contact, warns, and starts the strategy, where the threshold was found met.
async fn begin(app: &App, force: &Force, n: i64) -> Result<Option<(CaseId, CaseId)>, AppError> {
    let Ok(case) = open_case_of(app, force, n).await else { return Ok(None) };
    if cases::find_case(app, &force.staff, case).await?.state != "threshold_met" {
        return Ok(None);
    }
    let spoc = spoc(force, n);
    let actor = Actor::Officer(spoc.clone());
    act(app, &force.chair, case, "allocate_spoc", forms::spoc(spoc.id)).await?;
    act(app, &actor, case, "record_warning", forms::warning(today(app))).await?;
    act(app, &actor, case, "start_strategy", forms::start()).await?;
    let strategy = newest_strategy(app, force, case).await?;
    Ok(Some((case, strategy)))
}

async fn newest_strategy(app: &App, force: &Force, case: CaseId) -> Result<CaseId, AppError> {
    let children = cases::find_case(app, &force.staff, case).await?.children;
    let strategies = children.iter().filter(|child| child.workflow == "communications-strategy");
    strategies.last().map(|child| Id::from_uuid(child.id)).ok_or(AppError::NotFound)
}

fn spoc(force: &Force, n: i64) -> &Officer {
    let [one, other] = &force.spocs;
    if n % 2 == 0 { one } else { other }
}

fn today(app: &App) -> NaiveDate {
    app.now().date_naive()
}

fn in_days(app: &App, days: u64) -> NaiveDate {
    today(app).checked_add_days(Days::new(days)).unwrap_or_else(|| today(app))
}

async fn drive(app: &App, force: &Force, n: i64, (strategy, stage): (CaseId, Stage)) -> Result<(), AppError> {
    let spoc = Actor::Officer(spoc(force, n).clone());
    // The one that expires is short; the others run for half a year.
    let (review, end) = if stage == Stage::Expired { (14, 21) } else { (160, 180) };
    let text = forms::strategy(if n % 3 == 0 { 1 } else { 2 }, in_days(app, review), in_days(app, end));
    act(app, &spoc, strategy, "edit", text).await?;
    match stage {
        Stage::Draft => return Ok(()),
        Stage::Withdrawn => {
            return act(app, &spoc, strategy, "withdraw", forms::reason("The person stopped writing.")).await;
        }
        _ => {}
    }
    consult(app, force, &spoc, (strategy, stage)).await?;
    if stage == Stage::Consulted {
        return Ok(());
    }
    act(app, &spoc, strategy, "submit", Value::Null).await?;
    match stage {
        Stage::Submitted => Ok(()),
        Stage::Refused => {
            act(app, &force.authority, strategy, "refuse", forms::reason("A letter of advice will do for now.")).await
        }
        _ => sign_and_share(app, force, n, (strategy, stage)).await,
    }
}

/// Asks the three units. In the part that stays at the consultations, MASH has not answered yet.
async fn consult(app: &App, force: &Force, spoc: &Actor, (strategy, stage): (CaseId, Stage)) -> Result<(), AppError> {
    for (unit, officer) in &force.units {
        act(app, spoc, strategy, "consult", forms::question(unit, in_days(app, 7))).await?;
        if stage == Stage::Consulted && *unit == "mash" {
            continue;
        }
        let asked = cases::find_case(app, &force.staff, strategy).await?.children;
        let question = asked.iter().find(|child| child.unit.as_deref() == Some(unit) && child.state == "asked");
        if let Some(question) = question {
            act(app, officer, Id::from_uuid(question.id), "answer", forms::answer(today(app))).await?;
        }
    }
    Ok(())
}

async fn sign_and_share(app: &App, force: &Force, n: i64, (strategy, stage): (CaseId, Stage)) -> Result<(), AppError> {
    act(app, &force.authority, strategy, "approve", forms::approval()).await?;
    if stage == Stage::Approved {
        return Ok(());
    }
    let withhold = stage == Stage::Withheld;
    act(app, &force.staff, strategy, "prepare_harm_test", forms::harm_test(withhold)).await?;
    let outcome = if withhold { "withheld" } else { "full" };
    act(app, &force.authority, strategy, "decide_harm_test", forms::harm_test_decision(outcome)).await?;
    if withhold || stage == Stage::HarmTested {
        return Ok(());
    }
    let spoc = Actor::Officer(spoc(force, n).clone());
    let address = usize::try_from(n).ok().and_then(|n| force.people.get(n)).map(|somebody| somebody.address.as_str());
    let address = address.unwrap_or_default();
    act(app, &spoc, strategy, "share", forms::sharing(address)).await?;
    if stage == Stage::Shared {
        return Ok(());
    }
    act(app, &spoc, strategy, "record_service", forms::service(address, today(app))).await
}

/// Some weeks later.
async fn end(app: &App, force: &Force, (case, strategy): (CaseId, CaseId), stage: Stage) -> Result<(), AppError> {
    let held = cases::find_case(app, &force.staff, case).await?;
    let spoc = force.spocs.iter().find(|spoc| held.spoc == Some(spoc.id)).cloned().map(Actor::Officer);
    match (stage, spoc) {
        (Stage::Lifted, _) => {
            act(app, &force.authority, strategy, "lift", forms::reason("The contact is as anybody else's.")).await
        }
        (Stage::Quashed, _) => {
            let why = forms::reason("On appeal: disproportionate in the person's circumstances.");
            act(app, &force.other_authority, strategy, "quash", why).await
        }
        (Stage::UnderReview | Stage::Superseded, Some(spoc)) => {
            act(app, &spoc, case, "start_review", forms::review()).await?;
            if stage == Stage::UnderReview {
                return Ok(());
            }
            supersede(app, force, case).await
        }
        _ => Ok(()),
    }
}

/// A second, milder version takes the first one's place.
async fn supersede(app: &App, force: &Force, case: CaseId) -> Result<(), AppError> {
    act(app, &force.other_authority, case, "vary", forms::review_outcome()).await?;
    let strategy = newest_strategy(app, force, case).await?;
    let person = cases::find_case(app, &force.staff, case).await?.person_id;
    let n = force.people.iter().position(|somebody| Some(somebody.id) == person);
    let n = n.and_then(|n| i64::try_from(n).ok()).unwrap_or_default();
    drive(app, force, n, (strategy, Stage::InForce)).await
}
