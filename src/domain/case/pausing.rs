//! The deadline of a state stands for a while: who asks for it says why, and until when. A restriction's own dates and
//! clocks never stand.

use super::command::Facts;
use super::deadline::{due, due_at};
use super::event::ClockChange;
use super::evolve::Case;
use super::refusal::{Refusal, RefusalFault};
use crate::domain::calendar::WorkingCalendar;
use crate::domain::calendar::london::{date_of, start_of_day};
use crate::domain::workflow::{Action, ClockStep, Span, Workflow};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::Value;

/// For how many days a deadline may stand, all its pauses together.
const LONGEST_DAYS: u64 = 60;

/// A time for which the deadline stood, or stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    pub since: DateTime<Utc>,
    /// It goes on by itself at the start of this day in London.
    pub until: NaiveDate,
    /// When somebody let it go on before.
    pub resumed_at: Option<DateTime<Utc>>,
    pub reason: String,
}

impl Pause {
    pub fn is_on(&self, now: DateTime<Utc>) -> bool {
        self.resumed_at.is_none() && now < start_of_day(self.until)
    }

    /// The days on which the deadline stood: from the day it was stopped to the day before it went on.
    pub(super) fn length(&self, counted_in: Span, calendar: &WorkingCalendar) -> Span {
        let first = date_of(self.since);
        let end = self.resumed_at.map_or(self.until, |at| date_of(at).min(self.until));
        match counted_in {
            Span::WorkingDays(_) => {
                let days = first.iter_days().take_while(|day| *day < end);
                Span::WorkingDays(u32::try_from(days.filter(|day| calendar.is_working_day(*day)).count()).unwrap_or(0))
            }
            Span::CalendarDays(_) => {
                Span::CalendarDays(u32::try_from((end - first).num_days().max(0)).unwrap_or_default())
            }
        }
    }
}

impl Case {
    /// The pause that is on.
    pub fn paused(&self, now: DateTime<Utc>) -> Option<&Pause> {
        self.pauses.last().filter(|pause| pause.is_on(now))
    }
}

/// Whether the clock can be stopped or let go on now, whatever is asked for.
pub(super) fn clock_can(
    workflow: &Workflow,
    case: &Case,
    facts: &Facts,
    now: DateTime<Utc>,
    action: &Action,
) -> Result<(), Refusal> {
    let (code, message) = match (action.clock, case.paused(now)) {
        (None, _) | (Some(ClockStep::Resume), Some(_)) => return Ok(()),
        (Some(ClockStep::Resume), None) => ("not-paused", "The deadline does not stand.".to_owned()),
        (Some(ClockStep::Pause), Some(pause)) => {
            ("already-paused", format!("The deadline stands already, until {}.", pause.until))
        }
        (Some(ClockStep::Pause), None) => match due_at(workflow, case, &facts.calendar) {
            Some(due) if now < due => match stands_fast(workflow, case, facts) {
                Some(why) => ("cannot-stand", why),
                None => return Ok(()),
            },
            Some(_) | None => {
                ("deadline-passed", "The deadline has passed; letting it stand would hide that.".to_owned())
            }
        },
    };
    Err(Refusal::conflict(code, message).under(action.policy.as_deref()))
}

/// Why the deadline cannot be made to stand, although it has not passed.
fn stands_fast(workflow: &Workflow, case: &Case, facts: &Facts) -> Option<String> {
    if due(workflow, case).is_some_and(|due| due.when.is_some()) {
        return Some("Somebody may be at risk: this deadline is shorter for that, and never stands.".to_owned());
    }
    let used_up = days_left(case, &facts.calendar) == 0;
    used_up.then(|| format!("This deadline has stood for {LONGEST_DAYS} days in all; it stands no longer."))
}

/// For how many days more the present state's deadline may stand.
fn days_left(case: &Case, calendar: &WorkingCalendar) -> u64 {
    let stood = case.pauses.iter().map(|pause| match pause.length(Span::CalendarDays(0), calendar) {
        Span::CalendarDays(days) | Span::WorkingDays(days) => u64::from(days),
    });
    LONGEST_DAYS.saturating_sub(stood.sum())
}

/// What the action does to the clock.
pub(super) fn change(
    case: &Case,
    facts: &Facts,
    action: &Action,
    input: &Value,
    now: DateTime<Utc>,
) -> Result<Option<ClockChange>, Refusal> {
    match action.clock {
        None => Ok(None),
        Some(ClockStep::Resume) => Ok(Some(ClockChange::Resumed)),
        Some(ClockStep::Pause) => {
            let today = date_of(now);
            let latest = today.checked_add_days(Days::new(days_left(case, &facts.calendar))).unwrap_or(today);
            let until = input.get("until").and_then(Value::as_str).and_then(|text| text.parse().ok());
            match until.filter(|until| today < *until && *until <= latest) {
                Some(until) => Ok(Some(ClockChange::Paused { until })),
                None => {
                    let message = format!("Say from which day on the deadline goes on: after today, by {latest}.");
                    let fault = RefusalFault {
                        pointer: Some("/input/until".to_owned()),
                        message: message.clone(),
                        code: None,
                        policy: None,
                    };
                    Err(Refusal::invalid("invalid-input", message)
                        .under(action.policy.as_deref())
                        .with_faults(vec![fault]))
                }
            }
        }
    }
}
