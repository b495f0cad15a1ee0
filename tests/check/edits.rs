//! Edits of the real files, each of which would let the policy down: found, placed, and shown with the shortest way
//! to go wrong.

use super::{edit, faults_of, shipped};
use evenhand::domain::workflow::Fault;

const STRATEGY: &str = "communications-strategy.yaml";
const USER: &str = "frequent-service-user.yaml";
const CONSULTATION: &str = "consultation.yaml";

/// What an edit has to be answered with.
struct Found {
    file: &'static str,
    path: &'static str,
    code: &'static str,
    /// Part of the sentence.
    says: &'static str,
    /// Joined by spaces; empty where there is no path to show.
    counterexample: &'static str,
}

fn must_find(name: &str, edits: &[(&str, &str, &str)], found: &Found) {
    let mut sources = shipped();
    for (file, from, to) in edits {
        edit(&mut sources, file, from, to);
    }
    let faults = faults_of(&sources);
    let fits = |fault: &&Fault| {
        fault.file.ends_with(found.file)
            && fault.path == found.path
            && fault.code == found.code
            && fault.message.contains(found.says)
    };
    let matching: Vec<&Fault> = faults.iter().filter(fits).collect();
    assert_eq!(matching.len(), 1, "{name}: {faults:#?}");
    assert_eq!(matching[0].counterexample.join(" "), found.counterexample, "{name}");
    if !found.file.ends_with(".json") {
        assert!(matching[0].line.is_some(), "{name}: {matching:?}");
    }
}

#[test]
fn the_shipped_policy_is_sound() {
    assert_eq!(faults_of(&shipped()), []);
}

#[test]
fn sign_off_bypassed() {
    let from = "title: Send back\n        by: [appropriate_authority]\n        form: reason\n        into: sentBack[]\n        to: draft";
    must_find(
        "sent back into approval",
        &[(STRATEGY, from, &from.replace("to: draft", "to: approved"))],
        &Found {
            file: STRATEGY,
            path: "invariants[0]",
            code: "broken-invariant",
            says: "I1: Never shared before sign-off",
            counterexample: "draft —submit→ submitted —send_back→ approved —decide_harm_test→ harm_tested —share→ shared",
        },
    );
}

#[test]
fn harm_test_bypassed() {
    must_find(
        "preparing is deciding",
        &[(
            STRATEGY,
            "form: harm_test\n        into: harmTest\n",
            "form: harm_test\n        into: harmTest\n        to: harm_tested\n",
        )],
        &Found {
            file: STRATEGY,
            path: "invariants[1]",
            code: "broken-invariant",
            says: "I1b: Never shared before the harm test",
            counterexample: "draft —submit→ submitted —approve→ approved —prepare_harm_test→ harm_tested —share→ shared",
        },
    );
}

#[test]
fn the_signer_may_be_the_author() {
    let four_eyes = "separate_from: [edit, submit]\n        not_involved: [case.spoc, person.complained_about]\n        delegation:";
    let without = "not_involved: [case.spoc, person.complained_about]\n        delegation:";
    must_find(
        "separate_from removed",
        &[(STRATEGY, four_eyes, without)],
        &Found {
            file: STRATEGY,
            path: "invariants[2]",
            code: "broken-invariant",
            says: "the officer who takes `submit` may take `approve` too",
            counterexample: "draft —submit→ submitted —approve→ approved",
        },
    );
    must_find(
        "separate_from half removed",
        &[(STRATEGY, four_eyes, &four_eyes.replace("[edit, submit]", "[submit]"))],
        &Found {
            file: STRATEGY,
            path: "invariants[2]",
            code: "broken-invariant",
            says: "the officer who takes `edit` may take `approve` too",
            counterexample: "draft —edit→ draft —submit→ submitted —approve→ approved",
        },
    );
}

