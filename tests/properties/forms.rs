//! The forms as people fill them in: mostly well, sometimes as policy does not allow.

use super::rng::Rng;
use crate::story::forms::{equality, fairness, options};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

pub const LIMITABLE: [&str; 6] = ["telephone", "email", "letter", "in_person", "online_message", "online_chat"];
pub const CLOSED_SUBJECT: &str = "drainage report";
pub const DESK: &str = "desk@force.example";

/// What filling in needs to know.
pub struct Occasion {
    pub today: NaiveDate,
    /// Officers who might become the point of contact.
    pub spocs: Vec<String>,
    /// The person's confirmed addresses, and one that is not.
    pub addresses: Vec<String>,
    /// What the case holds.
    pub data: Value,
}

/// The form filled in; `careless` percent of the answers that can be wrong are.
pub fn fill(form: &str, at: &Occasion, careless: usize, rng: &mut Rng) -> Value {
    match form {
        "nomination" => {
            json!({ "source": "manual", "reason": "Nine mails in two days.", "behaviour": "Repeats itself." })
        }
        "triage" => json!({
            "nature": rng.word(&["repeat_contact", "repeat_contact", "repeat_contact", "repeat_contact", "unmet_need", "targeted_victim"]),
            "safeguarding": "Checked; nothing known.", "domesticAbuse": "Checked; nothing known.",
            "openComplaint": "One, answered.", "adjustments": "None asked for.",
        }),
        "diversion" => {
            json!({ "referredTo": "MASH", "referral": "An offer of help.", "sentOn": at.today, "localOpt": local_opt() })
        }
        "threshold_met" => {
            let mut met = threshold_met();
            met["options"] = considered(careless, rng);
            met
        }
        "threshold_not_met" => {
            json!({ "outcome": rng.word(&["monitored", "closed"]), "rationale": "Nothing unreasonable about it.", "outcomeMeasures": "Contacts.",
                    "fairness": fairness(), "options": considered(careless, rng), "localOpt": local_opt() })
        }
        "spoc_allocation" => {
            json!({ "spoc": rng.pick(&at.spocs), "continuity": "spoc", "allocationReason": "Knows the correspondence." })
        }
        "strategy_start" => {
            json!({ "behaviourContinued": !rng.percent(careless), "localOpt": { "contacted": true, "detail": "Today." } })
        }
        "strategy" => strategy(at.today, careless, rng),
        "consultation_request" => json!({
            "unit": rng.word(&["snt", "opt", "mash"]), "question": "Anything we should weigh?", "replyBy": later(at.today, if rng.percent(careless) { 0 } else { 7 }),
        }),
        "consultation_outcome" => json!({
            "unit": unsettled(&at.data).unwrap_or_else(|| rng.word(&["snt", "opt", "mash"])),
            "outcome": if rng.percent(careless) { "no_reply" } else { "not_asked" },
            "reason": "No link to the area.",
        }),
        "consultation_answer" => json!({ "spokenOn": at.today, "advice": "Known to us; no concern." }),
        "approval" => json!({ "rationale": "Necessary and no more than necessary.", "equality": equality(),
                              "fairness": fairness(), "options": considered(careless, rng) }),
        "local_opt" => local_opt(),
        "harm_test" => harm_test(&at.data, careless, rng),
        "harm_test_decision" => harm_test_decision(&at.data, careless, rng),
        "sharing" => sharing(at, rng),
        "service" => service(at, careless, rng),
        "review_start" => json!({ "because": "review_date", "reason": "It is due." }),
        "review_outcome" => {
            json!({ "rationale": "Still needed.", "adjustmentsReviewed": "None in force.", "equality": equality(),
                    "fairness": fairness(), "options": considered(careless, rng) })
        }
        "review_lift" => {
            json!({ "outcome": rng.word(&["monitored", "closed"]), "rationale": "No longer needed.", "outcomeMeasures": "Contacts.",
                                 "fairness": fairness(), "options": options() })
        }
        "closure" => json!({
            "reason": "Contact has ended.", "outcomeMeasures": "Contacts in the next quarter.",
            "options": considered(careless, rng), "fairness": fairness(), "localOpt": local_opt(),
        }),
        "pause" => {
            let days = if rng.percent(careless) { 61 } else { rng.between(1, 30) };
            json!({ "reason": "The person is in hospital.", "until": later(at.today, days) })
        }
        other => warnings(other, at)
            .or_else(|| appeals(other, at, careless, rng))
            .or_else(|| elsewhere(other, at, careless, rng))
            .unwrap_or_else(|| panic!("the generator cannot fill in the form {other}")),
    }
}

