//! What the call taker knows, and whom it points to.

use super::MOST_MATCHES;
use crate::app::AppError;
use crate::domain::calls::CallerKey;
use crate::domain::ids::{CallerId, PersonId};
use crate::domain::person::{IdentifierKind, normalise};
use crate::store::callers::{self, Caller};
use crate::store::people::{self, Person};
use crate::store::{StoreError, identifiers};
use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;

/// At least one of them.
#[derive(Clone, Debug, Default)]
pub struct Clues {
    pub telephone: Option<String>,
    pub postcode: Option<String>,
    pub address: Option<String>,
    pub name: Option<String>,
    pub date_of_birth: Option<NaiveDate>,
}

/// Whom they point to.
pub(super) struct Found {
    /// The likeliest first, each with the clues that point there.
    pub(super) people: Vec<(OneOnFile, Vec<&'static str>)>,
    /// Callers by name or place.
    pub(super) callers: Vec<Caller>,
    /// The number on the line, known or not.
    pub(super) number: Option<Number>,
}

/// A person with every record that is them.
pub(super) struct OneOnFile {
    pub(super) person: Person,
    pub(super) members: Vec<Person>,
}

impl OneOnFile {
    /// By the record that stands for the others.
    pub(super) fn of(records: Vec<Person>) -> BTreeMap<PersonId, Self> {
        let mut grouped: BTreeMap<PersonId, Vec<Person>> = BTreeMap::new();
        for record in records {
            grouped.entry(record.root()).or_default().push(record);
        }
        let whole = |(id, members): (PersonId, Vec<Person>)| {
            let person = members.iter().find(|member| member.id == id)?.clone();
            Some((id, Self { person, members }))
        };
        grouped.into_iter().filter_map(whole).collect()
    }
}

/// The number on the line, and who called from it before.
pub(super) struct Number {
    pub(super) id: CallerId,
    pub(super) caller: Option<Caller>,
}

impl Clues {
    /// # Errors
    /// `Invalid` with nothing to go by.
    pub(super) fn are_given(&self) -> Result<(), AppError> {
        let clues = [&self.telephone, &self.postcode, &self.address, &self.name];
        match clues.iter().any(|clue| clue.as_deref().is_some_and(|clue| !clue.trim().is_empty())) {
            true => Ok(()),
            false => Err(AppError::invalid("", "Give a telephone number, a postcode, an address or a name.")),
        }
    }

    /// Each clue that can be an identifier, in its normalised form. One that cannot points to nobody: a call taker has no
    /// time to be corrected, and a withheld number is none.
    pub(super) fn identifiers(&self) -> Vec<(IdentifierKind, String)> {
        let clues = [
            (IdentifierKind::Telephone, &self.telephone),
            (IdentifierKind::Postcode, &self.postcode),
            (IdentifierKind::Address, &self.address),
        ];
        let read =
            |(kind, clue): (IdentifierKind, &Option<String>)| Some((kind, normalise(kind, clue.as_deref()?).ok()?));
        clues.into_iter().filter_map(read).collect()
    }

    /// The number on the line, as a caller.
    pub(super) fn number(&self) -> Option<CallerId> {
        let telephone = self.telephone.as_deref()?;
        let number = normalise(IdentifierKind::Telephone, telephone).ok()?;
        Some(CallerKey::of_number(&number).id())
    }

    /// A name long enough to search by.
    pub(super) fn long_name(&self) -> Option<&str> {
        self.name.as_deref().map(str::trim).filter(|name| name.chars().count() >= 3)
    }

    /// Where the call may come from.
    pub(super) fn places(&self) -> Vec<String> {
        self.address.iter().chain(&self.postcode).map(|place| place.trim().to_owned()).collect()
    }
}

/// Asks the database.
pub(super) async fn found(db: &impl ConnectionTrait, clues: &Clues) -> Result<Found, StoreError> {
    let number = async {
        let Some(id) = clues.number() else { return Ok::<_, StoreError>(None) };
        Ok(Some(Number { id, caller: callers::find(db, id).await? }))
    };
    let place = clues.address.as_deref().map(str::trim).filter(|place| !place.is_empty());
    let named = callers::named(db, (clues.long_name(), place), MOST_MATCHES);
    let (mut matched, number, named) = tokio::try_join!(matched(db, clues), number, named)?;
    for person in number.iter().filter_map(|number| number.caller.as_ref()?.person) {
        point(&mut matched, person, "caller");
    }
    let likeliest = likeliest(matched);
    let ids: Vec<PersonId> = likeliest.iter().map(|(person, _)| *person).collect();
    let records = if ids.is_empty() { Vec::new() } else { people::members(db, &ids).await? };
    let mut on_file = OneOnFile::of(records);
    let people = likeliest.into_iter().filter_map(|(id, by)| Some((on_file.remove(&id)?, by))).collect();
    Ok(Found { people, callers: named, number })
}

/// Whom each clue points to, after merges.
async fn matched(
    db: &impl ConnectionTrait,
    clues: &Clues,
) -> Result<BTreeMap<PersonId, Vec<&'static str>>, StoreError> {
    let mut matched: BTreeMap<PersonId, Vec<&'static str>> = BTreeMap::new();
    for (kind, value) in clues.identifiers() {
        for holder in identifiers::holders(db, kind, &[value]).await?.into_values().flatten() {
            point(&mut matched, holder.person, kind.as_str());
        }
    }
    if let Some(name) = clues.long_name() {
        for person in people::search(db, name, clues.date_of_birth, MOST_MATCHES).await? {
            point(&mut matched, person.root(), "name");
        }
    }
    Ok(matched)
}

pub(super) fn point(matched: &mut BTreeMap<PersonId, Vec<&'static str>>, to: PersonId, clue: &'static str) {
    let by = matched.entry(to).or_default();
    if !by.contains(&clue) {
        by.push(clue);
    }
}

/// The most telling clue decides who comes first: a number, then where somebody lives, then a name; among those, most
/// clues first.
pub(super) fn likeliest(matched: BTreeMap<PersonId, Vec<&'static str>>) -> Vec<(PersonId, Vec<&'static str>)> {
    let mut matched: Vec<_> = matched.into_iter().collect();
    let rank = |by: &[&'static str]| {
        let order = ["telephone", "caller", "address", "postcode", "name"];
        order.iter().position(|clue| by.contains(clue)).unwrap_or(order.len())
    };
    matched.sort_by_key(|(person, by)| (rank(by), std::cmp::Reverse(by.len()), *person));
    matched.truncate(usize::try_from(MOST_MATCHES).unwrap_or(usize::MAX));
    matched
}
