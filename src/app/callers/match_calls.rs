//! Which rows of several systems are one call: found anew around what is added or withdrawn, so that the answer does not
//! depend on the order in which files come in.

use super::share_contacts::{OneCall, Shared, share};
use crate::domain::calls::{SameCall, Seen as Row};
use crate::domain::ids::{CallId, CallerId};
use crate::store::calls::{self, Call, Seen};
use crate::store::{StoreError, Tx};
use chrono::Duration;
use std::collections::{HashMap, HashSet};

/// So far around a row its neighbours are read at first; further where they go on to the edge.
const MARGIN: Duration = Duration::minutes(10);

/// What is otherwise than it was stored.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// Rows that were there and find another row to stand for them, or count otherwise: row, head, whether it counts.
    moved: Vec<(CallId, CallId, bool)>,
    /// What becomes of the contacts of the calls.
    pub(super) contacts: Shared,
    /// Calls that were not counted before: the rows that stand for them, whether they are stored already or not.
    pub(super) new: HashSet<CallId>,
    /// Rows among the fresh ones that another system had recorded too.
    pub(super) joined: u64,
    /// The row that stands for each fresh row, and whether another system recorded it too.
    fresh: HashMap<CallId, (CallId, bool)>,
}

impl Matched {
    /// Writes what changed of the rows that were there.
    pub(super) async fn write(&self, tx: &Tx) -> Result<(), StoreError> {
        calls::set_heads(tx, &self.moved).await?;
        calls::set_contacts(tx, &self.contacts.changed).await
    }
}

/// Tells which calls the fresh rows are, and writes it into them. Each comes as a call of its own; a row without a number
/// stays one. The contact of a fresh row is one that was withdrawn with it and may count again.
pub(super) async fn match_calls(tx: &Tx, rule: SameCall, fresh: &mut [Call]) -> Result<Matched, StoreError> {
    let comparable = |call: &Call| call.counts && call.number.is_some() && call.caller.is_some();
    let ours: Vec<Seen> = fresh.iter().filter(|call| comparable(call)).filter_map(seen).collect();
    let mut rows = around(tx, rule, &ours).await?;
    let new: HashSet<CallId> = ours.iter().map(|row| row.id).collect();
    rows.extend(ours);
    let mut matched = tell_apart(rule, &rows, (&new, &[]));
    for call in fresh.iter_mut() {
        match matched.fresh.get(&call.id) {
            Some((head, shared)) => {
                matched.joined += u64::from(*shared);
                (call.call, call.counts, call.contact) =
                    (*head, *head == call.id, matched.contacts.of.get(&call.id).copied());
            }
            None if call.counts => {
                matched.new.insert(call.id);
                matched.contacts.back.extend(call.contact);
            }
            None => call.contact = None,
        }
    }
    Ok(matched)
}

/// The same around rows that were withdrawn: what they stood for finds another row to stand for it.
pub(super) async fn match_again(tx: &Tx, rule: SameCall, withdrawn: &[Call]) -> Result<Matched, StoreError> {
    let numbered: Vec<Seen> = withdrawn.iter().filter(|row| row.number.is_some()).filter_map(seen).collect();
    let rows = around(tx, rule, &numbered).await?;
    let withdrawn: Vec<Seen> = withdrawn.iter().filter_map(seen).collect();
    Ok(tell_apart(rule, &rows, (&HashSet::new(), &withdrawn)))
}

/// Groups what stands, some of it fresh, caller by caller; `withdrawn` stands no longer.
fn tell_apart(rule: SameCall, rows: &[Seen], (fresh, withdrawn): (&HashSet<CallId>, &[Seen])) -> Matched {
    let mut by_caller: HashMap<CallerId, (Vec<&Seen>, Vec<&Seen>)> = HashMap::new();
    for row in rows {
        by_caller.entry(row.caller).or_default().0.push(row);
    }
    for row in withdrawn {
        by_caller.entry(row.caller).or_default().1.push(row);
    }
    let mut counted: HashSet<CallId> = withdrawn.iter().filter(|row| row.counts).map(|row| row.id).collect();
    let mut matched = Matched::default();
    for (rows, gone) in by_caller.into_values() {
        let groups = rule.group(&rows.iter().map(|row| plain(row)).collect::<Vec<_>>()).into_iter();
        let call = |group: crate::domain::calls::Group| {
            let of_call = group.rows.iter().filter_map(|row| rows.get(*row).copied()).collect();
            rows.get(group.head).map(|head| OneCall { head, rows: of_call })
        };
        let one_each: Vec<OneCall<'_>> = groups.filter_map(call).collect();
        for call in &one_each {
            matched.place(call, fresh, &mut counted);
        }
        share(rule.within(), &one_each, (fresh, &gone), &mut matched.contacts);
    }
    matched
}

impl Matched {
    /// `counted`: rows that counted, were withdrawn, and are not succeeded yet.
    fn place(&mut self, call: &OneCall<'_>, fresh: &HashSet<CallId>, counted: &mut HashSet<CallId>) {
        let head = call.head.id;
        let stood = call.rows.iter().any(|row| row.counts && !fresh.contains(&row.id));
        let succeeds = !stood && call.rows.iter().any(|row| counted.remove(&row.call));
        if !stood && !succeeds {
            self.new.insert(head);
        }
        for row in &call.rows {
            let counts = row.id == head;
            if fresh.contains(&row.id) {
                self.fresh.insert(row.id, (head, call.rows.len() > 1));
            } else if (row.call, row.counts) != (head, counts) {
                self.moved.push((row.id, head, counts));
            }
        }
    }
}

fn plain(row: &Seen) -> Row<'_> {
    Row { started_at: row.started_at, precedence: row.precedence, system: row.system, source_ref: &row.source_ref }
}

/// What matching needs of a row.
fn seen(call: &Call) -> Option<Seen> {
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
