//! Which rows of several systems are one call: found anew around what is added or withdrawn, so that the answer does not
//! depend on the order in which files come in.

use crate::domain::calls::{SameCall, Seen as Row};
use crate::domain::ids::{CallId, CallerId, ContactId};
use crate::store::calls::{self, Call, Seen};
use crate::store::{StoreError, Tx};
use chrono::Duration;
use std::collections::{HashMap, HashSet};

/// So far around a row its neighbours are read at first; further where they go on to the edge.
const MARGIN: Duration = Duration::minutes(10);

/// What is otherwise than it was stored.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// Rows that were there and find another row to stand for them, or count otherwise.
    pub(super) moved: Vec<Moved>,
    /// Contacts that go with the row that stands for the call.
    pub(super) contacts: Vec<(CallId, Option<ContactId>)>,
    /// Calls that no system had recorded before: the rows that stand for them.
    pub(super) new: HashSet<CallId>,
    /// Rows among the fresh ones that another system had recorded too.
    pub(super) joined: u64,
}

/// A row, the row that stood for its call, and the one that does now.
#[derive(Debug)]
pub(super) struct Moved {
    pub(super) row: CallId,
    pub(super) was: CallId,
    pub(super) head: CallId,
    pub(super) counts: bool,
}

impl Matched {
    /// Writes what changed of the rows that were there.
    pub(super) async fn write(&self, tx: &Tx) -> Result<(), StoreError> {
        let heads: Vec<_> = self.moved.iter().map(|moved| (moved.row, moved.head, moved.counts)).collect();
        calls::set_heads(tx, &heads).await?;
        calls::set_contacts(tx, &self.contacts).await
    }
}

/// Tells which calls the fresh rows are, and writes it into them. Each comes as a call of its own; a row without a number
/// stays one.
pub(super) async fn match_calls(tx: &Tx, rule: SameCall, fresh: &mut [Call]) -> Result<Matched, StoreError> {
    let mut matched = Matched::default();
    let comparable = |call: &Call| call.counts && call.number.is_some() && call.caller.is_some();
    matched.new = fresh.iter().filter(|call| call.counts && !comparable(call)).map(|call| call.id).collect();
    let ours: Vec<Seen> = fresh.iter().filter(|call| comparable(call)).filter_map(seen).collect();
    let mut rows = around(tx, rule, &ours).await?;
    // Rows that come back are stored already, as they were when they were withdrawn.
    let again: HashSet<CallId> = ours.iter().map(|row| row.id).collect();
    rows.retain(|row| !again.contains(&row.id));
    let known: HashSet<CallId> = rows.iter().map(|row| row.id).collect();
    rows.extend(ours);
    let places = places(rule, &rows);
    for call in fresh.iter_mut() {
        let Some(place) = places.get(&call.id) else { continue };
        matched.joined += u64::from(place.shared);
        if place.head == call.id && !place.counted_before.iter().any(|row| known.contains(row)) {
            matched.new.insert(call.id);
        }
        (call.call, call.counts, call.contact) = (place.head, place.head == call.id, place.contact);
    }
    matched.changes(&rows, &known, &places);
    Ok(matched)
}

/// The same around rows that were withdrawn: what they stood for finds another row to stand for it.
pub(super) async fn match_again(tx: &Tx, rule: SameCall, withdrawn: &[Seen]) -> Result<Matched, StoreError> {
    let rows = around(tx, rule, withdrawn).await?;
    let known: HashSet<CallId> = rows.iter().map(|row| row.id).collect();
    let mut matched = Matched::default();
    matched.changes(&rows, &known, &places(rule, &rows));
    Ok(matched)
}

