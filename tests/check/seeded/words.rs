//! Words that mean nothing, or mean something twice.

use super::Edit::In;
use super::{CONSULTATION, Found, STRATEGY, Seeded, USER};

pub const ALL: &[Seeded] = &[
    Seeded {
        name: "an unknown role",
        edits: &[In(CONSULTATION, "by: [snt, opt, mash]", "by: [snt, opt, mush]")],
        found: Found {
            file: CONSULTATION,
            code: "unknown-role",
            path: "states.asked.on.answer.by[2]",
            line: "by: [snt, opt, mush]",
            says: "`mush` is not a role; did you mean `mash`?",
            way: "",
        },
    },
    Seeded {
        name: "an unknown state",
        edits: &[In(STRATEGY, "initial: draft\n", "initial: drafted\n")],
        found: Found {
            file: STRATEGY,
            code: "unknown-state",
            path: "initial",
            line: "initial: drafted",
            says: "there is no state `drafted`; did you mean `draft`?",
            way: "",
        },
    },
    Seeded {
        name: "an unknown state in an invariant",
        edits: &[In(
            STRATEGY,
            "precedence: { first: share, then: { state: in_force } }",
            "precedence: { first: share, then: { state: inforce } }",
        )],
        found: Found {
            file: STRATEGY,
            code: "unknown-state",
            path: "invariants[4]",
            line: "- id: I4",
            says: "there is no state `inforce`; did you mean `in_force`?",
            way: "",
        },
    },
    Seeded {
        name: "an unknown action among four eyes",
        edits: &[In(
            STRATEGY,
            "separate_from: [edit, submit, prepare_harm_test]",
            "separate_from: [edit, submit, prepare_test]",
        )],
        found: Found {
            file: STRATEGY,
            code: "unknown-action",
            path: "states.approved.on.decide_harm_test.separate_from[2]",
            line: "separate_from: [edit, submit, prepare_test]",
            says: "there is no action `prepare_test`; did you mean `prepare_harm_test`?",
            way: "",
        },
    },
    Seeded {
        name: "an unknown effect",
        edits: &[In(STRATEGY, "effects: [compose_notice, send_notice]", "effects: [compose_notise, send_notice]")],
        found: Found {
            file: STRATEGY,
            code: "unknown-effect",
            path: "states.harm_tested.on.share.effects[0]",
            line: "effects: [compose_notise, send_notice]",
            says: "`compose_notise` is not an effect; did you mean `compose_notice`?",
            way: "",
        },
    },
    Seeded {
        name: "an unknown key",
        edits: &[In(CONSULTATION, "      answer:\n        title: Answer\n", "      answer:\n        titel: Answer\n")],
        found: Found {
            file: CONSULTATION,
            code: "unknown-key",
            path: "states.asked.on.answer.titel",
            line: "titel: Answer",
            says: "an action has no `titel`; did you mean `title`?",
            way: "",
        },
    },
    Seeded {
        name: "a key written twice",
        edits: &[In(CONSULTATION, "version: 1\n", "version: 1\nversion: 2\n")],
        found: Found {
            file: CONSULTATION,
            code: "duplicate-key",
            path: "version",
            line: "version: 2",
            says: "`version` stands here a second time",
            way: "",
        },
    },
    Seeded {
        name: "a version that is no number",
        edits: &[In(STRATEGY, "version: 1\n", "version: one\n")],
        found: Found {
            file: STRATEGY,
            code: "wrong-shape",
            path: "version",
            line: "version: one",
            says: "this has to be a whole number",
            way: "",
        },
    },
    Seeded {
        name: "an invariant named like another",
        edits: &[In(USER, "  - id: R73\n", "  - id: I12\n")],
        found: Found {
            file: USER,
            code: "duplicate-invariant",
            path: "invariants[2]",
            line: "- id: I12",
            says: "there is already an invariant `I12`",
            way: "",
        },
    },
    Seeded {
        name: "somewhere to keep what nobody fills in",
        edits: &[In(STRATEGY, "form: sharing\n        into: sharing\n", "into: sharing\n")],
        found: Found {
            file: STRATEGY,
            code: "nothing-to-keep",
            path: "states.harm_tested.on.share.into",
            line: "into: sharing",
            says: "`into` keeps a form's input, but there is no `form`",
            way: "",
        },
    },
    Seeded {
        name: "a signature on nothing",
        edits: &[In(STRATEGY, "content: strategy\n", "")],
        found: Found {
            file: STRATEGY,
            code: "no-content",
            path: "states.submitted.on.approve",
            line: "title: Sign",
            says: "what is signed is not said: the workflow needs `content: <form>`",
            way: "",
        },
    },
    Seeded {
        name: "a file named like another case type",
        edits: &[In(CONSULTATION, "workflow: consultation\n", "workflow: consultations\n")],
        found: Found {
            file: CONSULTATION,
            code: "wrong-file-name",
            path: "workflow",
            line: "workflow: consultations",
            says: "the file of `consultations` has to be called `consultations.yaml`",
            way: "",
        },
    },
];
