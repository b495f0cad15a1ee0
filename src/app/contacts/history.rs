//! The part of people's histories that a change can reach, loaded in at most three statements for all of them.

use super::findings::{self, Done};
use crate::app::App;
use crate::domain::ids::PersonId;
use crate::domain::strategy::{Allowance, Terms, reach};
use crate::store::contacts::{self, Contact, Since};
use crate::store::{StoreError, Tx, hold, strategies};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};

/// What measuring some people from some instant on needs.
pub(super) struct Histories {
    people: BTreeMap<PersonId, History>,
    done: Done,
}

#[derive(Default)]
struct History {
    terms: Vec<Terms>,
    used: Vec<Allowance>,
    /// Stored contacts from the instant on, in order of receipt.
    later: Vec<Contact>,
}

/// Whose stored contacts are loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Later {
    /// Everybody's: something about the stored contacts themselves may have changed.
    All,
    /// Only of people who ever had limits: for the others a new contact changes no other.
    OfLimited,
}

impl Histories {
    pub(super) async fn load(
        tx: &Tx,
        from: &BTreeMap<PersonId, DateTime<Utc>>,
        later: Later,
    ) -> Result<Self, StoreError> {
        let mut people: BTreeMap<PersonId, History> = from.keys().map(|person| (*person, History::default())).collect();
        let roots: Vec<PersonId> = from.keys().copied().collect();
        hold(tx, &roots.iter().map(|root| root.as_uuid()).collect::<Vec<_>>()).await?;
        for (person, in_force) in strategies::of_people(tx, &roots).await? {
            people.entry(person).or_default().terms.push(in_force.terms);
        }
        let wanted = |person: &PersonId| people.get(person).is_some_and(|history| !history.terms.is_empty());
        let ranges: Vec<Since> = from
            .iter()
            .filter(|(person, _)| later == Later::All || wanted(person))
            .map(|(person, from)| Since { person: *person, from: *from })
            .collect();
        let reached = |since: &Since| {
            let terms = &people.get(&since.person).filter(|history| !history.terms.is_empty())?.terms;
            Some((Since { from: reach(terms, since.from), ..*since }, since.from))
        };
        let mut used = contacts::allowances(tx, &ranges.iter().filter_map(reached).collect::<Vec<_>>()).await?;
        let stored = contacts::later(tx, &ranges).await?;
        for (person, history) in &mut people {
            history.used = used.remove(person).unwrap_or_default();
        }
        for contact in stored {
            let history = contact.counts_for.and_then(|person| people.get_mut(&person));
            history.into_iter().for_each(|history| history.later.push(contact.clone()));
        }
        Ok(Self { people, done: Done::Stays })
    }

    /// For contacts that count for somebody else than they did when they were read.
    pub(super) fn regrouped(self) -> Self {
        Self { done: Done::UnlessHeldAnew, ..self }
    }

    /// Measures what is stored and what is fresh together. Answers the fresh contacts in the order they were given, and
    /// those stored ones about which something else was found than is stored.
    pub(super) fn measure(self, app: &App, fresh: Vec<Contact>) -> (Vec<Contact>, Vec<Change>) {
        let order: Vec<_> = fresh.iter().map(|contact| contact.id).collect();
        let mut done = HashMap::new();
        let mut changes = Vec::new();
        let mut of_people: BTreeMap<Option<PersonId>, Vec<Contact>> = BTreeMap::new();
        for contact in fresh {
            of_people.entry(contact.counts_for).or_default().push(contact);
        }
        for mut contact in of_people.remove(&None).into_iter().flatten() {
            findings::find(app, (&[], &[]), self.done, std::slice::from_mut(&mut contact));
            done.insert(contact.id, contact);
        }
        for (person, history) in self.people {
            let fresh = of_people.remove(&Some(person)).unwrap_or_default();
            let stored: HashMap<_, _> = history.later.iter().map(|contact| (contact.id, contact)).collect();
            let mut all: Vec<Contact> = history.later.iter().cloned().chain(fresh).collect();
            all.sort_by_key(|contact| (contact.received_at, contact.id));
            findings::find(app, (&history.terms, &history.used), self.done, &mut all);
            for found in all {
                match stored.get(&found.id) {
                    Some(before) if findings::differ(before, &found) => {
                        changes.push(Change { person, before: (*before).clone(), found });
                    }
                    Some(_) => {}
                    None => {
                        done.insert(found.id, found);
                    }
                }
            }
        }
        (order.into_iter().filter_map(|id| done.remove(&id)).collect(), changes)
    }
}

/// A stored contact about which something else was found now.
pub(super) struct Change {
    pub(super) person: PersonId,
    pub(super) before: Contact,
    pub(super) found: Contact,
}
