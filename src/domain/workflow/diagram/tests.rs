//! What a drawing shows, and that it is safe to show.

use super::*;
use crate::domain::workflow::source;

fn sample() -> Workflow {
    let text = r#"
workflow: sample
version: 1
title: A "sample" & more
initial: draft
states:
  draft:
    title: Being <drafted>
    on:
      edit: { title: Edit it, by: [spoc] }
      submit: { title: Send, by: [spoc], to: in_force }
      give_up: { title: Give up, by: [spoc], to: ended }
  in_force:
    kind: restrictive
    on:
      lift: { title: Lift, by: [spoc], to: ended }
      reopen: { title: Reopen, by: [spoc], to: draft }
    after:
      - { at: case.data.endsOn, to: ended }
  ended: { kind: final }
"#;
    let (definition, faults) = source::read("sample.yaml", text);
    assert_eq!(faults, []);
    definition.unwrap().workflow
}

#[test]
fn mermaid_tells_kinds_and_clocks_apart_by_shape() {
    let drawn = mermaid(&sample(), Some("in_force"));
    for line in [
        "flowchart TB",
        "  draft[\"Being #lt;drafted#gt;<br/>· Edit it\"]",
        "  in_force{{\"▶ In force\"}}",
        "  ended([\"Ended\"])",
        "  start --> draft",
        "  draft -->|\"Send\"| in_force",
        "  in_force -->|\"Lift\"| ended",
        "  in_force -.->|\"clock: at endsOn\"| ended",
        "  class in_force restrictive",
        "  class in_force present",
    ] {
        assert!(drawn.lines().any(|drawn| drawn == line), "{line} in\n{drawn}");
    }
}

#[test]
fn svg_says_in_words_what_it_draws_and_is_safe_to_embed() {
    let drawn = svg(&sample(), Some("draft"));
    assert!(drawn.contains("<title id=\"sample-title\">A &quot;sample&quot; &amp; more</title>"), "{drawn}");
    assert!(
        drawn.contains("Being &lt;drafted&gt;, where the case is now: Send leads to In force; Give up leads to Ended.")
    );
    assert!(drawn.contains("In force, restrictive: Lift leads to Ended; Reopen leads to Being &lt;drafted&gt;; clock: at endsOn leads to Ended."));
    assert_eq!(drawn.matches("<polygon").count(), 1, "one restrictive state");
    assert_eq!(drawn.matches("stroke-dasharray").count(), 1, "one clock");
    assert_eq!(drawn.matches("stroke-width=\"5\"").count(), 1, "one present state");
    assert!(!drawn.contains("style=") && !drawn.contains("<script"));
}

#[test]
fn an_unknown_present_state_marks_nothing() {
    assert_eq!(mermaid(&sample(), Some("nowhere")), mermaid(&sample(), None));
}
