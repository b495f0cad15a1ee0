//! What restrictions lack, and when they are looked at again.

use super::{Asked, Question, day, ids, over};
use crate::app::reports::is_filled;
use crate::app::reports::stories::Story;
use crate::domain::calendar::london::date_of;
use chrono::NaiveDate;
use serde_json::Value;

pub(super) fn questions(asked: &Asked<'_>) -> Vec<Question> {
    let lacks_dates = |story: &&Story| ["reviewOn", "endsOn"].iter().any(|field| day(&story.row.data, field).is_none());
    let lacks_alternatives = |story: &&Story| blocks(story).any(|block| alternatives(block) < 2);
    let lacks_adjustments = |story: &&Story| !is_filled(story.row.data.pointer("/adjustments/considered"));
    vec![
        Question::never(
            "Restrictions without a review date or an end date",
            ids(asked.ever_in_force().filter(lacks_dates)),
        ),
        Question::about(
            "Restrictions reviewed after their review date, or due for review and not yet reviewed",
            ids(asked.ever_in_force().filter(|story| is_reviewed_late(asked, story))),
        ),
        Question::never(
            "Restrictions that block something, with fewer than two recorded alternatives",
            ids(asked.ever_in_force().filter(lacks_alternatives)),
        ),
        Question::never(
            "Restrictions in which the question of adjustments is not answered",
            ids(asked.ever_in_force().filter(lacks_adjustments)),
        ),
        Question::about(
            "Restrictions lifted or quashed before their end",
            ids(asked.strategies().filter(is_lifted_early)),
        ),
    ]
}

fn blocks(story: &Story) -> impl Iterator<Item = &Value> {
    story.row.data.get("blocking").and_then(Value::as_array).into_iter().flatten()
}

fn alternatives(block: &Value) -> usize {
    block.get("alternatives").and_then(Value::as_array).map_or(0, Vec::len)
}

/// No review of the case began between the strategy coming into force and the end of its review date, although that day
/// is over and the strategy lasted beyond it.
fn is_reviewed_late(asked: &Asked<'_>, story: &Story) -> bool {
    let (Some(review_on), Some(began)) = (day(&story.row.data, "reviewOn"), story.first_in("in_force")) else {
        return false;
    };
    if review_on >= asked.today || left_on(story).is_some_and(|left| left <= review_on) {
        return false;
    }
    let reviews = over(asked, story).map(|case| case.steps.as_slice()).unwrap_or_default();
    let in_time = reviews
        .iter()
        .any(|step| step.action == "start_review" && step.at >= began.at && date_of(step.at) <= review_on);
    !in_time
}

/// The day on which it stopped being in force.
fn left_on(story: &Story) -> Option<NaiveDate> {
    let left = story.steps.iter().rev().find(|step| step.from == "in_force" && step.to != "in_force")?;
    Some(date_of(left.at))
}

fn is_lifted_early(story: &&Story) -> bool {
    let ended = ["lifted", "quashed"].contains(&story.row.state.as_str());
    let (left, ends) = (left_on(story), day(&story.row.data, "endsOn"));
    ended && left.zip(ends).is_some_and(|(left, ends)| left < ends)
}
