//! When a case's state should be left, and when its clocks strike.

use super::evolve::Case;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::calendar::london::{date_of, start_of_day};
use crate::domain::workflow::{Due, Span, Timer, TimerAt, Workflow};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::Value;

/// The instant by which the present state should be left: the end of the last day in London. `None`: no deadline.
pub fn due_at(workflow: &Workflow, case: &Case, calendar: &WorkingCalendar) -> Option<DateTime<Utc>> {
    let last_day = last_day(workflow, case, calendar)?;
    last_day.checked_add_days(Days::new(1)).map(start_of_day)
}

/// The last day of the present state's deadline, with the days added for which it stood.
pub(super) fn last_day(workflow: &Workflow, case: &Case, calendar: &WorkingCalendar) -> Option<NaiveDate> {
    let within = due(workflow, case)?.within;
    let as_set = add(within, date_of(case.state_since), calendar);
    case.pauses.iter().fold(as_set, |last, pause| add(pause.length(within, calendar), last?, calendar))
}

/// The deadline of the present state: the first whose condition holds.
pub(super) fn due<'w>(workflow: &'w Workflow, case: &Case) -> Option<&'w Due> {
    let applies = |due: &&Due| {
        let Some(path) = &due.when else { return true };
        field(&case.data, path).and_then(Value::as_bool).unwrap_or(false)
    };
    workflow.state(&case.state)?.due.iter().find(applies)
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
        TimerAt::Field(path) => instant(field(&case.data, path)?),
        TimerAt::After(span) => add(*span, date_of(case.state_since), calendar).map(start_of_day),
    }
}

/// What a path of the case's data leads to.
pub(super) fn field<'d>(data: &'d Value, path: &[String]) -> Option<&'d Value> {
    path.iter().try_fold(data, |value, part| value.get(part))
}

/// A date is the start of that day in London; an instant is itself.
fn instant(value: &Value) -> Option<DateTime<Utc>> {
    let text = value.as_str()?;
    match text.parse::<NaiveDate>() {
        Ok(date) => Some(start_of_day(date)),
        Err(_) => text.parse().ok(),
    }
}

pub(super) fn add(span: Span, to: NaiveDate, calendar: &WorkingCalendar) -> Option<NaiveDate> {
    match span {
        Span::WorkingDays(n) => calendar.add_working_days(to, n),
        Span::CalendarDays(n) => to.checked_add_days(Days::new(u64::from(n))),
    }
}

/// So long before a day.
pub(super) fn subtract(span: Span, from: NaiveDate, calendar: &WorkingCalendar) -> Option<NaiveDate> {
    match span {
        Span::WorkingDays(n) => calendar.subtract_working_days(from, n),
        Span::CalendarDays(n) => from.checked_sub_days(Days::new(u64::from(n))),
    }
}