/// The forms of case types that are filled in beside their steps.
fn elsewhere(form: &str, at: &Occasion, careless: usize, rng: &mut Rng) -> Option<Value> {
    super::orders::fill(form, at, careless, rng)
        .or_else(|| super::offences::fill(form, at, careless, rng))
        .or_else(|| super::other_cases::fill(form, at, careless, rng))
        .or_else(|| super::retention::fill(form, at, careless, rng))
}

fn warnings(form: &str, at: &Occasion) -> Option<Value> {
    match form {
        "warning" => Some(json!({ "method": "letter", "sentOn": at.today, "words": "Once a week is enough." })),
        "warning_waiver" => Some(json!({ "because": "threat", "reason": "A threat was made." })),
        _ => None,
    }
}

/// The forms of appeals filled in; `None` for any other.
fn appeals(form: &str, at: &Occasion, careless: usize, rng: &mut Rng) -> Option<Value> {
    Some(match form {
        "appeal_lodged" => json!({
            "receivedOn": at.today, "receivedBy": "letter", "grounds": ["disproportionate"], "says": "Too much.",
            "asks": "That it end.", "adjustments": "None asked for.",
        }),
        "appeal_statement" => json!({ "from": "spoc", "on": at.today, "text": "As it was written." }),
        "appeal_withdrawal" => json!({
            "receivedOn": at.today, "receivedBy": "letter", "says": "I do not go on with this.",
            "letter": { "heading": "Your appeal", "text": "Noted.", "method": "email",
                        "address": at.addresses.first().cloned().unwrap_or_default() },
        }),
        "appeal_quash" | "appeal_vary" | "appeal_uphold" => appeal_decision(form, at, careless, rng),
        _ => return None,
    })
}

/// Fits no form.
pub fn nonsense(rng: &mut Rng) -> Value {
    rng.pick(&[json!({ "nature": "nuisance" }), json!([]), json!({ "reason": " " }), json!({ "outcome": 7 })]).clone()
}

fn later(from: NaiveDate, days: i64) -> NaiveDate {
    match u64::try_from(days) {
        Ok(days) => from + Days::new(days),
        Err(_) => from - Days::new(days.unsigned_abs()),
    }
}

fn ndm() -> Value {
    json!({
        "codeOfEthics": "Fair to all.", "information": "Nine mails.", "assessment": "No risk known.",
        "powersAndPolicy": "Section 7.", "options": "One a week.", "actionAndReview": "In six months.",
    })
}

fn local_opt() -> Value {
    json!({ "contacted": true, "detail": "Spoken to." })
}

/// Each option of the policy considered; carelessly, one is left out.
fn considered(careless: usize, rng: &mut Rng) -> Value {
    let mut options = options();
    if let (true, Some(list)) = (rng.percent(careless / 4), options.as_array_mut()) {
        list.pop();
    }
    options
}

fn appeal_decision(form: &str, at: &Occasion, careless: usize, rng: &mut Rng) -> Value {
    let made = (form != "appeal_uphold") != rng.percent(careless / 4);
    let ground = if rng.percent(careless / 4) { "other" } else { "disproportionate" };
    let mut decision = json!({
        "findings": [{ "ground": ground, "made": made, "because": "Read afresh." }],
        "rationale": "Read afresh.", "fairness": fairness(), "equality": equality(), "adjustmentsReviewed": "None.",
        "letter": { "heading": "Your appeal", "text": "Our answer.", "method": "email",
                    "address": at.addresses.first().cloned().unwrap_or_default() },
    });
    if form == "appeal_vary" {
        decision["toChange"] = json!("Two letters a week.");
    }
    decision
}

