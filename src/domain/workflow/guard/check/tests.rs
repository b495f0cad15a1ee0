//! Sound guards pass; each fault has its code, column and words.

//! Which guards the checker accepts, and what it says of the others.

use super::*;
use crate::domain::workflow::guard::Datas;
use serde_json::json;

fn table() -> Table {
    let schema = json!({
        "type": "object",
        "properties": {
            "endsOn": {"type": "string"},
            "count": {"type": "integer"},
            "share": {"type": "number"},
            "agreed": {"type": "boolean"},
            "outcome": {"enum": ["full", "redacted", "withheld"]},
            "limits": {"type": "array", "items": {"type": "object", "properties": {
                "channel": {"enum": ["email", "letter"]}, "allowed": {"type": "boolean"}, "max": {"type": "integer"},
            }}},
            "ndm": {"type": "object", "properties": {"information": {"type": "string"}}},
            "free": {},
        },
    });
    let data = crate::domain::workflow::guard::read_schema("case.data", &schema);
    let input = crate::domain::workflow::guard::read_schema("input", &schema);
    Table::new(["draft", "submitted"], Datas { own: data, children: Type::Any, parent: None }, Some(input))
}

fn faults(source: &str) -> Vec<GuardFault> {
    check(&Expression::compile(source).unwrap(), &table())
}

#[test]
fn sound_guards_pass() {
    for source in [
        "true",
        "open_channels() >= 1",
        r#"consultations_settled(["snt", "opt", "mash"])"#,
        "blocked_channels().all(c, has_tried_alternatives(c))",
        r#"case.data.limits.exists(l, l.channel == "email" && l.allowed && l.max < 3)"#,
        r#"size(case.data.limits.filter(l, l.allowed).map(l, l.channel)) > 0"#,
        r#"case.data.limits.exists_one(l, l.channel == "letter")"#,
        r#"input.outcome == "withheld" ? has(case.data.endsOn) : !case.data.agreed"#,
        r#"input.outcome in ["full", "redacted"]"#,
        r#""spoc" in actor.roles && case.state == "draft""#,
        "now - case.openedAt < duration(\"48h\") && timestamp(case.data.endsOn) > now",
        "case.data.count * 2 + 1 > case.data.share && -case.data.count < 0",
        "children.all(c, c.final) || children.exists(c, c.data.anything == 1)",
        r#"case.data.free.whatever == 3 && case.data.free[0] > "x""#,
        r#"filled(["ndm.information", "limits", "free.anything"])"#,
        r#"contacts_in("7d", ["email"]) < 10 && age_on(now) >= 16"#,
        r#"within_months(date_in_london(now), case.data.endsOn, 12) && is_before("2026-01-01", now)"#,
        r#"now.getDayOfWeek("Europe/London") == 1 && case.data.endsOn.startsWith("2026")"#,
        r#"case.data.limits[0].channel == "email" && case.data["endsOn"] != """#,
        "policy.version == \"2\" && has(policy.reviewDue) && person.strategiesInForce == 0",
    ] {
        assert_eq!(faults(source), [], "{source}");
    }
}

