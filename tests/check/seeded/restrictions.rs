//! Restrictions that no person decides, and restrictions that do not look like any.

use super::Edit::In;
use super::{CONSULTATION, Found, ORDER, STRATEGY, Seeded, USER};

pub const ALL: &[Seeded] = &[
    Seeded {
        name: "a clock deems it served",
        edits: &[In(
            STRATEGY,
            "title: Shared, waiting for service to be recorded\n",
            "title: Shared, waiting for service to be recorded\n    after: [{ after: 5 working days, to: in_force }]\n",
        )],
        found: Found {
            file: STRATEGY,
            code: "clock-restricts",
            path: "states.shared.after[0]",
            line: "after: [{ after: 5 working days, to: in_force }]",
            says: "a clock leads `communications-strategy` into the restrictive state `in_force`; only a person's decision may",
            way: "draft —submit→ submitted —approve→ approved —decide_harm_test→ harm_tested —share→ shared —clock: after 5 working days→ in_force",
        },
    },
    Seeded {
        name: "a clock puts the limits in force by an effect",
        edits: &[In(
            STRATEGY,
            "      - at: case.data.endsOn\n        to: expired\n        effects: [release_parent]\n",
            "      - after: 90 days\n        effects: [put_limits_in_force]\n",
        )],
        found: Found {
            file: STRATEGY,
            code: "clock-restricts",
            path: "states.withheld.after[0]",
            line: "- after: 90 days",
            says: "a clock restricts by `put_limits_in_force`; only a person's decision may",
            way: "draft —submit→ submitted —approve→ approved —decide_harm_test→ withheld —clock: after 90 days→ withheld",
        },
    },
    Seeded {
        name: "a clock leads where entering restricts",
        edits: &[In(
            STRATEGY,
            "expired: { title: Expired, kind: final }",
            "expired: { title: Expired, kind: final, entry: [put_limits_in_force] }",
        )],
        found: Found {
            file: STRATEGY,
            code: "clock-restricts",
            path: "states.in_force.after[0]",
            line: "- { at: case.data.endsOn, to: expired, effects: [lift_limits, release_parent, tell_parties] }",
            says: "a clock restricts by `put_limits_in_force`; only a person's decision may",
            way: "draft —submit→ submitted —approve→ approved —decide_harm_test→ harm_tested —share→ shared —record_service→ in_force —clock: at endsOn→ expired",
        },
    },
    Seeded {
        name: "clocks in a chain",
        edits: &[
            In(
                USER,
                "title: Point of contact allocated\n",
                "title: Point of contact allocated\n    after: [{ after: 30 days, to: strategy_in_progress }]\n",
            ),
            In(
                USER,
                "title: Communications strategy being made\n",
                "title: Communications strategy being made\n    after: [{ after: 60 days, to: active }]\n",
            ),
        ],
        found: Found {
            file: USER,
            code: "clock-restricts",
            path: "states.strategy_in_progress.after[0]",
            line: "after: [{ after: 60 days, to: active }]",
            says: "a clock leads `frequent-service-user` into the restrictive state `active`; only a person's decision may",
            way: "nominated —triage→ triaged —list→ on_agenda —decide_met→ threshold_met —allocate_spoc→ spoc_allocated —start_strategy→ strategy_in_progress —clock: after 60 days→ active",
        },
    },
    Seeded {
        name: "a child's clock activates the parent",
        edits: &[In(
            STRATEGY,
            "{ at: case.data.endsOn, to: expired, effects: [lift_limits, release_parent, tell_parties] }",
            "{ at: case.data.endsOn, to: expired, effects: [lift_limits, activate_parent, tell_parties] }",
        )],
        found: Found {
            file: STRATEGY,
            code: "clock-restricts",
            path: "states.in_force.after[0]",
            line: "- { at: case.data.endsOn, to: expired, effects: [lift_limits, activate_parent, tell_parties] }",
            says: "a clock leads `frequent-service-user` into the restrictive state `active`; only a person's decision may",
            way: "draft —submit→ submitted —approve→ approved —decide_harm_test→ harm_tested —share→ shared —record_service→ in_force —clock: at endsOn→ expired (frequent-service-user) strategy_in_progress —activate→ active",
        },
    },
    Seeded {
        name: "a clock opens a child that begins restricted",
        edits: &[
            In(
                USER,
                "- { after: 90 days, to: on_agenda, effects: [list_on_agenda] }",
                "- { after: 90 days, to: on_agenda, effects: [open_strategy] }",
            ),
            In(STRATEGY, "title: Being drafted\n", "title: Being drafted\n    kind: restrictive\n"),
        ],
        found: Found {
            file: USER,
            code: "clock-restricts",
            path: "states.monitored.after[0]",
            line: "- { after: 90 days, to: on_agenda, effects: [open_strategy] }",
            says: "a clock leads `communications-strategy` into the restrictive state `draft`; only a person's decision may",
            way: "nominated —triage→ triaged —list→ on_agenda —decide_not_met→ monitored —clock: after 90 days→ on_agenda (opens communications-strategy) draft",
        },
    },
    Seeded {
        name: "a warning issues itself",
        edits: &[In(
            ORDER,
            "title: Warning to be issued\n",
            "title: Warning to be issued\n    after: [{ after: 30 days, to: warning_in_force }]\n",
        )],
        found: Found {
            file: ORDER,
            code: "clock-restricts",
            path: "states.warning_authorised.after[0]",
            line: "after: [{ after: 30 days, to: warning_in_force }]",
            says: "a clock leads `enforcement-order` into the restrictive state `warning_in_force`; only a person's decision may",
            way: "proposed —assess→ assessed —pursue→ warning_authorised —clock: after 30 days→ warning_in_force",
        },
    },
    Seeded {
        name: "a rule activates",
        edits: &[In(
            USER,
            "title: The strategy comes into force\n        by: [child_case]",
            "title: The strategy comes into force\n        by: [child_case, rule]",
        )],
        found: Found {
            file: USER,
            code: "rule-restricts",
            path: "states.strategy_in_progress.on.activate",
            line: "title: The strategy comes into force",
            says: "a nomination rule leads `frequent-service-user` into the restrictive state `active`; only a person's decision may",
            way: "nominated —triage→ triaged —list→ on_agenda —decide_met→ threshold_met —allocate_spoc→ spoc_allocated —start_strategy→ strategy_in_progress —activate→ active",
        },
    },
    Seeded {
        name: "a rule opens a case that begins restricted",
        edits: &[In(
            USER,
            "title: Nominated, waiting to be triaged\n",
            "title: Nominated, waiting to be triaged\n    kind: restrictive\n",
        )],
        found: Found {
            file: USER,
            code: "rule-restricts",
            path: "open.by",
            line: "by: [psd_staff, psd_supervisor, spoc, chair, appropriate_authority, coordinator, ccr, opt, snt, mash, csu, rule]",
            says: "a nomination rule leads `frequent-service-user` into the restrictive state `nominated`; only a person's decision may",
            way: "nominated",
        },
    },
    Seeded {
        name: "a strategy in force that looks open",
        edits: &[In(STRATEGY, "title: In force\n    kind: restrictive", "title: In force")],
        found: Found {
            file: STRATEGY,
            code: "not-restrictive",
            path: "states.in_force",
            line: "title: In force",
            says: "limits bind while a case is in `in_force`, so it has to be `kind: restrictive`",
            way: "draft —submit→ submitted —approve→ approved —decide_harm_test→ harm_tested —share→ shared —record_service→ in_force",
        },
    },
    Seeded {
        name: "a person under a strategy who looks free",
        edits: &[In(USER, "title: Strategy in force\n    kind: restrictive", "title: Strategy in force")],
        found: Found {
            file: USER,
            code: "not-restrictive",
            path: "states.active",
            line: "title: Strategy in force",
            says: "limits bind while a case is in `active`, so it has to be `kind: restrictive`",
            way: "nominated —triage→ triaged —list→ on_agenda —decide_met→ threshold_met —allocate_spoc→ spoc_allocated —start_strategy→ strategy_in_progress —activate→ active",
        },
    },
    Seeded {
        name: "a person under review who looks free",
        edits: &[In(USER, "title: Strategy under review\n    kind: restrictive", "title: Strategy under review")],
        found: Found {
            file: USER,
            code: "not-restrictive",
            path: "states.under_review",
            line: "title: Strategy under review",
            says: "limits bind while a case is in `under_review`, so it has to be `kind: restrictive`",
            way: "nominated —triage→ triaged —list→ on_agenda —decide_met→ threshold_met —allocate_spoc→ spoc_allocated —start_strategy→ strategy_in_progress —activate→ active —start_review→ under_review",
        },
    },
    Seeded {
        name: "an order of the court that looks open",
        edits: &[In(
            ORDER,
            "title: Criminal behaviour order in force\n    kind: restrictive",
            "title: Criminal behaviour order in force",
        )],
        found: Found {
            file: ORDER,
            code: "broken-invariant",
            path: "invariants[6]",
            line: "- id: I15d",
            says: "I15d: While an order is in force the case is restrictive, so that nothing treats the person as free",
            way: "proposed —assess→ assessed —pursue→ cbo_authorised —record_conviction→ convicted —record_cbo→ cbo_in_force",
        },
    },
    Seeded {
        name: "limits put in force where nothing restricts",
        edits: &[In(
            STRATEGY,
            "title: Withheld in full, guides staff only\n",
            "title: Withheld in full, guides staff only\n    entry: [put_limits_in_force]\n",
        )],
        found: Found {
            file: STRATEGY,
            code: "not-restrictive",
            path: "states.approved",
            line: "title: Signed, waiting for the harm test",
            says: "limits bind while a case is in `approved`, so it has to be `kind: restrictive`",
            way: "draft —submit→ submitted —approve→ approved —decide_harm_test→ withheld —retest→ approved",
        },
    },
    Seeded {
        name: "limits left in force after a new version",
        edits: &[In(
            STRATEGY,
            "by: [child_case]\n        to: superseded\n        effects: [lift_limits]",
            "by: [child_case]\n        to: superseded",
        )],
        found: Found {
            file: STRATEGY,
            code: "not-restrictive",
            path: "states.superseded",
            line: "superseded: { title: Superseded, kind: final }",
            says: "limits bind while a case is in `superseded`, so it has to be `kind: restrictive`",
            way: "draft —submit→ submitted —approve→ approved —decide_harm_test→ harm_tested —share→ shared —record_service→ in_force —supersede→ superseded",
        },
    },
    Seeded {
        name: "a clock acts on a parent that does not know it",
        edits: &[In(
            CONSULTATION,
            "title: Waiting for the unit's answer\n",
            "title: Waiting for the unit's answer\n    after: [{ after: 9 days, effects: [activate_parent] }]\n",
        )],
        found: Found {
            file: CONSULTATION,
            code: "no-such-parent",
            path: "states.asked.after[0].effects[0]",
            line: "after: [{ after: 9 days, effects: [activate_parent] }]",
            says: "`activate_parent` needs a case type that opens `consultation` and has `activate` by `child_case`",
            way: "",
        },
    },
    Seeded {
        name: "a text signed by a step of another case",
        edits: &[In(
            STRATEGY,
            "title: Sign\n        by: [appropriate_authority]",
            "title: Sign\n        by: [appropriate_authority, child_case]",
        )],
        found: Found {
            file: STRATEGY,
            code: "signed-by-nobody",
            path: "states.submitted.on.approve",
            line: "title: Sign",
            says: "only a named person signs",
            way: "",
        },
    },
];