#[test]
fn whoever_wrote_it_may_decide_on_it_in_another_way() {
    let delegated = "delegation: communications-strategy\n        separate_from: [edit, submit";
    let cases = [
        ("into: sentBack[]\n        to: draft\n        ", "]\n", "I2c", "send_back"),
        ("into: refused\n        to: refused\n        ", "]\n", "I2d", "refuse"),
        ("into: harmTestDecision\n        ", ", prepare_harm_test]\n", "I2e", "decide_harm_test"),
        (
            "title: In force\n    kind: restrictive\n    on:\n      lift:\n        title: Lift\n        by: [appropriate_authority]\n        form: reason\n        into: ended\n        to: lifted\n        ",
            "]\n",
            "I2f",
            "lift",
        ),
    ];
    for (before, after, id, action) in cases {
        let mut sources = shipped();
        let from = format!("{before}{delegated}{after}");
        let to = from.replace("[edit, submit", "[submit");
        edit(&mut sources, STRATEGY, &from, &to);
        let faults = faults_of(&sources);
        let says = format!("the officer who takes `edit` may take `{action}` too");
        let broken = |fault: &&Fault| fault.message.contains(id) && fault.message.contains(&says);
        assert_eq!(faults.iter().filter(broken).count(), 1, "{id}: {faults:#?}");
    }
}

#[test]
fn somebody_asked_whom_nobody_tells() {
    must_find(
        "an ask without its effect",
        &[(
            STRATEGY,
            "effects: [tell_role]\n        ask: { of: [appropriate_authority]",
            "ask: { of: [appropriate_authority]",
        )],
        &Found {
            file: STRATEGY,
            path: "states.approved.on.prepare_harm_test.ask",
            code: "nobody-is-told",
            says: "whom `tell_role` asks",
            counterexample: "",
        },
    );
}

#[test]
fn a_clock_restricts_directly() {
    let title = "title: Shared, waiting for service to be recorded\n";
    let clock = format!("{title}    after: [{{ after: 5 working days, to: in_force }}]\n");
    must_find(
        "service deemed by the clock",
        &[(STRATEGY, title, &clock)],
        &Found {
            file: STRATEGY,
            path: "states.shared.after[0]",
            code: "clock-restricts",
            says: "a clock leads `communications-strategy` into the restrictive state `in_force`",
            counterexample: "draft —submit→ submitted —approve→ approved —decide_harm_test→ harm_tested —share→ shared \
                             —clock: after 5 working days→ in_force",
        },
    );
}

#[test]
fn a_clock_restricts_by_an_effect() {
    let title = "title: Withheld in full, guides staff only\n";
    let clock = format!("{title}    after: [{{ after: 90 days, effects: [put_limits_in_force] }}]\n");
    must_find(
        "limits put in force by the clock",
        &[(STRATEGY, title, &clock)],
        &Found {
            file: STRATEGY,
            path: "states.withheld.after[0]",
            code: "clock-restricts",
            says: "a clock restricts by `put_limits_in_force`",
            counterexample: "draft —submit→ submitted —approve→ approved —decide_harm_test→ withheld \
                             —clock: after 90 days→ withheld",
        },
    );
}

#[test]
fn clocks_in_a_chain_restrict() {
    let allocated = "title: Point of contact allocated\n";
    let made = "title: Communications strategy being made\n";
    must_find(
        "two clocks",
        &[
            (USER, allocated, &format!("{allocated}    after: [{{ after: 30 days, to: strategy_in_progress }}]\n")),
            (USER, made, &format!("{made}    after: [{{ after: 60 days, to: active }}]\n")),
        ],
        &Found {
            file: USER,
            path: "states.strategy_in_progress.after[0]",
            code: "clock-restricts",
            says: "into the restrictive state `active`",
            counterexample: "nominated —triage→ triaged —list→ on_agenda —decide_met→ threshold_met \
                             —allocate_spoc→ spoc_allocated —start_strategy→ strategy_in_progress —clock: after 60 days→ active",
        },
    );
}

