//! Invariants on orders: 15, and 12 where it is about them. On their events alone.

use super::super::history::{Step, Story, date, root};
use super::{Told, is_filled};
use chrono::NaiveDate;
use evenhand::domain::calendar::london;
use uuid::Uuid;

const IN_FORCE: [&str; 5] =
    ["warning_in_force", "warning_breached", "notice_in_force", "cbo_in_force", "injunction_in_force"];

fn orders<'t>(told: &'t Told<'_>) -> impl Iterator<Item = &'t Story> {
    told.stories.values().filter(|story| story.is("enforcement-order"))
}

/// The steps that come into a state, each with those before it.
fn arrivals<'s>(story: &'s Story, state: &'s str) -> impl Iterator<Item = (&'s [Step], &'s Step)> {
    let arrives = move |step: &Step| step.to == state && step.from != state;
    (0..story.steps.len()).map(|n| (&story.steps[..n], &story.steps[n])).filter(move |(_, step)| arrives(step))
}

/// Invariant 12: An order is in force only after a named person assessed it and another decided, with reasons, to pursue
/// it; nobody without a name brings one into force.
pub fn people_decide_on_orders(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for story in orders(told) {
        for state in IN_FORCE {
            for (earlier, step) in arrivals(story, state) {
                if step.officer.is_none() {
                    wrong.push(format!("order {} was made {state} by {}", story.id, step.by));
                }
                let assessed = earlier.iter().filter(|one| one.action == "assess");
                let assessors: Vec<Option<Uuid>> = assessed.map(|one| one.officer).collect();
                let pursued = earlier.iter().rev().find(|one| one.action == "pursue");
                let decided = pursued.is_some_and(|one| {
                    one.officer.is_some() && is_filled(&one.input["rationale"]) && !assessors.contains(&one.officer)
                });
                if assessors.is_empty() || !decided {
                    wrong.push(format!("order {} came to {state} without assessment and decision", story.id));
                }
            }
        }
    }
    wrong
}

/// Invariant 12: Offences are referred only by a named person, with reasons, who considered none of them.
pub fn people_decide_on_offences(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for story in told.stories.values().filter(|story| story.is("offence-consideration")) {
        for (earlier, step) in arrivals(story, "referred") {
            let gathered = ["consider", "not_consider", "add_evidence_pack"];
            let mut others = earlier.iter().filter(|one| gathered.contains(&one.action.as_str()));
            let decided = step.action == "decide" && step.officer.is_some() && is_filled(&step.input["rationale"]);
            if !decided || others.any(|one| one.officer == step.officer) {
                wrong.push(format!("offences {} were referred without a decision by somebody else", story.id));
            }
        }
    }
    wrong
}

/// Invariant 15: A warning is for somebody of 16 or a body, and ends; a notice follows a breach of that very warning; a
/// criminal behaviour order follows a conviction; an injunction is for somebody of 10.
pub fn orders_have_their_preconditions(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for story in orders(told) {
        let mut fault = |what: &str| wrong.push(format!("order {} {what}", story.id));
        let warnings = arrivals(story, "warning_in_force").filter(|(_, step)| step.action == "issue_warning");
        for (_, step) in warnings {
            is_issued(told, step).into_iter().for_each(&mut fault);
        }
        for (earlier, step) in arrivals(story, "notice_in_force") {
            is_issued(told, step).into_iter().for_each(&mut fault);
            if !is_breached(earlier, step) {
                fault("is a notice without a breach of its warning that somebody else recorded");
            }
        }
        for (earlier, step) in arrivals(story, "cbo_in_force") {
            let convicted = earlier.iter().rev().find(|one| one.action == "record_conviction");
            let on = convicted.and_then(|one| date(&one.input["convictedOn"]));
            if on.is_none() || date(&step.input["madeOn"]) < on || ends(&step.input, "madeOn").is_none() {
                fault("of a court stands without a conviction before it, or without an end");
            }
        }
        for (earlier, step) in arrivals(story, "injunction_in_force") {
            let applied = earlier.iter().rev().find(|one| one.action == "apply");
            let on = applied.and_then(|one| date(&one.input["appliedOn"]));
            if !on.is_some_and(|on| is_of_age(told, step, (on, 10))) || ends(&step.input, "madeOn").is_none() {
                fault("is an injunction on a child or somebody of unknown age, or has no end");
            }
        }
    }
    wrong
}

/// What is wrong with a warning or notice as it was issued.
fn is_issued(told: &Told<'_>, step: &Step) -> Option<&'static str> {
    let on = date(&step.input["issuedOn"])?;
    if ends(&step.input, "issuedOn").is_none() {
        return Some("was issued without an end");
    }
    let body = step.before["subject"] == "body";
    (!body && !is_of_age(told, step, (on, 16))).then_some("was issued to somebody under 16 or of unknown age")
}

fn ends(input: &serde_json::Value, begins: &str) -> Option<NaiveDate> {
    let end = date(&input["endsOn"])?;
    date(&input[begins]).filter(|begin| *begin < end).map(|_| end)
}

fn is_breached(earlier: &[Step], notice: &Step) -> bool {
    let Some(at) = earlier.iter().rposition(|one| one.action == "record_breach") else { return false };
    let (breach, issued) = (&earlier[at], earlier[..at].iter().rev().find(|one| one.action == "issue_warning"));
    let Some(warning) = issued else { return false };
    let within = date(&breach.input["on"]).is_some_and(|on| {
        date(&warning.input["issuedOn"]).is_some_and(|from| from <= on)
            && date(&warning.input["endsOn"]).is_some_and(|to| on <= to)
    });
    within && breach.officer.is_some() && breach.officer != notice.officer
}

/// By the date of birth of any record that stood for the person then.
fn is_of_age(told: &Told<'_>, step: &Step, (on, age): (NaiveDate, u32)) -> bool {
    let Some(person) = step.person else { return false };
    let whose = root(told.snapshot, person, step.at);
    told.snapshot.witness.born.iter().any(|(one, born)| {
        root(told.snapshot, *one, step.at) == whose
            && born.and_then(|born| on.years_since(born)).is_some_and(|years| years >= age)
    })
}

/// No day is a day too early: the engine counts in London, and so does this.
#[test]
fn somebody_is_sixteen_on_the_day_itself() {
    let born: NaiveDate = "2010-06-10".parse().unwrap();
    let on = |day: &str| day.parse::<NaiveDate>().unwrap().years_since(born);
    assert_eq!((on("2026-06-09"), on("2026-06-10")), (Some(15), Some(16)));
    assert_eq!(london::date_of("2026-06-09T23:30:00Z".parse().unwrap()), "2026-06-10".parse().unwrap());
}
