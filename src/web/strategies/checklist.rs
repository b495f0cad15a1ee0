//! What is still missing before a strategy can be sent for approval: every condition of the step, and whether it holds.

use super::words::title;
use crate::domain::case::{Offer, RefusalKind};
use crate::domain::strategy::is_filled;
use crate::domain::workflow::Workflow;
use serde_json::{Value, json};

/// Each condition by its code: what it is called once it holds, and where it is seen to.
const CONDITIONS: [(&str, &str, &str); 11] = [
    ("incomplete", "Every heading is filled in", "edit#section-ndm"),
    ("emergency-limited", "999 and 101 are not limited", "edit#section-limits"),
    ("limits-not-measurable", "Each limit can be measured", "edit#section-limits"),
    ("no-open-channel", "A way of contacting PSD stays open", "edit#section-limits"),
    ("blocking-without-alternatives", "Whatever is blocked says what was tried before", "edit#section-blocking"),
    ("adjustments-not-answered", "Adjustments and an advocate were considered", "edit#section-adjustments"),
    ("no-review-or-end-date", "There is a review date and an end date", "edit#section-reviewOn"),
    ("dates-out-of-range", "The dates are within the bounds of the policy", "edit#section-reviewOn"),
    ("consultation-open", "SNT, OPT and MASH were asked, or the reason is recorded", "consult"),
    ("targeted-victim", "The person is no targeted victim, or an authority allowed it", ""),
    ("rights-limited", "No right is a closed subject", "edit#section-limits"),
];

/// What has to be filled in before a strategy is sent.
const HEADINGS: [&str; 8] = [
    "ndm.information",
    "ndm.assessment",
    "ndm.powersAndPolicy",
    "ndm.options",
    "ndm.actionAndReview",
    "shareable.reasons",
    "shareable.arrangements",
    "leastRestrictive",
];

/// The conditions of sending it, in the order of the workflow; empty where the officer could not send it in any case.
pub(super) fn checklist(workflow: &Workflow, offers: &[Offer], (id, data): (&str, &Value)) -> Vec<Value> {
    let Some(offer) = offers.iter().find(|offer| offer.action == "submit") else { return Vec::new() };
    let open = match &offer.refusal {
        None => Vec::new(),
        Some(refusal) if refusal.kind == RefusalKind::Conflict => open(refusal),
        Some(_) => return Vec::new(),
    };
    let Some(action) = workflow.action("draft", "submit") else { return Vec::new() };
    let condition = |guard: &crate::domain::workflow::Guard| {
        let known = CONDITIONS.iter().find(|(code, ..)| *code == guard.code);
        let (title, place) = known.map_or((guard.otherwise.as_str(), ""), |(_, title, place)| (*title, *place));
        let done = !open.contains(&guard.code.as_str());
        let href = (!done && !place.is_empty()).then(|| format!("/cases/{id}/actions/{place}"));
        let message = (!done).then(|| message(guard, data));
        json!({ "title": title, "done": done, "href": href, "message": message, "policy": guard.policy })
    };
    action.guard.iter().map(condition).collect()
}

/// The codes of what does not hold.
fn open(refusal: &crate::domain::case::Refusal) -> Vec<&str> {
    let others = refusal.faults.iter().filter_map(|fault| fault.code.as_deref());
    let mut open: Vec<&str> = std::iter::once(refusal.code.as_str()).chain(others).collect();
    // Dates that are not there are within no bounds.
    if open.contains(&"no-review-or-end-date") {
        open.push("dates-out-of-range");
    }
    open
}

fn message(guard: &crate::domain::workflow::Guard, data: &Value) -> String {
    if guard.code != "incomplete" {
        return guard.otherwise.clone();
    }
    let empty = HEADINGS.iter().filter(|part| !is_filled(data, part));
    let empty: Vec<String> = empty.map(|part| title(part)).collect();
    format!("Still empty: {}.", empty.join("; "))
}
