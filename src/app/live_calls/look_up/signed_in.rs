//! Who is known to be signed in, for when that cannot be asked: never longer than a shift, and no longer than the
//! register, the session and this process know of no change.

use super::memory::Memory;
use crate::app::App;
use crate::app::signing_in::Known;
use crate::domain::access::{Actor, Officer, System};
use crate::domain::ids::{ClientId, OfficerId};
use crate::store::{StoreError, clients, credentials, officers};
use chrono::{DateTime, Duration, Utc};
use std::collections::{HashMap, HashSet};

/// Of tokens and of sessions, each.
const MOST: usize = 2_000;
/// How long somebody is known without having been asked for: a shift.
const KNOWN_WITHIN: Duration = Duration::hours(12);

#[derive(Default)]
pub(super) struct SignedIn {
    /// By whom a token names.
    actors: HashMap<String, (Actor, DateTime<Utc>)>,
    /// By the hash of a session's token.
    sessions: HashMap<String, (Known, DateTime<Utc>)>,
}

impl Memory {
    /// Whoever a token named.
    pub(crate) fn remember_actor(&self, subject: String, actor: &Actor, now: DateTime<Utc>) {
        self.signed_in(|known| keep(&mut known.actors, subject, (actor.clone(), now)));
    }

    pub(crate) fn actor(&self, subject: &str, now: DateTime<Utc>) -> Option<Actor> {
        let known = self.signed_in(|known| known.actors.get(subject).cloned());
        known.filter(|(_, at)| now - *at < KNOWN_WITHIN).map(|(actor, _)| actor)
    }

    pub(crate) fn forget_actor(&self, subject: &str) {
        self.signed_in(|known| known.actors.remove(subject));
    }

    /// A session of the pages that was good at `now`.
    pub(crate) fn remember_session(&self, token_sha256: String, known: &Known, now: DateTime<Utc>) {
        self.signed_in(|signed_in| keep(&mut signed_in.sessions, token_sha256, (known.clone(), now)));
    }

    /// The session, and when it was last good.
    pub(crate) fn session(&self, token_sha256: &str) -> Option<(Known, DateTime<Utc>)> {
        self.signed_in(|known| known.sessions.get(token_sha256).cloned())
    }

    pub(crate) fn forget_session(&self, token_sha256: &str) {
        self.signed_in(|known| known.sessions.remove(token_sha256));
    }

    /// Wherever this officer is signed in: what they may do has changed, or they may do nothing any more.
    pub(crate) fn forget_officer(&self, officer: OfficerId) {
        self.signed_in(|known| {
            known.actors.retain(|_, (actor, _)| actor.officer().is_none_or(|theirs| theirs.id != officer));
            known.sessions.retain(|_, (session, _)| session.officer.id != officer);
        });
    }
}

fn keep<T>(known: &mut HashMap<String, T>, key: String, what: T) {
    if known.len() >= MOST && !known.contains_key(&key) {
        known.clear();
    }
    known.insert(key, what);
}

/// Forgets whoever is not registered as they are remembered, and sessions that ended.
///
/// # Errors
/// When the database cannot be read; everybody is remembered then.
pub(super) async fn look_again(app: &App) -> Result<(), StoreError> {
    let hashes: Vec<String> = app.in_mind.signed_in(|known| known.sessions.keys().cloned().collect());
    let nobody = hashes.is_empty() && app.in_mind.signed_in(|known| known.actors.is_empty());
    if nobody {
        return Ok(());
    }
    let (db, now) = (app.store.reader(), app.now());
    let going_on: HashSet<String> = credentials::sessions_among(db, &hashes).await?.into_iter().collect();
    let asked: HashSet<String> = hashes.into_iter().collect();
    let register = Register::read(app).await?;
    app.in_mind.signed_in(|known| {
        known.actors.retain(|_, (actor, at)| now - *at < KNOWN_WITHIN && register.has(actor));
        known.sessions.retain(|hash, (session, at)| {
            // One that began since was good a moment ago.
            let ended = asked.contains(hash) && !going_on.contains(hash);
            !ended && now - *at < KNOWN_WITHIN && register.has_officer(&session.officer)
        });
    });
    Ok(())
}

/// Who may act now.
struct Register {
    officers: HashMap<OfficerId, Officer>,
    systems: HashMap<ClientId, System>,
}

impl Register {
    async fn read(app: &App) -> Result<Self, StoreError> {
        let db = app.store.reader();
        let officers = officers::list(db, None, u64::from(u32::MAX)).await?.into_iter().filter(|found| found.active);
        let systems = clients::all(db).await?.into_iter().filter(|found| found.active);
        Ok(Self {
            officers: officers.map(|found| (found.officer.id, found.officer)).collect(),
            systems: systems.map(|found| (found.system.id, found.system)).collect(),
        })
    }

    /// Whether somebody may still act as they are remembered.
    fn has(&self, actor: &Actor) -> bool {
        match actor {
            Actor::Officer(officer) => self.has_officer(officer),
            Actor::System(system) => self.systems.get(&system.id).is_some_and(|found| found.scopes == system.scopes),
            Actor::Clock | Actor::Software => false,
        }
    }

    /// A token may give fewer roles than the register, never more.
    fn has_officer(&self, officer: &Officer) -> bool {
        let found = self.officers.get(&officer.id);
        let through = officer.through.is_none_or(|through| {
            self.systems.get(&through.system).is_some_and(|system| system.reach() == through.reach)
        });
        through && found.is_some_and(|found| officer.roles.is_subset(&found.roles) && officer.areas == found.areas)
    }
}
