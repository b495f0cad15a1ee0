//! Whether the units that must be asked have been (policy 7.6).

use super::record::{list, text};
use super::{Answer, Arguments, Datum};
use crate::domain::workflow::scope::Scope;

/// A unit is settled when its consultation case is answered, or when the case records that it was not asked or did
/// not reply in time, with a reason. True when every unit named is settled.
pub(super) fn consultations_settled(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let recorded = list(scope.case.data, "consultations")?;
    let answered = |unit: &str| {
        let consultations = scope.children.iter().filter(|child| child.workflow == "consultation");
        consultations.filter(|child| text(&child.data, "unit") == Some(unit)).any(|child| child.state == "answered")
    };
    let excused = |unit: &str| {
        let entries = recorded.iter().filter(|entry| text(entry, "unit") == Some(unit));
        let mut outcomes =
            entries.filter(|entry| text(entry, "reason").is_some()).filter_map(|entry| text(entry, "outcome"));
        outcomes.any(|outcome| matches!(outcome, "not_asked" | "no_reply"))
    };
    Ok(Datum::Bool(arguments.texts(0)?.iter().all(|unit| answered(unit) || excused(unit))))
}

#[cfg(test)]
mod tests {
    use crate::domain::workflow::function::fixture::Fixture;
    use serde_json::json;

    #[test]
    fn a_unit_is_settled_by_an_answer_or_a_recorded_reason() {
        // The fixture's one child is the answered consultation of the SNT.
        let settled = |entry: serde_json::Value, unit: &str| {
            let fixture = Fixture::with(json!({"consultations": [entry]}));
            fixture.truth("consultations_settled", vec![Fixture::texts(&["snt", unit])])
        };
        let excused = json!({"unit": "opt", "outcome": "not_asked", "reason": "no OPT covers the address"});
        assert_eq!(settled(excused.clone(), "opt"), Ok(true));
        assert_eq!(settled(excused, "mash"), Ok(false), "another unit's reason does not count");
        let silent = json!({"unit": "opt", "outcome": "no_reply", "reason": "asked on 3 March, chased on 9 March"});
        assert_eq!(settled(silent, "opt"), Ok(true));
        let unreasoned = json!({"unit": "opt", "outcome": "not_asked", "reason": " "});
        assert_eq!(settled(unreasoned, "opt"), Ok(false));
        let claimed = json!({"unit": "opt", "outcome": "answered", "reason": "they rang"});
        assert_eq!(settled(claimed, "opt"), Ok(false), "an answer is the consultation's, not the record's");
    }
}
