//! `/meetings/{id}/people/{n}`: one screen a person: what is known on the left, the decision on the right.
//!
//! A prepared answer that restricts nobody is confirmed or changed; that the threshold is met is always written by a person.

use super::agenda::CHAIRS;
use crate::app::meetings::{self, Discussed, MeetingItem, Outcome, Place};
use crate::app::{App, officer_names};
use crate::domain::access::Actor;
use crate::domain::ids::MeetingId;
use crate::render::long_date;
use crate::render::pages::choice;
use crate::web::cases::timeline;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, FormFault, draw, summary};
use crate::web::frame::{Area, Page};
use crate::web::people::pictures;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

/// What the meeting is planned to take.
const MEETING_MINUTES: i64 = 40;

/// The answers of the meeting, in the order of their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Monitor,
    NotMet,
    Met,
    CarryOver,
}

impl Answer {
    pub(super) const ALL: [Answer; 4] = [Answer::Monitor, Answer::NotMet, Answer::Met, Answer::CarryOver];

    pub(super) fn code(self) -> &'static str {
        match self {
            Answer::Monitor => "monitor",
            Answer::NotMet => "not_met",
            Answer::Met => "met",
            Answer::CarryOver => "carry_over",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Answer::Monitor => "Threshold not met: monitor",
            Answer::NotMet => "Threshold not met: close",
            Answer::Met => "Threshold met: consider a single point of contact",
            Answer::CarryOver => "Carry over to the next meeting",
        }
    }

    pub(super) fn of(code: &str) -> Option<Self> {
        Answer::ALL.into_iter().find(|answer| answer.code() == code)
    }

    pub(super) fn outcome(self) -> Outcome {
        match self {
            Answer::Monitor | Answer::NotMet => Outcome::NotMet,
            Answer::Met => Outcome::Met,
            Answer::CarryOver => Outcome::CarryOver,
        }
    }

    /// The step of the case that it is, by which its form is found.
    pub(super) fn action(self) -> &'static str {
        match self {
            Answer::Monitor | Answer::NotMet => "decide_not_met",
            Answer::Met => "decide_met",
            Answer::CarryOver => "carry_over",
        }
    }

    /// What the form need not ask again.
    pub(super) fn follows(self) -> Option<&'static str> {
        match self {
            Answer::Monitor => Some("monitored"),
            Answer::NotMet => Some("closed"),
            Answer::Met | Answer::CarryOver => None,
        }
    }

    /// The answer that was prepared.
    fn prepared(discussed: &MeetingItem) -> Option<Self> {
        let prepared = discussed.item.preparation.as_ref()?;
        match (prepared.outcome.as_deref()?, prepared.input.get("outcome").and_then(Value::as_str)) {
            ("not_met", Some("closed")) => Some(Answer::NotMet),
            ("not_met", _) => Some(Answer::Monitor),
            ("carry_over", _) => Some(Answer::CarryOver),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Chosen without a script.
    answer: Option<String>,
    #[serde(default)]
    privacy: String,
}

/// What stands in the decision, and what was wrong with it.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) answer: Option<Answer>,
    pub(super) drawing: Option<Drawing>,
    /// Somebody else decided first: what they decided.
    pub(super) refusal: Option<String>,
    pub(super) status: StatusCode,
    pub(super) privacy: bool,
}

