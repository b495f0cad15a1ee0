//! Dated registers kept beside the workflows: the policy in force and the bank holidays.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxing_day_on_a_saturday_is_kept_on_monday() {
        let calendar = bank_holidays(include_str!("../../workflows/registers/bank-holidays.yaml")).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(calendar.add_working_days(day("2026-12-24"), 1), Some(day("2026-12-29")));
        assert_eq!(calendar.bank_holidays.len(), 40);
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line() {
        let wrong = "title: P\nversion: \"2\"\nowner: O\npublished: 2025-11-18\nreview_do: 2027-06-07\n";
        let fault = policy(wrong).unwrap_err();
        assert!(fault.contains("review_do") && fault.contains('5'), "{fault}");
    }
}
