//! Cases that cannot end, choices that may not hold, and deadlines that nobody hears of.

use super::Edit::In;
use super::{CONSULTATION, Found, REFERRAL, STRATEGY, Seeded, USER};

pub const ALL: &[Seeded] = &[
    Seeded {
        name: "a state nothing leads to",
        edits: &[In(STRATEGY, "  withdrawn: {", "  limbo: { title: Limbo, kind: final }\n  withdrawn: {")],
        found: Found {
            file: STRATEGY,
            code: "unreachable-state",
            path: "states.limbo",
            line: "limbo: { title: Limbo, kind: final }",
            says: "no path from `draft` leads to `limbo`",
            way: "",
        },
    },
    Seeded {
        name: "a state nothing leads out of",
        edits: &[In(
            CONSULTATION,
            "  withdrawn: { title: Withdrawn, kind: final }",
            "  withdrawn: { title: Withdrawn }",
        )],
        found: Found {
            file: CONSULTATION,
            code: "no-way-out",
            path: "states.withdrawn",
            line: "withdrawn: { title: Withdrawn }",
            says: "from `withdrawn` no final state can be reached",
            way: "asked —withdraw→ withdrawn",
        },
    },
    Seeded {
        name: "a case that never ends",
        edits: &[
            In(REFERRAL, "  answered: { title: Answered, kind: final }", "  answered: { title: Answered }"),
            In(REFERRAL, "answer, kind: final }", "answer }"),
        ],
        found: Found {
            file: REFERRAL,
            code: "no-final-state",
            path: "states",
            line: "referred:",
            says: "no state is `kind: final`, so no case ever ends",
            way: "",
        },
    },
    Seeded {
        name: "a final state that goes on",
        edits: &[In(
            USER,
            "diverted: { title: Diverted to help, kind: final }",
            "diverted: { title: Diverted to help, kind: final, due: { in: 5 days, tell: chair } }",
        )],
        found: Found {
            file: USER,
            code: "final-goes-on",
            path: "states.diverted",
            line: "diverted: { title: Diverted to help, kind: final, due: { in: 5 days, tell: chair } }",
            says: "a final state has no actions, clocks, alerts or deadline",
            way: "",
        },
    },
    Seeded {
        name: "a case that ends as it begins",
        edits: &[In(CONSULTATION, "initial: asked\n", "initial: answered\n")],
        found: Found {
            file: CONSULTATION,
            code: "ends-at-once",
            path: "initial",
            line: "initial: answered",
            says: "a case cannot begin in a final state",
            way: "",
        },
    },
    Seeded {
        name: "a choice that may hold nowhere",
        edits: &[In(
            STRATEGY,
            "- { when: \"true\", to: harm_tested }",
            "- { when: input.outcome != \"withheld\", to: harm_tested }",
        )],
        found: Found {
            file: STRATEGY,
            code: "choose-not-total",
            path: "states.approved.on.decide_harm_test.choose",
            line: "- { when: input.outcome == \"withheld\", to: withheld }",
            says: "exactly the last choice says `when: \"true\"`, so that one always holds",
            way: "",
        },
    },
    Seeded {
        name: "a deadline that tells nobody",
        edits: &[In(
            STRATEGY,
            "title: Being drafted\n    due:\n      in: 10 working days\n      tell: psd_supervisor\n",
            "title: Being drafted\n    due:\n      in: 10 working days\n",
        )],
        found: Found {
            file: STRATEGY,
            code: "due-tells-nobody",
            path: "states.draft.due",
            line: "in: 10 working days",
            says: "`due` needs `tell`: whom to tell when the time has passed",
            way: "",
        },
    },
    Seeded {
        name: "somebody asked whom nobody tells",
        edits: &[In(
            STRATEGY,
            "effects: [tell_role]\n        ask: { of: [appropriate_authority]",
            "ask: { of: [appropriate_authority]",
        )],
        found: Found {
            file: STRATEGY,
            code: "nobody-is-told",
            path: "states.approved.on.prepare_harm_test.ask",
            line: "ask: { of: [appropriate_authority], to: Decide the harm test }",
            says: "`ask` says whom `tell_role` asks; the effect is neither here nor on the way into a state this leads to",
            way: "",
        },
    },
];