#[test]
fn a_clock_restricts_by_a_child_case() {
    let clock = "{ at: case.data.endsOn, to: expired, effects: [lift_limits, release_parent, tell_parties] }";
    must_find(
        "the child's clock activates the parent",
        &[(STRATEGY, clock, &clock.replace("release_parent", "activate_parent"))],
        &Found {
            file: STRATEGY,
            path: "states.in_force.after[0]",
            code: "clock-restricts",
            says: "a clock leads `frequent-service-user` into the restrictive state `active`",
            counterexample: "draft —submit→ submitted —approve→ approved —decide_harm_test→ harm_tested —share→ shared \
                             —record_service→ in_force —clock: at endsOn→ expired \
                             (frequent-service-user) strategy_in_progress —activate→ active",
        },
    );
    must_find(
        "a clock opens a child that begins restricted",
        &[
            (
                USER,
                "- { after: 90 days, to: on_agenda, effects: [list_on_agenda] }",
                "- { after: 90 days, to: on_agenda, effects: [open_strategy] }",
            ),
            (STRATEGY, "title: Being drafted\n", "title: Being drafted\n    kind: restrictive\n"),
        ],
        &Found {
            file: USER,
            path: "states.monitored.after[0]",
            code: "clock-restricts",
            says: "a clock leads `communications-strategy` into the restrictive state `draft`",
            counterexample: "nominated —triage→ triaged —list→ on_agenda —decide_not_met→ monitored \
                             —clock: after 90 days→ on_agenda (opens communications-strategy) draft",
        },
    );
    must_find(
        "a clock of a case that has no such parent",
        &[(
            CONSULTATION,
            "title: Waiting for the unit's answer\n",
            "title: Waiting for the unit's answer\n    after: [{ after: 9 days, effects: [activate_parent] }]\n",
        )],
        &Found {
            file: CONSULTATION,
            path: "states.asked.after[0].effects[0]",
            code: "no-such-parent",
            says: "opens `consultation` and has `activate`",
            counterexample: "",
        },
    );
}

#[test]
fn a_rule_restricts() {
    must_find(
        "a rule activates",
        &[(
            USER,
            "title: The strategy comes into force\n        by: [child_case]",
            "title: The strategy comes into force\n        by: [child_case, rule]",
        )],
        &Found {
            file: USER,
            path: "states.strategy_in_progress.on.activate",
            code: "rule-restricts",
            says: "a nomination rule leads",
            counterexample: "nominated —triage→ triaged —list→ on_agenda —decide_met→ threshold_met \
                             —allocate_spoc→ spoc_allocated —start_strategy→ strategy_in_progress —activate→ active",
        },
    );
}

#[test]
fn restrictive_left_off() {
    const TO_SHARED: &str = "draft —submit→ submitted —approve→ approved —decide_harm_test→ harm_tested —share→ shared —record_service→ in_force";
    const TO_ACTIVE: &str = "nominated —triage→ triaged —list→ on_agenda —decide_met→ threshold_met \
                             —allocate_spoc→ spoc_allocated —start_strategy→ strategy_in_progress —activate→ active";
    let to_review = format!("{TO_ACTIVE} —start_review→ under_review");
    let cases = [
        (STRATEGY, "title: In force\n    kind: restrictive", "title: In force", "states.in_force", TO_SHARED),
        (
            USER,
            "title: Strategy in force\n    kind: restrictive",
            "title: Strategy in force",
            "states.active",
            TO_ACTIVE,
        ),
        (
            USER,
            "title: Strategy under review\n    kind: restrictive",
            "title: Strategy under review",
            "states.under_review",
            to_review.as_str(),
        ),
    ];
    for (file, from, to, path, counterexample) in cases {
        let mut sources = shipped();
        edit(&mut sources, file, from, to);
        let faults = faults_of(&sources);
        let fault =
            faults.iter().find(|fault| fault.code == "not-restrictive").unwrap_or_else(|| panic!("{faults:#?}"));
        assert_eq!((fault.path.as_str(), fault.counterexample.join(" ").as_str()), (path, counterexample));
    }
}

#[test]
fn limits_left_in_force() {
    let from = "title: Superseded by a new version\n        by: [child_case]\n        to: superseded\n        effects: [lift_limits]";
    let to = from.replace("\n        effects: [lift_limits]", "");
    let mut sources = shipped();
    edit(&mut sources, STRATEGY, from, &to);
    let faults = faults_of(&sources);
    assert!(
        faults.iter().any(|fault| fault.code == "not-restrictive" && fault.path == "states.superseded"),
        "a strategy that ends with its limits still live: {faults:#?}"
    );
}

#[test]
fn dead_ends() {
    must_find(
        "a state nothing leads to",
        &[(STRATEGY, "  withdrawn: {", "  limbo: { title: Limbo, kind: final }\n  withdrawn: {")],
        &Found {
            file: STRATEGY,
            path: "states.limbo",
            code: "unreachable-state",
            says: "no path from `draft` leads to `limbo`",
            counterexample: "",
        },
    );
    must_find(
        "a state nothing leads out of",
        &[(CONSULTATION, "  withdrawn: { title: Withdrawn, kind: final }", "  withdrawn: { title: Withdrawn }")],
        &Found {
            file: CONSULTATION,
            path: "states.withdrawn",
            code: "no-way-out",
            says: "no final state",
            counterexample: "asked —withdraw→ withdrawn",
        },
    );
}

