//! Dated registers kept beside the workflows: the policy in force, the bank holidays, and the law that is cited.

use crate::domain::calendar::WorkingCalendar;
use crate::domain::workflow::scope::PolicyFacts;
use chrono::NaiveDate;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    #[expect(dead_code, reason = "read by people; declared so that a misspelt key is a fault")]
    title: String,
    version: String,
    #[expect(dead_code, reason = "read by people; declared so that a misspelt key is a fault")]
    owner: String,
    #[expect(dead_code, reason = "read by people; declared so that a misspelt key is a fault")]
    published: NaiveDate,
    review_due: NaiveDate,
}

/// `registers/policy.yaml`: the policy's version, which every decision cites, and when it is to be reviewed.
///
/// # Errors
/// What is wrong with the file, with line and column.
pub fn policy(text: &str) -> Result<PolicyFacts, String> {
    let file: PolicyFile = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    Ok(PolicyFacts { version: file.version, review_due: Some(file.review_due) })
}

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

/// `registers/bank-holidays.yaml`: what is no working day from Monday to Friday.
///
/// # Errors
/// What is wrong with the file, with line and column.
pub fn bank_holidays(text: &str) -> Result<WorkingCalendar, String> {
    let file: HolidayFile = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    Ok(WorkingCalendar { bank_holidays: file.england_and_wales.into_iter().map(|holiday| holiday.date).collect() })
}

/// A provision that decisions may cite.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enactment {
    pub id: String,
    pub title: String,
    /// The first day in force; absent: longer ago than any case here.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// The last day in force; absent: still so.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    #[serde(default)]
    pub note: Option<String>,
    /// Legal Services have still to confirm the row.
    pub confirm: bool,
}

impl Enactment {
    /// Whether it was law on this day; both ends count.
    pub fn in_force_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LegislationFile {
    enactments: Vec<Enactment>,
}

/// `registers/legislation.yaml`: the provisions, in the order of the file.
///
/// # Errors
/// What is wrong with the file, with line and column; an id given twice; a row that ends before it begins.
pub fn legislation(text: &str) -> Result<Vec<Enactment>, String> {
    let file: LegislationFile = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    for (n, row) in file.enactments.iter().enumerate() {
        if file.enactments.iter().take(n).any(|earlier| earlier.id == row.id) {
            return Err(format!("`{}` stands here a second time", row.id));
        }
        if row.from.zip(row.to).is_some_and(|(from, to)| to < from) {
            return Err(format!("`{}` ends before it begins", row.id));
        }
    }
    Ok(file.enactments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, Days, Weekday};

    #[test]
    fn boxing_day_on_a_saturday_is_kept_on_monday() {
        let calendar = bank_holidays(include_str!("../../workflows/registers/bank-holidays.yaml")).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(calendar.add_working_days(day("2026-12-24"), 1), Some(day("2026-12-29")));
        assert_eq!(calendar.bank_holidays.len(), 40);
    }

    /// The moveable days by the computus, the fixed ones by their rule: no holiday was mistyped.
    #[test]
    fn every_easter_and_monday_is_where_the_calendar_puts_it() {
        let calendar = bank_holidays(include_str!("../../workflows/registers/bank-holidays.yaml")).unwrap();
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

    #[test]
    fn law_is_dated() {
        let rows = legislation(include_str!("../../workflows/registers/legislation.yaml")).unwrap();
        let in_force =
            |id: &str, day: &str| rows.iter().find(|row| row.id == id).unwrap().in_force_on(day.parse().unwrap());
        assert!(in_force("ca-2003-s127-2ab", "2024-01-30") && !in_force("ca-2003-s127-2ab", "2024-01-31"));
        assert!(!in_force("osa-2023-s179", "2024-01-30") && in_force("osa-2023-s179", "2024-01-31"));
        assert!(in_force("ca-2003-s127-2c", "2030-01-01"));
        let twice = "enactments:\n  - { id: a, title: A, confirm: true }\n  - { id: a, title: B, confirm: true }\n";
        assert!(legislation(twice).unwrap_err().contains("second time"));
        let backwards = "enactments:\n  - { id: a, title: A, confirm: true, from: 2024-02-01, to: 2024-01-01 }\n";
        assert!(legislation(backwards).unwrap_err().contains("ends before"));
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line() {
        let wrong = "title: P\nversion: \"2\"\nowner: O\npublished: 2025-11-18\nreview_do: 2027-06-07\n";
        let fault = policy(wrong).unwrap_err();
        assert!(fault.contains("review_do") && fault.contains('5'), "{fault}");
    }
}
