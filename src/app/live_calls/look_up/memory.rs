//! What this process keeps in mind for live calls while the database is away: the people and numbers most needed, who
//! looked, and the looks that could not be written down yet. Bounded, and gone with the process.

use super::callers::CallerFound;
use super::clues::{Clues, likeliest, point};
use super::persons::{CallerMatch, Described};
use crate::app::signing_in::Known;
use crate::domain::access::Actor;
use crate::domain::ids::{CallerId, OfficerId, PersonId};
use crate::domain::person::{IdentifierKind, fold_name};
use crate::store::access_log::Access;
use chrono::{DateTime, Duration, Utc};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A database that was found away is not asked again for so long.
const NOT_ASKED: Duration = Duration::seconds(5);
/// How long what was looked up is kept in mind, and who looked.
pub(super) const LOOKED_UP_WITHIN: Duration = Duration::hours(24);
/// Who is remembered to be signed in.
const MOST_SIGNED_IN: usize = 2_000;
/// Looks that wait to be written down.
const MOST_UNLOGGED: usize = 50_000;

/// Lives as long as the server.
#[derive(Default)]
pub struct Memory(Mutex<Held>);

#[derive(Default)]
struct Held {
    people: HashMap<PersonId, Kept<Described>>,
    callers: HashMap<CallerId, Kept<CallerFound>>,
    actors: HashMap<String, (Actor, DateTime<Utc>)>,
    sessions: HashMap<String, (Known, DateTime<Utc>)>,
    hidden: HashMap<OfficerId, Vec<PersonId>>,
    unlogged: VecDeque<Access>,
    away_until: Option<DateTime<Utc>>,
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

    pub(super) fn note_there(&self) {
        self.held().away_until = None;
    }

    /// Keeps a person whom somebody looked up by these clues, as they are shown in full.
    pub(super) fn remember_person(&self, mut person: Described, clues: &Clues, most: usize) {
        for (kind, value) in clues.identifiers() {
            let matched = person.found.matched_by.contains(&kind.as_str());
            if matched && !person.held.contains(&(kind, value.clone())) {
                person.held.push((kind, value));
            }
        }
        let needed_at = person.found.as_of;
        self.keep_person(person, needed_at, most);
    }

    /// Keeps a person as of now; `needed_at`: when somebody last needed them.
    pub(super) fn keep_person(&self, person: Described, needed_at: DateTime<Utc>, most: usize) {
        let mut held = self.held();
        held.people.insert(person.found.person_id, Kept { what: person, needed_at });
        forget_oldest(&mut held.people, most);
    }

