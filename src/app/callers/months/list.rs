//! The months there are calls of: which were sent, answered and checked, and which checks were missed.

use super::view::OwedCheck;
use super::{owed, rule};
use crate::app::callers::MAY_READ_MONTHS;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::calendar::london;
use crate::domain::calls::months::{self, Month};
use crate::domain::ids::MonthSendingId;
use crate::store::caller_months::{self, Sending};
use crate::store::calls::months::first_call;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// How far a month is: counts and days, and nobody's name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MonthStands {
    #[schema(value_type = String, example = "2026-05")]
    pub month: Month,
    /// Whether its last day is over.
    pub over: bool,
    pub check_due: Option<NaiveDate>,
    pub checks: usize,
    pub checks_owed: Vec<OwedCheck>,
    pub sendings: Vec<SendingStands>,
    /// Of the sendings, those whose unit has not said that it has them.
    pub without_receipt: usize,
}

/// How far a unit is with a table that it was sent. What it was asked and did is read with the month's table.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SendingStands {
    pub id: MonthSendingId,
    /// `opt` or `snt`.
    pub team: String,
    /// Absent: the whole county.
    pub area: Option<String>,
    pub sent_at: DateTime<Utc>,
    pub receipt_at: Option<DateTime<Utc>>,
    pub action_at: Option<DateTime<Utc>>,
}

impl From<&Sending> for SendingStands {
    fn from(sending: &Sending) -> Self {
        Self {
            id: sending.id,
            team: sending.team.clone(),
            area: sending.area.clone(),
            sent_at: sending.sent.1,
            receipt_at: sending.receipt.map(|(_, at)| at),
            action_at: sending.action.as_ref().map(|action| action.at),
        }
    }
}

/// From the month that is now back to the first there is a call of, at most `most`.
///
/// # Errors
/// `Refused`; `NotFound` where the installation has no monthly table.
pub async fn list_months(app: &App, actor: &Actor, most: usize) -> Result<Vec<MonthStands>, AppError> {
    rights::officer_with(actor, &MAY_READ_MONTHS)?;
    months_now(app, most).await
}

/// The same for who asked already.
pub(crate) async fn months_now(app: &App, most: usize) -> Result<Vec<MonthStands>, AppError> {
    let (db, rule, today) = (app.store.reader(), rule(app)?, london::date_of(app.now()));
    let Some(first) = first_call(db).await? else { return Ok(Vec::new()) };
    let first = Month::of(london::date_of(first));
    let sendings = caller_months::sendings(db, None).await?;
    let checks = caller_months::checks(db, None).await?;
    let mut stand = Vec::new();
    let mut month = Month::of(today);
    while month >= first && stand.len() < most {
        let written = month.to_string();
        let made: Vec<_> = checks.iter().filter(|check| check.month == written).map(|one| one.area.clone()).collect();
        let sent: Vec<SendingStands> =
            sendings.iter().filter(|sending| sending.month == written).map(SendingStands::from).collect();
        let due = months::check_due(month, rule.check_by_working_day, app.catalog.calendar());
        let over = month.last() < today;
        let still_owed = if over { owed(app, rule, &made) } else { Vec::new() };
        let missed = due.is_some_and(|due| due < today);
        stand.push(MonthStands {
            month,
            over,
            check_due: due,
            checks: made.into_iter().collect::<BTreeSet<_>>().len(),
            checks_owed: still_owed.into_iter().map(|area| OwedCheck { area, missed }).collect(),
            without_receipt: sent.iter().filter(|sending| sending.receipt_at.is_none()).count(),
            sendings: sent,
        });
        month = month.previous();
    }
    Ok(stand)
}
