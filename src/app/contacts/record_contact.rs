//! A contact of any channel is recorded: by an officer who took it, or by a system that feeds ours.

use super::admit::{Admitted, admit};
use crate::app::{App, AppError, FieldFault, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::attribution::{
    Attribution, Authentication, Certainty, Evidence, Holder, attribute_call, attribute_mail,
};
use crate::domain::contact::{Channel, Place, raise};
use crate::domain::ids::PersonId;
use crate::domain::person::{IdentifierKind, normalise};
use crate::store::contacts::{self, Contact, External, Handling};
use crate::store::{Tx, identifiers, people};
use chrono::{DateTime, Duration, SubsecRound, Utc};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Officers who take contacts; every one of them may write down that one happened.
pub(crate) const MAY_RECORD: [Role; 10] = [
    Role::Ccr,
    Role::Opt,
    Role::Snt,
    Role::Mash,
    Role::Csu,
    Role::Coordinator,
    Role::PsdStaff,
    Role::PsdSupervisor,
    Role::Spoc,
    Role::Chair,
];

/// What is known of a contact when it is recorded.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewContact)]
pub struct ContactFacts {
    pub channel: Channel,
    /// When ours received it; absent: now.
    pub received_at: Option<DateTime<Utc>>,
    /// Which of our addresses or numbers it came to.
    pub addressee: Option<String>,
    /// The address or number it came from.
    pub presented: Option<String>,
    pub subject: Option<String>,
    pub words: Option<String>,
    pub external_system: Option<String>,
    pub external_ref: Option<String>,
    /// Who it was, where the recorder knows.
    pub person_id: Option<PersonId>,
    /// The same by the department's own reference.
    pub person_reference: Option<String>,
}

/// A recorded contact.
#[derive(Clone, Debug)]
pub enum Recorded {
    New(Contact),
    /// The other system's name for it was recorded before; nothing was changed.
    Known(Contact),
}

impl Recorded {
    pub fn contact(&self) -> &Contact {
        match self {
            Recorded::New(contact) | Recorded::Known(contact) => contact,
        }
    }
}

/// The system under whose name a message's Message-ID is kept: the same mail in two of our mailboxes is one contact.
pub(crate) const MESSAGE_ID: &str = "message-id";

/// Records one contact. Idempotent by the other system's name for it.
///
/// # Errors
/// `Refused` for a system without the scope or an officer without a role; `Invalid` with every faulty field.
pub async fn record_contact(app: &App, actor: &Actor, facts: ContactFacts) -> Result<Recorded, AppError> {
    may_record(actor)?;
    let (inner, actor) = (app.clone(), actor.clone());
    let recorded = app.store.write(async move |tx| {
        let mut results = record_in(&inner, tx, &actor, vec![facts]).await?;
        results.pop().unwrap_or(Err(Vec::new())).map_err(AppError::Invalid)
    });
    Ok(recorded.await?)
}

pub(super) fn may_record(actor: &Actor) -> Result<(), AppError> {
    rights::system_or_officer(actor, Scope::ContactsWrite, &MAY_RECORD)
}

/// Records many in one transaction: an answer each, in the order given. A faulty one is left out and named.
pub(crate) async fn record_in(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    facts: Vec<ContactFacts>,
) -> Result<Vec<Result<Recorded, Vec<FieldFault>>>, AppError> {
    let known = known(tx, &facts).await?;
    let book = AddressBook::load(tx, &facts).await?;
    let mut seen: BTreeSet<External> = BTreeSet::new();
    let mut answers = Vec::with_capacity(facts.len());
    let mut fresh = Vec::new();
    for facts in facts {
        let contact = match compose(app, actor, &book, facts) {
            Ok(contact) => contact,
            Err(faults) => {
                answers.push(Answer::Faulty(faults));
                continue;
            }
        };
        match contact.external.clone() {
            Some(external) if known.contains_key(&external) || !seen.insert(external.clone()) => {
                answers.push(Answer::Known(external));
            }
            Some(_) | None => {
                answers.push(Answer::Fresh);
                fresh.push(contact);
            }
        }
    }
    let Admitted { contacts, .. } = admit(app, tx, actor.reference(), fresh).await?;
    Ok(answer(answers, contacts, known))
}

enum Answer {
    Fresh,
    Known(External),
    Faulty(Vec<FieldFault>),
}

fn answer(
    answers: Vec<Answer>,
    admitted: Vec<Contact>,
    mut known: BTreeMap<External, Contact>,
) -> Vec<Result<Recorded, Vec<FieldFault>>> {
    let mut admitted = admitted.into_iter();
    let mut results = Vec::with_capacity(answers.len());
    for answer in answers {
        let result = match answer {
            Answer::Faulty(faults) => Some(Err(faults)),
            Answer::Known(external) => known.get(&external).map(|contact| Ok(Recorded::Known(contact.clone()))),
            Answer::Fresh => admitted.next().map(|contact| {
                if let Some(external) = contact.external.clone() {
                    known.insert(external, contact.clone());
                }
                Ok(Recorded::New(contact))
            }),
        };
        results.extend(result);
    }
    results
}

async fn known(tx: &Tx, facts: &[ContactFacts]) -> Result<BTreeMap<External, Contact>, AppError> {
    let externals: Vec<External> = facts.iter().filter_map(|facts| external(facts).ok().flatten()).collect();
    let mut known = BTreeMap::new();
    for chunk in externals.chunks(200) {
        for contact in contacts::with_externals(tx, chunk).await? {
            if let Some(external) = contact.external.clone() {
                known.insert(external, contact);
            }
        }
    }
    Ok(known)
}

fn external(facts: &ContactFacts) -> Result<Option<External>, FieldFault> {
    match (facts.external_system.as_deref().map(str::trim), facts.external_ref.as_deref().map(str::trim)) {
        (None, None) => Ok(None),
        (Some(system), Some(_)) if system.eq_ignore_ascii_case(MESSAGE_ID) => {
            Err(fault("/externalSystem", "This name is kept for mail that came in by itself; take another."))
        }
        (Some(system), Some(reference)) if !system.is_empty() && !reference.is_empty() => {
            Ok(Some(External { system: system.to_owned(), reference: reference.to_owned() }))
        }
        (Some(_), Some(_)) => Err(fault("/externalRef", "Neither may be empty.")),
        (Some(_), None) => Err(fault("/externalRef", "A system's name for a contact is both, system and reference.")),
        (None, Some(_)) => {
            Err(fault("/externalSystem", "A system's name for a contact is both, system and reference."))
        }
    }
}

fn fault(pointer: &str, detail: &str) -> FieldFault {
    FieldFault { pointer: pointer.to_owned(), detail: detail.to_owned() }
}

/// The people that the contacts of one batch might be from.
struct AddressBook {
    holders: HashMap<(IdentifierKind, String), Vec<Holder>>,
    roots: BTreeMap<PersonId, PersonId>,
    /// Record and person after merges.
    by_reference: BTreeMap<String, (PersonId, PersonId)>,
}

impl AddressBook {
    async fn load(tx: &Tx, facts: &[ContactFacts]) -> Result<Self, AppError> {
        let mut holders = HashMap::new();
        let mut values: BTreeMap<IdentifierKind, BTreeSet<String>> = BTreeMap::new();
        for (kind, value) in facts.iter().filter_map(sender) {
            values.entry(kind).or_default().insert(value);
        }
        for (kind, values) in values {
            let found = identifiers::holders(tx, kind, &values.into_iter().collect::<Vec<_>>()).await?;
            holders.extend(found.into_iter().map(|(value, of)| ((kind, value), of)));
        }
        let ids: Vec<PersonId> = facts.iter().filter_map(|facts| facts.person_id).collect();
        let roots = if ids.is_empty() { BTreeMap::new() } else { people::roots(tx, &ids).await? };
        let references: Vec<String> = facts.iter().filter_map(|facts| facts.person_reference.clone()).collect();
        let named = if references.is_empty() { Vec::new() } else { people::with_references(tx, &references).await? };
        let by_reference =
            named.into_iter().map(|person| (person.reference.clone(), (person.id, person.root()))).collect();
        Ok(Self { holders, roots, by_reference })
    }

    fn holders(&self, sender: &(IdentifierKind, String)) -> &[Holder] {
        self.holders.get(sender).map_or(&[], Vec::as_slice)
    }

    /// The record the recorder named, if any, and the person after merges.
    fn named(&self, facts: &ContactFacts) -> Result<Option<(PersonId, PersonId)>, FieldFault> {
        let unknown = "There is no such person on file.";
        match (facts.person_id, &facts.person_reference) {
            (None, None) => Ok(None),
            (Some(id), _) => {
                let root = self.roots.get(&id).copied();
                root.map(|root| Some((id, root))).ok_or_else(|| fault("/personId", unknown))
            }
            (None, Some(reference)) => {
                let found = self.by_reference.get(reference).copied();
                found.map(Some).ok_or_else(|| fault("/personReference", unknown))
            }
        }
    }
}

/// The identifier a contact presents, in its normalised form.
fn sender(facts: &ContactFacts) -> Option<(IdentifierKind, String)> {
    let kind = match facts.channel {
        Channel::Phone999 | Channel::Phone101 | Channel::Telephone => IdentifierKind::Telephone,
        Channel::Email => IdentifierKind::Email,
        Channel::OnlineMessage | Channel::OnlineChat => IdentifierKind::Handle,
        Channel::Letter | Channel::InPerson => IdentifierKind::Postcode,
    };
    let value = normalise(kind, facts.presented.as_deref()?).ok()?;
    Some((kind, value))
}

fn attribution(actor: &Actor, book: &AddressBook, facts: &ContactFacts) -> Result<Attribution, FieldFault> {
    if let Some((person, root)) = book.named(facts)? {
        // A system that hands in a mail knows only whom the mail claims to be from.
        let claimed = facts.channel == Channel::Email && actor.officer().is_none();
        return Ok(Attribution {
            certainty: if claimed { Certainty::Suggested } else { Certainty::Confirmed },
            person: Some(person),
            root: Some(root),
            suspected_spoof: false,
            evidence: vec![Evidence::NamedByRecorder { by: actor.reference() }],
        });
    }
    let sender = sender(facts);
    let holders = sender.as_ref().map_or(&[][..], |sender| book.holders(sender));
    Ok(match facts.channel {
        Channel::Phone999 | Channel::Phone101 | Channel::Telephone => {
            attribute_call(sender.is_some(), facts.channel.may_be_limited(), holders)
        }
        Channel::Email | Channel::Letter | Channel::InPerson | Channel::OnlineMessage | Channel::OnlineChat => {
            attribute_mail(usize::from(sender.is_some()), Authentication::Unknown, holders)
        }
    })
}

fn compose(app: &App, actor: &Actor, book: &AddressBook, facts: ContactFacts) -> Result<Contact, Vec<FieldFault>> {
    let now = app.now();
    let received_at = facts.received_at.unwrap_or(now).trunc_subsecs(6);
    let mut faults = Vec::new();
    if received_at > now + Duration::minutes(5) {
        faults.push(fault("/receivedAt", "A contact is recorded after it was received."));
    }
    let external = external(&facts).unwrap_or_else(|fault| {
        faults.push(fault);
        None
    });
    let attribution = match attribution(actor, book, &facts) {
        Ok(attribution) if faults.is_empty() => attribution,
        Ok(_) => return Err(faults),
        Err(fault) => {
            faults.push(fault);
            return Err(faults);
        }
    };
    let counts_for = attribution.counts_for();
    let not_counted =
        (attribution.certainty == Certainty::OnBehalf).then_some(crate::domain::contact::NotCounted::OnBehalf);
    let flags = raise(facts.subject.as_deref().unwrap_or(""), facts.words.as_deref().unwrap_or(""), false);
    Ok(Contact {
        id: app.new_id(),
        mail: None,
        channel: facts.channel,
        received_at,
        recorded_at: now,
        presented: sender(&facts).map(|(_, value)| value).or(facts.presented),
        addressee: facts.addressee,
        subject: facts.subject,
        words: facts.words,
        kind: None,
        external,
        person: attribution.person,
        counts_for,
        certainty: attribution.certainty,
        evidence: attribution.evidence,
        not_counted,
        exempt: false,
        flags,
        verdict: None,
        place: Place::ToRead,
        place_because: None,
        read_due_at: None,
        handling: Handling::Open,
        ticks_owed: false,
        queues: Vec::new(),
        case: None,
        version: 1,
    })
}
