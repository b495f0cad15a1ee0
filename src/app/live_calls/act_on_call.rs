//! An action on the record of a call: load, decide, append at the version that was read.

use super::begin_call::rows_of;
use super::call_action::CallAction;
use super::look_up::members_of;
use super::{CallRecordView, MAY_TAKE, orders, requests, theirs};
use crate::app::callers::{CALLS, adopt_call, take_back_call};
use crate::app::people::may_act_on;
use crate::app::policy::under_the_policy;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::calls::record::{CallRecord, Command, Recorded, Reference, decide};
use crate::domain::case::Refusal;
use crate::domain::ids::CallId;
use crate::store::{StoreError, Tx, call_records, calls, cases, people};
use serde_json::json;

/// One action asked for.
#[derive(Clone, Debug)]
pub struct ActedOn {
    pub call: CallId,
    /// The version the caller read.
    pub version: i64,
    pub action: CallAction,
}

/// # Errors
/// `named-person-required`, `wrong-role`; `NotFound`; `StaleVersion`; `Invalid` for what stands in no register and for an
/// order that is not in force against the person; `cad-reference-taken`; `call-was-made` where a call that another system
/// recorded is taken back, `complained-about`; and whatever the record refuses.
pub async fn act_on_call(app: &App, actor: &Actor, asked: ActedOn) -> Result<CallRecordView, AppError> {
    rights::officer_with(actor, &MAY_TAKE)?;
    let (inner, of_write) = (app.clone(), actor.clone());
    let acted = app.store.write(async move |tx| Box::pin(act(&inner, tx, &of_write, asked)).await).await?;
    CallRecordView::load(app, actor, &acted).await
}

async fn act(app: &App, tx: &Tx, actor: &Actor, asked: ActedOn) -> Result<CallRecord, AppError> {
    let mut record = call_records::load(tx, asked.call).await?.ok_or(AppError::NotFound)?;
    theirs::reader(tx, actor, &record).await?;
    if record.version != asked.version {
        return Err(AppError::StaleVersion { expected: asked.version, found: record.version });
    }
    let command = asked.action.command(app, tx, (actor, &record)).await?;
    hold_what_it_moves(tx, &record, &command).await?;
    is_possible(app, tx, (actor, &record), &command).await?;
    let events = decide(&record, command, actor, app.now())?;
    events.iter().for_each(|event| record.apply(event));
    requests::keep_tasks(app, tx, actor, &record, &events).await?;
    let (call, said): (CallId, Vec<Recorded>) = (record.id, events.iter().map(|event| event.what.clone()).collect());
    let kept = events.into_iter().map(|event| {
        let data = under_the_policy(app, actor, json!(event.what));
        (app.new_id(), event, data)
    });
    let written = call_records::append(tx, &record, kept.collect()).await;
    if let Err(StoreError::Duplicate(_)) = written {
        // Somebody named the same CAD in another record at this moment.
        return Err(taken().into());
    }
    written?;
    for said in said {
        if let Recorded::TakenBack { reason } = said {
            Box::pin(take_back_call(app, tx, actor, (call, &reason))).await?;
        } else if let Recorded::Identified { person, reason, .. } = said {
            Box::pin(adopt_call(app, tx, actor, (call, person), &reason)).await?;
        }
    }
    Ok(record)
}

/// What an action moves beside the record is held before the record is, in the order everybody holds it: calls, people.
async fn hold_what_it_moves(tx: &Tx, record: &CallRecord, command: &Command) -> Result<(), AppError> {
    let person = if let Command::Identify { person, .. } = command {
        Some(*person)
    } else if let Command::TakeBack { .. } = command {
        record.about.person
    } else {
        return Ok(());
    };
    crate::store::hold(tx, &[CALLS]).await?;
    if let Some(person) = person {
        let root = people::root(tx, person).await?.unwrap_or(person);
        crate::store::hold(tx, &[root.as_uuid()]).await?;
    }
    Ok(())
}

/// What the record alone cannot know.
async fn is_possible(
    app: &App,
    tx: &Tx,
    (actor, record): (&Actor, &CallRecord),
    command: &Command,
) -> Result<(), AppError> {
    match command {
        Command::Assess(assessment) => {
            let Some(breach) = &assessment.breach else { return Ok(()) };
            let row = cases::find_row(tx, breach.order_case_id).await?;
            let members = members_of(tx, record.about.person).await?;
            let theirs = row.filter(|row| {
                row.person_id.is_some_and(|person| members.iter().any(|member| member.as_uuid() == person))
            });
            let rows: Vec<_> = theirs.into_iter().collect();
            if orders::in_force(app, &rows).is_empty() {
                let message = "No order of this person's with this id is in force.";
                return Err(AppError::invalid("/breach/orderCaseId", message));
            }
            Ok(())
        }
        Command::Refer { kind: Reference::Cad, reference } => {
            let holder = call_records::with_cad(tx, reference).await?;
            if holder.is_some_and(|holder| holder != record.id) { Err(taken().into()) } else { Ok(()) }
        }
        Command::TakeBack { .. } => {
            may_act_on(tx, actor, record.about.person).await?;
            let call = calls::find(tx, record.id).await?.ok_or(AppError::NotFound)?;
            let alone =
                call.system == call_records::SYSTEM && rows_of(tx, &call).await?.iter().all(|row| *row == call.id);
            if alone && call.call == call.id { Ok(()) } else { Err(was_made().into()) }
        }
        Command::Thrive(_)
        | Command::Identify { .. }
        | Command::Grade { .. }
        | Command::SettleStep { .. }
        | Command::Refer { .. }
        | Command::Advise { .. }
        | Command::Request { .. }
        | Command::FinishRequest { .. }
        | Command::Complete
        | Command::Amend { .. } => Ok(()),
    }
}

fn was_made() -> Refusal {
    let message = "Another system recorded this call, so there was one: complete the record instead.";
    Refusal::conflict("call-was-made", message).under(Some("6.5"))
}

fn taken() -> Refusal {
    let message = "Another call has this CAD: every call has one of its own.";
    Refusal::conflict("cad-reference-taken", message).under(Some("6.5"))
}
