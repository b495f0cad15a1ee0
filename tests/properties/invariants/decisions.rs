//! Invariants on who decided what, about which text: 1, 2, 3, 8, 12, 14 and 24.

use super::super::forms::LIMITABLE;
use super::super::history::{Step, Story, date, had_complained};
use super::{Told, is_filled};
use evenhand::domain::calendar::london;
use serde_json::Value;
use uuid::Uuid;

/// Invariant 1: Never `shared` without approval and a decided harm test of the identical text.
pub fn shared_only_after_approval_and_harm_test_of_the_same_text(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for story in told.strategies() {
        for (n, step) in story.steps.iter().enumerate().filter(|(_, step)| step.to == "shared" && step.from != "shared")
        {
            if let Some(why) = not_ready_to_share(&story.steps[..n], &step.content_hash()) {
                wrong.push(format!("strategy {} was shared {why}", story.id));
            }
        }
        let texts: Vec<String> = story.steps.iter().filter_map(|step| step.signed.clone()).collect();
        let notices = told.snapshot.notices.iter().filter(|notice| notice.case_id == story.id);
        for notice in notices.filter(|notice| !texts.contains(&notice.content_hash)) {
            wrong.push(format!("notice {} is of a text that nobody signed", notice.id));
        }
    }
    wrong
}

fn not_ready_to_share(earlier: &[Step], text: &str) -> Option<&'static str> {
    let Some(approved) = earlier.iter().rposition(|step| step.signed.is_some()) else {
        return Some("without approval");
    };
    if earlier[approved].signed.as_deref() != Some(text) || earlier[approved].content_hash() != text {
        return Some("in words other than those approved");
    }
    let tested = earlier[approved..].iter().rev().find(|step| step.action == "decide_harm_test");
    match tested {
        None => Some("without a harm test of the approved text"),
        Some(tested) if tested.content_hash() != text => Some("after the harm test of another text"),
        Some(tested) if tested.input["outcome"] == "withheld" => Some("although it was withheld in full"),
        Some(_) => None,
    }
}

fn signatures(story: &Story) -> impl Iterator<Item = (usize, &Step)> {
    story.steps.iter().enumerate().filter(|(_, step)| step.signed.is_some())
}

/// Invariant 2: The signer is no author, not the point of contact, and was not complained about by this person.
pub fn signed_by_somebody_who_took_no_part(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for story in told.strategies() {
        for (n, step) in signatures(story) {
            let Some(signer) = step.officer else {
                wrong.push(format!("strategy {} was signed by {}", story.id, step.by));
                continue;
            };
            let authors = story.steps[..n].iter().filter(|step| ["edit", "submit"].contains(&step.action.as_str()));
            if authors.into_iter().any(|author| author.officer == Some(signer)) {
                wrong.push(format!("strategy {} was signed by an author", story.id));
            }
            if step.before["spoc"] == signer.to_string().as_str() {
                wrong.push(format!("strategy {} was signed by its point of contact", story.id));
            }
            if story.person.is_some_and(|person| had_complained(told.snapshot, person, signer, step.at)) {
                wrong.push(format!("strategy {} was signed by somebody complained about", story.id));
            }
        }
    }
    wrong
}

/// Invariant 24: Whoever decides that a strategy is quashed, or decides an appeal against it, took none of the decisions
/// under it, is not its point of contact, and was not complained about by this person.
pub fn appeals_decided_by_somebody_who_took_no_part(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for story in told.strategies() {
        for (n, step) in story.steps.iter().enumerate().filter(|(_, step)| step.action == "quash") {
            let original = story.steps[..n].iter().filter(|step| DECISIONS.contains(&step.action.as_str()));
            wrong.extend(took_part(told, (story, step), original, &step.before["spoc"]));
        }
    }
    for appeal in told.stories.values().filter(|story| story.is("appeal")) {
        let Some(strategy) = appeal.parent.and_then(|parent| told.stories.get(&parent)) else { continue };
        for step in appeal.steps.iter().filter(|step| ["quash", "vary", "uphold"].contains(&step.action.as_str())) {
            let above = strategy.parent.and_then(|parent| told.stories.get(&parent));
            let acted = strategy.steps.iter().chain(above.into_iter().flat_map(|case| &case.steps));
            let original = acted.filter(|one| one.position < step.position && !one.action.is_empty());
            wrong.extend(took_part(told, (appeal, step), original, &strategy.data()["spoc"]));
        }
    }
    wrong
}

const DECISIONS: [&str; 4] = ["edit", "submit", "approve", "decide_harm_test"];

fn took_part<'s>(
    told: &Told<'_>,
    (story, step): (&Story, &Step),
    mut original: impl Iterator<Item = &'s Step>,
    spoc: &Value,
) -> Option<String> {
    let Some(judge) = step.officer else { return Some(format!("the appeal {} was decided by {}", story.id, step.by)) };
    let accused = story.person.is_some_and(|person| had_complained(told.snapshot, person, judge, step.at));
    let is_spoc = *spoc == judge.to_string().as_str();
    let took = original.any(|one| one.officer == Some(judge));
    (accused || is_spoc || took)
        .then(|| format!("{} {} was decided by somebody who took part", story.workflow, story.id))
}

