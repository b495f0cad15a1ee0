//! Calls of people on file are contacts of theirs too: counted, measured and read as any other.

use crate::app::contacts::{ContactFacts, Recorded, record_in};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::calls::CallerKey;
use crate::domain::ids::{CallId, CallerId, ContactId, PersonId};
use crate::domain::person::IdentifierKind;
use crate::store::calls::{self, Call};
use crate::store::{Tx, callers, identifiers};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};

/// The system under whose name calls are kept as contacts: the same call is at most one.
pub(crate) const CALLS_SYSTEM: &str = "call-records";

/// So many of a number's earlier calls become contacts when the number is put on file.
const MOST_ADOPTED: u64 = 5_000;

/// Records the calls whose caller is on file, by number or because an officer said so (`named`: of all of them), as
/// contacts. Answers which call became which contact.
pub(super) async fn become_contacts(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (of, named): (&[&Call], Option<PersonId>),
) -> Result<Vec<(CallId, ContactId)>, AppError> {
    let numbers: BTreeSet<String> = of.iter().filter_map(|call| call.number.clone()).collect();
    let held = identifiers::holders(tx, IdentifierKind::Telephone, &Vec::from_iter(numbers)).await?;
    let unnumbered: BTreeSet<CallerId> =
        of.iter().filter(|call| call.number.is_none()).filter_map(|call| call.caller).collect();
    let linked = callers::with_ids(tx, &Vec::from_iter(unnumbered)).await?;
    let linked: HashMap<CallerId, PersonId> =
        linked.into_iter().filter_map(|caller| Some((caller.id, caller.person?))).collect();
    let mut whose = Vec::new();
    let mut facts = Vec::new();
    for call in of {
        let person = named.or_else(|| call.caller.and_then(|caller| linked.get(&caller).copied()));
        let on_file = call.number.as_ref().is_some_and(|number| held.contains_key(number));
        if person.is_some() || on_file {
            whose.push(call.id);
            facts.push(contact_of(call, person));
        }
    }
    if facts.is_empty() {
        return Ok(Vec::new());
    }
    let recorded = record_in(app, tx, actor, facts).await?;
    let became = |(call, recorded): (CallId, Result<Recorded, _>)| {
        recorded.ok().map(|recorded: Recorded| (call, recorded.contact().id))
    };
    Ok(whose.into_iter().zip(recorded).filter_map(became).collect())
}

fn contact_of(call: &Call, person: Option<PersonId>) -> ContactFacts {
    let words = [&call.words.details, &call.words.actions, &call.words.result];
    let words: Vec<&str> = words.into_iter().filter_map(Option::as_deref).collect();
    ContactFacts {
        channel: call.channel,
        received_at: Some(call.started_at),
        addressee: call.words.route.clone(),
        presented: call.number.clone(),
        subject: call.words.subject.clone(),
        words: (!words.is_empty()).then(|| words.join("\n")),
        external_system: Some(CALLS_SYSTEM.to_owned()),
        external_ref: Some(format!("{}:{}", call.system, call.source_ref)),
        person_id: person,
        person_reference: None,
    }
}

/// A number was put on file: the calls from it that are here already become contacts.
///
/// # Errors
/// What the store says.
pub(crate) async fn adopt_calls_of_number(app: &App, tx: &Tx, actor: &Actor, number: &str) -> Result<(), AppError> {
    adopt_calls(app, tx, actor, CallerKey::of_number(number).id()).await
}

/// The calls of a caller who is on file now, as contacts.
pub(crate) async fn adopt_calls(app: &App, tx: &Tx, actor: &Actor, caller: CallerId) -> Result<(), AppError> {
    let ever = (DateTime::<Utc>::UNIX_EPOCH, app.now());
    let found = calls::of_caller(tx, caller, ever, MOST_ADOPTED).await?;
    let fresh: Vec<&Call> = found.iter().filter(|call| call.counts && call.contact.is_none()).collect();
    for some in fresh.chunks(200) {
        let became = become_contacts(app, tx, actor, (some, None)).await?;
        let became: Vec<_> = became.into_iter().map(|(call, contact)| (call, Some(contact))).collect();
        calls::set_contacts(tx, &became).await?;
    }
    Ok(())
}
