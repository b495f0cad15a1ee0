//! What the law was on a day, from the register of legislation, and by when proceedings have to begin.

use super::{Answer, Arguments, Datum, parse_date};
use crate::domain::registers::Enactment;
use crate::domain::workflow::scope::Scope;
use serde_json::Value;
use std::collections::BTreeSet;

/// Whether the provision was law on the date.
pub(super) fn in_force(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    Ok(Datum::Bool(row(scope, arguments.text(0)?)?.in_force_on(arguments.date(1)?)))
}

/// Whether the law sets a time within which proceedings have to begin.
pub(super) fn limited(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    Ok(Datum::Bool(row(scope, arguments.text(0)?)?.limitation.is_some()))
}

/// The last day on which proceedings can begin, from the day of the offence and that of sufficient evidence.
pub(super) fn limitation_on(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let (offence, evidence) = (arguments.date(1)?, arguments.date(2)?);
    let limitation = row(scope, arguments.text(0)?)?.limitation.ok_or("the law sets no time for this")?;
    let too_late = limitation.too_late_on(offence, Some(evidence));
    let last = too_late.and_then(|day| day.pred_opt()).ok_or("the register does not say from when the time runs")?;
    Ok(Datum::Text(last.to_string()))
}

/// Whether each provision behind an offence of policy 1.2 that was law on some day from the case's `from` to its `to`
/// stands among its `offences`, or among those of which it says why they are `notConsidered`.
pub(super) fn every_offence_considered(scope: &Scope<'_>, _arguments: &Arguments<'_>) -> Answer {
    let day = |name: &str| {
        let text =
            scope.case.data.get(name).and_then(Value::as_str).ok_or_else(|| format!("`{name}` is not filled in"))?;
        parse_date(text).ok_or_else(|| format!("`{name}` is no date"))
    };
    let (from, to) = (day("from")?, day("to")?);
    let listed = |name: &str| scope.case.data.get(name).and_then(Value::as_array).into_iter().flatten();
    let entries = listed("offences").chain(listed("notConsidered"));
    let looked_at: BTreeSet<&str> = entries.filter_map(|entry| entry.get("offence")?.as_str()).collect();
    let overlaps =
        |row: &&Enactment| row.from.is_none_or(|begun| begun <= to) && row.to.is_none_or(|ended| from <= ended);
    let mut offences = scope.legislation.iter().filter(|row| row.applies.is_some()).filter(overlaps);
    Ok(Datum::Bool(offences.all(|row| looked_at.contains(row.id.as_str()))))
}

fn row<'s>(scope: &Scope<'s>, law: &str) -> Result<&'s Enactment, String> {
    let found = scope.legislation.iter().find(|row| row.id == law);
    found.ok_or_else(|| format!("`{law}` is not in the register of legislation"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;
    use crate::domain::registers::legislation;
    use serde_json::json;

    fn with_law(data: Value) -> Fixture {
        let register = legislation(include_str!("../../../../workflows/registers/legislation.yaml")).unwrap();
        Fixture { legislation: register.enactments, ..Fixture::with(data) }
    }

    fn text(words: &str) -> Datum {
        Datum::Text(words.to_owned())
    }

    #[test]
    fn law_is_asked_of_a_day() {
        let at = with_law(json!({}));
        let asked = |law: &str, on: &str| at.ask("in_force", vec![text(law), text(on)]);
        assert_eq!(asked("ca-2003-s127-2ab", "2024-01-30"), Ok(Datum::Bool(true)));
        assert_eq!(asked("ca-2003-s127-2ab", "2024-01-31"), Ok(Datum::Bool(false)));
        assert!(asked("some-act", "2024-01-31").is_err());
    }

    #[test]
    fn the_last_day_is_the_one_before_it_is_too_late() {
        let at = with_law(json!({}));
        let last = at.ask("limitation_on", vec![text("ca-2003-s127-2c"), text("2026-01-10"), text("2026-02-28")]);
        assert_eq!(last, Ok(text("2026-08-27")));
        assert_eq!(at.ask("limited", vec![text("osa-2023-s181")]), Ok(Datum::Bool(false)));
        assert!(at.ask("limitation_on", vec![text("osa-2023-s181"), text("2026-01-10"), text("2026-02-28")]).is_err());
    }

    #[test]
    fn each_offence_that_was_law_on_some_of_the_days_is_looked_at_or_the_reason_given() {
        let now = ["mca-1988-s1", "ca-2003-s127-1", "ca-2003-s127-2c", "osa-2023-s179", "osa-2023-s181"];
        let considered: Vec<Value> = now.iter().map(|id| json!({ "offence": id })).collect();
        let left = |ids: &[&str]| ids.iter().map(|id| json!({ "offence": id })).collect::<Vec<_>>();
        let data = |from: &str, not: &[&str]| json!({ "from": from, "to": "2026-03-01", "offences": considered, "notConsidered": left(not) });
        let asked = |data: Value| with_law(data).ask("every_offence_considered", Vec::new());
        assert_eq!(asked(data("2026-01-01", &["pha-1997-s2", "cla-1967-s5-2"])), Ok(Datum::Bool(true)));
        assert_eq!(asked(data("2026-01-01", &["pha-1997-s2"])), Ok(Datum::Bool(false)));
        let earlier = data("2024-01-30", &["pha-1997-s2", "cla-1967-s5-2"]);
        assert_eq!(asked(earlier), Ok(Datum::Bool(false)), "two provisions were still law on the first day");
        assert!(asked(json!({ "offences": [] })).is_err());
    }
}
