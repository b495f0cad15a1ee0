//! Who decided, after what, and what became of challenges.

use super::{APPEAL, Asked, CASE, Question, ids, median, person};
use crate::app::reports::stories::Story;
use crate::domain::ids::PersonId;
use crate::store::case_steps::Step;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) fn questions(asked: &Asked<'_>) -> Vec<Question> {
    vec![
        Question::never(
            "Strategies signed by somebody who drafted or submitted them",
            ids(asked.strategies().filter(is_self_signed)),
        ),
        Question::never(
            "Strategies shared without a decided harm test",
            ids(asked.strategies().filter(is_shared_untested)),
        ),
        not_consulted(asked),
        appeals(asked),
        vulnerable(asked),
        own_delay(asked),
    ]
}

fn is_self_signed(story: &&Story) -> bool {
    story.steps.iter().filter(|step| step.action == "approve").any(|signed| {
        signed.by.officer().is_none_or(|signer| story.took(&["edit", "submit"], signed).contains(&signer))
    })
}

/// Whether it was ever shared without a test after it was signed: a test of an earlier text says nothing of a later one.
fn is_shared_untested(story: &&Story) -> bool {
    let last = |steps: &[Step], action: &str| steps.iter().rposition(|step| step.action == action);
    let is_untested = |place: usize| {
        let before = story.steps.get(..place).unwrap_or_default();
        last(before, "decide_harm_test") <= last(before, "approve")
    };
    let shared = story.steps.iter().enumerate().filter(|(_, step)| step.to == "shared" && step.from != "shared");
    shared.map(|(place, _)| place).any(is_untested)
}

fn not_consulted(asked: &Asked<'_>) -> Question {
    let submitted = || asked.strategies().filter(|story| story.first_in("submitted").is_some());
    let excuses = |story: &&Story| !excuses_of(story).is_empty();
    let detail: Vec<Value> = submitted()
        .flat_map(|story| {
            excuses_of(story).iter().map(move |excuse| {
                json!({ "case": story.id(), "unit": excuse.get("unit"), "outcome": excuse.get("outcome"),
                        "because": excuse.get("reason") })
            })
        })
        .collect();
    let question = "Strategies submitted without the answer of SNT, OPT or MASH, and why";
    Question::about(question, ids(submitted().filter(excuses))).with(json!(detail))
}

fn excuses_of(story: &Story) -> &[Value] {
    story.row.data.get("consultations").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn appeals(asked: &Asked<'_>) -> Question {
    let appeals: Vec<&Story> = asked.stories.iter().filter(|story| story.row.workflow == APPEAL).collect();
    let ended = |state: &str| appeals.iter().filter(|story| story.row.state == state).count();
    let days = |story: &&&Story| {
        let decided = story.steps.iter().find(|step| ["quash", "vary", "uphold"].contains(&step.action.as_str()))?;
        Some((decided.at - story.row.opened_at).num_days())
    };
    let detail = json!({
        "quashed": ended("quashed"), "varied": ended("varied"), "strategyUpheld": ended("upheld"),
        "withdrawn": ended("withdrawn"), "toBeDecided": ended("lodged"),
        "medianDaysToDecide": median(appeals.iter().filter_map(|story| days(&story)).collect()),
    });
    Question::about("Appeals received, what became of them, and the days to a decision", ids(appeals.into_iter()))
        .with(detail)
}

/// What is typed where there is nothing to say.
const SAYS_NOTHING: [&str; 4] = ["no", "none", "nothing", "n/a"];

/// By what triage recorded; what somebody's file says is theirs and stands in no report.
fn vulnerable(asked: &Asked<'_>) -> Question {
    let restricted: BTreeSet<PersonId> = asked.in_force().filter_map(person).collect();
    let flagged = |story: &&Story| {
        let found = |field: &str| story.row.data.pointer(&format!("/triage/{field}")).and_then(Value::as_str);
        story.row.workflow == CASE
            && person(story).is_some_and(|person| restricted.contains(&person))
            && ["safeguarding", "domesticAbuse"].iter().any(|field| found(field).is_some_and(says_something))
    };
    Question::about(
        "People under a restriction whose triage found something on safeguarding, mental health or domestic abuse",
        ids(asked.stories.iter().filter(flagged)),
    )
    .with(json!("Words were typed there other than “no”, “none”, “nothing” or “n/a”; read the cases."))
}

fn says_something(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let text = text.strip_suffix('.').unwrap_or(&text);
    !text.is_empty() && !SAYS_NOTHING.contains(&text)
}

fn own_delay(asked: &Asked<'_>) -> Question {
    let decided = |story: &&Story| story.row.workflow == CASE && story.last("decide_met").is_some();
    let cases = ids(asked.stories.iter().filter(decided));
    let question = "Cases in which our own delay preceded the contact";
    Question { number: None, ..Question::about(question, cases) }.with(json!(
        "Our own handling is recorded in words at each of these decisions and is not counted; read the cases."
    ))
}

#[cfg(test)]
mod tests {
    use super::says_something;

    #[test]
    fn only_an_answer_that_says_nothing_is_taken_for_no_finding() {
        for nothing in ["", " ", "no", "No.", "None", "nothing.", "N/A"] {
            assert!(!says_something(nothing), "{nothing}");
        }
        for finding in
            ["No contact with his children allowed", "Not eating", "nonetheless at risk", "north ward", "yes"]
        {
            assert!(says_something(finding), "{finding}");
        }
    }
}
