//! The days a report is about, in London, both included.

use crate::app::{App, AppError};
use crate::domain::calendar::london;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

impl Period {
    /// What was asked for: the twelve months until today unless told otherwise.
    ///
    /// # Errors
    /// `Invalid` where the last day is before the first.
    pub(super) fn asked(app: &App, (from, to): (Option<NaiveDate>, Option<NaiveDate>)) -> Result<Self, AppError> {
        let to = to.unwrap_or_else(|| london::date_of(app.now()));
        let a_year = |to: NaiveDate| to.checked_add_days(Days::new(1))?.checked_sub_months(Months::new(12));
        let from = from.or_else(|| a_year(to)).unwrap_or(to);
        if to < from {
            return Err(AppError::invalid("/to", "The last day is before the first."));
        }
        Ok(Self { from, to })
    }

    pub(super) fn holds(self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }

    pub(super) fn holds_instant(self, at: DateTime<Utc>) -> bool {
        self.holds(london::date_of(at))
    }
}
