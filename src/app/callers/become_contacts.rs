//! Calls of people on file are contacts of theirs too: counted, measured and read as any other.

use crate::app::contacts::{ContactFacts, Recorded, bring_back, is_theirs, record_in};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::calls::CallerKey;
use crate::domain::contact::NotCounted;
use crate::domain::ids::{CallId, CallerId, ContactId, PersonId};
use crate::domain::person::IdentifierKind;
use crate::store::calls::{self, Call};
use crate::store::contacts::Contact;
use crate::store::{Tx, callers, identifiers};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The system under whose name calls are kept as contacts: the same call is at most one.
pub(crate) const CALLS_SYSTEM: &str = "call-records";

/// So many of a number's earlier calls become contacts at once when the number is put on file.
const ADOPTED_AT_ONCE: u64 = 200;

/// Whom calls are of beyond what their numbers say, and which contacts other calls of the same write have already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    /// An officer said so, of all of them.
    pub(super) person: Option<PersonId>,
    pub(super) taken: &'a HashSet<ContactId>,
}

/// Records the calls whose caller is on file, by number or because an officer said so, as contacts: a contact of the
/// call that was withdrawn counts again, and one that stands for another call by now is left to that. Answers which call
/// became which contact.
pub(super) async fn become_contacts(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (of, known): (&[&Call], Known<'_>),
) -> Result<Vec<(CallId, ContactId)>, AppError> {
    let mut left = of_people_on_file(tx, of, known.person).await?;
    let callers: Vec<CallerId> = left.iter().filter_map(|(call, _)| call.caller).collect();
    let mut taken = known.taken.clone();
    let (mut became, mut back) = (Vec::with_capacity(left.len()), Vec::new());
    for nth in 1_u32.. {
        if left.is_empty() {
            break;
        }
        let facts = left.iter().map(|(call, person)| contact_of(call, *person, nth)).collect();
        let recorded = record_in(app, tx, actor, facts).await?;
        let known_before = recorded.iter().filter_map(|one| match one {
            Ok(Recorded::Known(contact)) => Some(contact.id),
            Ok(Recorded::New(_)) | Err(_) => None,
        });
        taken.extend(calls::contacts_held(tx, &callers, &Vec::from_iter(known_before)).await?);
        let mut again = Vec::new();
        for ((call, person), recorded) in left.into_iter().zip(recorded) {
            let Ok(recorded) = recorded else { continue };
            let contact = recorded.contact();
            if matches!(recorded, Recorded::Known(_)) && (!tells_of(contact, call) || !taken.insert(contact.id)) {
                again.push((call, person));
                continue;
            }
            if contact.not_counted == Some(NotCounted::Withdrawn) {
                back.push(contact.id);
            }
            became.push((call.id, contact.id));
        }
        left = again;
    }
    Box::pin(bring_back(app, tx, actor, &back)).await?;
    Ok(became)
}

/// The same of calls that are stored, with the contact of each. Answers how many became one.
pub(super) async fn keep_contacts(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    stored: (&[&Call], Known<'_>),
) -> Result<usize, AppError> {
    let became = become_contacts(app, tx, actor, stored).await?;
    let became: Vec<_> = became.into_iter().map(|(call, contact)| (call, Some(contact))).collect();
    calls::set_contacts(tx, &became).await?;
    Ok(became.len())
}

/// Whether a contact is what was told of this call: a row that was withdrawn may come again with another number.
fn tells_of(contact: &Contact, call: &Call) -> bool {
    contact.presented == call.number && contact.received_at == call.started_at
}

/// Those of these calls whose number somebody on file has, or whose caller somebody on file is, and who, where that is
/// told otherwise than by the number.
async fn of_people_on_file<'c>(
    tx: &Tx,
    of: &[&'c Call],
    named: Option<PersonId>,
) -> Result<Vec<(&'c Call, Option<PersonId>)>, AppError> {
    let numbers: BTreeSet<String> = of.iter().filter_map(|call| call.number.clone()).collect();
    let held = identifiers::holders(tx, IdentifierKind::Telephone, &Vec::from_iter(numbers)).await?;
    let unnumbered: BTreeSet<CallerId> =
        of.iter().filter(|call| call.number.is_none()).filter_map(|call| call.caller).collect();
    let linked = callers::with_ids(tx, &Vec::from_iter(unnumbered)).await?;
    let linked: HashMap<CallerId, PersonId> =
        linked.into_iter().filter_map(|caller| Some((caller.id, caller.person?))).collect();
    let whose = |call: &&'c Call| {
        let person = named.or_else(|| call.caller.and_then(|caller| linked.get(&caller).copied()));
        let on_file = call.number.as_ref().is_some_and(|number| held.contains_key(number));
        (person.is_some() || on_file).then_some((*call, person))
    };
    Ok(of.iter().filter_map(whose).collect())
}

/// `nth`: other contacts of this name stand for other calls.
fn contact_of(call: &Call, person: Option<PersonId>, nth: u32) -> ContactFacts {
    let name = format!("{}:{}", call.system, call.source_ref);
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
        external_ref: Some(if nth == 1 { name } else { format!("{name}#{nth}") }),
        person_id: person,
        person_reference: None,
    }
}

/// An officer said whose this call was, and why. A call that is somebody's contact already stays theirs: whoever works on
/// contacts says whose it is. Whoever asks holds [`super::CALLS`].
///
/// # Errors
/// What the store says.
pub(crate) async fn adopt_call(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (call, person): (CallId, PersonId),
    reason: &str,
) -> Result<(), AppError> {
    let Some(row) = calls::find(tx, call).await?.filter(|row| row.withdrawn_at.is_none()) else { return Ok(()) };
    let head = calls::find(tx, row.call).await?.unwrap_or(row);
    if !head.counts {
        return Ok(());
    }
    if let Some(contact) = head.contact {
        return Box::pin(is_theirs(app, tx, actor, (contact, person), reason)).await;
    }
    let known = Known { person: Some(person), taken: &HashSet::new() };
    keep_contacts(app, tx, actor, (&[&head], known)).await.map(drop)
}

/// A number was put on file: the calls from it that are here already become contacts. Whoever asks holds
/// [`super::CALLS`].
///
/// # Errors
/// What the store says.
pub(crate) async fn adopt_calls_of_number(app: &App, tx: &Tx, actor: &Actor, number: &str) -> Result<(), AppError> {
    adopt_calls(app, tx, actor, CallerKey::of_number(number).id()).await
}

/// The calls of a caller who is on file now, as contacts, the earliest first. Whoever asks holds [`super::CALLS`].
pub(crate) async fn adopt_calls(app: &App, tx: &Tx, actor: &Actor, caller: CallerId) -> Result<(), AppError> {
    let known = Known { person: None, taken: &HashSet::new() };
    let mut after = None;
    loop {
        let some = calls::without_contact(tx, caller, after, ADOPTED_AT_ONCE).await?;
        let Some(last) = some.last() else { return Ok(()) };
        after = Some((last.started_at, last.id));
        keep_contacts(app, tx, actor, (&some.iter().collect::<Vec<_>>(), known)).await?;
    }
}
