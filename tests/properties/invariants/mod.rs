//! The invariants of the domain, each checked on events and rows alone: nothing here asks the code that enforces them.

mod decisions;
mod disposal;
mod limits;
mod orders;
mod people;
mod records;

use super::history::{self, Bound, Story};
use super::snapshot::Snapshot;
use disposal::Disposal;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Something that may never be, and is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub invariant: u8,
    pub what: String,
}

/// A snapshot of what is kept, with what its events tell.
pub struct Told<'a> {
    pub snapshot: &'a Snapshot,
    pub stories: BTreeMap<Uuid, Story>,
    pub bounds: Vec<Bound>,
    /// With what was disposed of.
    pub all: &'a Snapshot,
    pub disposals: Vec<Disposal>,
    /// People of whose earlier limits nothing is told any more.
    pub forgotten_limits: BTreeSet<Uuid>,
}

impl Told<'_> {
    fn strategies(&self) -> impl Iterator<Item = &Story> {
        self.stories.values().filter(|story| story.is("communications-strategy"))
    }

    fn is_erased(&self, stream: Uuid) -> bool {
        self.disposals.iter().any(|disposal| disposal.streams.contains_key(&stream))
    }

    /// The record that stands for a person now.
    fn root(&self, person: Uuid) -> Uuid {
        history::root(self.snapshot, person, self.snapshot.now)
    }
}

/// A checker answers what it found wrong, a sentence each.
type Checker = fn(&Told<'_>) -> Vec<String>;

/// Every invariant of this suite with its checker.
pub const CHECKERS: [(u8, Checker); 27] = [
    (1, decisions::shared_only_after_approval_and_harm_test_of_the_same_text),
    (2, decisions::signed_by_somebody_who_took_no_part),
    (3, decisions::signed_under_a_delegation_of_that_day),
    (4, limits::in_force_only_after_sharing_and_no_breach_before_it_binds),
    (5, limits::review_and_end_dates_and_nothing_binds_past_the_end),
    (6, limits::one_strategy_in_force_a_person),
    (7, limits::blocking_as_approved_and_what_it_blocks_is_kept_and_read),
    (8, decisions::one_working_channel_remains),
    (9, limits::emergency_numbers_are_never_limited),
    (10, limits::every_complaint_gets_its_recording_task),
    (11, limits::rights_requests_are_never_limited),
    (12, decisions::people_decide_what_restricts),
    (12, orders::people_decide_on_orders),
    (12, orders::people_decide_on_offences),
    (13, people::a_targeted_victim_is_restricted_by_an_override_only),
    (14, decisions::units_settled_before_submission),
    (15, orders::orders_have_their_preconditions),
    (17, records::everything_is_logged_and_chained),
    (18, limits::verdicts_follow_attribution_and_mergers),
    (19, limits::nothing_rests_on_an_unproven_sender),
    (20, people::units_see_their_question_only),
    (21, records::no_marking_is_lowered),
    (22, disposal::a_hold_beats_disposal),
    (23, people::adjustments_are_shown),
    (24, decisions::appeals_decided_by_somebody_who_took_no_part),
    (25, records::events_rebuild_every_state),
    (0, limits::rows_say_what_events_say),
];

/// Everything that is wrong with the snapshot.
pub fn violations(snapshot: &Snapshot) -> Vec<Violation> {
    let (all, disposals) = (snapshot, disposal::disposals(snapshot));
    let snapshot = match disposals.is_empty() {
        true => Cow::Borrowed(all),
        false => Cow::Owned(disposal::kept(all, &disposals)),
    };
    let snapshot = snapshot.as_ref();
    let stories = history::stories(snapshot);
    let bounds = history::bounds(snapshot, &stories);
    let forgotten_limits = disposal::forgotten_limits(snapshot, &disposals);
    let told = Told { snapshot, stories, bounds, all, disposals, forgotten_limits };
    let checked = CHECKERS
        .iter()
        .flat_map(|(invariant, check)| check(&told).into_iter().map(|what| Violation { invariant: *invariant, what }));
    checked.collect()
}

fn is_filled(value: &serde_json::Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}
