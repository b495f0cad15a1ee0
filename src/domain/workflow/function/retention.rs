//! What keeps a record that is under review: a hold beats disposal.

use super::record::{list, text};
use super::{Answer, Arguments, Datum};
use crate::domain::workflow::scope::{Hold, Scope};
use serde_json::Value;
use std::collections::BTreeMap;

/// How it stands with the case under review: `none`, `open`, `ended`, `disposed`, `of_another`.
pub(super) fn reviewed_case(scope: &Scope<'_>, _arguments: &Arguments<'_>) -> Answer {
    Ok(Datum::Text(scope.review.case.as_str().to_owned()))
}

/// Whether the record is kept by this, without anybody having recorded it.
pub(super) fn held_by(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let word = arguments.text(0)?;
    let hold = Hold::ALL.into_iter().find(|hold| hold.as_str() == word);
    let hold = hold.ok_or_else(|| format!("`{word}` is nothing that holds a record by itself"))?;
    Ok(Datum::Bool(scope.review.held_by.contains(&hold)))
}

/// How many recorded holds have not been released.
pub(super) fn recorded_holds(scope: &Scope<'_>, _arguments: &Arguments<'_>) -> Answer {
    let live = live(scope.case.data)?.into_values().filter(|count| *count > 0).count();
    Ok(Datum::Int(i64::try_from(live).unwrap_or(i64::MAX)))
}

/// Whether this hold is recorded and has not been released.
pub(super) fn is_held(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let named = (arguments.text(0)?.to_owned(), arguments.text(1)?.trim().to_owned());
    Ok(Datum::Bool(live(scope.case.data)?.get(&named).is_some_and(|count| *count > 0)))
}

/// Kind and reference of each hold: how often it was recorded, less how often it was released.
fn live(data: &Value) -> Result<BTreeMap<(String, String), i64>, String> {
    let named = |entry: &Value| Some((text(entry, "kind")?.to_owned(), text(entry, "reference")?.to_owned()));
    let mut holds: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (entries, change) in [(list(data, "holds")?, 1), (list(data, "releases")?, -1)] {
        for hold in entries.iter().filter_map(named) {
            *holds.entry(hold).or_default() += change;
        }
    }
    Ok(holds)
}

#[cfg(test)]
mod tests {
    use crate::domain::workflow::function::Datum;
    use crate::domain::workflow::function::fixture::Fixture;
    use crate::domain::workflow::scope::{Hold, ReviewedCase};
    use serde_json::json;

    fn word(text: &str) -> Datum {
        Datum::Text(text.to_owned())
    }

    #[test]
    fn a_hold_is_live_until_that_very_hold_is_released_and_again_when_it_is_recorded_again() {
        let hold = |kind: &str, reference: &str| json!({ "kind": kind, "reference": reference });
        let mut fixture = Fixture::with(json!({ "holds": [hold("appeal", "A/1"), hold("claim", "A/1")] }));
        assert_eq!(fixture.number("recorded_holds", Vec::new()), Ok(2));
        fixture.data["releases"] = json!([hold("appeal", "A/1")]);
        assert_eq!(fixture.number("recorded_holds", Vec::new()), Ok(1));
        assert_eq!(fixture.truth("is_held", vec![word("appeal"), word("A/1")]), Ok(false));
        assert_eq!(fixture.truth("is_held", vec![word("claim"), word("A/1")]), Ok(true));
        fixture.data["holds"] = json!([hold("appeal", "A/1"), hold("claim", "A/1"), hold("appeal", "A/1")]);
        assert_eq!(fixture.number("recorded_holds", Vec::new()), Ok(2));
    }

    #[test]
    fn what_holds_by_itself_is_told_and_an_unknown_word_is_no_answer() {
        let mut fixture = Fixture::with(json!({}));
        fixture.review.held_by.insert(Hold::Order);
        fixture.review.case = ReviewedCase::Ended;
        assert_eq!(fixture.truth("held_by", vec![word("order")]), Ok(true));
        assert_eq!(fixture.truth("held_by", vec![word("open_case")]), Ok(false));
        assert!(fixture.truth("held_by", vec![word("appeal")]).is_err());
        assert_eq!(fixture.ask("reviewed_case", Vec::new()), Ok(word("ended")));
    }
}
