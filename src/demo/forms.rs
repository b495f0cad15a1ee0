//! The forms of the story as its made-up officers fill them in.

use crate::domain::ids::OfficerId;
use crate::domain::workflow::OPTIONS;
use chrono::NaiveDate;
use serde_json::{Value, json};

fn ndm(why: &str) -> Value {
    json!({
        "codeOfEthics": "Fair to the person, and to everybody else who waits for an answer.",
        "information": why,
        "assessment": "No risk is known. About four hours of staff time a week.",
        "powersAndPolicy": "Management of Repeat Contact, section 7.",
        "options": "Answer everything; answer once a week; words of advice; a point of contact.",
        "actionAndReview": "A point of contact and a strategy, reviewed on the day it names.",
    })
}

fn equality() -> Value {
    json!({ "considered": true, "answer": "Nothing known that bears on this; asked again at each review." })
}

/// Each option of policy 8.1, considered.
fn options() -> Value {
    OPTIONS
        .iter()
        .map(|option| json!({ "option": option, "considered": "Considered at the meeting; the record says why." }))
        .collect()
}

/// Policy 5.1: what each decision answers.
fn fairness() -> Value {
    json!({ "fair": "Heard first; help was offered.", "consistent": "Read beside the two most alike; decided as they were.", "transparent": "Told in writing, with how to challenge it.", "proportionate": "Less was tried and did not help." })
}

fn local_opt() -> Value {
    json!({ "contacted": true, "detail": "Spoken to by telephone." })
}

pub(super) fn nomination() -> Value {
    json!({ "source": "manual", "reason": "Writes several times a day about one matter that was answered.",
            "behaviour": "The same question, to several mailboxes.", "demand": "Three mailboxes, about four hours a week." })
}

pub(super) fn triage(nature: &str) -> Value {
    json!({ "nature": nature, "safeguarding": "Checked with the local team; nothing known.",
            "domesticAbuse": "Checked; nothing known.", "openComplaint": "One, answered.",
            "adjustments": "Asked; see the person's record." })
}

pub(super) fn diversion(on: NaiveDate) -> Value {
    json!({ "referredTo": "Victim support", "referral": "Asked to get in touch this week.", "sentOn": on,
            "localOpt": local_opt() })
}

pub(super) fn threshold_met() -> Value {
    json!({
        "rationale": ndm("Nine mails in one week about a complaint that was answered in full."),
        "ownHandling": {
            "complaintHandledProperly": "Yes; the file was read again for this meeting.",
            "communicationAdequate": "One reply came late and was explained.",
            "newInformation": "None.",
            "otherRoute": "The review body was named in the final letter.",
        },
        "legislationConsidered": "Communications Act 2003 section 127(2)(c): not made out.",
        "conduct": ["persistence"],
        "equality": equality(),
        "fairness": fairness(),
        "options": options(),
    })
}

pub(super) fn threshold_not_met(outcome: &str) -> Value {
    json!({ "outcome": outcome, "rationale": "Frequent for a time, but each letter said something new.",
            "outcomeMeasures": "Contacts in the next quarter.",
            "fairness": fairness(), "options": options(), "localOpt": local_opt() })
}

pub(super) fn reason(why: &str) -> Value {
    json!({ "reason": why })
}

pub(super) fn spoc(officer: OfficerId) -> Value {
    json!({ "spoc": officer, "continuity": "spoc", "allocationReason": "Knows the earlier correspondence." })
}

pub(super) fn warning(on: NaiveDate) -> Value {
    json!({ "method": "email", "sentOn": on, "words": "Please put what you have to say into one letter a week." })
}

pub(super) fn start() -> Value {
    json!({ "behaviourContinued": true, "localOpt": local_opt() })
}