/// Invariant 3: The signer held a delegation that was valid at that moment; that it was revoked later changes nothing.
pub fn signed_under_a_delegation_of_that_day(told: &Told<'_>) -> Vec<String> {
    let held = |signer: Uuid, step: &Step| {
        let today = london::date_of(step.at);
        told.snapshot.delegations.iter().any(|delegation| {
            delegation.officer_id == signer
                && delegation.workflow == "communications-strategy"
                && (delegation.from_date..=delegation.to_date).contains(&today)
                && delegation.granted_at <= step.at
                && delegation.revoked_at.is_none_or(|revoked| revoked > step.at)
        })
    };
    let signed = told.strategies().flat_map(|story| signatures(story).map(move |(_, step)| (story, step)));
    let lapsed = signed.filter(|(_, step)| !step.officer.is_some_and(|signer| held(signer, step)));
    lapsed.map(|(story, _)| format!("strategy {} was signed without a valid delegation", story.id)).collect()
}

/// Invariant 8: Whatever is submitted leaves at least one channel by which something can be sent.
pub fn one_working_channel_remains(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (story, step) in submitted(told) {
        if !LIMITABLE.iter().any(|channel| works(channel, &step.before)) {
            wrong.push(format!("strategy {} leaves no channel that works", story.id));
        }
    }
    wrong
}

pub(super) fn submitted<'t>(told: &'t Told<'_>) -> impl Iterator<Item = (&'t Story, &'t Step)> {
    let leaves_draft = |step: &&Step| step.to == "submitted" && step.from != "submitted";
    told.strategies().flat_map(move |story| story.steps.iter().filter(leaves_draft).map(move |step| (story, step)))
}

fn works(channel: &str, text: &Value) -> bool {
    let entries = |name: &str| text[name].as_array().cloned().unwrap_or_default();
    let on = |entry: &Value| entry["channel"] == channel;
    let shut = |limit: &Value| on(limit) && (limit["allowed"] != true || limit["max"] == 0);
    let blocked = |block: &Value| on(block) && !is_filled(&block["address"]);
    !entries("limits").iter().any(shut) && !entries("blocking").iter().any(blocked)
}

/// Invariant 12: Nothing restrictive before a named person decided, with reasons, that the threshold is met; no clock, rule or
/// system ever moves a case into anything restrictive.
pub fn people_decide_what_restricts(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for story in told.stories.values() {
        for step in story.steps.iter().filter(|step| restricts(&step.to) && !restricts(&step.from)) {
            if step.officer.is_none() {
                wrong.push(format!("{} {} was made {} by {}", story.workflow, story.id, step.to, step.by));
            }
            let decided_on = if story.is("frequent-service-user") { Some(story.id) } else { story.parent };
            let decided = decided_on.and_then(|case| told.stories.get(&case)).is_some_and(|case| {
                case.steps.iter().any(|earlier| earlier.position < step.position && is_threshold_decision(earlier))
            });
            if !decided {
                wrong.push(format!("{} {} became {} without a threshold decision", story.workflow, story.id, step.to));
            }
        }
    }
    wrong
}

fn restricts(state: &str) -> bool {
    ["in_force", "active", "under_review"].contains(&state)
}

fn is_threshold_decision(step: &Step) -> bool {
    let headings = ["codeOfEthics", "information", "assessment", "powersAndPolicy", "options", "actionAndReview"];
    step.action == "decide_met"
        && step.officer.is_some()
        && headings.iter().all(|heading| is_filled(&step.input["rationale"][heading]))
}

/// Invariant 14: SNT, OPT and MASH are each settled before submission: answered, or not asked or silent past the date, with reasons.
pub fn units_settled_before_submission(told: &Told<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (story, step) in submitted(told) {
        for unit in ["snt", "opt", "mash"] {
            if !answered(told, story, step, unit) && !excused(told, story, step, unit) {
                wrong.push(format!("strategy {} was submitted without {unit}", story.id));
            }
        }
    }
    wrong
}

fn questions<'t>(told: &'t Told<'_>, story: &Story, unit: &str) -> impl Iterator<Item = &'t Story> {
    let (parent, unit) = (story.id, unit.to_owned());
    let asked = told.stories.values().filter(move |child| child.is("consultation") && child.parent == Some(parent));
    asked.filter(move |child| child.data()["unit"] == unit.as_str())
}

fn answered(told: &Told<'_>, story: &Story, submitted: &Step, unit: &str) -> bool {
    let before =
        |step: &Step| step.position < submitted.position && ["answered", "no_reply"].contains(&step.to.as_str());
    questions(told, story, unit).any(|child| child.steps.iter().any(before))
}

fn excused(told: &Told<'_>, story: &Story, submitted: &Step, unit: &str) -> bool {
    let recorded = |step: &&Step| step.action == "record_consultation" && step.position < submitted.position;
    let due = |child: &Story, at: &Step| {
        date(&child.data()["replyBy"]).is_some_and(|reply_by| reply_by < london::date_of(at.at))
    };
    story.steps.iter().filter(recorded).any(|step| {
        let silent = step.input["outcome"] == "no_reply";
        step.input["unit"] == unit
            && is_filled(&step.input["reason"])
            && (!silent || questions(told, story, unit).any(|child| due(child, step)))
    })
}
