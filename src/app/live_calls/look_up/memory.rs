//! What this process keeps in mind for live calls while the database is away: the people and numbers most needed, who
//! looked, and the looks that could not be written down yet. Bounded, and gone with the process.

use super::MOST_MATCHES;
use super::callers::{CallerFound, CallerKnown};
use super::clues::{Clues, likeliest, point};
use super::described::Described;
use super::persons::CallerMatch;
use super::places::PlaceFound;
use super::signed_in::SignedIn;
use crate::app::App;
use crate::domain::calls::MarkedOn;
use crate::domain::ids::{CallerId, OfficerId, PersonId};
use crate::domain::person::{IdentifierKind, fold_name};
use crate::store::access_log::Access;
use crate::store::caller_markers::Marker;
use chrono::{DateTime, Duration, Utc};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A database that was found away is not asked again for so long.
const NOT_ASKED: Duration = Duration::seconds(5);
/// Two look-ups that took too long within this time, and none that did not between them: the database is away.
const SLOW_AGAIN: Duration = Duration::seconds(30);
/// How long what was looked up is kept in mind.
pub(super) const LOOKED_UP_WITHIN: Duration = Duration::hours(24);
/// Looks that wait to be written down.
const MOST_UNLOGGED: usize = 50_000;

/// Lives as long as the server.
#[derive(Default)]
pub struct Memory(Mutex<Held>);

#[derive(Default)]
struct Held {
    people: HashMap<PersonId, Kept<Described>>,
    callers: HashMap<CallerId, Kept<CallerKnown>>,
    /// What is marked on places, and when that was read.
    places: (Vec<Marker>, Option<DateTime<Utc>>),
    signed_in: SignedIn,
    hidden: HashMap<OfficerId, Vec<PersonId>>,
    unlogged: VecDeque<Access>,
    away_until: Option<DateTime<Utc>>,
    slow_at: Option<DateTime<Utc>>,
    refreshed_at: Option<DateTime<Utc>>,
}

/// One thing, when it was known, and when somebody last needed it.
struct Kept<T> {
    what: T,
    needed_at: DateTime<Utc>,
}

/// What memory says of some clues.
#[derive(Default)]
pub(super) struct Recalled {
    pub(super) people: Vec<CallerMatch>,
    pub(super) callers: Vec<CallerFound>,
    pub(super) places: Vec<PlaceFound>,
}

impl Memory {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the database was found away just now.
    pub(crate) fn is_away(&self, now: DateTime<Utc>) -> bool {
        self.held().away_until.is_some_and(|until| now < until)
    }

    pub(crate) fn note_away(&self, now: DateTime<Utc>) {
        self.held().away_until = Some(now + NOT_ASKED);
    }

    /// A look-up took too long.
    pub(super) fn note_slow(&self, now: DateTime<Utc>) {
        let mut held = self.held();
        if held.slow_at.is_some_and(|before| now - before < SLOW_AGAIN) {
            held.away_until = Some(now + NOT_ASKED);
        }
        held.slow_at = Some(now);
    }

    pub(super) fn note_there(&self) {
        let mut held = self.held();
        held.away_until = None;
        held.slow_at = None;
    }

