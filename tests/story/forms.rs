//! The forms as people fill them in.

use serde_json::{Value, json};

fn ndm() -> Value {
    json!({
        "codeOfEthics": "Fair to the person and to those who answer.",
        "information": "Nine mails in two days about a complaint answered in March.",
        "assessment": "No risk known. Staff time is taken from other complainants.",
        "powersAndPolicy": "Management of Repeat Contact, section 7.",
        "options": "Answer all, answer one a week, words of advice.",
        "actionAndReview": "One mail a week to one person; review in six months.",
    })
}

pub fn equality() -> Value {
    json!({ "considered": true, "answer": "None of the characteristics is known to bear on this." })
}

/// Each option of policy 8.1, considered.
pub fn options() -> Value {
    let all = [
        "partnership_approach",
        "problem_solving_plan",
        "words_of_advice",
        "warning_letter",
        "cpw_cpn",
        "out_of_court_disposal",
        "prosecution",
        "criminal_behaviour_order",
        "civil_preventative_order",
    ];
    all.iter().map(|option| json!({ "option": option, "considered": "Considered; see the plan." })).collect()
}

/// Policy 5.1: what each decision answers.
pub fn fairness() -> Value {
    json!({ "fair": "Heard first, and helped.", "consistent": "Like the two before it.", "transparent": "Told in writing, with how to challenge it.", "proportionate": "Nothing less has helped." })
}

pub fn triage() -> Value {
    json!({
        "nature": "repeat_contact",
        "safeguarding": "Checked; nothing known.",
        "domesticAbuse": "Checked; nothing known.",
        "openComplaint": "One complaint, answered in March.",
        "adjustments": "None asked for; large print offered.",
    })
}

pub fn threshold_met() -> Value {
    json!({
        "rationale": ndm(),
        "ownHandling": {
            "complaintHandledProperly": "Yes, within the time limit.",
            "communicationAdequate": "One reply was late by two days; it was explained.",
            "newInformation": "None in the last nine mails.",
            "otherRoute": "The review body was named in the final letter.",
        },
        "legislationConsidered": "Communications Act 2003 section 127(2)(c): not made out.",
        "conduct": ["persistence"],
        "equality": equality(),
        "fairness": fairness(),
        "options": options(),
    })
}

pub fn spoc(officer: &str) -> Value {
    json!({ "spoc": officer, "continuity": "spoc", "allocationReason": "Knows the earlier correspondence." })
}

pub fn warning() -> Value {
    json!({ "method": "email", "sentOn": "2026-06-01", "words": "Asked to write once a week at most." })
}

pub fn start() -> Value {
    json!({ "behaviourContinued": true, "localOpt": { "contacted": true, "detail": "Spoken to on 1 June." } })
}

pub fn question(unit: &str) -> Value {
    json!({ "unit": unit, "question": "Do you know of anything we should weigh?", "replyBy": "2026-06-08" })
}

/// One mail in seven days to the point of contact; the telephone is closed.
pub fn strategy() -> Value {
    json!({
        "ndm": ndm(),
        "shareable": {
            "reasons": "You have written to us many times about one matter that we answered.",
            "arrangements": "Please write once a week at most. We read everything you send.",
            "help": "Citizens Advice can help you to put your points.",
        },
        "limits": [
            { "channel": "email", "allowed": true, "max": 1,
              "window": { "kind": "rolling", "unit": "day", "n": 7 } },
            { "channel": "telephone", "allowed": false },
        ],
        "blocking": [],
        "leastRestrictive": "A warning did not help; all other channels stay open.",
        "adjustments": { "considered": "None asked for; large print offered." },
        "advocate": { "considered": "Offered; declined." },
        "reviewOn": "2026-11-20",
        "endsOn": "2026-12-01",
    })
}

pub fn approval() -> Value {
    json!({ "rationale": "Necessary and no more than necessary.", "equality": equality(), "fairness": fairness(),
            "options": options() })
}

pub fn harm_test() -> Value {
    let item = |item: &str, purpose: &str, harm: bool, proposal: &str| {
        json!({ "item": item, "listedPurpose": purpose, "realRisk": harm, "significant": harm,
                "proposal": proposal, "reason": "Read against the three limbs." })
    };
    let mut items = vec![item("ndm.information", "prevention_or_detection_of_crime", true, "withhold")];
    items.extend(SHARED.map(|part| item(part, "none", false, "share")));
    items.extend(INTERNAL.map(|part| item(part, "none", false, "withhold")));
    json!({ "items": items })
}

