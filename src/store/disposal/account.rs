//! What disposals say, held against what has lost what it said: each has to answer the other.
//!
//! A disposal counts in the history of a retention review alone, and there only after one officer proposed it and another
//! confirmed it.

use super::{is_disposed, left_hash};
use crate::domain::access::ActorRef;
use crate::domain::case::Happening;
use crate::domain::ids::{EventId, OfficerId};
use entities::events::Model;
use std::collections::BTreeMap;
use uuid::Uuid;

const RETENTION_REVIEW: &str = "retention-review";
const NOT_DISPOSED_OF: &str = "it lost what it said, and no disposal says so of it as it is";
const STILL_THERE: &str = "a disposal names it, and it has not lost what it said";
const NOT_DECIDED: &str =
    "it says what was disposed of, and no retention review was proposed and confirmed there by two officers";

/// An event that is not as it should be, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unaccounted {
    pub stream_id: Uuid,
    pub seq: i64,
    pub position: i64,
    pub why: &'static str,
}

/// Fed the events in order.
#[derive(Debug, Default)]
pub struct Account {
    found: BTreeMap<(Uuid, i64), Lost>,
    named: BTreeMap<(Uuid, i64), Named>,
    reviews: BTreeMap<Uuid, Review>,
    undecided: Option<Unaccounted>,
}

/// How far the officers of a retention review have come.
#[derive(Debug, Default)]
struct Review {
    proposed: Option<OfficerId>,
    confirmed: Option<OfficerId>,
    disposed: u64,
}

/// An event without what it said.
#[derive(Debug)]
struct Lost {
    by: EventId,
    position: i64,
    hash: String,
    left: String,
}

/// An event that a disposal names.
#[derive(Debug)]
struct Named {
    by: EventId,
    position: i64,
    hash: String,
    left: String,
}

impl Account {
    /// Keeps an event that lost what it said for later. `false`: it is none.
    pub fn lost(&mut self, event: &Model) -> bool {
        let Some(by) = is_disposed(&event.data) else { return false };
        let (hash, left) = (event.hash.clone(), left_hash(event));
        self.found.insert((event.stream_id, event.seq), Lost { by, position: event.position, hash, left });
        true
    }

    /// Keeps what a retention review decides, and what a disposal says it disposed of.
    pub fn take(&mut self, event: &Model) {
        if event.stream != "case" || !["opened", "acted", "disposed"].contains(&event.kind.as_str()) {
            return;
        }
        let Ok(what) = serde_json::from_value::<Happening>(event.data.clone()) else { return };
        match what {
            Happening::Opened { workflow, .. } if workflow == RETENTION_REVIEW && event.seq == 1 => {
                self.reviews.insert(event.stream_id, Review::default());
            }
            Happening::Acted { action, .. } => {
                if let Some(review) = self.reviews.get_mut(&event.stream_id) {
                    review.act(&action, officer(event));
                }
            }
            Happening::Disposed { streams, .. } => {
                let Some(review) = self.reviews.get_mut(&event.stream_id).filter(|review| review.has_decided(event))
                else {
                    let (stream_id, seq, position) = (event.stream_id, event.seq, event.position);
                    self.undecided.get_or_insert(Unaccounted { stream_id, seq, position, why: NOT_DECIDED });
                    return;
                };
                // It was decided once, and so it may happen once.
                (review.proposed, review.confirmed) = (None, None);
                for (stream, gone) in streams.into_iter().flat_map(|stream| {
                    let id = stream.id;
                    stream.events.into_iter().map(move |gone| (id, gone))
                }) {
                    let (by, position) = (EventId::from_uuid(event.id), event.position);
                    review.disposed += 1;
                    self.named.insert((stream, gone.seq), Named { by, position, hash: gone.hash, left: gone.left });
                }
            }
            Happening::Opened { .. }
            | Happening::Struck { .. }
            | Happening::GuardFailed { .. }
            | Happening::Migrated { .. }
            | Happening::PersonLinked { .. }
            | Happening::Marked { .. }
            | Happening::LookedInto { .. } => {}
        }
    }

    /// The first disposal that nobody decided, event that lost what it said without a disposal of that very event, or that
    /// a disposal names and that did not.
    pub fn check(&self) -> Option<Unaccounted> {
        if self.undecided.is_some() {
            return self.undecided;
        }
        for ((stream_id, seq), lost) in &self.found {
            let matches = |named: &Named| named.by == lost.by && named.hash == lost.hash && named.left == lost.left;
            if !self.named.get(&(*stream_id, *seq)).is_some_and(matches) {
                let (stream_id, seq, position) = (*stream_id, *seq, lost.position);
                return Some(Unaccounted { stream_id, seq, position, why: NOT_DISPOSED_OF });
            }
        }
        let ((stream_id, seq), named) = self.named.iter().find(|(event, _)| !self.found.contains_key(event))?;
        Some(Unaccounted { stream_id: *stream_id, seq: *seq, position: named.position, why: STILL_THERE })
    }

    /// How many events were disposed of under each retention review that disposed of any.
    pub fn disposed(&self) -> BTreeMap<Uuid, u64> {
        let disposed = self.reviews.iter().filter(|(_, review)| review.disposed > 0);
        disposed.map(|(id, review)| (*id, review.disposed)).collect()
    }
}

impl Review {
    fn act(&mut self, action: &str, by: Option<OfficerId>) {
        match action {
            "propose_disposal" => (self.proposed, self.confirmed) = (by, None),
            "confirm_disposal" => self.confirmed = by.filter(|by| self.proposed.is_some_and(|first| first != *by)),
            "send_back" => (self.proposed, self.confirmed) = (None, None),
            _ => {}
        }
    }

    /// Whoever confirmed it disposes.
    fn has_decided(&self, event: &Model) -> bool {
        self.confirmed.is_some() && self.confirmed == officer(event)
    }
}

fn officer(event: &Model) -> Option<OfficerId> {
    serde_json::from_value::<ActorRef>(event.actor.clone()).ok()?.officer()
}
