//! Conditions and clocks over what is not there, or is of another kind.

use super::Edit::In;
use super::{CONSULTATION, Found, STRATEGY, Seeded};

pub const ALL: &[Seeded] = &[
    Seeded {
        name: "a misspelt field",
        edits: &[In(STRATEGY, "has(case.data.reviewOn) &&", "has(case.data.reviewOm) &&")],
        found: Found {
            file: STRATEGY,
            code: "unknown-field",
            path: "states.draft.on.submit.guard[6]",
            line: "- that: has(case.data.reviewOm) && has(case.data.endsOn) && is_before(case.data.reviewOn, case.data.endsOn)",
            says: "`case.data` has no `reviewOm`; did you mean `reviewOn`?",
            way: "",
        },
    },
    Seeded {
        name: "a misspelt field in a list of them",
        edits: &[In(
            STRATEGY,
            "\"shareable.reasons\", \"shareable.arrangements\"",
            "\"shareable.reason\", \"shareable.arrangements\"",
        )],
        found: Found {
            file: STRATEGY,
            code: "unknown-field",
            path: "states.draft.on.submit.guard[0]",
            line: "filled([\"ndm.information\", \"ndm.assessment\", \"ndm.powersAndPolicy\", \"ndm.options\", \"ndm.actionAndReview\",",
            says: "`case.data.shareable` has no `reason`; did you mean `reasons`?",
            way: "",
        },
    },
    Seeded {
        name: "a misspelt field of another case's form",
        edits: &[In(CONSULTATION, "case.data.unit in actor.roles", "case.data.unti in actor.roles")],
        found: Found {
            file: CONSULTATION,
            code: "unknown-field",
            path: "states.asked.on.answer.guard[0]",
            line: "- that: case.data.unti in actor.roles",
            says: "`case.data` has no `unti`; did you mean `unit`?",
            way: "",
        },
    },
    Seeded {
        name: "a misspelt function",
        edits: &[In(STRATEGY, "open_channels() >= 1", "opened_channels() >= 1")],
        found: Found {
            file: STRATEGY,
            code: "unknown-function",
            path: "states.draft.on.submit.guard[3]",
            line: "- that: opened_channels() >= 1",
            says: "there is no function `opened_channels`; did you mean `open_channels`?",
            way: "",
        },
    },
    Seeded {
        name: "a name that is not known",
        edits: &[In(
            STRATEGY,
            "blocked_channels().all(c, has_tried_alternatives(c))",
            "blocked_channels().all(c, has_tried_alternatives(d))",
        )],
        found: Found {
            file: STRATEGY,
            code: "unknown-name",
            path: "states.draft.on.submit.guard[4]",
            line: "- that: blocked_channels().all(c, has_tried_alternatives(d))",
            says: "`d` is not known here",
            way: "",
        },
    },
    Seeded {
        name: "a number compared with text",
        edits: &[In(STRATEGY, "open_channels() >= 1", "open_channels() >= \"1\"")],
        found: Found {
            file: STRATEGY,
            code: "cannot-compare",
            path: "states.draft.on.submit.guard[3]",
            line: "- that: open_channels() >= \"1\"",
            says: "a whole number cannot be put in order with text",
            way: "",
        },
    },
    Seeded {
        name: "a text compared with a number",
        edits: &[In(
            STRATEGY,
            "{ when: input.outcome == \"withheld\", to: withheld }",
            "{ when: input.outcome == 3, to: withheld }",
        )],
        found: Found {
            file: STRATEGY,
            code: "cannot-compare",
            path: "states.approved.on.decide_harm_test.choose[0]",
            line: "- { when: input.outcome == 3, to: withheld }",
            says: "one of full, redacted, withheld is never equal to a whole number",
            way: "",
        },
    },
    Seeded {
        name: "a word that no form offers",
        edits: &[In(
            STRATEGY,
            "{ when: input.outcome == \"withheld\", to: withheld }",
            "{ when: input.outcome == \"witheld\", to: withheld }",
        )],
        found: Found {
            file: STRATEGY,
            code: "unknown-value",
            path: "states.approved.on.decide_harm_test.choose[0]",
            line: "- { when: input.outcome == \"witheld\", to: withheld }",
            says: "`witheld` is none of full, redacted, withheld; did you mean `withheld`?",
            way: "",
        },
    },
    Seeded {
        name: "a condition that is a number",
        edits: &[In(STRATEGY, "open_channels() >= 1", "open_channels()")],
        found: Found {
            file: STRATEGY,
            code: "not-true-or-false",
            path: "states.draft.on.submit.guard[3]",
            line: "- that: open_channels()",
            says: "this is a whole number, not true or false",
            way: "",
        },
    },
    Seeded {
        name: "a clock at something that is no date",
        edits: &[In(STRATEGY, "at: case.data.endsOn, to", "at: case.data.limits, to")],
        found: Found {
            file: STRATEGY,
            code: "not-a-date",
            path: "states.in_force.after[0].at",
            line: "- { at: case.data.limits, to: expired, effects: [lift_limits, release_parent, tell_parties] }",
            says: "a clock strikes at a date; this is a list of the fields of `case.data.limits[]`",
            way: "",
        },
    },
    Seeded {
        name: "a clock at a misspelt date",
        edits: &[In(STRATEGY, "at: case.data.endsOn, to", "at: case.data.endOn, to")],
        found: Found {
            file: STRATEGY,
            code: "unknown-field",
            path: "states.in_force.after[0].at",
            line: "- { at: case.data.endOn, to: expired, effects: [lift_limits, release_parent, tell_parties] }",
            says: "`case.data` has no `endOn`; did you mean `endsOn`?",
            way: "",
        },
    },
    Seeded {
        name: "a span that is none",
        edits: &[In(
            STRATEGY,
            "title: Being drafted\n    due:\n      in: 10 working days\n",
            "title: Being drafted\n    due:\n      in: two weeks\n",
        )],
        found: Found {
            file: STRATEGY,
            code: "not-a-span",
            path: "states.draft.due.in",
            line: "in: two weeks",
            says: "a time is written `10 working days` or `90 days`",
            way: "",
        },
    },
];
