//! Ways round what the case of a vulnerable repeat caller declares of itself.

use super::Edit::In;
use super::{CALLER, Found, Seeded};

const TO_THE_UNIT: &str = "nominated —review_nature→ reviewed —refer→ referred —accept→ with_unit";

const fn broken(path: &'static str, line: &'static str, says: &'static str, way: &'static str) -> Found {
    Found { file: CALLER, code: "broken-invariant", path, line, says, way }
}

pub const ALL: &[Seeded] = &[
    Seeded {
        name: "a caller referred unreviewed",
        edits: &[In(CALLER, "initial: nominated\n", "initial: reviewed\n")],
        found: broken(
            "invariants[0]",
            "- id: R73",
            "R73: Nobody is referred before the nature of their calls was reviewed",
            "reviewed —refer→ area_unknown",
        ),
    },
    Seeded {
        name: "a nomination dropped without a word",
        edits: &[In(
            CALLER,
            "      review_nature:\n",
            "      drop: { by: [coordinator], to: not_taken_on }\n      review_nature:\n",
        )],
        found: broken(
            "invariants[1]",
            "- id: R80",
            "R80: Whoever was nominated has the nature of their calls reviewed, or the reason why not is told — this path breaks it: the case ends without it",
            "nominated —drop→ not_taken_on",
        ),
    },
    Seeded {
        name: "a victim referred as a caller",
        edits: &[In(
            CALLER,
            "kind: final, entry: [tell_role, mark_targeted_victim] }",
            "entry: [tell_role, mark_targeted_victim], on: { refer: { by: [coordinator], to: referred } } }",
        )],
        found: broken(
            "invariants[2]",
            "- id: R74",
            "R74: A targeted victim who was diverted is never referred or worked on as a repeat caller",
            "nominated —review_nature→ diverted —refer→ referred",
        ),
    },
    Seeded {
        name: "a victim whom nobody keeps as one",
        edits: &[In(CALLER, "entry: [tell_role, mark_targeted_victim]", "entry: [tell_role]")],
        found: broken(
            "invariants[12]",
            "- id: I13",
            "I13: Nobody is diverted without being on file as a targeted victim",
            "nominated —review_nature→ diverted",
        ),
    },
    Seeded {
        name: "a search that gives up",
        edits: &[In(CALLER, "into: searches[]\n", "into: searches[]\n        to: closed\n")],
        found: broken(
            "invariants[3]",
            "- id: R75",
            "R75: Whoever is on the list of unknown areas is referred, diverted or closed with a reason, and never dropped — this path breaks it: the case ends without it",
            "nominated —review_nature→ reviewed —refer→ area_unknown —record_search→ closed",
        ),
    },
    Seeded {
        name: "taken on by whom it was not referred to",
        edits: &[In(
            CALLER,
            "      refer:\n        title: Refer to the unit of the area\n",
            "      accept: { by: [csu], to: with_unit }\n      refer:\n        title: Refer to the unit of the area\n",
        )],
        found: broken(
            "invariants[4]",
            "- id: R75b",
            "R75b: No unit takes anybody on who is not referred to it now",
            "nominated —review_nature→ reviewed —accept→ with_unit",
        ),
    },
    Seeded {
        name: "another unit that was not asked",
        edits: &[In(
            CALLER,
            "title: Refer to another unit\n        by: [coordinator]\n        form: vrc_referral\n        into: referral\n        to: referred\n",
            "title: Refer to another unit\n        by: [coordinator]\n        form: vrc_referral\n        into: referral\n        to: with_unit\n",
        )],
        found: broken(
            "invariants[5]",
            "- id: R76",
            "R76: No unit does anything about a caller, nor tells an outcome, before it took them on",
            "nominated —review_nature→ reviewed —refer→ referred —change_unit→ with_unit —record_visit→ with_unit",
        ),
    },
    Seeded {
        name: "shared before anybody looked",
        edits: &[In(CALLER, "initial: nominated\n", "initial: with_unit\n")],
        found: broken(
            "invariants[6]",
            "- id: R77",
            "R77: Nothing is shared with other services before the nature of the calls was reviewed",
            "with_unit —record_partner_liaison→ with_unit",
        ),
    },
    Seeded {
        name: "shared and not logged",
        edits: &[In(
            CALLER,
            "            code: not-listed\n            policy: \"K:CSU\"\n        effects: [log_sharing]\n",
            "            code: not-listed\n            policy: \"K:CSU\"\n",
        )],
        found: broken(
            "invariants[7]",
            "- id: I17",
            "I17: Whatever is shared with other services is logged with its recipients — this path breaks it: the case ends without it",
            "nominated —review_nature→ reviewed —refer→ referred —accept→ with_unit —record_multi_agency_meeting→ with_unit —conclude→ concluded",
        ),
    },
    Seeded {
        name: "a plan that ends the matter",
        edits: &[In(CALLER, "into: responsePlans[]\n", "into: responsePlans[]\n        to: closed\n")],
        found: broken(
            "invariants[8]",
            "- id: R78",
            "R78: What a unit took on ends with an outcome, or with the reason why it was returned, diverted or closed — this path breaks it: the case ends without it",
            "nominated —review_nature→ reviewed —refer→ referred —accept→ with_unit —record_response_plan→ closed",
        ),
    },
    Seeded {
        name: "a review that lapses",
        edits: &[In(
            CALLER,
            "    entry: [tell_role]\n    on: *work\n",
            "    entry: [tell_role]\n    on: *work\n    after:\n      - { after: 5 days, to: closed }\n",
        )],
        found: broken(
            "invariants[9]",
            "- id: R65",
            "R65: A review that is due is made, or the case goes elsewhere by somebody's hand — this path breaks it: the case ends without it",
            "nominated —review_nature→ reviewed —refer→ referred —accept→ with_unit —clock: at reviewOn→ review_due —clock: after 5 days→ closed",
        ),
    },
    Seeded {
        name: "a clock that gives a referral up",
        edits: &[In(
            CALLER,
            "    title: Referred, waiting for the unit\n",
            "    title: Referred, waiting for the unit\n    after:\n      - { after: 5 days, to: closed }\n",
        )],
        found: broken(
            "invariants[10]",
            "- id: I12",
            "I12: No clock decides anything; it only brings a caller whom a unit took on to its review",
            "nominated —review_nature→ reviewed —refer→ referred —clock: after 5 days→ closed",
        ),
    },
    Seeded {
        name: "a caller restricted",
        edits: &[In(CALLER, "    title: With the unit\n", "    title: With the unit\n    kind: restrictive\n")],
        found: broken("invariants[11]", "- id: I9", "I9: Nothing here restricts anybody", TO_THE_UNIT),
    },
];
