//! Working days: what a deadline of ours is counted in.

use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Monday to Friday less the bank holidays of England and Wales.
#[derive(Clone, Debug, Default)]
pub struct WorkingCalendar {
    pub bank_holidays: BTreeSet<NaiveDate>,
}