#[get("/meetings/{id}/people/{n}")]
pub(crate) async fn show(
    app: Data<App>,
    visitor: Visitor,
    path: Path<(MeetingId, i32)>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Fault> {
    let answer = asked.answer.as_deref().and_then(Answer::of);
    let filled = Filled { answer, status: StatusCode::OK, privacy: asked.privacy == "on", ..Filled::default() };
    page(&app, &visitor, path.into_inner(), filled).await
}

pub(super) async fn page(
    app: &App,
    visitor: &Visitor,
    (id, n): (MeetingId, i32),
    filled: Filled,
) -> Result<HttpResponse, Fault> {
    let found = meetings::find_item(app, &visitor.actor, id, n).await?;
    let place = format!("/meetings/{id}/people/{n}");
    let mut view = around(app, &found, (id, n), filled.privacy);
    let merge = |view: &mut Value, more: Value| {
        if let (Some(view), Value::Object(more)) = (view.as_object_mut(), more) {
            view.extend(more);
        }
    };
    if let Some(discussed) = &found.discussed {
        merge(&mut view, known(app, &visitor.actor, &found, discussed).await?);
        let may_decide =
            visitor.officer.has_any(&CHAIRS) && found.meeting.state == "open" && found.item.outcome.is_none();
        if may_decide {
            merge(&mut view, decision(&found, discussed, &filled));
        }
    }
    merge(&mut view, json!({ "refusal": filled.refusal, "place": place }));
    let title = match (&found.item.person_reference, found.item.hidden) {
        (_, true) => format!("Item {n}"),
        (Some(reference), false) => reference.clone(),
        (None, false) => format!("Item {n}"),
    };
    let page = Page::new("meetings/person", title, view);
    let page =
        Page { area: Area::Meetings, marking: found.item.marking, status: filled.status, place: Some(place), ..page };
    Ok(page.show(app, visitor))
}

/// Where one is in the meeting.
fn around(app: &App, found: &MeetingItem, (id, n): (MeetingId, i32), privacy: bool) -> Value {
    let position = found.on_agenda.iter().position(|place| place.n == n).map_or(1, |position| position + 1);
    let href = |place: Option<&Place>| place.map(|place| format!("/meetings/{id}/people/{}{}", place.n, tail(privacy)));
    let next = found.on_agenda.iter().find(|place| place.n > n);
    let previous = found.on_agenda.iter().rev().find(|place| place.n < n);
    let undecided = found.on_agenda.iter().filter(|place| !place.decided).count();
    json!({
        "meeting": found.meeting,
        "item": found.item,
        "n": n,
        "position": position,
        "count": found.on_agenda.len(),
        "next": href(next),
        "previous": href(previous),
        "skip": href(next_undecided(&found.on_agenda, n)),
        "pace": pace(found.meeting.opened_at, app.now(), undecided),
        "agenda": format!("/meetings/{id}"),
        "back": { "href": format!("/meetings/{id}"), "text": format!("Meeting of {}", long_date(found.meeting.held_on)) },
        "privacy": privacy,
        "privacyHref": format!("/meetings/{id}/people/{n}{}", if privacy { "" } else { "?privacy=on" }),
        "bodyClass": if privacy { "app-compact app-privacy" } else { "app-compact" },
        "gotoUrl": format!("/meetings/{id}/people/{{n}}"),
        "outcome": found.item.outcome.as_deref().map(choice),
        "mayTakeBack": found.meeting.state == "open" && found.item.outcome.is_some(),
    })
}

fn tail(privacy: bool) -> &'static str {
    if privacy { "?privacy=on" } else { "" }
}

/// Whoever is undecided next after `n`, around the agenda.
pub(super) fn next_undecided(agenda: &[Place], n: i32) -> Option<&Place> {
    let open = |place: &&Place| !place.decided && place.n != n;
    agenda.iter().filter(open).find(|place| place.n > n).or_else(|| agenda.iter().find(open))
}

/// How the meeting goes, in words: a reader's glance, not a ticking clock.
fn pace(opened: Option<DateTime<Utc>>, now: DateTime<Utc>, undecided: usize) -> Option<String> {
    let used = (now - opened?).num_minutes().max(0);
    let people = i64::try_from(undecided).ok().filter(|people| *people > 0)?;
    let left = MEETING_MINUTES - used;
    if left <= 0 {
        return Some(format!("{used} minutes used"));
    }
    let each = left * 60 / people;
    let each = match (each / 60, each % 60) {
        (0, seconds) => format!("{seconds} seconds"),
        (1, seconds) => format!("1 minute {seconds} seconds"),
        (minutes, seconds) => format!("{minutes} minutes {seconds} seconds"),
    };
    Some(format!("{used} {} used · about {each} each from here", if used == 1 { "minute" } else { "minutes" }))
}

