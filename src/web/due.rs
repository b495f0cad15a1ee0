//! How long there is until something is due, or how late it is, in words.

use crate::domain::calendar::london;
use crate::render::long_date;
use crate::render::pages::time_of_day;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Serialize;

/// What is due as soon as it is asked for is late only once somebody could have seen it.
const AT_ONCE: Duration = Duration::minutes(15);

/// When something is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Due {
    /// `Due in 3 days, on 30 November 2026`.
    pub(crate) text: String,
    pub(crate) late: bool,
    pub(crate) soon: bool,
}

/// By an instant, of something that was asked for at another.
pub(crate) fn due_since(asked: DateTime<Utc>, due: DateTime<Utc>, now: DateTime<Utc>) -> Due {
    if due <= asked && now - asked < AT_ONCE {
        return Due { text: "Due now".to_owned(), late: false, soon: true };
    }
    due_at(due, now)
}

/// By an instant.
pub(crate) fn due_at(due: DateTime<Utc>, now: DateTime<Utc>) -> Due {
    let (wall, today) = (london::wall_time(due), london::date_of(now));
    let words = day(wall.date(), today);
    match (due < now, wall.date() == today) {
        (true, true) => Due { text: format!("Late since {} today", time_of_day(wall.time())), late: true, soon: false },
        (false, true) => Due { text: format!("Due today by {}", time_of_day(wall.time())), late: false, soon: true },
        _ => words,
    }
}

/// By the end of a day.
pub(crate) fn day(due: NaiveDate, today: NaiveDate) -> Due {
    let on = long_date(due);
    let (text, late, soon) = match (due - today).num_days() {
        0 => ("Due today".to_owned(), false, true),
        1 => (format!("Due tomorrow, {on}"), false, true),
        -1 => (format!("1 day late, was due on {on}"), true, false),
        days if days < 0 => (format!("{} days late, was due on {on}", -days), true, false),
        days => (format!("Due in {days} days, on {on}"), false, days <= 2),
    };
    Due { text, late, soon }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_is_said_in_days_and_what_is_late_as_late() {
        let now: DateTime<Utc> = "2026-06-10T09:00:00Z".parse().unwrap();
        let said = |due: &str| due_at(due.parse().unwrap(), now).text;
        assert_eq!(said("2026-06-10T16:00:00Z"), "Due today by 5pm");
        assert_eq!(said("2026-06-10T08:00:00Z"), "Late since 9am today");
        assert_eq!(said("2026-06-10T08:59:00Z"), "Late since 9:59am today");
        let at_once = |asked: &str| due_since(asked.parse().unwrap(), asked.parse().unwrap(), now);
        assert_eq!(
            (at_once("2026-06-10T08:59:00Z").text.as_str(), at_once("2026-06-10T08:59:00Z").late),
            ("Due now", false)
        );
        assert_eq!(at_once("2026-06-10T08:30:00Z").text, "Late since 9:30am today");
        assert_eq!(said("2026-06-11T08:00:00Z"), "Due tomorrow, 11 June 2026");
        assert_eq!(said("2026-06-13T08:00:00Z"), "Due in 3 days, on 13 June 2026");
        assert_eq!(said("2026-06-08T08:00:00Z"), "2 days late, was due on 8 June 2026");
        assert!(due_at("2026-06-08T08:00:00Z".parse().unwrap(), now).late);
    }
}