/// Edits that need no path to show: file, from, to, path, code, words.
const WORDS: &[(&str, &str, &str, &str, &str, &str)] = &[
    (
        STRATEGY,
        "has(case.data.reviewOn) &&",
        "has(case.data.reviewOm) &&",
        "states.draft.on.submit.guard[6]",
        "unknown-field",
        "did you mean `reviewOn`?",
    ),
    (
        STRATEGY,
        "\"shareable.reasons\", \"shareable.arrangements\"",
        "\"shareable.reason\", \"shareable.arrangements\"",
        "states.draft.on.submit.guard[0]",
        "unknown-field",
        "did you mean `reasons`?",
    ),
    (
        STRATEGY,
        "open_channels() >= 1",
        "open_channels() >= \"1\"",
        "states.draft.on.submit.guard[3]",
        "cannot-compare",
        "a whole number cannot be put in order with text",
    ),
    (
        STRATEGY,
        "open_channels() >= 1",
        "opened_channels() >= 1",
        "states.draft.on.submit.guard[3]",
        "unknown-function",
        "did you mean `open_channels`?",
    ),
    (
        STRATEGY,
        "open_channels() >= 1",
        "open_channels()",
        "states.draft.on.submit.guard[3]",
        "not-true-or-false",
        "a whole number",
    ),
    (
        STRATEGY,
        "blocked_channels().all(c, has_tried_alternatives(c))",
        "blocked_channels().all(c, has_tried_alternatives(d))",
        "states.draft.on.submit.guard[4]",
        "unknown-name",
        "`d` is not known",
    ),
    (
        STRATEGY,
        "{ when: input.outcome == \"withheld\", to: withheld }",
        "{ when: input.outcome == 3, to: withheld }",
        "states.approved.on.decide_harm_test.choose[0]",
        "cannot-compare",
        "never equal to",
    ),
    (
        STRATEGY,
        "{ when: input.outcome == \"withheld\", to: withheld }",
        "{ when: input.outcome == \"witheld\", to: withheld }",
        "states.approved.on.decide_harm_test.choose[0]",
        "unknown-value",
        "did you mean `withheld`?",
    ),
    (
        STRATEGY,
        "- { when: \"true\", to: harm_tested }",
        "- { when: input.outcome != \"withheld\", to: harm_tested }",
        "states.approved.on.decide_harm_test.choose",
        "choose-not-total",
        "the last choice",
    ),
    (
        STRATEGY,
        "at: case.data.endsOn, to",
        "at: case.data.endOn, to",
        "states.in_force.after[0].at",
        "unknown-field",
        "did you mean `endsOn`?",
    ),
    (
        STRATEGY,
        "at: case.data.endsOn, to",
        "at: case.data.limits, to",
        "states.in_force.after[0].at",
        "not-a-date",
        "a clock strikes at a date",
    ),
    (
        STRATEGY,
        "form: sharing\n",
        "form: shareing\n",
        "states.harm_tested.on.share.form",
        "unknown-form",
        "did you mean `sharing`?",
    ),
    (
        STRATEGY,
        "effects: [compose_notice, send_notice]",
        "effects: [compose_notise, send_notice]",
        "states.harm_tested.on.share.effects[0]",
        "unknown-effect",
        "did you mean `compose_notice`?",
    ),
    (
        STRATEGY,
        "compose_notice: letters/notice,",
        "compose_notice: letters/notise,",
        "templates.compose_notice",
        "unknown-template",
        "did you mean `letters/notice`?",
    ),
    (STRATEGY, "content: strategy\n", "content: strategem\n", "content", "unknown-form", "did you mean `strategy`?"),
    (STRATEGY, "content: strategy\n", "", "states.submitted.on.approve", "no-content", "what is signed is not said"),
    (
        STRATEGY,
        "delegation: communications-strategy\n        signs",
        "delegation: communication-strategy\n        signs",
        "states.submitted.on.approve.delegation",
        "unknown-workflow",
        "did you mean `communications-strategy`?",
    ),
    (
        STRATEGY,
        "separate_from: [edit, submit, prepare_harm_test]",
        "separate_from: [edit, submit, prepare_test]",
        "states.approved.on.decide_harm_test.separate_from[2]",
        "unknown-action",
        "no action `prepare_test`",
    ),
    (
        STRATEGY,
        "title: Being drafted\n    due:\n      in: 10 working days\n      tell: psd_supervisor\n",
        "title: Being drafted\n    due:\n      in: 10 working days\n",
        "states.draft.due",
        "due-tells-nobody",
        "whom to tell",
    ),
    (
        STRATEGY,
        "title: Being drafted\n    due:\n      in: 10 working days\n",
        "title: Being drafted\n    due:\n      in: two weeks\n",
        "states.draft.due.in",
        "not-a-span",
        "10 working days",
    ),
    (STRATEGY, "initial: draft\n", "initial: drafted\n", "initial", "unknown-state", "did you mean `draft`?"),
    (STRATEGY, "version: 1\n", "version: one\n", "version", "wrong-shape", "a whole number"),
    (
        STRATEGY,
        "precedence: { first: share, then: { state: in_force } }",
        "precedence: { first: share, then: { state: inforce } }",
        "invariants[4]",
        "unknown-state",
        "did you mean `in_force`?",
    ),
    (
        CONSULTATION,
        "by: [snt, opt, mash]",
        "by: [snt, opt, mush]",
        "states.asked.on.answer.by[2]",
        "unknown-role",
        "did you mean `mash`?",
    ),
    (
        CONSULTATION,
        "      answer:\n        title: Answer\n",
        "      answer:\n        titel: Answer\n",
        "states.asked.on.answer.titel",
        "unknown-key",
        "did you mean `title`?",
    ),
    (
        CONSULTATION,
        "case.data.unit in actor.roles",
        "case.data.unti in actor.roles",
        "states.asked.on.answer.guard[0]",
        "unknown-field",
        "did you mean `unit`?",
    ),
    (
        CONSULTATION,
        "workflow: consultation\n",
        "workflow: consultations\n",
        "workflow",
        "wrong-file-name",
        "consultations.yaml",
    ),
    (CONSULTATION, "version: 1\n", "version: 1\nversion: 2\n", "version", "duplicate-key", "a second time"),
];