/// The parts of the strategy above that the person reads, and those they do not.
const SHARED: [&str; 4] = ["shareable.reasons", "shareable.arrangements", "shareable.help", "limits"];
const INTERNAL: [&str; 8] = [
    "ndm.codeOfEthics",
    "ndm.assessment",
    "ndm.powersAndPolicy",
    "ndm.options",
    "ndm.actionAndReview",
    "leastRestrictive",
    "adjustments",
    "advocate",
];

/// `full`, `redacted` (the intelligence is left out) or `withheld`.
pub fn harm_test_decision(outcome: &str) -> Value {
    let redactions = if outcome == "redacted" { json!(["ndm.information"]) } else { json!([]) };
    json!({ "outcome": outcome, "redactions": redactions, "reason": "As prepared." })
}

/// Every item meets the three limbs: nothing may be shared.
pub fn harm_test_of_everything() -> Value {
    let item = |part: &str| {
        json!({ "item": part, "listedPurpose": "criminal_proceedings", "realRisk": true, "significant": true,
                "proposal": "withhold", "reason": "Would warn a suspect." })
    };
    let items: Vec<Value> = ["ndm.information"].into_iter().chain(SHARED).chain(INTERNAL).map(item).collect();
    json!({ "items": items })
}

pub fn sharing(address: &str) -> Value {
    json!({ "method": "email", "address": address, "format": "standard", "adjustmentsMet": "None in force." })
}

pub fn service(address: &str, on: &str) -> Value {
    json!({ "method": "email", "address": address, "sentOn": on })
}

pub fn reason() -> Value {
    json!({ "reason": "For the record." })
}

pub fn review() -> Value {
    json!({ "because": "review_date", "reason": "It is due." })
}

pub fn review_outcome() -> Value {
    json!({ "rationale": "Two a week can be answered.", "adjustmentsReviewed": "As before.", "equality": equality(),
            "fairness": fairness(), "options": options() })
}

/// Monitored, without a restriction.
pub fn threshold_not_met() -> Value {
    json!({ "outcome": "monitored", "rationale": "Each letter said something new.", "fairness": fairness(),
            "options": options() })
}

/// Diverted to help.
pub fn diversion() -> Value {
    json!({ "referredTo": "Victim support", "referral": "Asked to get in touch.", "sentOn": "2026-06-01",
            "localOpt": { "contacted": true, "detail": "Spoken to on 1 June." } })
}

/// Lifted on review; what follows is `monitored` or `closed`.
pub fn lifted(outcome: &str) -> Value {
    json!({ "outcome": outcome, "rationale": "No longer needed.", "fairness": fairness(), "options": options(),
            "outcomeMeasures": "Contacts in the next quarter." })
}

pub fn closure() -> Value {
    json!({ "reason": "Contact has ended.", "outcomeMeasures": "Contacts in the next quarter.",
            "options": options(), "fairness": fairness(), "localOpt": { "contacted": true, "detail": "Spoken to on 1 June." } })
}

/// An appeal on one ground.
pub fn appeal(received_on: &str) -> Value {
    json!({ "receivedOn": received_on, "receivedBy": "letter", "grounds": ["disproportionate"],
            "says": "One letter a week is not enough while my case is open.", "asks": "Two letters a week.",
            "adjustments": "None were asked for." })
}

/// The person takes an appeal back, and is told that this was noted.
pub fn appeal_withdrawal(on: &str, address: &str) -> Value {
    json!({ "receivedOn": on, "receivedBy": "letter", "says": "I do not go on with this.",
            "letter": { "heading": "Your appeal", "text": "We have noted that you take it back.", "method": "email",
                        "address": address } })
}

/// The finding on that ground, with the answer to the person.
pub fn appeal_decision(made: bool, address: &str) -> Value {
    json!({ "findings": [{ "ground": "disproportionate", "made": made, "because": "Read against the last quarter." }],
            "rationale": "Seen afresh, with all letters.", "fairness": fairness(), "equality": equality(),
            "adjustmentsReviewed": "None in force.",
            "letter": { "heading": "Your appeal", "text": "We have looked at your appeal.\n\nThis is our answer.",
                        "method": "email", "address": address } })
}
