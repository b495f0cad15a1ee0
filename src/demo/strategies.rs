//! Strategies, each driven as far as its part in the story goes, so that every state can be seen.

use super::force::Force;
use super::forms;
use super::meetings::act;
use crate::app::cases::{self, NewCase};
use crate::app::{App, AppError};
use crate::domain::access::{Actor, Officer};
use crate::domain::ids::{CaseId, Id};
use chrono::{Days, NaiveDate};
use serde_json::Value;
use std::collections::VecDeque;

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

/// How far the strategies go, in the order in which meetings find thresholds met: those that end need time.
const PARTS: [Stage; 18] = [
    Stage::InForce,
    Stage::Expired,
    Stage::Superseded,
    Stage::Lifted,
    Stage::Quashed,
    Stage::UnderReview,
    Stage::Withheld,
    Stage::InForce,
    Stage::Refused,
    Stage::Withdrawn,
    Stage::Shared,
    Stage::HarmTested,
    Stage::Approved,
    Stage::Submitted,
    Stage::Consulted,
    Stage::InForce,
    Stage::Draft,
    Stage::Draft,
];

/// What remains to be told.
pub(super) struct Plan {
    waiting: VecDeque<Stage>,
    ends: Vec<End>,
}

/// A strategy to be ended some weeks after it came into force.
struct End {
    day: i64,
    case: CaseId,
    strategy: CaseId,
    stage: Stage,
}

impl Plan {
    pub(super) fn new() -> Self {
        Self { waiting: PARTS.into(), ends: Vec::new() }
    }

    /// Goes on with whoever's threshold a meeting found met.
    pub(super) async fn go_on(&mut self, app: &App, force: &Force, day: i64) -> Result<(), AppError> {
        for case in met(app, force).await? {
            let Some(stage) = self.waiting.pop_front() else { break };
            let (n, strategy) = Box::pin(begin(app, force, case)).await?;
            Box::pin(drive(app, force, n, (strategy, stage))).await?;
            if matches!(stage, Stage::Lifted | Stage::Quashed | Stage::UnderReview | Stage::Superseded) {
                self.ends.push(End { day: day + 21, case, strategy, stage });
            }
        }
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.ends).into_iter().partition(|end| end.day <= day);
        self.ends = later;
        for ending in due {
            Box::pin(end(app, force, ending)).await?;
        }
        Ok(())
    }
}

/// Cases whose threshold was found met and that nobody took up yet.
async fn met(app: &App, force: &Force) -> Result<Vec<CaseId>, AppError> {
    let wanted = cases::Wanted {
        workflow: Some("frequent-service-user".to_owned()),
        state: Some("threshold_met".to_owned()),
        ..cases::Wanted::default()
    };
    let found = cases::list_cases(app, &force.staff, wanted, None, 20).await?;
    Ok(found.into_iter().map(|case| case.id).collect())
}

/// Allocates a point of contact, warns, and starts the strategy. Answers whose it is and the strategy.
async fn begin(app: &App, force: &Force, case: CaseId) -> Result<(usize, CaseId), AppError> {
    let person = cases::find_case(app, &force.staff, case).await?.person_id;
    let n = force.people.iter().position(|somebody| Some(somebody.id) == person).unwrap_or_default();
    let spoc = spoc(force, n);
    let actor = Actor::Officer(spoc.clone());
    act(app, &force.chair, case, "allocate_spoc", forms::spoc(spoc.id)).await?;
    act(app, &actor, case, "record_warning", forms::warning(today(app))).await?;
    act(app, &actor, case, "start_strategy", forms::start()).await?;
    Ok((n, newest_strategy(app, force, case).await?))
}

async fn newest_strategy(app: &App, force: &Force, case: CaseId) -> Result<CaseId, AppError> {
    let children = cases::find_case(app, &force.staff, case).await?.children;
    let strategies = children.iter().filter(|child| child.workflow == "communications-strategy");
    strategies.max_by_key(|child| child.opened_at).map(|child| Id::from_uuid(child.id)).ok_or(AppError::NotFound)
}

fn spoc(force: &Force, n: usize) -> &Officer {
    let [one, other] = &force.spocs;
    if n.is_multiple_of(2) { one } else { other }
}