pub(super) fn strategy(most: u32, review_on: NaiveDate, ends_on: NaiveDate) -> Value {
    json!({
        "ndm": ndm("The same question, many times a week, answered in full."),
        "shareable": {
            "reasons": "You have written to us many times about a matter that we have answered.",
            "arrangements": "Please write to one person, as often as is said below. Everything you send is read.",
            "help": "A local advice service can help you to put your points.",
        },
        "limits": [
            { "channel": "email", "allowed": true, "max": most,
              "window": { "kind": "rolling", "unit": "day", "n": 7 } },
            { "channel": "telephone", "allowed": false },
        ],
        "blocking": [],
        "leastRestrictive": "A warning did not help. Every other way of getting in touch stays open.",
        "adjustments": { "considered": "Asked; letters in large print where the record says so." },
        "advocate": { "considered": "Offered; not wanted at present." },
        "reviewOn": review_on,
        "endsOn": ends_on,
    })
}

pub(super) fn question(unit: &str, reply_by: NaiveDate) -> Value {
    json!({ "unit": unit, "question": "Is there anything we should know or weigh?", "replyBy": reply_by })
}

pub(super) fn answer(on: NaiveDate) -> Value {
    json!({ "spokenOn": on, "advice": "Known to us; one arrangement for everybody would help." })
}

pub(super) fn approval() -> Value {
    json!({ "rationale": "Necessary, and no more than is necessary.", "equality": equality(),
            "fairness": fairness(), "options": options() })
}

pub(super) fn harm_test(withhold: bool) -> Value {
    let purpose = if withhold { "criminal_proceedings" } else { "none" };
    let item = |part: &str, proposal: &str| {
        json!({ "item": part, "listedPurpose": purpose, "realRisk": withhold, "significant": withhold,
                "proposal": proposal, "reason": "Read against the three limbs." })
    };
    let shared = ["shareable.reasons", "shareable.arrangements", "shareable.help", "limits"];
    let internal = [
        "ndm.codeOfEthics",
        "ndm.information",
        "ndm.assessment",
        "ndm.powersAndPolicy",
        "ndm.options",
        "ndm.actionAndReview",
        "leastRestrictive",
        "adjustments",
        "advocate",
    ];
    let read = if withhold { "withhold" } else { "share" };
    let items = shared.map(|part| item(part, read)).into_iter().chain(internal.map(|part| item(part, "withhold")));
    json!({ "items": items.collect::<Vec<_>>() })
}

pub(super) fn harm_test_decision(outcome: &str) -> Value {
    json!({ "outcome": outcome, "redactions": [], "reason": "As prepared." })
}

pub(super) fn sharing(address: &str) -> Value {
    json!({ "method": "email", "address": address, "format": "standard", "adjustmentsMet": "As the record says." })
}

pub(super) fn service(address: &str, on: NaiveDate) -> Value {
    json!({ "method": "email", "address": address, "sentOn": on })
}

pub(super) fn review() -> Value {
    json!({ "because": "request_by_the_person", "reason": "The person asked for it." })
}

pub(super) fn review_outcome() -> Value {
    json!({ "rationale": "Two letters a week can be answered.", "adjustmentsReviewed": "Asked again; as before.",
            "equality": equality(), "fairness": fairness(), "options": options() })
}

pub(super) fn appeal(received_on: NaiveDate) -> Value {
    json!({ "receivedOn": received_on, "receivedBy": "letter", "grounds": ["personal_circumstances"],
            "says": "I cannot put all I have to say into so few letters.", "asks": "That the limit end.",
            "adjustments": "Large print, as the record says." })
}

pub(super) fn appeal_decision(address: &str) -> Value {
    json!({ "findings": [{ "ground": "personal_circumstances", "made": true,
                           "because": "The person's circumstances were not weighed when it was written." }],
            "rationale": "Disproportionate in the person's circumstances.", "fairness": fairness(),
            "equality": equality(), "adjustmentsReviewed": "Large print stays.",
            "letter": { "heading": "Our answer to your appeal",
                        "text": "We have looked at your appeal.\n\nYou were right, and the arrangements have ended.",
                        "method": "email", "address": address } })
}
