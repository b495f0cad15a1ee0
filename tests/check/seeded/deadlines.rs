//! Deadlines, alerts and pauses that make no sense.

use super::Edit::In;
use super::{CONSULTATION, Found, STRATEGY, Seeded, USER};

pub const ALL: &[Seeded] = &[
    Seeded {
        name: "an alert that tells nobody",
        edits: &[In(
            STRATEGY,
            "{ at: case.data.reviewOn, before: 20 working days, tell: spoc, say: Review due }",
            "{ at: case.data.reviewOn, before: 20 working days, say: Review due }",
        )],
        found: Found {
            file: STRATEGY,
            code: "alert-tells-nobody",
            path: "states.in_force.alerts[0]",
            line: "- { at: case.data.reviewOn, before: 20 working days, say: Review due }",
            says: "`tell`",
            way: "",
        },
    },
    Seeded {
        name: "an alert that tells an empty list",
        edits: &[In(
            STRATEGY,
            "{ at: case.data.reviewOn, before: 20 working days, tell: spoc, say: Review due }",
            "{ at: case.data.reviewOn, before: 20 working days, tell: [], say: Review due }",
        )],
        found: Found {
            file: STRATEGY,
            code: "alert-tells-nobody",
            path: "states.in_force.alerts[0]",
            line: "- { at: case.data.reviewOn, before: 20 working days, tell: [], say: Review due }",
            says: "`tell`",
            way: "",
        },
    },
    Seeded {
        name: "an alert at a misspelt field",
        edits: &[In(
            STRATEGY,
            "{ at: case.data.reviewOn, before: 20 working days, tell: spoc, say: Review due }",
            "{ at: case.data.reviewedOn, before: 20 working days, tell: spoc, say: Review due }",
        )],
        found: Found {
            file: STRATEGY,
            code: "unknown-field",
            path: "states.in_force.alerts[0].at",
            line: "- { at: case.data.reviewedOn, before: 20 working days, tell: spoc, say: Review due }",
            says: "no `reviewedOn`",
            way: "",
        },
    },
    Seeded {
        name: "an alert at a group of fields",
        edits: &[In(
            STRATEGY,
            "{ at: case.data.reviewOn, before: 20 working days, tell: spoc, say: Review due }",
            "{ at: case.data.advocate.considered, before: 20 working days, tell: spoc, say: Review due }",
        )],
        found: Found {
            file: STRATEGY,
            code: "not-a-date",
            path: "states.in_force.alerts[0].at",
            line: "- { at: case.data.advocate.considered, before: 20 working days, tell: spoc, say: Review due }",
            says: "an alert comes at a date",
            way: "",
        },
    },
    Seeded {
        name: "an alert at a text that is no date",
        edits: &[In(
            STRATEGY,
            "{ at: case.data.reviewOn, before: 20 working days, tell: spoc, say: Review due }",
            "{ at: case.data.leastRestrictive, before: 20 working days, tell: spoc, say: Review due }",
        )],
        found: Found {
            file: STRATEGY,
            code: "not-a-date",
            path: "states.in_force.alerts[0].at",
            line: "- { at: case.data.leastRestrictive, before: 20 working days, tell: spoc, say: Review due }",
            says: "an alert comes at a date",
            way: "",
        },
    },
    Seeded {
        name: "an alert without words",
        edits: &[In(
            STRATEGY,
            "{ at: case.data.reviewOn, before: 20 working days, tell: spoc, say: Review due }",
            "{ at: case.data.reviewOn, before: 20 working days, tell: spoc }",
        )],
        found: Found {
            file: STRATEGY,
            code: "missing-key",
            path: "states.in_force.alerts[0]",
            line: "- { at: case.data.reviewOn, before: 20 working days, tell: spoc }",
            says: "`say`",
            way: "",
        },
    },
    Seeded {
        name: "an alert before and after",
        edits: &[In(
            STRATEGY,
            "{ at: case.data.reviewOn, before: 20 working days, tell: spoc, say: Review due }",
            "{ at: case.data.reviewOn, after: 1 day, before: 20 working days, tell: spoc, say: Review due }",
        )],
        found: Found {
            file: STRATEGY,
            code: "wrong-shape",
            path: "states.in_force.alerts[0]",
            line: "- { at: case.data.reviewOn, after: 1 day, before: 20 working days, tell: spoc, say: Review due }",
            says: "either `before`",
            way: "",
        },
    },
    Seeded {
        name: "a reminder on the first day",
        edits: &[In(
            STRATEGY,
            "remind: 2 working days\n      escalate: { after: 5 working days, to: [chair, appropriate_authority] }\n    pause: &pause",
            "remind: 10 working days\n      escalate: { after: 5 working days, to: [chair, appropriate_authority] }\n    pause: &pause",
        )],
        found: Found {
            file: STRATEGY,
            code: "reminds-too-early",
            path: "states.draft.due",
            line: "in: 10 working days",
            says: "less long",
            way: "",
        },
    },
    Seeded {
        name: "a deadline that goes up to nobody",
        edits: &[In(
            STRATEGY,
            "remind: 2 working days\n      escalate: { after: 5 working days, to: [chair, appropriate_authority] }\n    pause: &pause",
            "remind: 2 working days\n      escalate: { after: 5 working days, to: [] }\n    pause: &pause",
        )],
        found: Found {
            file: STRATEGY,
            code: "escalates-to-nobody",
            path: "states.draft.due.escalate.to",
            line: "escalate: { after: 5 working days, to: [] }",
            says: "told here",
            way: "",
        },
    },
    Seeded {
        name: "a pause by nobody",
        edits: &[In(CONSULTATION, "    alerts:\n", "    pause: { policy: \"7.6\" }\n    alerts:\n")],
        found: Found {
            file: CONSULTATION,
            code: "missing-key",
            path: "states.asked.pause",
            line: "pause: { policy: \"7.6\" }",
            says: "`by`",
            way: "",
        },
    },
    Seeded {
        name: "a pause where nothing is due",
        edits: &[In(
            USER,
            "    title: Monitored, no restriction\n",
            "    title: Monitored, no restriction\n    pause: { by: chair }\n",
        )],
        found: Found {
            file: USER,
            code: "nothing-to-pause",
            path: "states.monitored.pause",
            line: "pause: { by: chair }",
            says: "no deadline",
            way: "",
        },
    },
    Seeded {
        name: "a pause under a restriction",
        edits: &[In(
            USER,
            "    title: Strategy under review\n    kind: restrictive\n",
            "    title: Strategy under review\n    kind: restrictive\n    pause: { by: chair }\n",
        )],
        found: Found {
            file: USER,
            code: "pause-in-restriction",
            path: "states.under_review.pause",
            line: "pause: { by: chair }",
            says: "restricted",
            way: "",
        },
    },
    Seeded {
        name: "a flag that is a text",
        edits: &[In(USER, "{ when: case.data.atRisk, in: same day", "{ when: case.data.behaviour, in: same day")],
        found: Found {
            file: USER,
            code: "not-yes-or-no",
            path: "states.nominated.due[0].when",
            line: "- { when: case.data.behaviour, in: same day, tell: psd_supervisor, escalate: { after: 1 working day, to: chair } }",
            says: "true or false",
            way: "",
        },
    },
    Seeded {
        name: "no deadline for the rest",
        edits: &[In(
            USER,
            "      - in: 2 working days\n        tell: psd_supervisor\n        remind: 1 working day\n        escalate: { after: 5 working days, to: chair }\n    pause: &pause",
            "    pause: &pause",
        )],
        found: Found {
            file: USER,
            code: "due-not-total",
            path: "states.nominated.due",
            line: "- { when: case.data.atRisk, in: same day, tell: psd_supervisor, escalate: { after: 1 working day, to: chair } }",
            says: "exactly the last",
            way: "",
        },
    },
];