#[test]
fn each_fault_has_its_code_and_column() {
    let cases = [
        ("case.data.endOn == \"x\"", "unknown-field", 10, "did you mean `endsOn`?"),
        ("has(case.data.endOn)", "unknown-field", 4, "did you mean `endsOn`?"),
        ("case.dta.endsOn == \"\"", "unknown-field", 5, "`case` has no `dta`"),
        ("cas.data.endsOn == \"\"", "unknown-name", 1, "did you mean `case`?"),
        ("case.data.count == \"3\"", "cannot-compare", 17, "a whole number is never equal to text"),
        ("case.data.endsOn > 3", "cannot-compare", 18, "text cannot be put in order with a whole number"),
        ("case.data.agreed < true", "cannot-compare", 18, "true or false"),
        ("case.data.endsOn", "not-true-or-false", 10, "this is text"),
        ("case.data.agreed && 1", "not-true-or-false", 21, "a whole number"),
        ("open_chanels() >= 1", "unknown-function", 13, "did you mean `open_channels`?"),
        ("open_channels(1) >= 1", "wrong-argument-count", 14, "open_channels()"),
        ("has_tried_alternatives(3)", "wrong-argument-type", 24, "wants a channel as channel"),
        ("has_tried_alternatives(\"emial\")", "unknown-value", 24, "did you mean `email`?"),
        ("size(3) > 0", "wrong-argument-type", 5, "this is a whole number"),
        ("\"x\".size(1) > 0", "wrong-argument-count", 9, "`size` is not written like this"),
        ("blocked_channels().all(c, d == c)", "unknown-name", 27, "`d` is not known here"),
        ("blocked_channels().all(c, c)", "not-true-or-false", 27, "this is text"),
        ("blocked_channels().all(case, true)", "shadowed-name", 17, "choose another name"),
        ("case.data.endsOn.all(c, true)", "not-a-list", 10, "this is text"),
        ("input.outcome == \"witheld\"", "unknown-value", 18, "did you mean `withheld`?"),
        ("input.outcome in [\"full\", \"partly\"]", "unknown-value", 27, "`partly` is none of"),
        ("case.state == \"drafted\"", "unknown-value", 15, "did you mean `draft`?"),
        ("\"spok\" in actor.roles", "unknown-value", 1, "did you mean `spoc`?"),
        ("3 in actor.roles", "cannot-compare", 3, "never in a list"),
        ("case.data.limits == []", "cannot-compare", 18, "not compared whole"),
        ("case.data.endsOn == null", "not-supported", 21, "has(…)"),
        ("case.data.share + 1 > 2", "cannot-calculate", 17, "whole numbers can"),
        ("now + now > now", "cannot-calculate", 5, "a point in time"),
        ("case.data.endsOn.day == 1", "not-an-object", 17, "asks for a field"),
        ("filled([\"ndm.informaton\"])", "unknown-field", 9, "did you mean `information`?"),
        ("filled([\"limits.channel\"])", "unknown-field", 9, "has no `channel`"),
        ("contacts_in(\"week\", []) > 1", "unknown-value", 13, "7d"),
        ("is_before(\"1/2/2026\", now)", "unknown-value", 11, "2026-03-29"),
        ("case.data.agreed ? 1 : \"x\"", "mixed-types", 18, "both have to be the same"),
        ("{\"a\": 1}.a == 1", "not-supported", 1, "does not build objects"),
    ];
    for (source, code, column, words) in cases {
        let found = faults(source);
        let [fault] = found.as_slice() else { panic!("one fault in {source}: {found:?}") };
        assert_eq!((fault.code, fault.column), (code, column), "{source}: {fault:?}");
        assert!(fault.message.contains(words), "{source}: {}", fault.message);
    }
}

#[test]
fn all_faults_of_an_expression_are_found_together() {
    let found = faults("case.data.endOn == \"x\" && nosuch(1)\n|| case.data.cont > 3");
    let places: Vec<(&str, u32)> = found.iter().map(|fault| (fault.code, fault.line)).collect();
    assert_eq!(places, [("unknown-field", 1), ("unknown-function", 1), ("unknown-field", 2)]);
}

#[test]
fn lists_are_gone_through_three_deep_and_no_deeper() {
    let deep = |levels: usize| {
        let opening: String = (0..levels).map(|n| format!("[1].all(x{n}, ")).collect();
        faults(&format!("{opening}true{}", ")".repeat(levels)))
    };
    assert_eq!(deep(3), []);
    assert_eq!(deep(4).first().map(|fault| fault.code), Some("guard-too-deep"));
}

#[test]
fn an_action_without_a_form_has_no_input() {
    let table = Table::new(["draft"], Datas { own: Type::Any, children: Type::Any, parent: None }, None);
    let found = check(&Expression::compile("input.outcome == \"x\"").unwrap(), &table);
    assert_eq!(found[0].code, "unknown-name");
    assert!(found[0].message.contains("no form"), "{found:?}");
}