#[test]
fn words_that_mean_nothing() {
    for (file, from, to, path, code, says) in WORDS {
        let name = format!("{from} → {to}");
        must_find(&name, &[(file, from, to)], &Found { file, path, code, says, counterexample: "" });
    }
}

#[test]
fn an_invalid_form() {
    let date = "\"title\": \"Sent on\",";
    must_find(
        "a schema that is none",
        &[("forms/service.json", date, &format!("{date} \"minLength\": \"long\","))],
        &Found {
            file: "service.json",
            path: "properties.sentOn.minLength",
            code: "invalid-form",
            says: "not a form",
            counterexample: "",
        },
    );
}

#[test]
fn a_child_case_type_that_is_not_there() {
    let mut sources = shipped();
    sources.workflows.retain(|source| source.name != "consultation");
    let faults = faults_of(&sources);
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["unknown-workflow"], "{faults:#?}");
    assert_eq!(faults[0].path, "states.draft.on.consult.effects[0]");
}

#[test]
fn all_faults_are_reported_together_in_order() {
    let mut sources = shipped();
    edit(&mut sources, STRATEGY, "has(case.data.reviewOn) &&", "has(case.data.reviewOm) &&");
    edit(&mut sources, STRATEGY, "form: sharing\n", "form: shareing\n");
    edit(&mut sources, CONSULTATION, "by: [snt, opt, mash]", "by: [snt, opt, mush]");
    let faults = faults_of(&sources);
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    assert!(["unknown-form", "unknown-role"].iter().all(|code| codes.contains(code)), "{faults:#?}");
    let places: Vec<_> = faults.iter().map(|fault| (&fault.file, fault.line)).collect();
    assert!(places.is_sorted(), "{faults:#?}");
}