fn today(app: &App) -> NaiveDate {
    app.now().date_naive()
}

fn in_days(app: &App, days: u64) -> NaiveDate {
    today(app).checked_add_days(Days::new(days)).unwrap_or_else(|| today(app))
}

async fn drive(app: &App, force: &Force, n: usize, (strategy, stage): (CaseId, Stage)) -> Result<(), AppError> {
    let spoc = Actor::Officer(spoc(force, n).clone());
    // The one that expires is short; the others run for half a year.
    let (review, end) = if stage == Stage::Expired { (14, 21) } else { (160, 180) };
    let text = forms::strategy(if n.is_multiple_of(3) { 1 } else { 2 }, in_days(app, review), in_days(app, end));
    act(app, &spoc, strategy, "edit", text).await?;
    if stage == Stage::Draft {
        return Ok(());
    }
    if stage == Stage::Withdrawn {
        return act(app, &spoc, strategy, "withdraw", forms::reason("The person stopped writing.")).await;
    }
    Box::pin(consult(app, force, &spoc, (strategy, stage))).await?;
    if stage == Stage::Consulted {
        return Ok(());
    }
    act(app, &spoc, strategy, "submit", Value::Null).await?;
    if stage == Stage::Submitted {
        return Ok(());
    }
    if stage == Stage::Refused {
        let why = forms::reason("A letter of advice will do for now.");
        return act(app, &force.authority, strategy, "refuse", why).await;
    }
    Box::pin(sign_and_share(app, force, n, (strategy, stage))).await
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

async fn sign_and_share(
    app: &App,
    force: &Force,
    n: usize,
    (strategy, stage): (CaseId, Stage),
) -> Result<(), AppError> {
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
    let address = force.people.get(n).map(|somebody| somebody.address.as_str()).unwrap_or_default();
    act(app, &spoc, strategy, "share", forms::sharing(address)).await?;
    if stage == Stage::Shared {
        return Ok(());
    }
    act(app, &spoc, strategy, "record_service", forms::service(address, today(app))).await
}

/// Some weeks later.
async fn end(app: &App, force: &Force, End { case, strategy, stage, .. }: End) -> Result<(), AppError> {
    if stage == Stage::Lifted {
        let why = forms::reason("The contact is as anybody else's.");
        return act(app, &force.authority, strategy, "lift", why).await;
    }
    if stage == Stage::Quashed {
        return appeal(app, force, strategy).await;
    }
    let held = cases::find_case(app, &force.staff, case).await?;
    let spoc = force.spocs.iter().find(|spoc| held.spoc == Some(spoc.id));
    let Some(spoc) = spoc.cloned().map(Actor::Officer) else { return Ok(()) };
    act(app, &spoc, case, "start_review", forms::review()).await?;
    if stage == Stage::Superseded { Box::pin(supersede(app, force, case)).await } else { Ok(()) }
}

/// The person appeals, and somebody who took no part decides for them.
async fn appeal(app: &App, force: &Force, strategy: CaseId) -> Result<(), AppError> {
    let person = cases::find_case(app, &force.staff, strategy).await?.person_id;
    let address = force.people.iter().find(|somebody| Some(somebody.id) == person);
    let address = address.map(|somebody| somebody.address.as_str()).unwrap_or_default();
    let new = NewCase {
        workflow: "appeal".to_owned(),
        person: None,
        parent: Some(strategy),
        input: forms::appeal(today(app)),
    };
    let appeal = cases::open_case(app, &force.staff, new).await?.id;
    act(app, &force.other_authority, appeal, "quash", forms::appeal_decision(address)).await
}

/// A second, milder version takes the first one's place.
async fn supersede(app: &App, force: &Force, case: CaseId) -> Result<(), AppError> {
    act(app, &force.other_authority, case, "vary", forms::review_outcome()).await?;
    let strategy = newest_strategy(app, force, case).await?;
    let person = cases::find_case(app, &force.staff, case).await?.person_id;
    let n = force.people.iter().position(|somebody| Some(somebody.id) == person).unwrap_or_default();
    Box::pin(drive(app, force, n, (strategy, Stage::InForce))).await
}
