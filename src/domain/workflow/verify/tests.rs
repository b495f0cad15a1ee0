//! What holds is proved, what does not has its shortest path.

//! What the prover proves of small machines, and the counterexamples it finds.

use super::*;
use crate::domain::workflow::source;

/// The pieces of a small machine: `draft -submit→ submitted -approve→ approved -share→ shared`, with a way back and
/// an end.
const MACHINE: &str = r#"
workflow: sample
version: 1
title: Sample
initial: draft
states:
  draft:
    on:
      edit: { by: [spoc] }
      submit: { by: [spoc], to: submitted }
  submitted:
    on:
      approve: { by: [appropriate_authority], to: approved, separate_from: [submit] }
      send_back: { by: [appropriate_authority], to: draft }
  approved:
    on:
      share: { by: [spoc], to: shared, effects: [compose_notice] }
      reopen: { by: [spoc], to: draft }
  shared:
    kind: restrictive
    after:
      - { after: 90 days, to: ended }
  ended: { kind: final }
"#;

fn prove_one(invariant: &str) -> Option<String> {
    let text = format!("{MACHINE}invariants:\n  - {{ id: T, says: So it is, {invariant} }}\n");
    let (definition, faults) = source::read("sample.yaml", &text);
    assert_eq!(faults, [], "{invariant}");
    let workflow = definition.unwrap().workflow;
    let mut broken = prove(&Graph::of(&workflow));
    assert!(broken.len() <= 1);
    broken.pop().map(|broken| broken.counterexample.join(" "))
}

#[test]
fn what_holds_is_proved() {
    for invariant in [
        "precedence: { first: approve, then: { state: shared } }",
        "precedence: { first: approve, then: { state: shared }, since: submit }",
        "precedence: { first: { state: approved }, then: share }",
        "precedence: { first: share, then: { effect: compose_notice } }",
        "absence: { what: clock, until: { state: shared } }",
        "absence: { what: edit, since: { state: shared } }",
        "universality: { what: { kind: restrictive }, since: share, until: clock }",
        "universality: { what: { any: [{ kind: open }, { kind: restrictive }] }, until: clock }",
        "response: { trigger: share, then: { state: ended } }",
        "response: { trigger: submit, then: { any: [send_back, approve] } }",
        "different_actor: [[submit], approve]",
        "different_actor: [[share], edit]",
    ] {
        assert_eq!(prove_one(invariant), None, "{invariant}");
    }
}

#[test]
fn what_does_not_hold_has_its_shortest_path() {
    let cases = [
        ("precedence: { first: edit, then: { state: submitted } }", "draft —submit→ submitted"),
        (
            "precedence: { first: edit, then: share, since: reopen }",
            "draft —submit→ submitted —approve→ approved —share→ shared",
        ),
        ("absence: { what: edit, since: send_back }", "draft —submit→ submitted —send_back→ draft —edit→ draft"),
        ("absence: { what: { state: draft } }", "draft"),
        (
            "absence: { what: clock }",
            "draft —submit→ submitted —approve→ approved —share→ shared —clock: after 90 days→ ended",
        ),
        ("universality: { what: { kind: open } }", "draft —submit→ submitted —approve→ approved —share→ shared"),
        (
            "response: { trigger: submit, then: edit }",
            "draft —submit→ submitted —approve→ approved —share→ shared —clock: after 90 days→ ended",
        ),
        (
            "response: { trigger: { state: draft }, then: reopen }",
            "draft —submit→ submitted —approve→ approved —share→ shared —clock: after 90 days→ ended",
        ),
        ("different_actor: [[edit, submit], approve]", "draft —edit→ draft —submit→ submitted —approve→ approved"),
    ];
    for (invariant, path) in cases {
        let found = prove_one(invariant).unwrap_or_default();
        assert_eq!(found, path, "{invariant}");
    }
}

#[test]
fn what_can_never_happen_again_is_found_before_the_end() {
    // No final state is needed to see that an answer has become impossible.
    let text = r#"
workflow: sample
version: 1
title: Sample
initial: open
states:
  open: { on: { ask: { by: [spoc] }, answer: { by: [spoc] }, leave: { by: [spoc], to: aside } } }
  aside: { on: { wait: { by: [spoc] } } }
invariants:
  - { id: T, says: A question is answered, response: { trigger: ask, then: answer } }
"#;
    let workflow = source::read("sample.yaml", text).0.unwrap().workflow;
    let broken = prove(&Graph::of(&workflow));
    assert_eq!(broken[0].counterexample, ["open", "—ask→ open", "—leave→ aside"]);
    assert!(broken[0].message.contains("can no longer happen"), "{broken:?}");
}
