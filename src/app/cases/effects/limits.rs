//! Limits come into force and are lifted. Whether they bind a contact is computed from the dates kept here.

use super::Step;
use crate::app::AppError;
use crate::app::cases::link_person::own_record;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::calendar::london::{date_of, start_of_day};
use crate::domain::case::{Command, Refusal};
use crate::domain::ids::{CaseId, Id, PersonId};
use crate::store::delivery_reports;
use crate::store::notices;
use crate::store::outgoing::{self, OutgoingState};
use crate::store::strategies::{self, StrategyRow};
use crate::store::{Tx, cases};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Value, json};

/// Puts this version's limits in force from the deemed date of service; an earlier version is superseded in the same
/// person's name and binds until then, so that there is no gap and no instant at which both do.
///
/// # Errors
/// `no-person` where the case is about nobody on file; `dates-out-of-range` where it would end before it binds;
/// `notice-not-sent` where it is said to be served by a mail that was given up or came back.
pub(super) async fn put_in_force(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let Some(person) = step.case.person else {
        let message = "Limits bind a person on file; this case is linked to nobody.";
        return Err(Refusal::conflict("no-person", message).under(Some("7.5")).into());
    };
    let effective_from = deemed_served(step.input, step.app.catalog.calendar()).unwrap_or_else(|| step.app.now());
    let ends_at = date_at(&step.case.data, "endsOn").map(start_of_day).unwrap_or(effective_from);
    if ends_at <= effective_from {
        let message = "The strategy would end before it binds.";
        return Err(Refusal::conflict("dates-out-of-range", message).under(Some("7.5")).into());
    }
    was_sent(step, tx).await?;
    not_before_it_was_written(step, tx).await?;
    supersede(step, tx, person, effective_from.max(step.app.now())).await?;
    // The record it was decided for, so that the limits go back with the case where a merge is reversed.
    let decided_for = own_record(tx, step.case.id).await?.unwrap_or(person);
    let row = StrategyRow {
        case_id: step.case.id.as_uuid(),
        person_id: decided_for.as_uuid(),
        spoc_id: step.case.spoc().map(crate::domain::ids::OfficerId::as_uuid),
        effective_from,
        ends_at,
        limits: step.case.data.get("limits").cloned().unwrap_or_else(|| json!([])),
        blocked: step.case.data.get("blocking").cloned().unwrap_or_else(|| json!([])),
        put_in_force_at: step.app.now(),
        lifted_at: None,
        lifted_because: None,
    };
    strategies::put_in_force(tx, row).await?;
    crate::app::contacts::remeasure(step.app, tx, &[person], None).await
}

/// Shared again in another way, a notice is composed again: nobody was served with it before.
async fn not_before_it_was_written(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let written = notices::newest(tx, step.case.id).await?.map(|notice| date_of(notice.created_at));
    let sent = date_at(step.input, "sentOn");
    if sent.zip(written).is_some_and(|(sent, written)| sent < written) {
        let message = "The notice that was shared last was written later than that.";
        return Err(Refusal::conflict("served-before-shared", message).under(Some("7.5")).into());
    }
    Ok(())
}

/// Nobody was served by a mail that their server refused, that never went out, or that came back.
async fn was_sent(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    if step.input.get("method").and_then(Value::as_str) != Some("email") {
        return Ok(());
    }
    let address = step.input.get("address").and_then(Value::as_str).unwrap_or_default().trim();
    let mails = outgoing::of_case(tx, step.case.id).await?;
    let notice = mails.iter().rfind(|mail| mail.to_address == address);
    let Some(notice) = notice else { return Ok(()) };
    let refused = |message: &str| Err(Refusal::conflict("notice-not-sent", message).under(Some("7.5")).into());
    let never_left = [OutgoingState::Dead, OutgoingState::Cancelled].map(OutgoingState::as_str);
    if never_left.contains(&notice.state.as_str()) {
        return refused(
            "The mail with the notice was given up or taken back, so nobody was served by it; share it in another way.",
        );
    }
    if delivery_reports::failed(tx, Id::from_uuid(notice.id)).await? {
        return refused(
            "The mail with the notice did not arrive, so nobody was served by it; share it in another way.",
        );
    }
    Ok(())
}

/// The version in force binds until `at`, and so does one before it whose time has not run out.
async fn supersede(step: Step<'_>, tx: &Tx, person: PersonId, at: DateTime<Utc>) -> Result<(), AppError> {
    strategies::cut_short(tx, person, at).await?;
    let Some(earlier) = strategies::live(tx, person).await? else { return Ok(()) };
    let Some(case) = cases::load(tx, CaseId::from_uuid(earlier.case_id)).await? else { return Ok(()) };
    strategies::lift(tx, case.id, at, "superseded").await?;
    let command = Command { through: Some(step.case.id), ..Command::new("supersede", Value::Null) };
    crate::app::cases::act(step.app, tx, step.actor, case, command).await?;
    Ok(())
}

/// This version stops binding now, or at its end date where that came first; one that was superseded, when the next one
/// begins to bind. Where the person is no longer bound by this version, they are not by the one before it either.
pub(super) async fn lift(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let now = step.app.now();
    let ends_now = strategies::lift(tx, step.case.id, now, &step.case.state).await?;
    let Some(person) = step.case.person else { return Ok(()) };
    if ends_now {
        strategies::cut_short(tx, person, now).await?;
    }
    crate::app::contacts::remeasure(step.app, tx, &[person], None).await
}

/// The start of the London day from which the limits bind: e-mail counts as served on the next working day, a letter
/// by first-class post on the second, by hand the next day, in the person's favour (our defaults; to be confirmed with
/// Legal Services).
fn deemed_served(input: &Value, calendar: &WorkingCalendar) -> Option<DateTime<Utc>> {
    let sent_on = date_at(input, "sentOn")?;
    let working_days = match input.get("method").and_then(Value::as_str) {
        Some("email") => 1,
        Some("letter") => 2,
        _ => return sent_on.checked_add_days(Days::new(1)).map(start_of_day),
    };
    calendar.add_working_days(sent_on, working_days).map(start_of_day)
}

fn date_at(data: &Value, field: &str) -> Option<NaiveDate> {
    let text = data.get(field)?.as_str()?;
    text.parse().ok().or_else(|| text.parse().ok().map(date_of))
}