#[test]
fn a_fault_in_a_guard_points_at_its_line_and_column() {
    let mut sources = shipped();
    edit(&mut sources, STRATEGY, "open_channels() >= 1", "open_channels() >= \"1\"");
    let line =
        super::file(&mut sources, STRATEGY).text.lines().position(|line| line.contains("open_channels()")).unwrap();
    let faults = faults_of(&sources);
    assert_eq!(faults[0].line, u32::try_from(line + 1).ok());
    assert_eq!(faults[0].column, Some(35), "{faults:?}");
}

#[test]
fn deadlines_alerts_and_pauses_that_make_no_sense() {
    let alert = "{ at: case.data.reviewOn, before: 20 working days, tell: spoc, say: Review due }";
    let remind = "remind: 2 working days\n      escalate: { after: 5 working days, to: [chair, appropriate_authority] }\n    pause: &pause";
    let flagged = "{ when: case.data.atRisk, in: same day";
    for (name, file, (from, to), (path, code, says)) in [
        (
            "nobody told",
            STRATEGY,
            (alert, &*alert.replace("tell: spoc, ", "")),
            ("states.in_force.alerts[0]", "alert-tells-nobody", "`tell`"),
        ),
        (
            "an empty list told",
            STRATEGY,
            (alert, &*alert.replace("tell: spoc", "tell: []")),
            ("states.in_force.alerts[0]", "alert-tells-nobody", "`tell`"),
        ),
        (
            "a field that is not there",
            STRATEGY,
            (alert, &*alert.replace("reviewOn", "reviewedOn")),
            ("states.in_force.alerts[0].at", "unknown-field", "no `reviewedOn`"),
        ),
        (
            "a field that is no date",
            STRATEGY,
            (alert, &*alert.replace("reviewOn", "advocate.considered")),
            ("states.in_force.alerts[0].at", "not-a-date", "an alert comes at a date"),
        ),
        (
            "text that is no date",
            STRATEGY,
            (alert, &*alert.replace("reviewOn", "leastRestrictive")),
            ("states.in_force.alerts[0].at", "not-a-date", "an alert comes at a date"),
        ),
        (
            "no words",
            STRATEGY,
            (alert, &*alert.replace(", say: Review due", "")),
            ("states.in_force.alerts[0]", "missing-key", "`say`"),
        ),
        (
            "before and after",
            STRATEGY,
            (alert, &*alert.replace("before:", "after: 1 day, before:")),
            ("states.in_force.alerts[0]", "wrong-shape", "either `before`"),
        ),
        (
            "reminded on the first day",
            STRATEGY,
            (remind, &*remind.replace("2 working", "10 working")),
            ("states.draft.due", "reminds-too-early", "less long"),
        ),
        (
            "escalated to nobody",
            STRATEGY,
            (remind, &*remind.replace("[chair, appropriate_authority]", "[]")),
            ("states.draft.due.escalate.to", "escalates-to-nobody", "told here"),
        ),
        (
            "a pause by nobody",
            CONSULTATION,
            ("    alerts:\n", "    pause: { policy: \"7.6\" }\n    alerts:\n"),
            ("states.asked.pause", "missing-key", "`by`"),
        ),
        (
            "a pause without a deadline",
            USER,
            (
                "    title: Monitored, no restriction\n",
                "    title: Monitored, no restriction\n    pause: { by: chair }\n",
            ),
            ("states.monitored.pause", "nothing-to-pause", "no deadline"),
        ),
        (
            "a pause in a restriction",
            USER,
            (
                "    title: Strategy under review\n    kind: restrictive\n",
                "    title: Strategy under review\n    kind: restrictive\n    pause: { by: chair }\n",
            ),
            ("states.under_review.pause", "pause-in-restriction", "restricted"),
        ),
        (
            "a flag that is text",
            USER,
            (flagged, &*flagged.replace("atRisk", "behaviour")),
            ("states.nominated.due[0].when", "not-yes-or-no", "true or false"),
        ),
        (
            "no deadline for the rest",
            USER,
            (
                "      - in: 2 working days\n        tell: psd_supervisor\n        remind: 1 working day\n        escalate: { after: 5 working days, to: chair }\n    pause: &pause",
                "    pause: &pause",
            ),
            ("states.nominated.due", "due-not-total", "exactly the last"),
        ),
    ] {
        must_find(name, &[(file, from, to)], &Found { file, path, code, says, counterexample: "" });
    }
}
