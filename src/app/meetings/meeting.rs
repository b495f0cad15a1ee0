//! What every step on a meeting shares: finding it at the version the caller read, and keeping what happened.

use crate::app::{App, AppError};
use crate::domain::access::{Actor, Role};
use crate::domain::case::Refusal;
use crate::domain::ids::MeetingId;
use crate::store::Tx;
use crate::store::events::{self, NewEvent, Stream};
use crate::store::meetings::{self, MeetingRow};
use chrono::NaiveDate;
use serde_json::Value;
use uuid::Uuid;

/// Who runs the meeting.
pub(super) const CHAIRS: [Role; 2] = [Role::Chair, Role::AppropriateAuthority];
/// Who prepares it.
pub(super) const PLANNERS: [Role; 4] = [Role::PsdStaff, Role::PsdSupervisor, Role::Chair, Role::AppropriateAuthority];
/// Who sees its agenda and minutes. A point of contact sees their own cases, not everybody's.
pub(super) const READERS: [Role; 6] =
    [Role::PsdStaff, Role::PsdSupervisor, Role::Chair, Role::AppropriateAuthority, Role::Records, Role::Auditor];

/// What is held while meetings are planned and opened, so that no two are on one day or open at once.
const CALENDAR: Uuid = Uuid::from_u128(0x6d65_6574_696e_6773);

/// Keeps others from planning or opening a meeting until this transaction ends.
pub(super) async fn hold_the_calendar(tx: &Tx) -> Result<(), AppError> {
    Ok(crate::store::hold(tx, &[CALENDAR]).await?)
}

/// # Errors
/// `meeting-already-planned` where another meeting is on that day.
pub(super) async fn day_is_free(tx: &Tx, day: NaiveDate, of: Option<Uuid>) -> Result<(), AppError> {
    match meetings::on_date(tx, day).await?.filter(|there| Some(there.id) != of) {
        Some(_) => {
            let message = "There is a meeting on that day already.";
            Err(Refusal::conflict("meeting-already-planned", message).under(Some("7.2")).into())
        }
        None => Ok(()),
    }
}

/// The meeting, if it is still as the caller read it and in the state the step needs.
///
/// # Errors
/// `NotFound`; `StaleVersion`; `meeting-not-…` where it is in another state.
pub(super) async fn at_version(
    tx: &Tx,
    id: MeetingId,
    expected: Option<i64>,
    state: &str,
) -> Result<MeetingRow, AppError> {
    let meeting = meetings::find(tx, id).await?.ok_or(AppError::NotFound)?;
    if let Some(expected) = expected
        && expected != meeting.version
    {
        return Err(AppError::StaleVersion { expected, found: meeting.version });
    }
    if meeting.state != state {
        let message = format!("The meeting is {}, not {state}.", meeting.state);
        return Err(Refusal::conflict(&format!("meeting-not-{state}"), message).under(Some("7.2")).into());
    }
    Ok(meeting)
}

/// Writes the meeting one version on, with the event that says what happened.
pub(super) async fn keep(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    mut meeting: MeetingRow,
    (kind, data): (&str, Value),
) -> Result<MeetingRow, AppError> {
    let event = NewEvent { id: app.new_id(), at: app.now(), actor: actor.reference(), kind: kind.to_owned(), data };
    events::append(tx, Stream::Meeting, meeting.id, meeting.version, vec![event]).await?;
    meeting.version += 1;
    meetings::save(tx, meeting.clone()).await?;
    Ok(meeting)
}
