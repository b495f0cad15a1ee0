//! London days, weeks and months, and working days.

use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Monday to Friday less the bank holidays of England and Wales.
#[derive(Clone, Debug, Default)]
pub struct WorkingCalendar {
    pub bank_holidays: BTreeSet<NaiveDate>,
}
