//! Calls are told apart anew, and each keeps one contact: one that it had, one that another call of the time is left
//! with, or one that was withdrawn with its row. What is left over stands for no call any more.

use crate::domain::ids::{CallId, ContactId};
use crate::store::calls::Seen;
use chrono::{DateTime, Duration, Utc};
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// One call of a caller: the row that stands for it, and all its rows.
pub(super) struct OneCall<'a> {
    pub(super) head: &'a Seen,
    pub(super) rows: Vec<&'a Seen>,
}

impl OneCall<'_> {
    /// The contacts of its rows, that of the head first.
    fn contacts(&self) -> impl Iterator<Item = (&Seen, ContactId)> {
        let others = self.rows.iter().copied().filter(|row| row.id != self.head.id);
        std::iter::once(self.head).chain(others).filter_map(|row| Some((row, row.contact?)))
    }
}

/// What becomes of contacts.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// By the row that stands for a call.
    pub(super) of: HashMap<CallId, ContactId>,
    /// Stored rows that are left with another contact, or with none.
    pub(super) changed: Vec<(CallId, Option<ContactId>)>,
    /// Those that were withdrawn and count again.
    pub(super) back: Vec<ContactId>,
    /// Those that no call is left for.
    pub(super) surplus: Vec<ContactId>,
}

/// Shares the contacts of one caller's calls. Those of `fresh` rows were withdrawn; those of rows that are `gone` are
/// to find another row. No contact goes to a call that began more than `within` from the row that had it, unless a row
/// of both was one call before.
pub(super) fn share(
    within: Duration,
    calls: &[OneCall<'_>],
    (fresh, gone): (&HashSet<CallId>, &[&Seen]),
    shared: &mut Shared,
) {
    let mut sharing = Sharing { taken: HashSet::new(), spare: Vec::new(), shared };
    for call in calls {
        for (row, contact) in call.contacts().filter(|(row, _)| !fresh.contains(&row.id)) {
            sharing.offer(call.head, (row, contact));
        }
    }
    sharing.hand_on(calls, gone);
    sharing.share_out(within, calls);
    for call in calls {
        if sharing.shared.of.contains_key(&call.head.id) {
            continue;
        }
        let mut withdrawn = call.contacts().filter(|(row, _)| fresh.contains(&row.id)).map(|(_, contact)| contact);
        if let Some(contact) = withdrawn.find(|contact| sharing.taken.insert(*contact)) {
            sharing.shared.of.insert(call.head.id, contact);
            sharing.shared.back.push(contact);
        }
    }
    let stored = calls.iter().flat_map(|call| &call.rows).filter(|row| !fresh.contains(&row.id));
    let left = stored.map(|row| (row, shared.of.get(&row.id).copied()));
    let changed = left.filter(|(row, now)| row.contact != *now).map(|(row, now)| (row.id, now));
    shared.changed.extend(changed);
    // A row that is gone keeps the name of a contact that is withdrawn with it: both may come back.
    let given: HashSet<ContactId> = calls.iter().filter_map(|call| shared.of.get(&call.head.id).copied()).collect();
    let handed_on = gone.iter().filter(|row| row.contact.is_some_and(|contact| given.contains(&contact)));
    shared.changed.extend(handed_on.map(|row| (row.id, None)));
}

struct Sharing<'a, 's> {
    taken: HashSet<ContactId>,
    /// Contacts whose call has another one, with the row that had it.
    spare: Vec<(&'a Seen, ContactId)>,
    shared: &'s mut Shared,
}

impl<'a> Sharing<'a, '_> {
    /// A contact that counts: for the call, if that has none yet.
    fn offer(&mut self, head: &Seen, (row, contact): (&'a Seen, ContactId)) {
        if !self.taken.insert(contact) {
            return;
        }
        match self.shared.of.entry(head.id) {
            Entry::Vacant(without) => drop(without.insert(contact)),
            Entry::Occupied(_) => self.spare.push((row, contact)),
        }
    }

    /// The contacts of rows that are gone go to the calls of rows that they stood for.
    fn hand_on(&mut self, calls: &[OneCall<'_>], gone: &[&'a Seen]) {
        if gone.is_empty() {
            return;
        }
        let mut successors: HashMap<CallId, Vec<CallId>> = HashMap::new();
        for call in calls {
            for row in &call.rows {
                successors.entry(row.call).or_default().push(call.head.id);
            }
        }
        for row in gone {
            let Some(contact) = row.contact.filter(|contact| self.taken.insert(*contact)) else { continue };
            let heads = successors.get(&row.id).into_iter().flatten();
            match heads.copied().find(|head| !self.shared.of.contains_key(head)) {
                Some(head) => drop(self.shared.of.insert(head, contact)),
                None => self.spare.push((*row, contact)),
            }
        }
    }

    /// What is left over goes to the nearest call without one, and else to none.
    fn share_out(&mut self, within: Duration, calls: &[OneCall<'_>]) {
        if self.spare.is_empty() {
            return;
        }
        let without = calls.iter().filter(|call| !self.shared.of.contains_key(&call.head.id));
        let mut without: BTreeSet<(DateTime<Utc>, CallId)> =
            without.map(|call| (call.head.started_at, call.head.id)).collect();
        self.spare.sort_by_key(|(row, _)| (row.started_at, row.id));
        for (row, contact) in std::mem::take(&mut self.spare) {
            let (first, last) = (CallId::from_uuid(Uuid::nil()), CallId::from_uuid(Uuid::max()));
            let near = (row.started_at - within, first)..=(row.started_at + within, last);
            let nearest = without.range(near).copied().min_by_key(|(at, _)| (*at - row.started_at).abs());
            match nearest {
                Some(call) => {
                    without.remove(&call);
                    self.shared.of.insert(call.1, contact);
                }
                None => self.shared.surplus.push(contact),
            }
        }
    }
}
