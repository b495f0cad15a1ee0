//! Ways round what a strategy declares of itself: sign-off, harm test, sharing, and who may do what to a text.

use super::Edit::In;
use super::{Found, STRATEGY, Seeded};

pub const ALL: &[Seeded] = &[
    Seeded {
        name: "sent back into approval",
        edits: &[In(
            STRATEGY,
            "form: reason\n        into: sentBack[]\n        to: draft",
            "form: reason\n        into: sentBack[]\n        to: approved",
        )],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[0]",
            line: "- id: I1",
            says: "I1: Never shared before sign-off of this text",
            way: "draft —submit→ submitted —send_back→ approved —decide_harm_test→ harm_tested —share→ shared",
        },
    },
    Seeded {
        name: "preparing the harm test decides it",
        edits: &[In(
            STRATEGY,
            "form: harm_test\n        into: harmTest\n",
            "form: harm_test\n        into: harmTest\n        to: harm_tested\n",
        )],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[1]",
            line: "- id: I1b",
            says: "I1b: Never shared before the harm test of this text",
            way: "draft —submit→ submitted —approve→ approved —prepare_harm_test→ harm_tested —share→ shared",
        },
    },
    Seeded {
        name: "the signer may have written it and sent it in",
        edits: &[In(
            STRATEGY,
            "separate_from: [edit, submit]\n        not_involved: [case.spoc, person.complained_about]\n        delegation: communications-strategy\n        signs",
            "not_involved: [case.spoc, person.complained_about]\n        delegation: communications-strategy\n        signs",
        )],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[2]",
            line: "- id: I2",
            says: "I2: Whoever wrote or submitted it does not sign it — this path breaks it: the officer who takes `submit` may take `approve` too",
            way: "draft —submit→ submitted —approve→ approved",
        },
    },
    Seeded {
        name: "the signer may have written it",
        edits: &[In(
            STRATEGY,
            "separate_from: [edit, submit]\n        not_involved: [case.spoc, person.complained_about]\n        delegation: communications-strategy\n        signs",
            "separate_from: [submit]\n        not_involved: [case.spoc, person.complained_about]\n        delegation: communications-strategy\n        signs",
        )],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[2]",
            line: "- id: I2",
            says: "I2: Whoever wrote or submitted it does not sign it — this path breaks it: the officer who takes `edit` may take `approve` too",
            way: "draft —edit→ draft —submit→ submitted —approve→ approved",
        },
    },
    Seeded {
        name: "whoever prepared the harm test decides it",
        edits: &[In(STRATEGY, "separate_from: [edit, submit, prepare_harm_test]", "separate_from: [edit, submit]")],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[3]",
            line: "- id: I2b",
            says: "I2b: Whoever prepared the harm test does not decide it — this path breaks it: the officer who takes `prepare_harm_test` may take `decide_harm_test` too",
            way: "draft —submit→ submitted —approve→ approved —prepare_harm_test→ approved —decide_harm_test→ withheld",
        },
    },
    Seeded {
        name: "an author sends it back",
        edits: &[In(
            STRATEGY,
            "into: sentBack[]\n        to: draft\n        delegation: communications-strategy\n        separate_from: [edit, submit]\n",
            "into: sentBack[]\n        to: draft\n        delegation: communications-strategy\n        separate_from: [submit]\n",
        )],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[8]",
            line: "- id: I2c",
            says: "I2c: Whoever wrote or submitted it does not send it back — this path breaks it: the officer who takes `edit` may take `send_back` too",
            way: "draft —edit→ draft —submit→ submitted —send_back→ draft",
        },
    },
    Seeded {
        name: "an author refuses it",
        edits: &[In(
            STRATEGY,
            "into: refused\n        to: refused\n        delegation: communications-strategy\n        separate_from: [edit, submit]\n",
            "into: refused\n        to: refused\n        delegation: communications-strategy\n        separate_from: [submit]\n",
        )],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[9]",
            line: "- id: I2d",
            says: "I2d: Whoever wrote or submitted it does not refuse it — this path breaks it: the officer who takes `edit` may take `refuse` too",
            way: "draft —edit→ draft —submit→ submitted —refuse→ refused",
        },
    },
    Seeded {
        name: "an author decides its harm test",
        edits: &[In(
            STRATEGY,
            "separate_from: [edit, submit, prepare_harm_test]",
            "separate_from: [submit, prepare_harm_test]",
        )],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[10]",
            line: "- id: I2e",
            says: "I2e: Whoever wrote or submitted it does not decide its harm test — this path breaks it: the officer who takes `edit` may take `decide_harm_test` too",
            way: "draft —edit→ draft —submit→ submitted —approve→ approved —decide_harm_test→ withheld",
        },
    },
    Seeded {
        name: "an author lifts it",
        edits: &[In(
            STRATEGY,
            "title: In force\n    kind: restrictive\n    on:\n      lift:\n        title: Lift\n        by: [appropriate_authority]\n        form: reason\n        into: ended\n        to: lifted\n        delegation: communications-strategy\n        separate_from: [edit, submit]\n",
            "title: In force\n    kind: restrictive\n    on:\n      lift:\n        title: Lift\n        by: [appropriate_authority]\n        form: reason\n        into: ended\n        to: lifted\n        delegation: communications-strategy\n        separate_from: [submit]\n",
        )],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[11]",
            line: "- id: I2f",
            says: "I2f: Whoever wrote or submitted it does not lift it — this path breaks it: the officer who takes `edit` may take `lift` too",
            way: "draft —edit→ draft —submit→ submitted —approve→ approved —decide_harm_test→ harm_tested —share→ shared —record_service→ in_force —lift→ lifted",
        },
    },
    Seeded {
        name: "in force at once, without being shared",
        edits: &[In(
            STRATEGY,
            "      share: &share\n",
            "      hand_over_at_once: { title: Hand over at once, by: [spoc], to: in_force }\n      share: &share\n",
        )],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[4]",
            line: "- id: I4",
            says: "I4: Never in force before it was shared",
            way: "draft —submit→ submitted —approve→ approved —decide_harm_test→ harm_tested —hand_over_at_once→ in_force",
        },
    },
    Seeded {
        name: "sharing puts the limits in force",
        edits: &[In(
            STRATEGY,
            "effects: [compose_notice, send_notice]",
            "effects: [compose_notice, send_notice, put_limits_in_force]",
        )],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[5]",
            line: "- id: I4b",
            says: "I4b: Limits bind only after service was recorded",
            way: "draft —submit→ submitted —approve→ approved —decide_harm_test→ harm_tested —share→ shared",
        },
    },
    Seeded {
        name: "shared after having been withheld",
        edits: &[In(STRATEGY, "into: harmTest\n        to: approved\n", "into: harmTest\n        to: harm_tested\n")],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[6]",
            line: "- id: I5",
            says: "I5: A strategy withheld in full never comes into force without another harm test",
            way: "draft —submit→ submitted —approve→ approved —decide_harm_test→ withheld —retest→ harm_tested —share→ shared —record_service→ in_force",
        },
    },
    Seeded {
        name: "a draft that is sent in by being edited",
        edits: &[In(
            STRATEGY,
            "title: Edit the draft\n        by: [spoc]\n        form: strategy\n",
            "title: Edit the draft\n        by: [spoc]\n        form: strategy\n        to: submitted\n",
        )],
        found: Found {
            file: STRATEGY,
            code: "broken-invariant",
            path: "invariants[7]",
            line: "- id: I14",
            says: "I14: Never before the appropriate authority without having been submitted, where the consultations are settled",
            way: "draft —edit→ submitted",
        },
    },
];
