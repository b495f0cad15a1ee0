//! Whether the harm test looks at everything, and whether what it leaves makes a notice.

use super::record::{list, text};
use super::{Answer, Arguments, Datum};
use crate::domain::strategy::{PARTS, is_filled, is_internal, makes_a_notice};
use crate::domain::workflow::scope::Scope;
use serde_json::Value;

/// Whether every filled part of the text has its item, once. A part that the person never reads is not left out by
/// saying nothing: its item proposes to withhold it and says why. Looks at the harm test that is being handed in, and
/// otherwise at the one on record.
pub(super) fn harm_test_covers_text(scope: &Scope<'_>, _: &Arguments<'_>) -> Answer {
    let on_record = scope.case.data.get("harmTest").unwrap_or(&Value::Null);
    let test = if scope.input.get("items").is_some() { scope.input } else { on_record };
    let items = list(test, "items")?;
    let content = scope.case.data;
    let covered = |part: &str| {
        let mut of_part = items.iter().filter(|item| text(item, "item") == Some(part));
        let (Some(item), None) = (of_part.next(), of_part.next()) else { return false };
        !is_internal(content, part) || (text(item, "proposal") == Some("withhold") && text(item, "reason").is_some())
    };
    Ok(Datum::Bool(PARTS.into_iter().filter(|part| is_filled(content, part)).all(covered)))
}

/// Whether the text less what the harm test left out says all that a notice has to.
pub(super) fn notice_complete(scope: &Scope<'_>, _: &Arguments<'_>) -> Answer {
    Ok(Datum::Bool(makes_a_notice(scope.case.data)))
}

#[cfg(test)]
mod tests {
    use crate::domain::workflow::function::fixture::Fixture;
    use serde_json::{Value, json};

    fn covers(items: &Value) -> Result<bool, String> {
        let mut fixture = Fixture::with(json!({
            "ndm": { "information": "Nine mails." },
            "shareable": { "reasons": "You wrote often." },
            "blocking": [],
        }));
        fixture.input = json!({ "items": items });
        fixture.truth("harm_test_covers_text", vec![])
    }

    fn item(part: &str, proposal: &str, reason: &str) -> Value {
        json!({ "item": part, "proposal": proposal, "reason": reason })
    }

    #[test]
    fn every_filled_part_has_one_item_and_the_internal_ones_a_reason() {
        let reasons = item("shareable.reasons", "share", "No harm.");
        let information = item("ndm.information", "withhold", "Names a witness.");
        assert_eq!(covers(&json!([reasons, information])), Ok(true));
        let wanting = [
            json!([reasons]),
            json!([information]),
            json!([reasons, information, information]),
            json!([reasons, item("ndm.information", "share", "No harm.")]),
            json!([reasons, item("ndm.information", "withhold", " ")]),
            json!([]),
        ];
        for items in wanting {
            assert_eq!(covers(&items), Ok(false), "{items}");
        }
    }

    #[test]
    fn without_a_new_test_the_one_on_record_is_looked_at() {
        let items = json!([item("shareable.reasons", "share", "No harm.")]);
        let on_record = |test: Value| {
            let fixture = Fixture::with(json!({ "shareable": { "reasons": "Why." }, "harmTest": test }));
            fixture.truth("harm_test_covers_text", vec![])
        };
        assert_eq!(on_record(json!({ "items": items })), Ok(true));
        assert_eq!(on_record(json!({ "reason": "Test again." })), Ok(false));
    }
}
