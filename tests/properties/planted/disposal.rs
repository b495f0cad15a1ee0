//! Planted bugs of invariant 22: the sound history's disposal, made wrong.

use super::{acted, only};
use crate::properties::retention::RETENTION_REVIEW;
use crate::properties::snapshot::Snapshot;
use entities::events;
use serde_json::json;
use std::sync::Arc;

/// Changes what was on file just before.
fn just_before(snapshot: &mut Snapshot, change: impl Fn(&mut Snapshot)) {
    change(Arc::make_mut(&mut snapshot.witness.disposals[0].1));
}

fn is_marker(event: &&mut events::Model) -> bool {
    event.data.get("disposedBy").is_some()
}

#[test]
fn invariant_22_notices_a_disposal_over_a_hold_that_was_not_released() {
    only(22, |snapshot| {
        // What was released was another claim.
        acted(snapshot, "release_hold").data["input"]["reference"] = json!("REF/2");
        let review = snapshot.cases.iter_mut().find(|case| case.workflow == RETENTION_REVIEW).unwrap();
        review.data["releases"][0]["reference"] = json!("REF/2");
    });
}

#[test]
fn invariant_22_notices_a_disposal_by_one_person() {
    only(22, |snapshot| {
        let proposed = acted(snapshot, "propose_disposal").actor.clone();
        acted(snapshot, "confirm_disposal").actor = proposed;
    });
}

#[test]
fn invariant_22_notices_a_disposal_over_a_case_that_had_not_ended() {
    only(22, |snapshot| just_before(snapshot, |before| acted(before, "divert").data["to"] = json!("triaged")));
}

#[test]
fn invariant_22_notices_a_disposal_over_a_strategy_that_binds_the_person() {
    only(22, |snapshot| {
        just_before(snapshot, |before| {
            // The strategy in force was decided for this very person, and the case above it had ended.
            let whose = before.events.iter().find(|event| event.data["action"] == "divert").unwrap().stream_id;
            let whose = before.cases.iter().find(|case| case.id == whose).unwrap().person_id;
            let strategy = acted(before, "record_service").stream_id;
            let opened = |event: &&mut events::Model| event.stream_id == strategy && event.kind == "opened";
            before.events.iter_mut().find(opened).unwrap().data["person"] = json!(whose);
        });
    });
}

#[test]
fn invariant_22_notices_a_disposal_over_a_contact_that_nobody_has_read() {
    only(22, |snapshot| {
        just_before(snapshot, |before| {
            let whose = before.events.iter().find(|event| event.data["action"] == "divert").unwrap().stream_id;
            let whose = before.cases.iter().find(|case| case.id == whose).unwrap().person_id;
            let contact = &mut before.contacts[0];
            (contact.ticks_owed, contact.person_id) = (true, whose);
        });
    });
}

#[test]
fn invariant_22_notices_an_event_that_lost_its_words_though_no_disposal_names_it() {
    only(22, |snapshot| {
        let marker = snapshot.events.iter_mut().find(is_marker).unwrap().data.clone();
        snapshot.events.iter_mut().find(|event| event.stream == "officer").unwrap().data = marker;
    });
}

#[test]
fn invariant_22_notices_an_event_that_still_says_what_was_disposed_of() {
    only(22, |snapshot| {
        let gone = snapshot.events.iter_mut().find(|event| is_marker(event) && event.stream == "case").unwrap();
        gone.data = json!({ "type": "acted", "action": "triage" });
    });
}
