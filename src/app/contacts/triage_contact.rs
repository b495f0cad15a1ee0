//! A person raises or removes triage flags, or ticks a contact as outside every limit. Whoever says that it is a
//! complaint asks for it to be recorded.

use super::attribute_contact::{MAY_TRIAGE, at_version, happened, settle};
use super::{findings, queues, reading};
use crate::app::people::may_act_on;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, ActorRef};
use crate::domain::case::Refusal;
use crate::domain::contact::{Flag, Place, Queue, RaisedBy, RaisedFlag};
use crate::domain::ids::ContactId;
use crate::store::Tx;
use crate::store::contacts::{self, Contact};
use serde_json::json;

#[derive(Clone, Debug)]
pub struct Triage {
    pub contact: ContactId,
    /// The version the person saw; `None`: whatever it is.
    pub version: Option<i64>,
    pub raise: Vec<Flag>,
    pub remove: Vec<Flag>,
    /// `Some(true)`: outside every limit; needs a flag other than a threat to staff that a person raised.
    pub exempt: Option<bool>,
    pub reason: String,
}

/// # Errors
/// `Refused` for systems and roles that may not, or `exempt-needs-a-flag`; `NotFound`; `StaleVersion`; `Invalid`
/// without a reason or with nothing to do.
pub async fn triage_contact(app: &App, actor: &Actor, asked: Triage) -> Result<Contact, AppError> {
    rights::officer_with(actor, &MAY_TRIAGE)?;
    if asked.reason.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Say why."));
    }
    if asked.raise.is_empty() && asked.remove.is_empty() && asked.exempt.is_none() {
        return Err(AppError::invalid("", "Raise or remove a flag, or say whether it is exempt."));
    }
    let (inner, actor) = (app.clone(), actor.clone());
    Ok(app.store.write(async move |tx| Box::pin(triage_in(&inner, tx, &actor, asked)).await).await?)
}

async fn triage_in(app: &App, tx: &Tx, actor: &Actor, asked: Triage) -> Result<Contact, AppError> {
    let mut contact = at_version(tx, asked.contact, asked.version).await?;
    may_act_on(tx, actor, contact.person).await?;
    contact.flags = flags(std::mem::take(&mut contact.flags), &asked, actor.reference());
    contact.exempt = asked.exempt.unwrap_or(contact.exempt) && exemptible(&contact.flags);
    if asked.exempt == Some(true) && !contact.exempt {
        let message = "Only what a person ticked as a question 1 to 5 or 7 is outside the limits: raise the flag too.";
        return Err(Refusal::conflict("exempt-needs-a-flag", message).into());
    }
    into_queues(&mut contact);
    contacts::set_handling(tx, &contact).await?;
    let told = json!({
        "raised": asked.raise, "removed": asked.remove, "exempt": contact.exempt, "reason": asked.reason,
    });
    happened(app, tx, actor, contact.id, ("triaged", told)).await?;
    if asked.raise.contains(&Flag::Complaint) {
        reading::ask_for_recording(app, tx, &contact).await?;
    }
    queues::ask(app, tx, &contact).await?;
    contact.version += 1;
    let counted_for = contact.counts_for;
    settle(app, tx, contact, counted_for).await
}

/// Outside the limits it goes to the queues of what a person ticked; what is taken back leaves them.
fn into_queues(contact: &mut Contact) {
    let by_person = contact.flags.iter().filter(|raised| raised.raised_by == RaisedBy::Officer);
    let ticked: Vec<Queue> = by_person.map(|raised| Queue::of(raised.flag)).collect();
    if contact.exempt {
        contact.place = Place::Released;
        contact.place_because = Some(findings::in_queues(&ticked));
        contact.queues = ticked;
    } else {
        contact.queues.retain(|queue| ticked.contains(queue));
    }
}

/// A person's flag takes the place of a rule's.
fn flags(before: Vec<RaisedFlag>, asked: &Triage, by: ActorRef) -> Vec<RaisedFlag> {
    let gone = |flag: Flag| asked.remove.contains(&flag) || asked.raise.contains(&flag);
    let mut flags: Vec<RaisedFlag> = before.into_iter().filter(|raised| !gone(raised.flag)).collect();
    flags.extend(asked.raise.iter().map(|flag| RaisedFlag::by_person(*flag, by)));
    flags.sort_by_key(|raised| raised.flag);
    flags.dedup_by_key(|raised| raised.flag);
    flags
}

fn exemptible(flags: &[RaisedFlag]) -> bool {
    flags.iter().any(|raised| raised.raised_by == RaisedBy::Officer && raised.flag.may_exempt())
}
