//! Ages, deadlines and the distance between dates. Dates are London's.

use super::{Answer, Arguments, Datum};
use crate::domain::workflow::scope::Scope;
use chrono::{DateTime, Days, LocalResult, Months, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::London;

/// Ten years of them: a limit on the counting, not on the policy.
const MOST_WORKING_DAYS: u32 = 2530;

/// The person's age in whole years on the date; a year is completed on the anniversary, for 29 February on 1 March.
pub(super) fn age_on(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let date = arguments.date(0)?;
    let born = scope.person.date_of_birth.ok_or("the person's date of birth is not known")?;
    let age = date.years_since(born).ok_or("the date is before the person was born")?;
    Ok(Datum::Int(age.into()))
}

/// So many working days from now, at the same London time of day.
pub(super) fn working_days(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let days = u32::try_from(arguments.int(0)?).ok().filter(|days| *days <= MOST_WORKING_DAYS);
    let days = days.ok_or_else(|| format!("it counts 0 to {MOST_WORKING_DAYS} days"))?;
    let local = scope.now.with_timezone(&London).naive_local();
    let day = scope.calendar.add_working_days(local.date(), days).ok_or("that is beyond the calendar")?;
    Ok(Datum::Instant(from_london(day.and_time(local.time()))))
}

/// The London date of an instant, as `2026-03-29`.
pub(super) fn date_in_london(_: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    Ok(Datum::Text(arguments.date(0)?.to_string()))
}

pub(super) fn is_before(_: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    Ok(Datum::Bool(arguments.date(0)? < arguments.date(1)?))
}

/// From the first date to the second; negative where the second is earlier.
pub(super) fn days_between(_: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    Ok(Datum::Int((arguments.date(1)? - arguments.date(0)?).num_days()))
}

/// Working days after the first date up to and including the second; none where the second is not later.
pub(super) fn working_days_between(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    Ok(Datum::Int(scope.calendar.working_days_between(arguments.date(0)?, arguments.date(1)?)))
}

/// Whether the second date is not before the first and at most so many months after it.
pub(super) fn within_months(_: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let (from, to) = (arguments.date(0)?, arguments.date(1)?);
    let months = u32::try_from(arguments.int(2)?).ok().ok_or("months cannot be negative")?;
    let latest = from.checked_add_months(Months::new(months)).ok_or("that is beyond the calendar")?;
    Ok(Datum::Bool(from <= to && to <= latest))
}

impl Arguments<'_> {
    /// An ISO date, or the London date of an instant.
    pub(super) fn date(&self, position: usize) -> Result<NaiveDate, String> {
        if let Some(Datum::Instant(at)) = self.0.get(position) {
            return Ok(at.with_timezone(&London).date_naive());
        }
        parse_date(self.text(position)?).ok_or_else(|| "a date is written 2026-03-29".to_owned())
    }
}

/// An ISO date, or the London date of an RFC 3339 instant.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    date.or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&London).date_naive()))
}

/// The same London wall-clock time so many days earlier.
pub(super) fn london_days_before(at: DateTime<Utc>, days: u16) -> DateTime<Utc> {
    let local = at.with_timezone(&London).naive_local();
    local.checked_sub_days(Days::new(days.into())).map_or(DateTime::<Utc>::MIN_UTC, from_london)
}

/// A London wall-clock time as an instant: the earlier one where the clocks go back, the hour after where they go
/// forward.
fn from_london(local: NaiveDateTime) -> DateTime<Utc> {
    match London.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
        LocalResult::None => {
            let later = local + chrono::Duration::hours(1);
            London.from_local_datetime(&later).earliest().map_or_else(|| local.and_utc(), |at| at.to_utc())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workflow::function::fixture::Fixture;
    use serde_json::json;

    fn text(date: &str) -> Datum {
        Datum::Text(date.to_owned())
    }

    #[test]
    fn an_age_grows_on_the_birthday() {
        let mut fixture = Fixture::with(json!({}));
        assert!(fixture.ask("age_on", vec![text("2026-03-02")]).is_err(), "not known");
        fixture.person.date_of_birth = NaiveDate::from_ymd_opt(2010, 3, 2);
        assert_eq!(fixture.number("age_on", vec![text("2026-03-01")]), Ok(15));
        assert_eq!(fixture.number("age_on", vec![text("2026-03-02")]), Ok(16));
        assert!(fixture.ask("age_on", vec![text("2010-03-01")]).is_err());
        fixture.person.date_of_birth = NaiveDate::from_ymd_opt(2012, 2, 29);
        assert_eq!(fixture.number("age_on", vec![text("2022-02-28")]), Ok(9));
        assert_eq!(fixture.number("age_on", vec![text("2022-03-01")]), Ok(10));
    }

    #[test]
    fn an_instant_stands_for_its_london_date() {
        let fixture = Fixture::with(json!({}));
        let summer_midnight = DateTime::parse_from_rfc3339("2026-06-30T23:30:00Z").unwrap().to_utc();
        assert_eq!(fixture.number("days_between", vec![text("2026-07-01"), Datum::Instant(summer_midnight)]), Ok(0));
        assert_eq!(fixture.truth("is_before", vec![text("2026-06-30"), text("2026-06-30T23:30:00Z")]), Ok(true));
        let date = fixture.ask("date_in_london", vec![Datum::Instant(summer_midnight)]);
        assert_eq!(date, Ok(text("2026-07-01")));
    }

    #[test]
    fn dates_compare_and_subtract() {
        let fixture = Fixture::with(json!({}));
        assert_eq!(fixture.number("days_between", vec![text("2028-02-28"), text("2028-03-01")]), Ok(2));
        assert_eq!(fixture.number("days_between", vec![text("2026-03-02"), text("2026-03-01")]), Ok(-1));
        let within = |from, to, months| fixture.truth("within_months", vec![text(from), text(to), Datum::Int(months)]);
        assert_eq!(within("2026-01-31", "2026-02-28", 1), Ok(true));
        assert_eq!(within("2026-01-31", "2026-03-01", 1), Ok(false));
        assert_eq!(within("2026-01-31", "2026-01-30", 1), Ok(false));
        assert!(fixture.ask("is_before", vec![text("31/01/2026"), text("2026-02-01")]).is_err());
    }

    #[test]
    fn working_days_step_over_weekends_and_bank_holidays() {
        let fixture = Fixture::with(json!({}));
        // The fixture's now is Thursday 2 April 2026, the day before Good Friday.
        let Ok(Datum::Instant(at)) = fixture.ask("working_days", vec![Datum::Int(1)]) else { panic!("an instant") };
        assert_eq!(at.with_timezone(&London).naive_local().to_string(), "2026-04-07 10:00:00");
        let between = fixture.number("working_days_between", vec![text("2026-04-02"), text("2026-04-08")]);
        assert_eq!(between, Ok(2));
        assert!(fixture.ask("working_days", vec![Datum::Int(-1)]).is_err());
        assert!(fixture.ask("working_days", vec![Datum::Int(i64::MAX)]).is_err());
    }

    #[test]
    fn a_missing_hour_moves_on_and_a_double_hour_counts_once() {
        let spring = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap().and_hms_opt(1, 30, 0).unwrap();
        assert_eq!(from_london(spring).to_rfc3339(), "2026-03-29T01:30:00+00:00");
        let autumn = NaiveDate::from_ymd_opt(2026, 10, 25).unwrap().and_hms_opt(1, 30, 0).unwrap();
        assert_eq!(from_london(autumn).to_rfc3339(), "2026-10-25T00:30:00+00:00");
    }
}
