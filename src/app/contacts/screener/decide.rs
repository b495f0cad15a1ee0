//! A named person decides about a sender who is not on file.

use super::list::DecisionView;
use super::{AUTOMATIC, GENERAL, MOST_MAILS, PERSON};
use crate::app::contacts::attribute_contact::{Decision, MAY_TRIAGE, attribute_together, happened};
use crate::app::people::{NewIdentifier, NewPerson, create_person_in, may_act_on, recognise_in};
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::contact::NotCounted;
use crate::domain::ids::{ContactId, IdentifierId, PersonId, of};
use crate::domain::person::{Confidence, HolderRole, IdentifierKind};
use crate::store::Tx;
use crate::store::contacts::Contact;
use crate::store::screener::{self, DecisionRow};
use serde_json::json;

#[derive(Clone, Debug)]
pub struct Screening {
    /// As the list shows it.
    pub address: String,
    pub is: Verdict,
    pub reason: String,
}

/// Who the sender is.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Somebody on file: what waits is theirs, and the address is one of theirs from now on.
    Person(PersonId, AddressIs),
    /// Somebody new.
    NewPerson(Box<NewPerson>, AddressIs),
    /// Nobody who contacts us again and again: their mail is read where unattributed mail is read, and asked about no
    /// more.
    General,
    /// A list or a machine: their mail is filed from now on as a list's is. What is proven not to come from there, what
    /// answers us, and what something urgent may stand in is read all the same.
    Automatic,
}

/// How sure we are that an address is a person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressIs {
    /// Proven mail from it counts by itself.
    Confirmed,
    /// Mail from it is suggested to be theirs.
    Claimed,
}

/// Decides, and answers what was decided. What is suspected to be feigned stays where it is.
///
/// # Errors
/// `named-person-required`, `wrong-role`, `complained-about`; `Invalid` without a reason, for an unknown person, or for
/// what is no address where it is to be put on file; `sender-not-waiting` where no mail of theirs waits;
/// `sender-decided` where a decision is in force.
pub async fn decide_sender(app: &App, actor: &Actor, asked: Screening) -> Result<DecisionView, AppError> {
    rights::officer_with(actor, &MAY_TRIAGE)?;
    if asked.reason.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Say why."));
    }
    let (inner, actor) = (app.clone(), actor.clone());
    let decided = app.store.write(async move |tx| Box::pin(decide_in(&inner, tx, &actor, asked)).await);
    Ok(decided.await?.into())
}

async fn decide_in(app: &App, tx: &Tx, actor: &Actor, asked: Screening) -> Result<DecisionRow, AppError> {
    let officer = rights::named_person(actor)?.id;
    let address = asked.address.trim().to_owned();
    let standing = screener::in_force(tx, std::slice::from_ref(&address)).await?.remove(&address);
    if standing.is_some_and(|row| row.decision != PERSON) {
        let message = "Something is decided about this sender already; reverse that first.";
        return Err(Refusal::conflict("sender-decided", message).into());
    }
    let waiting = screener::mail_of(tx, &address, MOST_MAILS).await?;
    if waiting.is_empty() {
        return Err(Refusal::conflict("sender-not-waiting", "No mail of this sender waits for a decision.").into());
    }
    let id = app.new_id::<of::Event>().as_uuid();
    let (decision, person, identifier, about) = match asked.is {
        Verdict::General => (GENERAL, None, None, waiting),
        Verdict::Automatic => (AUTOMATIC, None, None, waiting),
        Verdict::Person(person, sure) => {
            let (identifier, theirs) =
                theirs(app, tx, actor, (person, sure), (&address, &asked.reason, waiting)).await?;
            (PERSON, Some(person), identifier, theirs)
        }
        Verdict::NewPerson(new, sure) => {
            let person = create_person_in(app, tx, actor, *new).await?;
            let (identifier, theirs) =
                theirs(app, tx, actor, (person, sure), (&address, &asked.reason, waiting)).await?;
            (PERSON, Some(person), identifier, theirs)
        }
    };
    let about: Vec<ContactId> = about.iter().map(|contact| contact.id).collect();
    for contact in &about {
        let told = json!({ "screening": id, "to": decision, "reason": asked.reason });
        happened(app, tx, actor, *contact, ("sender_screened", told)).await?;
    }
    let row = DecisionRow {
        id,
        address,
        decision: decision.to_owned(),
        person_id: person.map(|person| person.as_uuid()),
        identifier_id: identifier.map(|identifier| identifier.as_uuid()),
        reason: asked.reason,
        decided_by: officer.as_uuid(),
        decided_at: app.now(),
        contacts: json!(about),
        reversed_by: None,
        reversed_at: None,
        reversal_reason: None,
    };
    screener::insert(tx, row.clone()).await?;
    Ok(row)
}

/// What waits becomes the person's, but for what is suspected to be feigned; and the address is put on file as theirs.
async fn theirs(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (person, sure): (PersonId, AddressIs),
    (address, reason, waiting): (&str, &str, Vec<Contact>),
) -> Result<(Option<IdentifierId>, Vec<Contact>), AppError> {
    may_act_on(tx, actor, Some(person)).await?;
    let spoof = |contact: &Contact| contact.not_counted == Some(NotCounted::SuspectedSpoof);
    let theirs: Vec<Contact> = waiting.into_iter().filter(|contact| !spoof(contact)).collect();
    attribute_together(app, tx, actor, (theirs.clone(), Decision::Own(person)), reason).await?;
    let new = NewIdentifier {
        kind: IdentifierKind::Email,
        value: address.to_owned(),
        role: HolderRole::Own,
        confidence: match sure {
            AddressIs::Confirmed => Confidence::Confirmed,
            AddressIs::Claimed => Confidence::Claimed,
        },
        source: reason.to_owned(),
    };
    let identifier = recognise_in(app, tx, actor, (person, new)).await?;
    Ok((identifier, theirs))
}
