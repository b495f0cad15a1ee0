//! Plans a meeting: by hand, or because somebody was put on the agenda and none is planned.

use super::meeting::{PLANNERS, day_is_free, hold_the_calendar, keep};
use crate::app::cases::today;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::ids::of;
use crate::store::Tx;
use crate::store::meetings::{self, MeetingRow};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde_json::json;

/// The weekday of the first meeting where none was ever held; later ones follow a week after the last.
const FIRST_WEEKDAY: Weekday = Weekday::Tue;
const WEEK: Days = Days::new(7);

/// Plans a meeting on a day.
///
/// # Errors
/// `wrong-role`; `Invalid` for a day in the past; `meeting-already-planned` where there is one on that day.
pub async fn plan_meeting(app: &App, actor: &Actor, held_on: NaiveDate) -> Result<MeetingRow, AppError> {
    rights::officer_with(actor, &PLANNERS)?;
    if held_on < today(app) {
        return Err(AppError::invalid("/heldOn", "A meeting is planned for today or later."));
    }
    let (app, actor) = (app.clone(), actor.clone());
    let store = app.store.clone();
    let planned = store.write(async move |tx| {
        hold_the_calendar(tx).await?;
        day_is_free(tx, held_on, None).await?;
        plan_in(&app, tx, &actor, held_on).await
    });
    Ok(planned.await?)
}

/// Makes sure that there is a next meeting for what was just put on the agenda.
pub(crate) async fn plan_next(app: &App, tx: &Tx) -> Result<(), AppError> {
    let today = today(app);
    hold_the_calendar(tx).await?;
    if meetings::next_planned(tx, today).await?.is_some() {
        return Ok(());
    }
    let held_on = next_date(meetings::list(tx, None, 1).await?.first().map(|last| last.held_on), today);
    plan_in(app, tx, &Actor::Software, held_on).await?;
    Ok(())
}

async fn plan_in(app: &App, tx: &Tx, actor: &Actor, held_on: NaiveDate) -> Result<MeetingRow, AppError> {
    let meeting = MeetingRow {
        id: app.new_id::<of::Meeting>().as_uuid(),
        held_on,
        state: "planned".to_owned(),
        chair_id: None,
        attendees: json!([]),
        opened_at: None,
        closed_at: None,
        version: 0,
    };
    keep(app, tx, actor, meeting, ("planned", json!({ "heldOn": held_on }))).await
}

/// A week after the last meeting, as often as it takes to be after today; the first `FIRST_WEEKDAY` where none was held.
pub(super) fn next_date(last: Option<NaiveDate>, today: NaiveDate) -> NaiveDate {
    let mut date = match last {
        Some(last) => last.checked_add_days(WEEK).unwrap_or(today),
        None => {
            let ahead = (7 + FIRST_WEEKDAY.num_days_from_monday() - today.weekday().num_days_from_monday()) % 7;
            today.checked_add_days(Days::new(u64::from(ahead))).unwrap_or(today)
        }
    };
    while date < today {
        date = date.checked_add_days(WEEK).unwrap_or(today);
    }
    date
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_meeting_is_a_week_after_the_last_and_never_in_the_past() {
        assert_eq!(next_date(Some(day("2026-11-17")), day("2026-11-18")), day("2026-11-24"));
        assert_eq!(next_date(Some(day("2026-10-06")), day("2026-11-18")), day("2026-11-24"));
        assert_eq!(next_date(Some(day("2026-11-24")), day("2026-11-24")), day("2026-12-01"));
    }

    #[test]
    fn the_first_meeting_ever_is_on_the_first_tuesday() {
        assert_eq!(next_date(None, day("2026-11-18")), day("2026-11-24"));
        assert_eq!(next_date(None, day("2026-11-24")), day("2026-11-24"));
    }
}