impl Matched {
    fn changes(&mut self, rows: &[Seen], known: &HashSet<CallId>, places: &HashMap<CallId, Place>) {
        for row in rows.iter().filter(|row| known.contains(&row.id)) {
            let Some(place) = places.get(&row.id) else { continue };
            let counts = place.head == row.id;
            if (row.call, row.counts) != (place.head, counts) {
                self.moved.push(Moved { row: row.id, was: row.call, head: place.head, counts });
            }
            if row.contact != place.contact {
                self.contacts.push((row.id, place.contact));
            }
        }
    }
}

/// Where a row belongs.
struct Place {
    head: CallId,
    /// Whether another system recorded the call too.
    shared: bool,
    /// Rows of the call that counted so far.
    counted_before: Vec<CallId>,
    contact: Option<ContactId>,
}

fn places(rule: SameCall, rows: &[Seen]) -> HashMap<CallId, Place> {
    let mut by_caller: HashMap<CallerId, Vec<&Seen>> = HashMap::new();
    for row in rows {
        by_caller.entry(row.caller).or_default().push(row);
    }
    let mut places = HashMap::with_capacity(rows.len());
    for rows in by_caller.into_values() {
        for group in rule.group(&rows.iter().map(|row| plain(row)).collect::<Vec<_>>()) {
            let members: Vec<&Seen> = group.rows.iter().filter_map(|row| rows.get(*row).copied()).collect();
            let Some(head) = rows.get(group.head).map(|row| row.id) else { continue };
            let contact = members.iter().find_map(|row| row.contact);
            let counted: Vec<CallId> = members.iter().filter(|row| row.counts).map(|row| row.id).collect();
            for row in &members {
                let contact = contact.filter(|_| row.id == head);
                let place = Place { head, shared: members.len() > 1, counted_before: counted.clone(), contact };
                places.insert(row.id, place);
            }
        }
    }
    places
}

fn plain(row: &Seen) -> Row<'_> {
    Row { started_at: row.started_at, precedence: row.precedence, system: row.system, source_ref: &row.source_ref }
}

/// What matching needs of a row that is not stored yet.
pub(super) fn seen(call: &Call) -> Option<Seen> {
    Some(Seen {
        id: call.id,
        caller: call.caller?,
        started_at: call.started_at,
        precedence: call.precedence,
        system: call.system,
        source_ref: call.source_ref.clone(),
        call: call.call,
        counts: call.counts,
        contact: call.contact,
    })
}

/// The stored rows that could be one call with any of these, or with those that could, and so on.
async fn around(tx: &Tx, rule: SameCall, of: &[Seen]) -> Result<Vec<Seen>, StoreError> {
    let times = of.iter().map(|row| row.started_at);
    let (Some(first), Some(last)) = (times.clone().min(), times.max()) else { return Ok(Vec::new()) };
    let within = Duration::seconds(i64::from(rule.within_seconds));
    let callers: HashSet<CallerId> = of.iter().map(|row| row.caller).collect();
    let callers: Vec<CallerId> = callers.into_iter().collect();
    let (mut from, mut until) = (first - MARGIN, last + MARGIN);
    let mut rows = calls::seen_of(tx, &callers, (from, until)).await?;
    // Somebody who redials without pause goes on past the edge: read on until a gap.
    loop {
        let at_start: HashSet<CallerId> =
            rows.iter().filter(|row| row.started_at <= from + within).map(|row| row.caller).collect();
        let at_end: HashSet<CallerId> =
            rows.iter().filter(|row| row.started_at >= until - within).map(|row| row.caller).collect();
        if at_start.is_empty() && at_end.is_empty() {
            return Ok(rows);
        }
        let tick = Duration::microseconds(1);
        let earlier = calls::seen_of(tx, &Vec::from_iter(at_start), (from - MARGIN, from - tick)).await?;
        let later = calls::seen_of(tx, &Vec::from_iter(at_end), (until + tick, until + MARGIN)).await?;
        if earlier.is_empty() && later.is_empty() {
            return Ok(rows);
        }
        (from, until) = (from - MARGIN, until + MARGIN);
        rows.extend(earlier);
        rows.extend(later);
    }
}
