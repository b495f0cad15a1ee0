//! The monthly table of repeat callers: read with what it rests on, sent to units, checked, taken out as a file.

mod check;
mod export;
mod list;
mod read;
mod send;
mod table;
mod told;
mod view;

pub use check::{areas_to_check, check_month};
pub use export::{ExportedMonth, export_month};
pub(crate) use list::months_now;
pub use list::{MonthStands, SendingStands, list_months};
pub use read::read_month;
pub use send::{NewSending, confirm_receipt, find_sending, record_action, send_month};
pub use told::MONTH_SENDING;
pub(crate) use told::not_sent_to;
pub use view::{
    CallerMonth, MonthCheckView, MonthCoverage, MonthFile, MonthRow, MonthSendingView, OwedCheck, SameCaller,
};

use crate::app::{App, AppError};
use crate::domain::calendar::london;
use crate::domain::calls::months::{Month, checks_owed};
use crate::domain::ids::EventId;
use crate::domain::registers::MonthRule;
use crate::store::events::NewEvent;
use serde_json::Value;

/// The rule in force.
///
/// # Errors
/// `NotFound` where the installation has no monthly table.
fn rule(app: &App) -> Result<&MonthRule, AppError> {
    app.catalog.registers().repeat_callers_month.as_ref().ok_or(AppError::NotFound)
}

/// The checks of a month that nobody made, where these were.
fn owed(app: &App, rule: &MonthRule, made: &[Option<String>]) -> Vec<Option<String>> {
    let county = app.catalog.registers().areas.areas.iter().map(|area| area.key.clone()).collect();
    checks_owed(&rule.areas, &county, made)
}

/// # Errors
/// `NotFound` for a month that has not begun.
fn begun(app: &App, month: Month) -> Result<(), AppError> {
    if month.first() > london::date_of(app.now()) { Err(AppError::NotFound) } else { Ok(()) }
}

/// # Errors
/// `Invalid` for a month that is not over: its table would change the next day.
fn over(app: &App, month: Month) -> Result<(), AppError> {
    begun(app, month)?;
    if month.last() >= london::date_of(app.now()) {
        return Err(AppError::invalid("/month", "This month is not over yet."));
    }
    Ok(())
}

/// Something that happened to a month's table.
fn happened(app: &App, actor: &crate::domain::access::Actor, kind: &str, data: Value) -> NewEvent {
    let id: EventId = app.new_id();
    NewEvent { id, at: app.now(), actor: actor.reference(), kind: kind.to_owned(), data }
}

/// Words that are needed, of at most `most` characters.
///
/// # Errors
/// `Invalid` without any, or with too many.
pub(crate) fn words(pointer: &str, text: &str, most: usize) -> Result<String, AppError> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(AppError::invalid(pointer, "This is needed.")),
        many if many > most => Err(AppError::invalid(pointer, format!("This has more than {most} characters."))),
        _ => Ok(text.to_owned()),
    }
}

/// Words that may be left out.
///
/// # Errors
/// `Invalid` with too many.
pub(crate) fn words_if_any(pointer: &str, text: Option<&str>, most: usize) -> Result<Option<String>, AppError> {
    text.filter(|text| !text.trim().is_empty()).map(|text| words(pointer, text, most)).transpose()
}
