//! The weekly meetings of the story.

use super::force::Force;
use super::forms;
use crate::app::cases::{self, Asked, NewCase};
use crate::app::meetings::{self, ItemDecision, Outcome};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::case::Command;
use crate::domain::ids::{CaseId, Id};
use chrono::Duration;
use serde_json::Value;

/// How many people a meeting discusses.
const A_MEETING: i64 = 3;

/// Acts on a case at whatever version it has.
pub(super) async fn act(app: &App, actor: &Actor, case: CaseId, action: &str, input: Value) -> Result<(), AppError> {
    let asked = Asked { case, expected_version: None, command: Command::new(action, input) };
    cases::act_on_case(app, actor, asked).await?;
    Ok(())
}

/// Nominates and triages the next few people; the meeting discusses them. Week 5's meeting was missed.
pub(super) async fn a_week(app: &App, force: &Force, week: i64) -> Result<(), AppError> {
    for n in week * A_MEETING..(week + 1) * A_MEETING {
        Box::pin(nominate(app, force, n)).await?;
    }
    if week == 5 { Ok(()) } else { hold(app, force).await }
}

async fn nominate(app: &App, force: &Force, n: i64) -> Result<(), AppError> {
    let Some(somebody) = usize::try_from(n).ok().and_then(|n| force.people.get(n)) else { return Ok(()) };
    let new = NewCase {
        workflow: "frequent-service-user".to_owned(),
        person: Some(somebody.id),
        parent: None,
        input: forms::nomination(),
    };
    let case = match Box::pin(cases::open_case(app, &force.staff, new)).await {
        Ok(case) => case.id,
        // A nomination rule was quicker.
        Err(AppError::Refused(refusal)) if refusal.code == "case-already-open" => open_case_of(app, force, n).await?,
        Err(error) => return Err(error),
    };
    let nature = if n % 11 == 6 { "targeted_victim" } else { "repeat_contact" };
    act(app, &force.staff, case, "triage", forms::triage(nature)).await?;
    match nature {
        "targeted_victim" => act(app, &force.staff, case, "divert", forms::diversion(app.now().date_naive())).await,
        _ => act(app, &force.staff, case, "list", Value::Null).await,
    }
}

/// The person's open case.
pub(super) async fn open_case_of(app: &App, force: &Force, n: i64) -> Result<CaseId, AppError> {
    let person = usize::try_from(n).ok().and_then(|n| force.people.get(n)).map(|somebody| somebody.id);
    let wanted =
        cases::Wanted { workflow: Some("frequent-service-user".to_owned()), person, ..cases::Wanted::default() };
    let found = cases::list_cases(app, &force.staff, wanted, None, 1).await?;
    found.first().map(|case| case.id).ok_or(AppError::NotFound)
}

async fn hold(app: &App, force: &Force) -> Result<(), AppError> {
    let planned = meetings::list_meetings(app, &force.chair, None, 50).await?;
    // A meeting whose week went by stays as it was planned: it was missed.
    let this_week = (app.now() - Duration::days(6)).date_naive();
    let waiting = planned.data.iter().filter(|meeting| meeting.state == "planned" && meeting.held_on >= this_week);
    let Some(next) = waiting.min_by_key(|meeting| meeting.held_on) else { return Ok(()) };
    let id = Id::from_uuid(next.id);
    let attendees = vec!["Example Officer (chair)".to_owned(), "Example Officer (PSD)".to_owned()];
    meetings::open_meeting(app, &force.chair, id, None, attendees).await?;
    let agenda = meetings::find_meeting(app, &force.chair, id).await?.items.unwrap_or_default();
    for item in agenda {
        let (outcome, input) = match item.n % 3 {
            0 => (Outcome::NotMet, forms::threshold_not_met("monitored")),
            _ => (Outcome::Met, forms::threshold_met()),
        };
        let decision = ItemDecision { outcome, input };
        Box::pin(meetings::decide_item(app, &force.chair, (id, item.n), None, decision)).await?;
    }
    meetings::close_meeting(app, &force.chair, id, None).await?;
    Ok(())
}

/// The next meeting is on the way: a few people wait for it.
pub(super) async fn prepare_the_next(app: &App, force: &Force) -> Result<(), AppError> {
    for n in 40..45 {
        Box::pin(nominate(app, force, n)).await?;
    }
    Ok(())
}
