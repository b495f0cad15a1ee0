//! What was agreed to be done when somebody calls.

use crate::domain::calls::{MarkedOn, MarkerKind};
use crate::domain::ids::PersonId;
use crate::store::caller_markers::Marker;
use serde_json::Value;

/// The case type whose work includes a response plan.
pub(super) use crate::app::cases::REPEAT_CALLER as WORKFLOW;

/// The latest response plan that a case keeps, its risks first: whoever answers has to know when to send somebody at once
/// before anything else. `None` where there is none.
pub(super) fn plan_of_case(data: &Value) -> Option<String> {
    let latest = data.get("responsePlans")?.as_array()?.last()?;
    let words =
        |field: &str| latest.get(field).and_then(Value::as_str).map(str::trim).filter(|words| !words.is_empty());
    let risks = words("risks").map(|risks| format!("{RISKS}: {risks}"));
    let all: Vec<String> = risks.into_iter().chain(words("plan").map(str::to_owned)).collect();
    (!all.is_empty()).then(|| all.join("\n"))
}

const RISKS: &str = "Risks, and when to send somebody at once";

/// The plan to keep to: what is marked on the person, or what their case says; with what is marked on the number or the
/// place after it.
pub(super) fn plan_in_force(markers: &[Marker], of_case: Option<String>, person: Option<PersonId>) -> Option<String> {
    let plans = || markers.iter().filter(|marker| marker.kind == MarkerKind::ResponsePlan);
    let on_person = |marker: &&Marker| match marker.on {
        MarkedOn::Person(_) => person.is_some(),
        MarkedOn::Caller(_) | MarkedOn::Place(_) => false,
    };
    let theirs = plans().rfind(on_person).map(|marker| marker.text.clone()).or(of_case);
    let others = plans().filter(|marker| !on_person(marker)).map(|marker| marker.text.clone());
    let all: Vec<String> = theirs.into_iter().chain(others).collect();
    (!all.is_empty()).then(|| all.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_latest_plan_of_a_case_is_told_with_its_risks_first() {
        let risks = json!({ "plan": "Ask first.", "risks": "Falls; send at once when breathless." });
        let both = "Risks, and when to send somebody at once: Falls; send at once when breathless.\nAsk first.";
        for (data, plan) in [
            (json!({ "responsePlans": [{ "plan": "Old." }, { "plan": "New." }] }), Some("New.")),
            (json!({ "responsePlans": [{ "plan": "Old." }, risks] }), Some(both)),
            (json!({ "responsePlans": [] }), None),
            (json!({ "responsePlans": [{ "plan": "  " }] }), None),
            (json!({}), None),
        ] {
            assert_eq!(plan_of_case(&data).as_deref(), plan, "{data}");
        }
    }
}
