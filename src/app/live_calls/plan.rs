//! What was agreed to be done when somebody calls.

use crate::domain::calls::{MarkedOn, MarkerKind};
use crate::domain::ids::PersonId;
use crate::store::caller_markers::Marker;
use serde_json::Value;

/// The case type whose work includes a response plan.
pub(super) const WORKFLOW: &str = "vulnerable-repeat-caller";

/// The latest response plan that a case keeps; `None` where it has none.
pub(super) fn plan_of_case(data: &Value) -> Option<String> {
    let latest = || data.get("responsePlans").and_then(Value::as_array).and_then(|plans| plans.last());
    let one = data.get("responsePlan").or_else(|| data.get("response_plan"));
    let plan = one.and_then(|plan| plan.get("text").or_else(|| plan.get("plan")));
    let plan = plan.or_else(|| latest().and_then(|plan| plan.get("plan").or_else(|| plan.get("text"))));
    plan.and_then(Value::as_str).map(str::trim).filter(|plan| !plan.is_empty()).map(str::to_owned)
}

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
    fn the_latest_plan_of_a_case_is_found_however_the_case_keeps_it() {
        for (data, plan) in [
            (json!({ "responsePlan": { "text": "Call back." } }), Some("Call back.")),
            (json!({ "responsePlans": [{ "plan": "Old." }, { "plan": "New." }] }), Some("New.")),
            (json!({ "response_plan": { "plan": "By post." } }), Some("By post.")),
            (json!({ "responsePlans": [] }), None),
            (json!({ "responsePlan": { "text": "  " } }), None),
            (json!({}), None),
        ] {
            assert_eq!(plan_of_case(&data).as_deref(), plan, "{data}");
        }
    }
}
