//! `registers/bank-holidays.yaml`: what is no working day from Monday to Friday.

use crate::domain::calendar::WorkingCalendar;
use chrono::NaiveDate;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayFile {
    england_and_wales: Vec<Holiday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    date: NaiveDate,
    #[expect(dead_code, reason = "read by people; declared so that a misspelt key is a fault")]
    name: String,
}

/// The bank holidays of England and Wales.
///
/// # Errors
/// What is wrong with the file, with line and column.
pub fn bank_holidays(text: &str) -> Result<WorkingCalendar, String> {
    let file: HolidayFile = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    Ok(WorkingCalendar { bank_holidays: file.england_and_wales.into_iter().map(|holiday| holiday.date).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, Days, Weekday};

    #[test]
    fn boxing_day_on_a_saturday_is_kept_on_monday() {
        let calendar = bank_holidays(include_str!("../../../workflows/registers/bank-holidays.yaml")).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(calendar.add_working_days(day("2026-12-24"), 1), Some(day("2026-12-29")));
        assert_eq!(calendar.bank_holidays.len(), 40);
    }

    /// The moveable days by the computus, the fixed ones by their rule: no holiday was mistyped.
    #[test]
    fn every_easter_and_monday_is_where_the_calendar_puts_it() {
        let calendar = bank_holidays(include_str!("../../../workflows/registers/bank-holidays.yaml")).unwrap();
        for (year, easter) in [(2024, "03-31"), (2025, "04-20"), (2026, "04-05"), (2027, "03-28"), (2028, "04-16")] {
            let sunday: NaiveDate = format!("{year}-{easter}").parse().unwrap();
            let of_year = calendar.bank_holidays.iter().filter(|day| day.year() == year).count();
            assert_eq!(of_year, 8, "{year}");
            assert!(calendar.bank_holidays.contains(&(sunday - Days::new(2))), "Good Friday {year}");
            assert!(calendar.bank_holidays.contains(&(sunday + Days::new(1))), "Easter Monday {year}");
            let monday = |month: u32, nth: u8| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, nth);
            let last_monday = |month: u32| monday(month, 5).or_else(|| monday(month, 4)).unwrap();
            for day in [monday(5, 1).unwrap(), last_monday(5), last_monday(8)] {
                assert!(calendar.bank_holidays.contains(&day), "{day}");
            }
        }
        assert!(calendar.bank_holidays.iter().all(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)));
    }
}
