//! The questions a force has to be able to answer about its restrictions, each with its number and the cases behind it.

mod decisions;
mod restrictions;

use super::as_json;
use super::stories::{self, Story};
use crate::app::{App, AppError};
use crate::domain::calendar::london::date_of;
use crate::domain::ids::{CaseId, Id, PersonId};
use crate::store::report_counts;
use chrono::{Duration, NaiveDate};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) const CASE: &str = "frequent-service-user";
pub(super) const STRATEGY: &str = "communications-strategy";
pub(super) const APPEAL: &str = "appeal";

/// A question, and what is on file about it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Question {
    pub(super) question: &'static str,
    /// Absent where it cannot be counted; `detail` says why.
    pub(super) number: Option<u64>,
    pub(super) must_be_zero: bool,
    /// Absent where the number may be anything.
    pub(super) holds: Option<bool>,
    pub(super) cases: Vec<CaseId>,
    #[serde(skip_serializing_if = "Value::is_null")]
    pub(super) detail: Value,
}

impl Question {
    pub(super) fn about(question: &'static str, cases: Vec<CaseId>) -> Self {
        let number = u64::try_from(cases.len()).ok();
        Self { question, number, must_be_zero: false, holds: None, cases, detail: Value::Null }
    }

    pub(super) fn never(question: &'static str, cases: Vec<CaseId>) -> Self {
        let holds = Some(cases.is_empty());
        Self { must_be_zero: true, holds, ..Self::about(question, cases) }
    }

    pub(super) fn counted(question: &'static str, number: u64) -> Self {
        Self { number: Some(number), ..Self::about(question, Vec::new()) }
    }

    pub(super) fn with(self, detail: Value) -> Self {
        Self { detail, ..self }
    }
}

/// What the questions are asked of.
pub(super) struct Asked<'a> {
    pub(super) stories: &'a [Story],
    pub(super) today: NaiveDate,
}

impl<'a> Asked<'a> {
    pub(super) fn strategies(&self) -> impl Iterator<Item = &'a Story> {
        self.stories.iter().filter(|story| story.row.workflow == STRATEGY)
    }

    /// Versions that bind their person now.
    pub(super) fn in_force(&self) -> impl Iterator<Item = &'a Story> {
        self.strategies().filter(|story| story.row.state == "in_force")
    }

    /// Versions that ever did.
    pub(super) fn ever_in_force(&self) -> impl Iterator<Item = &'a Story> {
        self.strategies().filter(|story| story.first_in("in_force").is_some())
    }
}

pub(super) fn ids<'a>(stories: impl Iterator<Item = &'a Story>) -> Vec<CaseId> {
    stories.map(Story::id).collect()
}

pub(super) fn day(data: &Value, field: &str) -> Option<NaiveDate> {
    data.get(field)?.as_str()?.parse().ok()
}

/// The middle value.
pub(super) fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

pub(super) async fn content(app: &App, hidden: &[PersonId]) -> Result<Value, AppError> {
    let db = app.store.reader();
    let stories = stories::of_kinds(db, &[CASE, STRATEGY, APPEAL], hidden).await?;
    let asked = Asked { stories: &stories, today: date_of(app.now()) };
    let mut questions = restrictions::questions(&asked);
    questions.extend(decisions::questions(&asked));
    questions.extend(counted(app, db, &asked).await?);
    as_json(&questions)
}

/// What is told by contacts and by the record of who looked.
async fn counted(app: &App, db: &impl ConnectionTrait, asked: &Asked<'_>) -> Result<Vec<Question>, AppError> {
    let shown: BTreeSet<CaseId> = asked.stories.iter().map(Story::id).collect();
    let found = report_counts::found_in_measured(db).await?;
    let found: Vec<_> = found.into_iter().filter(|one| shown.contains(&one.strategy)).collect();
    let cases: BTreeSet<CaseId> = found.iter().map(|one| one.strategy).collect();
    let count = |what: fn(&report_counts::Found) -> bool| found.iter().filter(|one| what(one)).count();
    let detail = json!({
        "complaints": count(|one| one.complaint),
        "safeguardingConcerns": count(|one| one.risk),
        "medianMinutesToFind": median(found.iter().map(|one| one.minutes).collect()),
    });
    let found = Question {
        number: u64::try_from(found.len()).ok(),
        ..Question::about(
            "Complaints and safeguarding concerns found in contacts measured against a strategy",
            cases.into_iter().collect(),
        )
    };
    let yesterday = app.now() - Duration::days(1);
    let unattributed = report_counts::unattributed_since(db, yesterday).await?;
    let looked = report_counts::looked_into(db).await?;
    let looked: Vec<CaseId> = looked.into_iter().map(|(case, _)| case).filter(|case| shown.contains(case)).collect();
    let channels = report_counts::by_channel(db).await?;
    let by_channel: Vec<Value> = channels
        .iter()
        .map(|(channel, contacts, people)| json!({ "channel": channel, "contacts": contacts, "people": people }))
        .collect();
    let all: i64 = channels.iter().map(|(_, contacts, _)| contacts).sum();
    Ok(vec![
        found.with(detail),
        Question::counted("Contacts that nobody has attributed or dealt with for more than a day", unattributed),
        Question::about("Reads of a case by people with no role on it: the glass was broken", looked),
        Question::counted(
            "Contacts per person by channel, whatever is blocked",
            u64::try_from(all).unwrap_or_default(),
        )
        .with(json!(by_channel)),
    ])
}

/// The case over a strategy.
pub(super) fn over<'a>(asked: &Asked<'a>, strategy: &Story) -> Option<&'a Story> {
    let parent = CaseId::from_uuid(strategy.row.parent_id?);
    asked.stories.iter().find(|story| story.id() == parent)
}

/// Whoever a story is about.
pub(super) fn person(story: &Story) -> Option<PersonId> {
    story.row.person_id.map(Id::from_uuid)
}