    /// Keeps a person whom somebody looked up by these clues.
    pub(super) fn remember_person(
        &self,
        mut person: Described,
        (clues, matched_by): (&Clues, &[&'static str]),
        most: usize,
    ) {
        for (kind, value) in clues.identifiers() {
            if matched_by.contains(&kind.as_str()) && !person.held.contains(&(kind, value.clone())) {
                person.held.push((kind, value));
            }
        }
        let needed_at = person.as_of();
        self.keep_person(person, needed_at, most);
    }

    /// Keeps a person as of now; `needed_at`: when somebody last needed them.
    pub(super) fn keep_person(&self, person: Described, needed_at: DateTime<Utc>, most: usize) {
        let mut held = self.held();
        held.people.insert(person.person(), Kept { what: person, needed_at });
        forget_oldest(&mut held.people, most);
    }

    pub(super) fn remember_caller(&self, caller: CallerKnown, needed_at: DateTime<Utc>, most: usize) {
        let mut held = self.held();
        held.callers.insert(caller.found.caller_id, Kept { what: caller, needed_at });
        forget_oldest(&mut held.callers, most);
    }

    /// Every marker on a place, as it was read at `now`.
    pub(super) fn remember_places(&self, markers: Vec<Marker>, now: DateTime<Utc>) {
        self.held().places = (markers, Some(now));
    }

    /// Who is known to be signed in.
    pub(super) fn signed_in<T>(&self, with: impl FnOnce(&mut SignedIn) -> T) -> T {
        with(&mut self.held().signed_in)
    }

    /// Who complained about this officer.
    pub(super) fn remember_hidden(&self, officer: OfficerId, hidden: Vec<PersonId>) {
        self.held().hidden.insert(officer, hidden);
    }

    /// `None`: it is not known who complained about the officer.
    pub(super) fn hidden_from(&self, officer: OfficerId) -> Option<Vec<PersonId>> {
        self.held().hidden.get(&officer).cloned()
    }

    /// What is known of whom these clues point to, with when it was known.
    pub(super) fn recall(&self, app: &App, clues: &Clues, now: DateTime<Utc>) -> Recalled {
        let held = self.held();
        let known = clues.number().and_then(|number| Some(&held.callers.get(&number)?.what));
        let (marked, places_as_of) = held.marked_places(clues);
        let places = places_as_of.map(|as_of| PlaceFound::among(app, &marked, as_of)).unwrap_or_default();
        let mut on_line = known.map(|known| known.on_line.clone()).unwrap_or_default();
        on_line.caller = clues.number();
        on_line.markers.extend(marked);
        let of_line = known.map(|known| known.found.as_of);
        let people = likeliest(held.pointed_to(clues, known)).into_iter().filter_map(|(id, by)| {
            let described = &held.people.get(&id)?.what;
            let found = described.shown(app, (&on_line, by), now).remembered(now);
            let as_of = of_line.map_or(found.as_of, |of_line| of_line.min(found.as_of));
            Some(CallerMatch { as_of, ..found })
        });
        let of_number = known.map(|known| known.found.clone().remembered(now, vec!["telephone"]));
        let named = held.callers.values().filter(|kept| Some(kept.what.found.caller_id) != clues.number());
        let named = named.filter_map(|kept| {
            let by = kept.what.found.pointed_to_by(clues);
            (!by.is_empty()).then(|| kept.what.found.clone().remembered(now, by))
        });
        let most = usize::try_from(MOST_MATCHES).unwrap_or(usize::MAX);
        Recalled {
            people: people.collect(),
            callers: of_number.into_iter().chain(named.take(most)).collect(),
            places: places.into_iter().map(|place| PlaceFound { from_memory: true, ..place }).collect(),
        }
    }

    /// Who was looked up since `since`: people and numbers, with when.
    pub(super) fn needed_since(&self, since: DateTime<Utc>) -> (Needed<PersonId>, Needed<CallerId>) {
        let held = self.held();
        let people = held.people.iter().map(|(id, kept)| (*id, kept.needed_at));
        let callers = held.callers.iter().map(|(id, kept)| (*id, kept.needed_at));
        let recent = |needed: &DateTime<Utc>| since < *needed;
        (people.filter(|(_, needed)| recent(needed)).collect(), callers.filter(|(_, needed)| recent(needed)).collect())
    }

    /// When each person here was known; for those that are kept without having been looked up.
    pub(super) fn known_at(&self, person: PersonId) -> Option<DateTime<Utc>> {
        self.held().people.get(&person).map(|kept| kept.what.as_of())
    }

    pub(super) fn caller_known_at(&self, caller: CallerId) -> Option<DateTime<Utc>> {
        self.held().callers.get(&caller).map(|kept| kept.what.found.as_of)
    }

    pub(super) fn forget_person(&self, person: PersonId) {
        self.held().people.remove(&person);
    }

    pub(super) fn forget_caller(&self, caller: CallerId) {
        self.held().callers.remove(&caller);
    }

    /// Forgets everybody but these, and whoever was looked up after `now`.
    pub(super) fn retain(
        &self,
        people: impl Fn(&PersonId) -> bool,
        callers: impl Fn(&CallerId) -> bool,
        now: DateTime<Utc>,
    ) {
        let mut held = self.held();
        held.people.retain(|id, kept| now < kept.needed_at || people(id));
        held.callers.retain(|id, kept| now < kept.needed_at || callers(id));
    }

    /// Whether it is time to refresh; then it is noted that it is done.
    pub(super) fn refresh_is_due(&self, now: DateTime<Utc>, every: Duration) -> bool {
        let mut held = self.held();
        let due = held.refreshed_at.is_none_or(|at| at + every <= now || now < at);
        if due {
            held.refreshed_at = Some(now);
        }
        due
    }

    /// The officers whom it is known for who complained about them.
    pub(super) fn officers(&self) -> Vec<OfficerId> {
        self.held().hidden.keys().copied().collect()
    }

    /// Looks that could not be written down. Answers how many wait; `None` where there is no room for them.
    pub fn keep_unlogged(&self, looks: Vec<Access>) -> Option<usize> {
        let mut held = self.held();
        if held.unlogged.len() + looks.len() > MOST_UNLOGGED {
            return None;
        }
        held.unlogged.extend(looks);
        Some(held.unlogged.len())
    }

    /// How many wait.
    pub fn unlogged(&self) -> usize {
        self.held().unlogged.len()
    }

    /// Takes what waits longest to be written down.
    pub(super) fn take_unlogged(&self, most: usize) -> Vec<Access> {
        let mut held = self.held();
        let some = held.unlogged.len().min(most);
        held.unlogged.drain(..some).collect()
    }

    /// Puts back what still could not be written down, before what came since.
    pub(super) fn put_back(&self, looks: Vec<Access>) {
        let mut held = self.held();
        for look in looks.into_iter().rev() {
            held.unlogged.push_front(look);
        }
    }
}

impl Held {
    /// Whom the clues point to.
    fn pointed_to(&self, clues: &Clues, known: Option<&CallerKnown>) -> BTreeMap<PersonId, Vec<&'static str>> {
        let identifiers = clues.identifiers();
        let name = clues.long_name().map(fold_name);
        let whose = known.and_then(|known| known.found.person_id);
        let mut matched: BTreeMap<PersonId, Vec<&'static str>> = BTreeMap::new();
        for (id, kept) in &self.people {
            let person = &kept.what;
            for (kind, _) in identifiers.iter().filter(|clue| person.held.contains(clue)) {
                point(&mut matched, *id, kind.as_str());
            }
            if whose.is_some_and(|whose| person.is(whose)) {
                point(&mut matched, *id, "caller");
            }
            let theirs = person.date_of_birth();
            let born = clues.date_of_birth.is_none_or(|born| theirs.is_none_or(|theirs| theirs == born));
            if born && name.as_ref().is_some_and(|name| person.is_called(name)) {
                point(&mut matched, *id, "name");
            }
        }
        matched
    }

    /// What is marked on the places of these clues, and when it was known.
    fn marked_places(&self, clues: &Clues) -> (Vec<Marker>, Option<DateTime<Utc>>) {
        let (marked, as_of) = &self.places;
        let places: Vec<String> = clues.places().iter().map(|place| fold_name(place)).collect();
        let on_it = |marker: &&Marker| match &marker.on {
            MarkedOn::Place(place) => places.contains(&fold_name(place)),
            MarkedOn::Caller(_) | MarkedOn::Person(_) => false,
        };
        if places.is_empty() {
            return (Vec::new(), *as_of);
        }
        (marked.iter().filter(on_it).cloned().collect(), *as_of)
    }
}

/// Ids with when they were last needed.
pub(super) type Needed<T> = HashMap<T, DateTime<Utc>>;

fn forget_oldest<K: Copy + Eq + std::hash::Hash, T>(kept: &mut HashMap<K, Kept<T>>, most: usize) {
    while kept.len() > most {
        let Some(oldest) = kept.iter().min_by_key(|(_, kept)| kept.needed_at).map(|(id, _)| *id) else { return };
        kept.remove(&oldest);
    }
}

/// The kinds of identifiers that people are recalled by.
pub(super) fn is_a_clue(kind: IdentifierKind) -> bool {
    matches!(kind, IdentifierKind::Telephone | IdentifierKind::Postcode | IdentifierKind::Address)
}
