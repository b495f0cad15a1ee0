//! A person reads a contact, answers the seven questions where it was held, and closes it.

use super::attribute_contact::{MAY_TRIAGE, at_version, happened, settle};
use super::{findings, queues, reading};
use crate::app::people::may_act_on;
use crate::app::{App, AppError, FieldFault, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::contact::{Flag, Place, Queue, RaisedFlag, Release, TickList};
use crate::domain::ids::ContactId;
use crate::store::Tx;
use crate::store::contacts::{self, Contact, Handling as Progress};
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct Handling {
    pub contact: ContactId,
    /// The version the person saw; `None`: whatever it is.
    pub version: Option<i64>,
    /// The seven questions; all or none of them. Needed for what is held or quarantined.
    pub answers: BTreeMap<Flag, bool>,
    pub note: String,
    /// Nothing remains to be done with it.
    pub close: bool,
}

/// A contact after somebody dealt with it.
#[derive(Clone, Debug)]
pub struct Handled {
    pub contact: Contact,
    /// Who deals with it now.
    pub queues: Vec<Queue>,
    /// A complaint in it has to be recorded; the task was opened.
    pub recording_task: bool,
}

/// # Errors
/// `Refused` for systems and roles that may not, `tick-list-required` for held mail without answers, `already-closed`;
/// `NotFound`; `StaleVersion`; `Invalid` with the questions left out.
pub async fn handle_contact(app: &App, actor: &Actor, asked: Handling) -> Result<Handled, AppError> {
    rights::officer_with(actor, &MAY_TRIAGE)?;
    let ticks = if asked.answers.is_empty() { None } else { Some(ticks(&asked.answers)?) };
    let (inner, actor) = (app.clone(), actor.clone());
    Ok(app.store.write(async move |tx| Box::pin(handle_in(&inner, tx, &actor, asked, ticks)).await).await?)
}

fn ticks(answers: &BTreeMap<Flag, bool>) -> Result<TickList, AppError> {
    TickList::complete(answers).map_err(|incomplete| {
        let missing = |flag: Flag| FieldFault {
            pointer: format!("/answers/{flag}"),
            detail: "This question has no answer.".to_owned(),
        };
        AppError::Invalid(incomplete.missing.into_iter().map(missing).collect())
    })
}

async fn handle_in(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    asked: Handling,
    ticks: Option<TickList>,
) -> Result<Handled, AppError> {
    let mut contact = at_version(tx, asked.contact, asked.version).await?;
    may_act_on(tx, actor, contact.person).await?;
    if contact.handling == Progress::Closed {
        return Err(Refusal::conflict("already-closed", "This contact was closed already.").into());
    }
    if contact.ticks_owed && ticks.is_none() {
        let message = "A held contact is closed only after a named person answered the seven questions about it.";
        return Err(Refusal::conflict("tick-list-required", message).into());
    }
    let release = ticks.as_ref().map(TickList::release).unwrap_or_else(nothing);
    if let Some(ticks) = &ticks {
        contact.flags = ticks.ticked().iter().map(|flag| RaisedFlag::by_person(*flag, actor.reference())).collect();
        contact.exempt = release.exempt;
        contact.queues = release.queues.clone();
        contact.ticks_owed = false;
    }
    if release.exempt {
        contact.place = Place::Released;
        contact.place_because = Some(findings::in_queues(&release.queues));
    }
    contact.handling = if asked.close { Progress::Closed } else { Progress::Read };
    contact.read_due_at = None;
    contacts::set_handling(tx, &contact).await?;
    let told = json!({
        "answers": asked.answers, "queues": release.queues, "exempt": contact.exempt, "closed": asked.close,
        "recordingTask": release.recording_task, "note": asked.note,
    });
    happened(app, tx, actor, contact.id, ("handled", told)).await?;
    reading::done(tx, contact.id, actor, app.now()).await?;
    if ticks.is_some() {
        queues::ask(app, tx, &contact).await?;
    }
    contact.version += 1;
    let counted_for = contact.counts_for;
    let contact = settle(app, tx, contact, counted_for).await?;
    Ok(Handled { contact, queues: release.queues, recording_task: release.recording_task })
}

fn nothing() -> Release {
    Release { queues: Vec::new(), exempt: false, recording_task: false }
}