fn threshold_met() -> Value {
    json!({
        "rationale": ndm(),
        "ownHandling": { "complaintHandledProperly": "Yes.", "communicationAdequate": "Yes.",
                         "newInformation": "None.", "otherRoute": "Named." },
        "legislationConsidered": "Communications Act 2003 section 127.",
        "conduct": ["persistence"],
        "equality": equality(),
        "fairness": fairness(),
        "options": options(),
    })
}

/// A unit of which nothing is recorded yet.
pub fn unsettled(data: &Value) -> Option<&'static str> {
    let recorded = data["consultations"].as_array();
    let has = |unit: &str| recorded.into_iter().flatten().any(|entry| entry["unit"] == unit);
    ["snt", "opt", "mash"].into_iter().find(|unit| !has(unit))
}

/// A whole draft. One in `careless` percent breaks one rule of submission.
pub fn strategy(today: NaiveDate, careless: usize, rng: &mut Rng) -> Value {
    let review = rng.between(20, 300);
    let mut draft = json!({
        "ndm": ndm(),
        "shareable": { "reasons": "You wrote often.", "arrangements": "Once a week, please.", "help": "Advice is free." },
        "limits": limits(rng),
        "blocking": blocking(rng),
        "leastRestrictive": "A warning did not help.",
        "adjustments": { "considered": "None asked for." },
        "advocate": { "considered": "Offered; declined." },
        "reviewOn": later(today, review),
        "endsOn": later(today, review + rng.between(1, 20)),
    });
    if rng.percent(careless) {
        break_a_rule(&mut draft, today, rng);
    }
    draft
}

fn break_a_rule(draft: &mut Value, today: NaiveDate, rng: &mut Rng) {
    let closed = |channel: &str| json!({ "channel": channel, "allowed": false });
    let week = json!({ "kind": "rolling", "unit": "week", "n": 1 });
    let tried = json!({ "tried": "A warning", "whyFailed": "Ignored" });
    match rng.below(16) {
        0 => draft["limits"] = json!([closed("999")]),
        1 => draft["limits"] = json!([{ "channel": "101", "allowed": true, "max": 1, "window": week }]),
        2 => draft["blocking"] = json!([{ "channel": "101", "alternatives": [tried, tried] }]),
        3 => draft["limits"] = json!(LIMITABLE.map(closed)),
        4 => {
            // Every channel is closed but one, on which nothing is allowed either.
            let mut limits: Vec<Value> = LIMITABLE[1..].iter().map(|channel| closed(channel)).collect();
            limits.push(json!({ "channel": LIMITABLE[0], "allowed": true, "max": 0, "window": week }));
            draft["limits"] = json!(limits);
            draft["blocking"] = json!([]);
        }
        5 => draft["limits"] = json!([{ "channel": "email", "allowed": true, "max": 1 }]),
        6 => draft["limits"] = json!([closed("email"), { "channel": "email", "allowed": true }]),
        7 => draft["blocking"] = json!([{ "channel": "email", "alternatives": [] }]),
        8 => {
            draft["blocking"] = json!([{ "channel": "email", "address": "one@mail.example", "alternatives": [tried] }])
        }
        9 => draft["leastRestrictive"] = json!("  "),
        10 => draft["adjustments"] = json!({}),
        11 | 14 | 15 => draft["endsOn"] = draft["reviewOn"].clone(),
        12 => draft["endsOn"] = json!(later(today, 400)),
        _ => draft["reviewOn"] = json!(later(today, -1)),
    }
}

fn limits(rng: &mut Rng) -> Value {
    let mut limits = Vec::new();
    for channel in LIMITABLE {
        let likely = if channel == "email" { 85 } else { 25 };
        if rng.percent(likely) {
            limits.push(limit(channel, rng));
        }
    }
    // The letter stays open, whatever else was drawn.
    limits.retain(|limit| limit["channel"] != "letter");
    json!(limits)
}

