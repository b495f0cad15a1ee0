//! Every step ever taken on cases of some kinds, of all cases at once: what reports are made from.

use super::StoreError;
use super::events::Stream;
use crate::domain::access::ActorRef;
use crate::domain::ids::{CaseId, Id};
use chrono::{DateTime, Utc};
use entities::cases;
use entities::events::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use serde::de::IgnoredAny;
use uuid::Uuid;

/// An action somebody took, or a clock that struck (`action` is empty then).
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub case: CaseId,
    pub at: DateTime<Utc>,
    pub by: ActorRef,
    pub action: String,
    pub from: String,
    pub to: String,
    /// The kinds of conduct that its answers name; empty where they name none.
    pub conduct: Vec<String>,
}

const ROWS_A_PAGE: u64 = 2_000;

/// In the order they were taken. What was disposed of is left out.
pub async fn of_workflows(db: &impl ConnectionTrait, workflows: &[&str]) -> Result<Vec<Step>, StoreError> {
    let kinds = cases::Column::Workflow.is_in(workflows.iter().copied());
    let of_kinds = Query::select().column(cases::Column::Id).from(cases::Entity).and_where(kinds).take();
    let mut steps = Vec::new();
    let mut after = 0;
    loop {
        // As text: most of it is answers that no report asks for, and only what is asked for is read.
        let page: Vec<(i64, Uuid, DateTime<Utc>, String, String)> = Entity::find()
            .select_only()
            .columns([Column::Position, Column::StreamId, Column::At])
            .column_as(Expr::col(Column::Actor).cast_as("text"), "actor_text")
            .column_as(Expr::col(Column::Data).cast_as("text"), "data_text")
            .filter(Column::Stream.eq(Stream::Case.as_str()))
            .filter(Column::Kind.is_in(["acted", "struck"]))
            .filter(Column::StreamId.in_subquery(of_kinds.clone()))
            .filter(Column::Position.gt(after))
            .order_by_asc(Column::Position)
            .limit(ROWS_A_PAGE)
            .into_tuple()
            .all(db)
            .await?;
        let Some(last) = page.last() else { return Ok(steps) };
        after = last.0;
        let rows = page.len();
        steps.extend(page.into_iter().filter_map(|(_, case, at, by, data)| step((case, at), &by, &data)));
        if u64::try_from(rows).unwrap_or(u64::MAX) < ROWS_A_PAGE {
            return Ok(steps);
        }
    }
}

fn step((case, at): (Uuid, DateTime<Utc>), by: &str, data: &str) -> Option<Step> {
    let by = serde_json::from_str(by).ok()?;
    let told: Told<Answers> = serde_json::from_str(data).or_else(|_odd| without_answers(data)).ok()?;
    let taken = ["acted", "struck"].contains(&told.kind.as_str());
    let conduct = told.input.and_then(|answers| answers.conduct).unwrap_or_default();
    taken.then_some(Step {
        case: Id::from_uuid(case),
        at,
        by,
        action: told.action,
        from: told.from,
        to: told.to,
        conduct,
    })
}

/// Of a [`Happening`](crate::domain::case::Happening), what reports ask for.
#[derive(Deserialize)]
struct Told<I> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    action: String,
    from: String,
    to: String,
    #[serde(default = "Option::default")]
    input: Option<I>,
}

#[derive(Deserialize)]
struct Answers {
    #[serde(default)]
    conduct: Option<Vec<String>>,
}

/// A step whose answers are of another shape is a step all the same.
fn without_answers(data: &str) -> Result<Told<Answers>, serde_json::Error> {
    let Told { kind, action, from, to, input: _ }: Told<IgnoredAny> = serde_json::from_str(data)?;
    Ok(Told { kind, action, from, to, input: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(data: &serde_json::Value) -> Option<Step> {
        step((Uuid::nil(), DateTime::UNIX_EPOCH), &json!(ActorRef::Software).to_string(), &data.to_string())
    }

    #[test]
    fn a_step_is_read_whatever_its_answers_and_what_is_no_step_is_left_out() {
        let acted = |input| json!({ "type": "acted", "action": "decide_met", "from": "a", "to": "b", "input": input });
        let named = read(&acted(json!({ "conduct": ["abusive"], "reason": "long" }))).unwrap();
        assert_eq!((named.action.as_str(), named.conduct), ("decide_met", vec!["abusive".to_owned()]));
        for odd in [json!({}), json!(null), json!(["x"]), json!({ "conduct": "word" }), json!({ "conduct": null })] {
            assert!(read(&acted(odd)).unwrap().conduct.is_empty());
        }
        let struck = read(&json!({ "type": "struck", "from": "a", "to": "b" })).unwrap();
        assert_eq!((struck.action.as_str(), struck.to.as_str()), ("", "b"));
        assert_eq!(read(&json!({ "type": "disposed", "from": "a", "to": "b" })), None);
        assert_eq!(read(&json!({ "disposed": true })), None);
    }
}
