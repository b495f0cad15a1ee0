//! A call taker begins the record of a call: one that a system recorded, or one that is on the line and that no system
//! recorded yet.

use super::look_up::{at_hand, place_of};
use super::{CallRecordView, MAY_TAKE, script};
use crate::app::callers::{CALLS, adopt_call, area_of, keep_live_call};
use crate::app::policy::under_the_policy;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::calls::record::{About, CallRecord, begin};
use crate::domain::calls::{CallerKey, CallerKind, Direction};
use crate::domain::case::Refusal;
use crate::domain::contact::Channel;
use crate::domain::ids::{CallId, CallerId, PersonId};
use crate::domain::person::{IdentifierKind, normalise};
use crate::store::call_records::{PRECEDENCE, SYSTEM};
use crate::store::calls::{Call, CallWords};
use crate::store::{Tx, call_records, calls, people};
use chrono::Duration;
use serde_json::json;

/// The rows of one call begin within seconds of each other.
const AROUND: Duration = Duration::hours(1);

/// What the call taker knows when it begins.
#[derive(Clone, Debug, Default)]
pub struct NewCall {
    /// The call as a system recorded it; then the rest but the person is what that system says.
    pub call: Option<CallId>,
    /// 999, 101 or telephone.
    pub channel: Option<Channel>,
    pub telephone: Option<String>,
    pub withheld: bool,
    pub name: Option<String>,
    pub place: Option<String>,
    /// Who the call taker takes the caller to be.
    pub person: Option<PersonId>,
}

/// Begins the record and answers it, with the script to go through.
///
/// # Errors
/// `named-person-required`, `wrong-role`; `Invalid` for a way of contact that is no call, a number that is none, or a
/// person who is not on file; `NotFound` for a call there is not; `call-recorded` where it has a record.
pub async fn begin_call(app: &App, actor: &Actor, new: NewCall) -> Result<CallRecordView, AppError> {
    rights::officer_with(actor, &MAY_TAKE)?;
    let (inner, of_write) = (app.clone(), actor.clone());
    let begun = app.store.write(async move |tx| Box::pin(begin_in(&inner, tx, &of_write, new)).await).await?;
    CallRecordView::load(app, actor, &begun).await
}

async fn begin_in(app: &App, tx: &Tx, actor: &Actor, new: NewCall) -> Result<CallRecord, AppError> {
    let person = match new.person {
        Some(person) => {
            let unknown = || AppError::invalid("/personId", "There is no such person on file.");
            Some(people::root(tx, person).await?.ok_or_else(unknown)?)
        }
        None => None,
    };
    let call = match new.call {
        Some(id) => told_of(app, tx, actor, (id, person)).await?,
        None => kept(app, tx, actor, &new).await?,
    };
    let place = place_of(call.words.location.as_deref());
    let at_hand = at_hand(app, tx, (call.caller, person), &place).await?;
    let about = About { channel: call.channel, caller: call.caller, person };
    let steps = script::steps(app, &at_hand.markers, at_hand.plan.as_deref());
    let event = begin(about, steps, actor, app.now())?;
    let record = CallRecord::replay(call.id, std::slice::from_ref(&event));
    let record = record.ok_or_else(|| AppError::broken("beginning the record of a call", "it has no beginning"))?;
    let data = under_the_policy(app, actor, json!(event.what));
    call_records::append(tx, &record, vec![(app.new_id(), event, data)]).await?;
    Ok(record)
}

/// A call which a system recorded, as whose it is told to be.
async fn told_of(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (id, person): (CallId, Option<PersonId>),
) -> Result<Call, AppError> {
    let Some(person) = person else { return recorded(tx, id).await };
    crate::store::hold(tx, &[CALLS]).await?;
    let call = recorded(tx, id).await?;
    let said = "A call taker said who called.";
    Box::pin(adopt_call(app, tx, actor, (call.id, person), said)).await?;
    Ok(call)
}

/// The row that stands for a call which a system recorded.
async fn recorded(tx: &Tx, id: CallId) -> Result<Call, AppError> {
    let call = calls::find(tx, id).await?.filter(|call| call.withdrawn_at.is_none()).ok_or(AppError::NotFound)?;
    let head = calls::find(tx, call.call).await?.unwrap_or(call);
    // Two who begin it at once, by different rows of it, begin one record.
    crate::store::hold(tx, &[head.id.as_uuid()]).await?;
    if call_records::is_any(tx, &rows_of(tx, &head).await?).await? {
        let message = "This call has a record already: go on with that one.";
        return Err(Refusal::conflict("call-recorded", message).under(Some("6.5")).into());
    }
    Ok(head)
}

/// Every system's row of a call. A record hangs on the row that was there when it was begun, and another may stand for the
/// call since.
pub(super) async fn rows_of(tx: &Tx, head: &Call) -> Result<Vec<CallId>, AppError> {
    let around = (head.started_at - AROUND, head.started_at + AROUND);
    let callers: Vec<CallerId> = head.caller.into_iter().collect();
    let seen = calls::seen_of(tx, &callers, around).await?;
    let same = seen.into_iter().filter(|row| row.call == head.id).map(|row| row.id);
    Ok(std::iter::once(head.id).chain(same).collect())
}

/// A row of our own for a call that no system recorded yet. Each repeated call is one of its own (policy 6.5).
async fn kept(app: &App, tx: &Tx, actor: &Actor, new: &NewCall) -> Result<Call, AppError> {
    let is_call = |channel: &Channel| channel.address_kind() == Some(IdentifierKind::Telephone);
    let channel = new.channel.filter(is_call);
    let channel =
        channel.ok_or_else(|| AppError::invalid("/channel", "Say how they called: 999, 101 or telephone."))?;
    let (number, caller) = caller(new)?;
    let id: CallId = app.new_id();
    let call = Call {
        id,
        system: SYSTEM,
        source_ref: id.to_string(),
        precedence: PRECEDENCE,
        import: None,
        caller,
        caller_kind: CallerKind::Unknown,
        direction: Direction::In,
        channel,
        started_at: app.now(),
        seconds: None,
        number,
        withheld: new.withheld,
        words: CallWords { caller_name: given(&new.name), location: given(&new.place), ..CallWords::default() },
        area: area_of(app, new.place.as_deref()),
        cad_ref: None,
        call: id,
        counts: true,
        contact: None,
        recorded_at: app.now(),
        withdrawn_at: None,
    };
    Box::pin(keep_live_call(app, tx, actor, (call, new.person))).await
}

/// The number, and whoever calls, by the same key as in a file of calls; `None`: nobody can be told from it.
fn caller(new: &NewCall) -> Result<(Option<String>, Option<CallerId>), AppError> {
    let number = match given(&new.telephone).filter(|_| !new.withheld) {
        Some(number) => {
            let read = normalise(IdentifierKind::Telephone, &number);
            Some(read.map_err(|fault| AppError::invalid("/telephone", format!("{fault}")))?)
        }
        None => None,
    };
    let key = CallerKey::of(number.as_deref(), given(&new.name).as_deref(), given(&new.place).as_deref());
    Ok((number, key.map(|key| key.id())))
}

fn given(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
