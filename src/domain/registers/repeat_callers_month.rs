//! `registers/repeat-callers-month.yaml`: who stands on the monthly table of repeat callers, and by when it is checked.

use crate::domain::contact::Channel;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The rule of the monthly table (R31, R35).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct MonthRule {
    pub version: String,
    /// Which lines are counted.
    pub channels: Vec<Channel>,
    /// Calls in a calendar month of London: 1 or more.
    pub at_least: u32,
    /// The working day of the following month by which it is checked: 1 to 20.
    pub check_by_working_day: u32,
    /// Areas that are checked each on their own; none: one check is for the whole county, or one for each area of it.
    #[serde(default)]
    pub areas: BTreeSet<String>,
}

/// The rule of the monthly table.
///
/// # Errors
/// What is wrong with the file, with line and column; nothing to count; a day no month has.
pub fn repeat_callers_month(text: &str) -> Result<MonthRule, String> {
    let rule: MonthRule = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    if rule.at_least == 0 || rule.channels.is_empty() {
        return Err("`at_least` is 1 or more, of one channel or more".to_owned());
    }
    if !(1..=20).contains(&rule.check_by_working_day) {
        return Err("`check_by_working_day` is 1 to 20".to_owned());
    }
    if rule.channels.iter().any(|channel| channel.may_be_limited()) {
        return Err("the table is of calls to the control room: 999 and 101".to_owned());
    }
    Ok(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../workflows/registers/repeat-callers-month.yaml");

    #[test]
    fn the_shipped_table_counts_both_lines_of_the_control_room() {
        let rule = repeat_callers_month(SHIPPED).unwrap();
        assert_eq!(rule.channels, [Channel::Phone999, Channel::Phone101]);
        assert_eq!((rule.at_least, rule.check_by_working_day), (10, 10));
    }

    #[test]
    fn a_table_of_nothing_or_of_digital_contact_is_a_fault() {
        for (from, to) in [
            ("at_least: 10", "at_least: 0"),
            ("check_by_working_day: 10", "check_by_working_day: 40"),
            ("\"101\"", "email"),
        ] {
            assert!(repeat_callers_month(&SHIPPED.replace(from, to)).is_err(), "{to}");
        }
    }
}
