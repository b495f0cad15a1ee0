//! When a case's state should be left, and when its clocks strike.

use super::evolve::Case;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::calendar::london::{date_of, start_of_day};
use crate::domain::workflow::{Span, Timer, TimerAt, Workflow};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::Value;

/// The instant by which the present state should be left: the end of the last day in London. `None`: no deadline.
pub fn due_at(workflow: &Workflow, case: &Case, calendar: &WorkingCalendar) -> Option<DateTime<Utc>> {
    let due = workflow.state(&case.state)?.due.as_ref()?;
    let last_day = add(due.within, date_of(case.state_since), calendar)?;
    last_day.checked_add_days(Days::new(1)).map(start_of_day)
}

/// The timer of the present state that strikes first, and when.
pub fn next_timer<'w>(
    workflow: &'w Workflow,
    case: &Case,
    calendar: &WorkingCalendar,
) -> Option<(&'w Timer, DateTime<Utc>)> {
    let timers = workflow.state(&case.state)?.after.iter();
    timers.filter_map(|timer| Some((timer, strikes_at(timer, case, calendar)?))).min_by_key(|(_, at)| *at)
}

fn strikes_at(timer: &Timer, case: &Case, calendar: &WorkingCalendar) -> Option<DateTime<Utc>> {
    match &timer.when {
        TimerAt::Field(path) => {
            let mut path = path.iter().map(String::as_str).filter(|part| *part != "case" && *part != "data");
            let value = path.try_fold(&case.data, |value, part| value.get(part))?;
            instant(value)
        }
        TimerAt::After(span) => add(*span, date_of(case.state_since), calendar).map(start_of_day),
    }
}

/// A date is the start of that day in London; an instant is itself.
fn instant(value: &Value) -> Option<DateTime<Utc>> {
    let text = value.as_str()?;
    match text.parse::<NaiveDate>() {
        Ok(date) => Some(start_of_day(date)),
        Err(_) => text.parse().ok(),
    }
}

fn add(span: Span, to: NaiveDate, calendar: &WorkingCalendar) -> Option<NaiveDate> {
    match span {
        Span::WorkingDays(n) => calendar.add_working_days(to, n),
        Span::CalendarDays(n) => to.checked_add_days(Days::new(u64::from(n))),
    }
}