/// What is known of the person and the case.
async fn known(app: &App, actor: &Actor, found: &MeetingItem, discussed: &Discussed) -> Result<Value, Fault> {
    let told = timeline(app, &discussed.workflow, &discussed.events).await?;
    let prepared = found.item.preparation.as_ref();
    let ids: Vec<_> = prepared.iter().map(|prepared| prepared.prepared_by).chain(found.item.decided_by).collect();
    let names = officer_names(app, &ids).await?;
    Ok(json!({
        "person": discussed.person,
        "lately": match &discussed.person {
            Some(person) => pictures::beside(app, actor, person.id).await?,
            None => Value::Null,
        },
        "case": discussed.case,
        "nomination": found.item.nomination,
        "triage": crate::web::form::answers(triage_form(discussed), &found.item.triage, &Default::default()),
        "timeline": told,
        "preparedBy": prepared.and_then(|prepared| names.get(&prepared.prepared_by)),
        "decidedBy": found.item.decided_by.and_then(|by| names.get(&by)),
        "initials": discussed.person.as_ref().map(|person| initials(&person.full_name)),
    }))
}

fn triage_form(discussed: &Discussed) -> Option<&Value> {
    discussed.workflow.forms.get("triage").map(|form| &form.schema)
}

fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|word| word.chars().next()).map(|letter| format!("{letter}.")).collect()
}

/// The radios, and the form of the answer that is chosen or was prepared.
fn decision(found: &MeetingItem, discussed: &Discussed, filled: &Filled) -> Value {
    let prepared = Answer::prepared(found);
    let chosen = filled.answer.or(prepared);
    let radio = |(n, answer): (usize, Answer)| json!({ "value": answer.code(), "text": answer.words(), "checked": chosen == Some(answer), "key": n + 1 });
    let radios: Vec<Value> = Answer::ALL.into_iter().enumerate().map(radio).collect();
    let schema = chosen.and_then(|answer| schema_of(discussed, answer));
    let input = found.item.preparation.as_ref().filter(|_| chosen == prepared && chosen != Some(Answer::Met));
    let drawn = schema.as_ref().map(|schema| {
        let kept = || match input {
            Some(prepared) => Drawing::of_value(schema, &prepared.input),
            None => Drawing::default(),
        };
        draw(schema, &filled.drawing.clone().unwrap_or_else(kept))
    });
    let faults: Vec<FormFault> = filled.drawing.as_ref().map(|drawing| drawing.faults.clone()).unwrap_or_default();
    json!({ "mayDecide": true, "radios": radios, "fields": drawn, "answerShown": chosen.map(Answer::code),
            "isPrepared": chosen.is_some() && chosen == prepared, "faults": summary(&faults),
            "open": !faults.is_empty() || chosen != prepared })
}

/// The form of an answer, without what the answer itself says.
pub(super) fn schema_of(discussed: &Discussed, answer: Answer) -> Option<Value> {
    let taken = discussed.workflow.action(&discussed.case.state, answer.action())?;
    let form = discussed.workflow.forms.get(taken.form.as_deref()?)?;
    let mut schema = form.schema.clone();
    if answer.follows().is_some()
        && let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut)
    {
        fields.shift_remove("outcome");
    }
    Some(schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_a_sentence() {
        let at = |minutes: i64| {
            "2026-11-26T10:00:00Z".parse::<DateTime<Utc>>().unwrap() + chrono::Duration::minutes(minutes)
        };
        assert_eq!(
            pace(Some(at(0)), at(18), 18).unwrap(),
            "18 minutes used · about 1 minute 13 seconds each from here"
        );
        assert_eq!(pace(Some(at(0)), at(55), 3).unwrap(), "55 minutes used");
        assert_eq!(pace(Some(at(0)), at(5), 0), None);
        assert_eq!(pace(None, at(5), 4), None);
    }

    #[test]
    fn who_is_next_is_the_first_undecided_after_and_then_from_the_beginning() {
        let place = |n, decided| Place { n, decided };
        let agenda = [place(1, false), place(2, true), place(3, false), place(4, true)];
        assert_eq!(next_undecided(&agenda, 1).map(|next| next.n), Some(3));
        assert_eq!(next_undecided(&agenda, 3).map(|next| next.n), Some(1));
        assert_eq!(next_undecided(&agenda[1..2], 2), None);
    }
}
