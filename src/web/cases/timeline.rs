//! A case's history as a page tells it: newest first, each thing with who did it and what they wrote.

use crate::app::cases::EventView;
use crate::app::{App, AppError, officer_names};
use crate::domain::access::ActorRef;
use crate::domain::workflow::Workflow;
use crate::web::form::{Answer, answers};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Happened {
    pub(crate) seq: i64,
    pub(crate) title: String,
    pub(crate) at: DateTime<Utc>,
    /// Who did it, in words.
    pub(crate) by: String,
    pub(crate) answers: Vec<Answer>,
    /// The text that was signed, by its hash.
    pub(crate) signed: Option<String>,
}

/// The history, newest first.
///
/// # Errors
/// What the store says.
pub(crate) async fn timeline(app: &App, workflow: &Workflow, events: &[EventView]) -> Result<Vec<Happened>, AppError> {
    let names = names_in(app, events).await?;
    Ok(events.iter().rev().map(|event| happened(workflow, event, &names)).collect())
}

/// The names of whoever did something, or is named in what was written.
async fn names_in(app: &App, events: &[EventView]) -> Result<BTreeMap<String, String>, AppError> {
    let mut ids: Vec<Uuid> = events.iter().filter_map(|event| event.actor.officer()).map(|id| id.as_uuid()).collect();
    for event in events {
        ids.extend(event.data.pointer("/input/spoc").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok()));
    }
    Ok(officer_names(app, &ids).await?.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

fn happened(workflow: &Workflow, event: &EventView, names: &BTreeMap<String, String>) -> Happened {
    let text = |name: &str| event.data.get(name).and_then(Value::as_str).unwrap_or_default();
    let state = |id: &str| workflow.state(id).map_or_else(|| id.to_owned(), |state| state.title.clone());
    let mut told = Vec::new();
    let title = match event.kind.as_str() {
        "opened" => {
            let schema = workflow.open.as_ref().and_then(|open| open.form.as_deref());
            let schema = schema.and_then(|form| workflow.forms.get(form)).map(|form| &form.schema);
            let data = event.data.get("data").cloned().unwrap_or_default();
            told = answers(schema, &data, names);
            format!("Opened: {}", workflow.title)
        }
        "acted" => {
            let taken = workflow.action(text("from"), text("action"));
            let schema = taken.and_then(|taken| taken.form.as_deref()).and_then(|form| workflow.forms.get(form));
            let input = event.data.get("input").cloned().unwrap_or_default();
            told = answers(schema.map(|form| &form.schema), &input, names);
            taken.map_or_else(|| text("action").to_owned(), |taken| taken.title.clone())
        }
        "struck" => format!("By its clock: {}", state(text("to"))),
        "marked" => format!("Marked {}", text("marking")),
        "looked_into" => "Somebody broke the glass to read this case".to_owned(),
        "migrated" => format!(
            "Goes on under version {} of the case type",
            event.data.get("workflowVersion").unwrap_or(&Value::Null)
        ),
        "guard_failed" => "A condition could not be looked at; nothing was done".to_owned(),
        "person_linked" => "Follows the person to another record".to_owned(),
        "disposed" => "Disposed of".to_owned(),
        other => other.to_owned(),
    };
    if told.is_empty() && !text("reason").is_empty() {
        told.push(Answer { label: "Reason".to_owned(), text: text("reason").to_owned() });
    }
    let signed = event.data.get("signed").and_then(Value::as_str).map(str::to_owned);
    Happened { seq: event.seq, title, at: event.at, by: who(event.actor, names), answers: told, signed }
}

fn who(actor: ActorRef, names: &BTreeMap<String, String>) -> String {
    let name =
        |id: String| names.get(&id).cloned().unwrap_or_else(|| "an officer who is no longer registered".to_owned());
    match actor {
        ActorRef::Officer(id) => name(id.to_string()),
        ActorRef::OfficerThrough(id, _) => format!("{}, through another system", name(id.to_string())),
        ActorRef::System(_) => "another system".to_owned(),
        ActorRef::Clock => "the clock".to_owned(),
        ActorRef::Software => "the software, by a rule".to_owned(),
    }
}