    pub(super) fn remember_caller(&self, caller: CallerFound, needed_at: DateTime<Utc>, most: usize) {
        let mut held = self.held();
        held.callers.insert(caller.caller_id, Kept { what: caller, needed_at });
        forget_oldest(&mut held.callers, most);
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
    pub(super) fn recall(&self, clues: &Clues, now: DateTime<Utc>) -> Recalled {
        let held = self.held();
        let identifiers = clues.identifiers();
        let name = clues.long_name().map(fold_name);
        let mut matched: BTreeMap<PersonId, Vec<&'static str>> = BTreeMap::new();
        for (id, kept) in &held.people {
            let Described { found, held: theirs } = &kept.what;
            for (kind, _) in identifiers.iter().filter(|clue| theirs.contains(clue)) {
                point(&mut matched, *id, kind.as_str());
            }
            let born = clues.date_of_birth.is_none_or(|born| found.date_of_birth.is_none_or(|theirs| theirs == born));
            if born && name.as_ref().is_some_and(|name| fold_name(&found.full_name).contains(name.as_str())) {
                point(&mut matched, *id, "name");
            }
        }
        let number = clues.number();
        let people = likeliest(matched).into_iter().filter_map(|(id, by)| {
            let found = held.people.get(&id)?.what.found.clone().remembered(now, by);
            Some(CallerMatch { caller_id: number, ..found })
        });
        let of_number = number.and_then(|id| held.callers.get(&id));
        let callers = of_number.map(|kept| kept.what.clone().remembered(now, vec!["telephone"]));
        Recalled { people: people.collect(), callers: callers.into_iter().collect() }
    }

    /// Who was looked up since `since`: people and numbers, with when.
    pub(super) fn needed_since(&self, since: DateTime<Utc>) -> (Needed<PersonId>, Needed<CallerId>) {
        let held = self.held();
        let people = held.people.iter().map(|(id, kept)| (*id, (kept.needed_at, kept.what.found.as_of)));
        let callers = held.callers.iter().map(|(id, kept)| (*id, (kept.needed_at, kept.what.as_of)));
        let recent = |needed: &(DateTime<Utc>, DateTime<Utc>)| since < needed.0;
        (people.filter(|(_, needed)| recent(needed)).collect(), callers.filter(|(_, needed)| recent(needed)).collect())
    }

    /// When each person here was known; for those that are kept without having been looked up.
    pub(super) fn known_at(&self, person: PersonId) -> Option<DateTime<Utc>> {
        self.held().people.get(&person).map(|kept| kept.what.found.as_of)
    }

    /// Forgets everybody but these.
    pub(super) fn retain(&self, people: impl Fn(&PersonId) -> bool, callers: impl Fn(&CallerId) -> bool) {
        let mut held = self.held();
        held.people.retain(|id, _| people(id));
        held.callers.retain(|id, _| callers(id));
    }

    /// Whether it is time to refresh; then it is noted that it is done.
    pub(super) fn refresh_is_due(&self, now: DateTime<Utc>, every: Duration) -> bool {
        let mut held = self.held();
        let due = held.refreshed_at.is_none_or(|at| at + every <= now || now < at);
        if due {
            held.refreshed_at = Some(now);
            let old = |at: &DateTime<Utc>| now - *at < LOOKED_UP_WITHIN;
            held.actors.retain(|_, (_, at)| old(at));
            held.sessions.retain(|_, (_, at)| old(at));
        }
        due
    }

    /// The officers whom it is known for who complained about them.
    pub(super) fn officers(&self) -> Vec<OfficerId> {
        self.held().hidden.keys().copied().collect()
    }

    /// Whoever a token named, for when that cannot be asked.
    pub(crate) fn remember_actor(&self, subject: String, actor: &Actor, now: DateTime<Utc>) {
        let mut held = self.held();
        if held.actors.len() >= MOST_SIGNED_IN && !held.actors.contains_key(&subject) {
            held.actors.clear();
        }
        held.actors.insert(subject, (actor.clone(), now));
    }

    pub(crate) fn actor(&self, subject: &str) -> Option<Actor> {
        self.held().actors.get(subject).map(|(actor, _)| actor.clone())
    }

    pub(crate) fn forget_actor(&self, subject: &str) {
        self.held().actors.remove(subject);
    }

    /// A session of the pages that was good at `now`.
    pub(crate) fn remember_session(&self, token_sha256: String, known: &Known, now: DateTime<Utc>) {
        let mut held = self.held();
        if held.sessions.len() >= MOST_SIGNED_IN && !held.sessions.contains_key(&token_sha256) {
            held.sessions.clear();
        }
        held.sessions.insert(token_sha256, (known.clone(), now));
    }

    pub(crate) fn forget_session(&self, token_sha256: &str) {
        self.held().sessions.remove(token_sha256);
    }

    /// The session, and when it was last good.
    pub(crate) fn session(&self, token_sha256: &str) -> Option<(Known, DateTime<Utc>)> {
        self.held().sessions.get(token_sha256).cloned()
    }

    /// Looks that could not be written down. Answers how many wait; `None` where there is no room for them.
    pub(super) fn keep_unlogged(&self, looks: Vec<Access>) -> Option<usize> {
        let mut held = self.held();
        if held.unlogged.len() + looks.len() > MOST_UNLOGGED {
            return None;
        }
        held.unlogged.extend(looks);
        Some(held.unlogged.len())
    }

    pub(super) fn has_unlogged(&self) -> bool {
        !self.held().unlogged.is_empty()
    }

    /// Takes what waits to be written down.
    pub(super) fn take_unlogged(&self) -> Vec<Access> {
        std::mem::take(&mut self.held().unlogged).into()
    }

    /// Puts back what still could not be written down, before what came since.
    pub(super) fn put_back(&self, looks: Vec<Access>) {
        let mut held = self.held();
        for look in looks.into_iter().rev() {
            held.unlogged.push_front(look);
        }
    }
}

/// Ids with when they were last needed and when they were last known.
pub(super) type Needed<T> = HashMap<T, (DateTime<Utc>, DateTime<Utc>)>;

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
