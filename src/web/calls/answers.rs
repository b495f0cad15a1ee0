//! What a look-up found, as pages say it: how to help first, then what was agreed, then what happened lately.

use crate::app::live_calls::{CallerFound, CallerMatch, MarkerView, OrderInForce, PlaceFound, RecentCall};
use crate::render::long_date;
use crate::render::pages::{choice, date_and_time};
use serde_json::{Value, json};

/// Somebody on file.
pub(super) fn person(found: &CallerMatch) -> Value {
    json!({
        "personId": found.person_id,
        "fullName": found.full_name,
        "reference": found.reference,
        "dateOfBirth": found.date_of_birth,
        "matchedBy": matched_by(&found.matched_by),
        "adjustments": found.adjustments,
        "vulnerability": found.vulnerability,
        "targetedVictim": found.targeted_victim,
        "markers": found.markers.iter().map(marker).collect::<Vec<_>>(),
        "plan": found.response_plan.as_deref().map(lines),
        "script": found.call_script,
        "strategyUntil": found.strategy_in_force.as_ref().map(|strategy| strategy.ends_at),
        "orders": found.orders_in_force.iter().map(order).collect::<Vec<_>>(),
        "lately": lately(&found.calls_in_words, &found.calls_last_24_hours, found.red),
        "shortened": found.shortened,
        "asOf": found.from_memory.then_some(found.as_of),
    })
}

/// A number, or a name from a place.
pub(super) fn caller(found: &CallerFound) -> Value {
    let who = [&found.number, &found.name, &found.place].into_iter().flatten().cloned().collect::<Vec<_>>();
    json!({
        "who": if who.is_empty() { "This number".to_owned() } else { who.join(", ") },
        "matchedBy": matched_by(&found.matched_by),
        "markers": found.markers.iter().map(marker).collect::<Vec<_>>(),
        "plan": found.response_plan.as_deref().map(lines),
        "script": found.call_script,
        "lately": lately(&found.calls_in_words, &found.calls_last_24_hours, found.red),
        "asOf": found.from_memory.then_some(found.as_of),
    })
}

/// A place that is marked.
pub(super) fn place(found: &PlaceFound) -> Value {
    json!({
        "place": found.place,
        "markers": found.markers.iter().map(marker).collect::<Vec<_>>(),
        "plan": found.response_plan.as_deref().map(lines),
        "script": found.call_script,
        "asOf": found.from_memory.then_some(found.as_of),
    })
}

fn matched_by(clues: &[&str]) -> Option<String> {
    let words = clues.iter().map(|clue| match *clue {
        "telephone" => "the number",
        "caller" => "the number, which an officer said is theirs",
        "postcode" => "the postcode",
        "address" => "the address",
        "place" => "the place",
        other => other,
    });
    let words: Vec<String> =
        words.map(|word| if word == "name" { "the name".to_owned() } else { word.to_owned() }).collect();
    (!words.is_empty()).then(|| words.join(" and "))
}

fn marker(marker: &MarkerView) -> Value {
    let on = match (&marker.place, marker.person_id) {
        (Some(place), _) => format!("the place: {place}"),
        (None, Some(_)) => "the person".to_owned(),
        (None, None) => "the number".to_owned(),
    };
    json!({ "kind": choice(marker.kind.as_str()), "on": on, "lines": lines(&marker.text), "reviewOn": marker.review_on })
}

fn order(order: &OrderInForce) -> Value {
    json!({ "caseId": order.case_id, "kind": choice(&order.kind), "conditions": order.conditions,
            "until": long_date(order.until) })
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn lately(words: &str, calls: &[RecentCall], red: bool) -> Value {
    let row = |call: &RecentCall| {
        let of = if call.of == "person" { "theirs" } else { "from this number" };
        json!({ "at": date_and_time(call.started_at), "channel": choice(call.channel.as_str()), "of": of,
                "subject": call.subject, "cad": call.cad_reference })
    };
    json!({ "words": words, "red": red, "rows": calls.iter().map(row).collect::<Vec<_>>() })
}
