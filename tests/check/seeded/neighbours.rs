//! What a case type refers to: forms, letters, other case types, rules, registers, migrations.

use super::Edit::{Again, In, With, Without};
use super::{APPEAL, CONSULTATION, Found, STRATEGY, Seeded, USER};

pub const ALL: &[Seeded] = &[
    Seeded {
        name: "an unknown form",
        edits: &[In(STRATEGY, "form: sharing\n", "form: shareing\n")],
        found: Found {
            file: STRATEGY,
            code: "unknown-form",
            path: "states.harm_tested.on.share.form",
            line: "form: shareing",
            says: "there is no form `shareing`; did you mean `sharing`?",
            way: "",
        },
    },
    Seeded {
        name: "an unknown form as the content",
        edits: &[In(STRATEGY, "content: strategy\n", "content: strategem\n")],
        found: Found {
            file: STRATEGY,
            code: "unknown-form",
            path: "content",
            line: "content: strategem",
            says: "there is no form `strategem`; did you mean `strategy`?",
            way: "",
        },
    },
    Seeded {
        name: "an unknown letter",
        edits: &[In(STRATEGY, "compose_notice: letters/notice,", "compose_notice: letters/notise,")],
        found: Found {
            file: STRATEGY,
            code: "unknown-template",
            path: "templates.compose_notice",
            line: "templates: { compose_notice: letters/notise, tell_parties: letters/ended }",
            says: "there is no template `letters/notise`; did you mean `letters/notice`?",
            way: "",
        },
    },
    Seeded {
        name: "a delegation for a case type that is not there",
        edits: &[In(
            STRATEGY,
            "delegation: communications-strategy\n        signs",
            "delegation: communication-strategy\n        signs",
        )],
        found: Found {
            file: STRATEGY,
            code: "unknown-workflow",
            path: "states.submitted.on.approve.delegation",
            line: "delegation: communication-strategy",
            says: "there is no case type `communication-strategy`; did you mean `communications-strategy`?",
            way: "",
        },
    },
    Seeded {
        name: "a child case type that is not there",
        edits: &[Without(CONSULTATION)],
        found: Found {
            file: STRATEGY,
            code: "unknown-workflow",
            path: "states.draft.on.consult.effects[0]",
            line: "effects: [open_consultation]",
            says: "`open_consultation` opens a case of `consultation`, which is not here",
            way: "",
        },
    },
    Seeded {
        name: "a case type defined twice",
        edits: &[Again(CONSULTATION, "more/consultation.yaml")],
        found: Found {
            file: CONSULTATION,
            code: "duplicate-workflow",
            path: "workflow",
            line: "workflow: consultation",
            says: "another file already defines `consultation`",
            way: "",
        },
    },
    Seeded {
        name: "two kinds of answer in one place",
        edits: &[In(USER, "into: warningWaiver\n", "into: warning[]\n")],
        found: Found {
            file: USER,
            code: "mixed-data",
            path: "states.spoc_allocated.on.waive_warning.form",
            line: "form: warning_waiver",
            says: "`case.data.warning` is already the fields of `case.data.warning`; this form would make it a list of the fields of `case.data.warning[]`",
            way: "",
        },
    },
    Seeded {
        name: "a seed of another kind than the form's field",
        edits: &[In(STRATEGY, "seed: { spoc: string,", "seed: { spoc: integer,")],
        found: Found {
            file: STRATEGY,
            code: "mixed-data",
            path: "states.draft.on.change_spoc.form",
            line: "form: spoc_allocation",
            says: "`case.data.spoc` is already a whole number; this form would make it text",
            way: "",
        },
    },
    Seeded {
        name: "a form that is no schema",
        edits: &[In(
            "forms/service.json",
            "\"title\": \"Sent on\",",
            "\"title\": \"Sent on\", \"minLength\": \"long\",",
        )],
        found: Found {
            file: "service.json",
            code: "invalid-form",
            path: "properties.sentOn.minLength",
            line: "\"title\": \"Sent on\", \"minLength\": \"long\",",
            says: "this is not a form: \"long\" is not of type \"integer\"",
            way: "",
        },
    },
    Seeded {
        name: "a form that is no JSON",
        edits: &[In("forms/reason.json", "\"reason\": {", "\"reason\": {,")],
        found: Found {
            file: "reason.json",
            code: "not-json",
            path: "",
            line: "\"reason\": {,",
            says: "this is not JSON: key must be a string at line 6 column 16",
            way: "",
        },
    },
    Seeded {
        name: "a form that refers to the outside",
        edits: &[In(
            "forms/service.json",
            "\"title\": \"Sent on\",",
            "\"title\": \"Sent on\", \"$ref\": \"https://forms.example/date\",",
        )],
        found: Found {
            file: "service.json",
            code: "invalid-form",
            path: "properties.sentOn.$ref",
            line: "\"title\": \"Sent on\", \"$ref\": \"https://forms.example/date\",",
            says: "a form refers only to itself (`#/$defs/…`), not to `https://forms.example/date`",
            way: "",
        },
    },
    Seeded {
        name: "a rule that counts to nothing",
        edits: &[In("rules/repeat-calls.yaml", "at_least: 10", "at_least: 0")],
        found: Found {
            file: "repeat-calls.yaml",
            code: "nomination-rule",
            path: "at_least",
            line: "at_least: 0",
            says: "`at_least` is 1 or more",
            way: "",
        },
    },
    Seeded {
        name: "a rule over a channel that is none",
        edits: &[In("rules/repeat-calls.yaml", "channels: [\"999\", \"101\"]", "channels: [\"999\", \"112\"]")],
        found: Found {
            file: "repeat-calls.yaml",
            code: "nomination-rule",
            path: "",
            line: "channels: [\"999\", \"112\"]",
            says: "`112` is not a channel",
            way: "",
        },
    },
    Seeded {
        name: "a rule whose window is too long",
        edits: &[In("rules/repeat-mails.yaml", "n: 1 }", "n: 400 }")],
        found: Found {
            file: "repeat-mails.yaml",
            code: "nomination-rule",
            path: "window.n",
            line: "window: { kind: rolling, unit: week, n: 400 }",
            says: "a window lasts 1 to 366 units",
            way: "",
        },
    },
    Seeded {
        name: "a law that stands in the register twice",
        edits: &[In("registers/legislation.yaml", "- id: osa-2023-s181", "- id: osa-2023-s179")],
        found: Found {
            file: "legislation.yaml",
            code: "register",
            path: "",
            line: "",
            says: "`mca-1988-s1-threat-or-false` is replaced by `osa-2023-s181`, which is not here",
            way: "",
        },
    },
    Seeded {
        name: "a policy without the day of its review",
        edits: &[In("registers/policy.yaml", "review_due: 2027-06-07\n", "")],
        found: Found {
            file: "policy.yaml",
            code: "register",
            path: "",
            line: "",
            says: "missing field `review_due`",
            way: "",
        },
    },
    Seeded {
        name: "a migration of another version than its name says",
        edits: &[With(
            "migrations/consultation-1-2.yaml",
            "workflow: consultation\nfrom: 1\nto: 3\nreason: The unit is named otherwise.\n",
        )],
        found: Found {
            file: "consultation-1-2.yaml",
            code: "migration",
            path: "workflow",
            line: "workflow: consultation",
            says: "the file is named consultation-1-3.yaml",
            way: "",
        },
    },
    Seeded {
        name: "a migration with a misspelt key",
        edits: &[With(
            "migrations/consultation-1-2.yaml",
            "workflow: consultation\nfrom: 1\nto: 2\nreson: The unit is named otherwise.\n",
        )],
        found: Found {
            file: "consultation-1-2.yaml",
            code: "migration",
            path: "",
            line: "reson: The unit is named otherwise.",
            says: "unknown field `reson`, expected one of workflow, from, to, reason, states, data",
            way: "",
        },
    },
    Seeded {
        name: "an appeal against a case type that is not there",
        edits: &[In(APPEAL, "under: [communications-strategy]", "under: [communication-strategy]")],
        found: Found {
            file: APPEAL,
            code: "unknown-workflow",
            path: "open.under[0]",
            line: "under: [communication-strategy]",
            says: "there is no case type `communication-strategy`; did you mean `communications-strategy`?",
            way: "",
        },
    },
];
