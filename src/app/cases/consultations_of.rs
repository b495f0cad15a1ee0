//! What the units said to a strategy, and which of them said nothing and why: for whoever writes or signs it (policy 7.6).

use super::pinned;
use super::seeing::{self, Sight};
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::ids::CaseId;
use crate::store::cases::{self, CaseRow};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::Value;

/// The units that each strategy is put to.
const UNITS: [&str; 3] = ["snt", "opt", "mash"];

/// One unit: what it was asked and said, and what is on record where it said nothing.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Consulted {
    pub unit: String,
    /// How it stands: answered, excused with a reason, or open.
    pub settled: UnitSettled,
    /// Oldest first.
    pub questions: Vec<Question>,
    /// `not_asked` or `no_reply`, with the reason.
    pub outcomes: Vec<Value>,
}

/// Whether a unit still has to be asked, or waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitSettled {
    Answered,
    /// Not asked or no reply, with the reason recorded.
    Excused,
    /// Asked, and the answer has not come.
    Asked,
    NotYet,
}

/// One question to a unit.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    pub id: CaseId,
    pub question: String,
    pub reply_by: Option<NaiveDate>,
    pub state: String,
    pub state_title: String,
    pub state_since: DateTime<Utc>,
    /// It is past the day it was asked for, and nothing came.
    pub late: bool,
    /// What the unit's form recorded; null before.
    pub answer: Value,
}

/// Every unit, whether it was asked or not. The reading is logged.
///
/// # Errors
/// `named-person-required`; `NotFound` where the officer does not see the whole case.
pub async fn consultations_of(app: &App, actor: &Actor, strategy: CaseId) -> Result<Vec<Consulted>, AppError> {
    let officer = rights::named_person(actor)?;
    let db = app.store.reader();
    let seeing::Seen { case, sight, .. } = seeing::visible(app, db, officer, strategy).await?;
    if sight != Sight::Full {
        return Err(AppError::NotFound);
    }
    let children = cases::children(db, strategy).await?;
    let asked: Vec<CaseRow> = children.into_iter().filter(|child| child.workflow == "consultation").collect();
    let recorded = case.data.get("consultations").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut consulted = Vec::new();
    for unit in UNITS {
        let mut questions = Vec::new();
        for row in asked.iter().filter(|row| seeing::unit_of(&row.data) == Some(unit)) {
            questions.push(question(app, db, row).await?);
        }
        let of_unit = |entry: &&Value| entry.get("unit").and_then(Value::as_str) == Some(unit);
        let outcomes: Vec<Value> = recorded.iter().filter(of_unit).cloned().collect();
        let settled = settled(&questions, &outcomes);
        consulted.push(Consulted { unit: unit.to_owned(), settled, questions, outcomes });
    }
    log_reading(app, actor, "case", Some(strategy.as_uuid())).await?;
    Ok(consulted)
}

fn settled(questions: &[Question], outcomes: &[Value]) -> UnitSettled {
    match questions {
        questions if questions.iter().any(|question| question.state == "answered") => UnitSettled::Answered,
        _ if !outcomes.is_empty() => UnitSettled::Excused,
        questions if questions.iter().any(|question| question.state == "asked") => UnitSettled::Asked,
        _ => UnitSettled::NotYet,
    }
}

async fn question(app: &App, db: &impl ConnectionTrait, row: &CaseRow) -> Result<Question, AppError> {
    let workflow = pinned::workflow(app, db, &row.content_hash).await?;
    let text = |name: &str| row.data.get(name).and_then(Value::as_str).unwrap_or_default();
    let reply_by: Option<NaiveDate> = text("replyBy").parse().ok();
    let today = super::today(app);
    Ok(Question {
        id: CaseId::from_uuid(row.id),
        question: text("question").to_owned(),
        reply_by,
        state: row.state.clone(),
        state_title: workflow.state(&row.state).map(|state| state.title.clone()).unwrap_or_default(),
        state_since: row.state_since,
        late: row.state == "asked" && reply_by.is_some_and(|day| day < today),
        answer: row.data.get("answer").cloned().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn question(state: &str) -> Question {
        Question {
            id: CaseId::from_uuid(uuid::Uuid::nil()),
            question: String::new(),
            reply_by: None,
            state: state.to_owned(),
            state_title: String::new(),
            state_since: DateTime::UNIX_EPOCH,
            late: false,
            answer: Value::Null,
        }
    }

    #[test]
    fn an_answer_counts_before_a_recorded_silence_and_that_before_an_open_question() {
        let silence = [json!({ "unit": "snt", "outcome": "no_reply", "reason": "Chased twice." })];
        assert_eq!(settled(&[question("no_reply"), question("answered")], &silence), UnitSettled::Answered);
        assert_eq!(settled(&[question("asked")], &silence), UnitSettled::Excused);
        assert_eq!(settled(&[question("asked")], &[]), UnitSettled::Asked);
        assert_eq!(settled(&[question("withdrawn")], &[]), UnitSettled::NotYet);
    }
}
