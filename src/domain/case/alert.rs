//! Who is told what, and when, while a case stays in its state. Telling moves nothing.
//!
//! An alert is of a day: it comes at the first instant of that day in London. Where its day was past when the state was
//! entered, one of a date that was still ahead comes on the day of entering; any other never comes, except that a daily
//! one goes on.

use super::deadline::{add, due, field, last_day, subtract};
use super::evolve::Case;
use crate::domain::access::Role;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::calendar::london::{date_of, start_of_day};
use crate::domain::workflow::{Offset, Span, Workflow, who_moves_on};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::Value;

/// Something that people are told on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    pub kind: AlertKind,
    /// Which of its kind, in the order of the file.
    pub n: usize,
    pub on: NaiveDate,
    /// The day it is about: the last of the deadline, the one on which a pause ends, the date that comes.
    pub about: NaiveDate,
    pub tell: Vec<Role>,
    /// In words; `None` where the kind says enough.
    pub say: Option<String>,
    /// The one of a later day takes the place of the one before.
    pub daily: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertKind {
    /// The deadline comes.
    Reminder,
    /// The deadline has passed.
    Overdue,
    /// It has passed for long.
    Escalation,
    /// A pause is over.
    GoesOn,
    /// A date of the case comes.
    DateComes,
}

impl AlertKind {
    pub const ALL: [AlertKind; 5] =
        [AlertKind::Reminder, AlertKind::Overdue, AlertKind::Escalation, AlertKind::GoesOn, AlertKind::DateComes];

    /// What tasks of it are called.
    pub fn as_str(self) -> &'static str {
        match self {
            AlertKind::Reminder => "reminder",
            AlertKind::Overdue => "overdue",
            AlertKind::Escalation => "escalation",
            AlertKind::GoesOn => "clock_goes_on",
            AlertKind::DateComes => "date_comes",
        }
    }
}

/// What has come by `now` since the case is in its state; of a daily alert, the latest. The same for all who ask: what
/// was told already is for the caller to know.
pub fn alerts_reached(workflow: &Workflow, case: &Case, calendar: &WorkingCalendar, now: DateTime<Utc>) -> Vec<Alert> {
    let (entered, today) = (date_of(case.state_since), date_of(now));
    let reached = all(workflow, case, calendar).into_iter().filter_map(|alert| {
        let on = if alert.daily { latest(alert.on, today, calendar)? } else { alert.on };
        (entered <= on && on <= today).then_some(Alert { on, ..alert })
    });
    reached.collect()
}

/// The first instant after `after` at which an alert comes; without `after`, the first since the state was entered.
pub fn next_alert(
    workflow: &Workflow,
    case: &Case,
    calendar: &WorkingCalendar,
    after: Option<DateTime<Utc>>,
) -> Option<DateTime<Utc>> {
    let entered = date_of(case.state_since);
    let first = match after {
        Some(after) => date_of(after).succ_opt()?.max(entered),
        None => entered,
    };
    let coming = all(workflow, case, calendar).into_iter().filter_map(|alert| match alert.on < first {
        true if alert.daily => working_day_from(first, calendar),
        true => None,
        false => Some(alert.on),
    });
    coming.min().map(start_of_day)
}

/// Every alert of the present state, a daily one on its first day.
fn all(workflow: &Workflow, case: &Case, calendar: &WorkingCalendar) -> Vec<Alert> {
    let mut alerts = of_deadline(workflow, case, calendar).unwrap_or_default();
    let state = workflow.state(&case.state);
    let of_dates = state.into_iter().flat_map(|state| state.alerts.iter().enumerate()).filter_map(|(n, alert)| {
        let date = date(field(&case.data, &alert.at)?)?;
        let on = match alert.offset {
            Offset::Before(span) => subtract(span, date, calendar)?,
            Offset::After(span) => add(span, date, calendar)?,
        };
        let entered = date_of(case.state_since);
        let on = if on < entered && entered <= date { entered } else { on };
        let (tell, say) = (alert.tell.clone(), Some(alert.say.clone()));
        Some(Alert { kind: AlertKind::DateComes, n, on, about: date, tell, say, daily: alert.daily })
    });
    alerts.extend(of_dates);
    alerts
}

fn of_deadline(workflow: &Workflow, case: &Case, calendar: &WorkingCalendar) -> Option<Vec<Alert>> {
    let (due, last) = (due(workflow, case)?, last_day(workflow, case, calendar)?);
    let alert = |kind, on, tell| Alert { kind, n: 0, on, about: last, tell, say: None, daily: false };
    let mut alerts = Vec::new();
    if let Some(span) = due.remind {
        let waits_for = workflow.state(&case.state).map(|state| who_moves_on(workflow, state)).unwrap_or_default();
        let stands_until = case.pauses.last().filter(|pause| pause.resumed_at.is_none()).map(|pause| pause.until);
        let on = subtract(span, last, calendar)?;
        let on = stands_until.map_or(on, |until| on.max(until));
        alerts.push(alert(AlertKind::Reminder, on, waits_for.into_iter().collect()));
    }
    alerts.push(alert(AlertKind::Overdue, last.checked_add_days(Days::new(1))?, due.tell.clone()));
    if let Some(escalation) = &due.escalate {
        let long_past = add(escalation.after, last, calendar)?.checked_add_days(Days::new(1))?;
        alerts.push(alert(AlertKind::Escalation, long_past, escalation.to.clone()));
    }
    let ended = case.pauses.iter().enumerate().filter(|(_, pause)| pause.resumed_at.is_none());
    alerts.extend(ended.map(|(n, pause)| Alert {
        n,
        about: pause.until,
        ..alert(AlertKind::GoesOn, pause.until, due.tell.clone())
    }));
    Some(alerts)
}

/// A date as it stands, or the London day of an instant.
fn date(value: &Value) -> Option<NaiveDate> {
    let text = value.as_str()?;
    text.parse().ok().or_else(|| text.parse().ok().map(date_of))
}

/// The last working day from `first` to `today`, or `first` itself whatever day it is.
fn latest(first: NaiveDate, today: NaiveDate, calendar: &WorkingCalendar) -> Option<NaiveDate> {
    if today < first {
        return None;
    }
    if calendar.is_working_day(today) {
        return Some(today);
    }
    calendar.subtract_working_days(today, 1).map(|day| day.max(first))
}

fn working_day_from(first: NaiveDate, calendar: &WorkingCalendar) -> Option<NaiveDate> {
    if calendar.is_working_day(first) { Some(first) } else { add(Span::WorkingDays(1), first, calendar) }
}
