//! Who is the single point of contact for whom, where they may deal with the person at all.

use crate::domain::ids::{OfficerId, PersonId};
use crate::store::contacts::Contact;
use crate::store::{StoreError, case_facts, strategies};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, BTreeSet};

/// The points of contact of some contacts' people.
pub(super) struct Spocs {
    by_person: BTreeMap<PersonId, Vec<strategies::InForce>>,
    /// Those who left, by themselves, and those a person complained about.
    active: BTreeSet<OfficerId>,
    complained_about: BTreeSet<(PersonId, OfficerId)>,
}

impl Spocs {
    pub(super) async fn of(
        tx: &impl ConnectionTrait,
        contacts: impl Iterator<Item = &Contact>,
    ) -> Result<Self, StoreError> {
        let people: BTreeSet<PersonId> = contacts.filter_map(|contact| contact.counts_for).collect();
        let people: Vec<PersonId> = people.into_iter().collect();
        let mut by_person: BTreeMap<PersonId, Vec<strategies::InForce>> = BTreeMap::new();
        for (person, in_force) in strategies::of_people(tx, &people).await? {
            by_person.entry(person).or_default().push(in_force);
        }
        let named: BTreeSet<OfficerId> = by_person.values().flatten().filter_map(|in_force| in_force.spoc).collect();
        let named: Vec<OfficerId> = named.into_iter().collect();
        let active = case_facts::active(tx, &named).await?;
        let complained_about = case_facts::complaints(tx, &named).await?;
        Ok(Self { by_person, active, complained_about })
    }

    /// The point of contact of the strategy the contact was measured against, or else of the one that bound the person
    /// when it was received; `None` where there is none, or where they may not deal with this person.
    pub(super) fn of_contact(&self, contact: &Contact) -> Option<OfficerId> {
        let person = contact.counts_for?;
        let measured = contact.verdict.as_ref().and_then(|verdict| verdict.strategy);
        let strategies = self.by_person.get(&person)?;
        let named = strategies.iter().find(|in_force| Some(in_force.terms.strategy) == measured);
        let bound = || strategies.iter().rev().find(|in_force| in_force.terms.bind(contact.received_at));
        let spoc = named.or_else(bound)?.spoc?;
        (self.active.contains(&spoc) && !self.complained_about.contains(&(person, spoc))).then_some(spoc)
    }
}