fn limit(channel: &str, rng: &mut Rng) -> Value {
    if rng.percent(15) {
        return json!({ "channel": channel, "allowed": false });
    }
    let mut limit = json!({ "channel": channel, "allowed": true });
    if rng.percent(80) {
        let unit = rng.word(&["day", "week", "month"]);
        let kind = rng.word(&["rolling", "rolling", "calendar"]);
        limit["max"] = json!(rng.below(4));
        limit["window"] = json!({ "kind": kind, "unit": unit, "n": rng.between(1, 3) });
    }
    if rng.percent(20) {
        limit["times"] = json!([{ "days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "from": "09:00", "to": "17:00" },
                                { "from": "18:00", "to": "24:00" }]);
    }
    if rng.percent(20) {
        limit["addressee"] = json!(DESK);
    }
    if rng.percent(25) {
        limit["closedSubjects"] = json!([CLOSED_SUBJECT]);
    }
    limit
}

fn blocking(rng: &mut Rng) -> Value {
    let tried =
        json!([{ "tried": "A warning", "whyFailed": "Ignored" }, { "tried": "One a week", "whyFailed": "Ten a day" }]);
    match rng.below(6) {
        0 => json!([{ "channel": "email", "address": "one@mail.example", "alternatives": tried }]),
        1 => json!([{ "channel": "online_chat", "alternatives": tried }]),
        _ => json!([]),
    }
}

/// An item for each part that this generator ever fills in; of a blocking only where there is one. A careless one leaves
/// out a part.
fn harm_test(text: &Value, careless: usize, rng: &mut Rng) -> Value {
    const READ: [&str; 5] = ["shareable.reasons", "shareable.arrangements", "shareable.help", "limits", "blocking"];
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
    let item = |item: &str, harm: bool, withhold: bool| {
        json!({ "item": item, "listedPurpose": if harm { "prevention_or_detection_of_crime" } else { "none" },
                "realRisk": harm, "significant": harm, "proposal": if withhold { "withhold" } else { "share" },
                "reason": "Read against the three limbs." })
    };
    let all = rng.below(5) == 0;
    let mut items = vec![item("ndm.information", true, true)];
    let is_there =
        |part: &&str| part.contains('.') || text[*part].as_array().is_some_and(|entries| !entries.is_empty());
    let read = READ.into_iter().filter(is_there);
    items.extend(read.map(|part| item(part, all, all)));
    items.extend(INTERNAL.map(|part| item(part, all, true)));
    if rng.percent(careless) {
        items.pop();
    }
    json!({ "items": items })
}

fn sharing(at: &Occasion, rng: &mut Rng) -> Value {
    let address = rng.pick(&at.addresses);
    let (method, address) = match rng.below(5) {
        0 => ("letter", format!("1 Example Street, {address}")),
        // Needs no address: the only way to somebody who is not on file.
        1 => ("in_person", "Handed over at the station.".to_owned()),
        _ => ("email", address.clone()),
    };
    json!({ "method": method, "address": address, "format": "standard", "adjustmentsMet": "None in force." })
}

fn harm_test_decision(data: &Value, careless: usize, rng: &mut Rng) -> Value {
    let all_harm =
        data["harmTest"]["items"].as_array().is_some_and(|items| items.iter().all(|item| item["realRisk"] == true));
    let outcome = match rng.below(4) {
        0 => "redacted",
        1 | 2 if all_harm => "withheld",
        1 if rng.percent(careless) => "withheld",
        _ => "full",
    };
    let withheld = if rng.percent(careless) { "limits" } else { "ndm.information" };
    let named = (outcome == "redacted") != rng.percent(careless / 2);
    let redactions = if named { json!([withheld]) } else { json!([]) };
    json!({ "outcome": outcome, "redactions": redactions, "reason": "As prepared." })
}

/// As it was shared, sent today; a careless one at another time or in another way.
fn service(at: &Occasion, careless: usize, rng: &mut Rng) -> Value {
    let sent_on = match rng.percent(careless) {
        true => later(at.today, *rng.pick(&[-40, -3, 2])),
        false => at.today,
    };
    let shared = &at.data["sharing"];
    let method = if rng.percent(careless) { json!("in_person") } else { shared["method"].clone() };
    json!({ "method": method, "address": shared["address"], "sentOn": sent_on })
}
