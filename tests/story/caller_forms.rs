//! What people fill in on the case of a vulnerable repeat caller; all of it is made up.

use serde_json::{Value, json};

pub const KEY: &str = "vulnerable-repeat-caller";

pub fn nomination() -> Value {
    json!({ "source": "manual", "reason": "Twelve calls in a week, most of them at night.",
            "callerName": "Example Caller", "callerTelephone": "01632 960001",
            "callerLocation": "2 Example Road, Northbeck, zz1 4ab" })
}

pub fn nature(found: &str) -> Value {
    let review = json!({ "nature": found, "reasons": "Lives alone; calls when afraid.",
                         "safeguarding": "Considered with the MASH; a concern was raised." });
    if found == "targeted_victim" { with(review, "diversion", help()) } else { review }
}

/// To whom a targeted victim is sent.
pub fn help() -> Value {
    json!({ "to": "specialist_department", "which": "Domestic Abuse Team", "asked": "Look at the neighbour's conduct.",
            "sentOn": "2026-06-01" })
}

/// To the Community Safety Unit of an area.
pub fn help_of_the_unit(area: &str) -> Value {
    json!({ "to": "csu", "area": area, "which": "The unit's victims' officer", "asked": "Visit; look at the neighbour.",
            "sentOn": "2026-06-01" })
}

pub fn diversion() -> Value {
    with(help(), "reasons", json!("A neighbour turns out to target them."))
}

/// To the unit of the area that the location tells.
pub fn referral(unit: &str) -> Value {
    json!({ "areaFrom": "location", "location": "2 Example Road, Northbeck, zz1 4ab", "area": "north", "unit": unit,
            "asked": "Please visit; calls are about noises at night." })
}

pub fn told(area: &str, unit: &str) -> Value {
    json!({ "areaFrom": "told", "area": area, "unit": unit, "asked": "Please visit." })
}

pub fn of_unknown_area() -> Value {
    json!({ "areaFrom": "unknown", "unit": "csu", "asked": "Please visit once it is known where." })
}

pub fn acceptance(review_on: &str) -> Value {
    json!({ "lead": "Example Officer", "reviewOn": review_on })
}

pub fn review(next: &str) -> Value {
    json!({ "reviewFound": "Two calls this week.", "reviewOn": next })
}

pub fn visit(on: &str) -> Value {
    json!({ "on": on, "who": "Example Officer", "found": "The door lock is broken.", "agreed": "It is mended." })
}

pub fn liaison(on: &str) -> Value {
    json!({ "on": on, "partner": "mental_health", "who": "Community team", "outcome": "They visit on Fridays.",
            "shared": [shared("Community mental health team")] })
}

pub fn shared(recipient: &str) -> Value {
    json!({ "recipient": recipient, "what": "Name, address and the times of calls.",
            "lawfulBasis": "Public task; safeguarding of an individual at risk.",
            "necessary": "They cannot visit without it; nothing of what was said is shared." })
}

pub fn plan() -> Value {
    json!({ "plan": "Ask about the lock first; stay on the line.", "risks": "Falls; send at once when breathless." })
}

pub fn agreement(on: &str, until: &str) -> Value {
    json!({ "on": on, "until": until, "terms": "One call in the morning, one in the evening; we answer each.",
            "support": "A weekly visit.", "understood": "Read together with their sister; agreed freely." })
}

pub fn enforcement(on: &str) -> Value {
    json!({ "on": on, "because": "Calls come from fear; an order would help nobody.", "outcome": "not_needed" })
}

pub fn impact() -> Value {
    json!({ "from": "2026-05-01", "to": "2026-05-31", "staffingMinutes": 340,
            "howEstimated": "Length of recorded calls, and one visit." })
}

pub fn knowledge() -> Value {
    json!({ "about": "what_helps", "knowledge": "A calm voice, and being told the time.", "knownFrom": "Their sister" })
}

pub fn listing() -> Value {
    json!({ "services": ["fire", "ambulance"], "because": "Ambulance was called nine times in May." })
}

pub fn meeting(on: &str) -> Value {
    json!({ "on": on, "agreed": "Fire fits an alarm by Friday.",
            "attended": [{ "service": "police", "who": "Example Officer" }, { "service": "fire", "who": "Example Watch" },
                         { "service": "ambulance", "who": "Example Trust" },
                         { "service": "mental_health", "who": "Example Nurse" }],
            "shared": [shared("Example Fire and Rescue"), shared("Example Ambulance Trust")] })
}

pub fn outcome(found: &str) -> Value {
    json!({ "outcome": found, "because": "Two calls in four weeks, counted by the control room." })
}

pub fn with(mut form: Value, field: &str, value: Value) -> Value {
    form[field] = value;
    form
}

pub fn without(mut form: Value, field: &str) -> Value {
    form.as_object_mut().unwrap().remove(field).unwrap();
    form
}
