//! A nomination is kept, and with it somebody who is monitored comes back to the meeting.

use crate::app::cases;
use crate::app::contacts::next_working_day;
use crate::app::{App, AppError};
use crate::domain::access::{Actor, Role};
use crate::domain::case::{Case, Command};
use crate::domain::ids::{CaseId, of};
use crate::store::events::{self, Append, NewEvent, Stream};
use crate::store::nominations::{self, Nomination, Source};
use crate::store::tasks::{self, NewTask};
use crate::store::{StoreError, Tx};
use serde_json::json;

/// The state in which a case waits for a new indicator.
const MONITORED: &str = "monitored";

/// The person has an open case: a new indicator brings a monitored one back to the meeting. Who may not list it asks
/// those who may.
pub(super) async fn list_again(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (case, reason): (Case, &str),
) -> Result<CaseId, AppError> {
    let id = case.id;
    if case.state != MONITORED {
        return Ok(id);
    }
    let person = case.person;
    match Box::pin(cases::act(app, tx, actor, case, Command::new("list", json!({ "reason": reason })))).await {
        Ok(_) => {}
        Err(AppError::Refused(_)) => {
            let consider = NewTask {
                id: app.new_id::<of::Event>().as_uuid(),
                kind: "consider_nomination",
                title: "Somebody who is monitored was nominated again: put the case on the agenda, or not".to_owned(),
                role: Some(Role::PsdStaff.as_str().to_owned()),
                officer: None,
                case: Some(id),
                contact: None,
                person,
                due_at: Some(next_working_day(app.catalog.calendar(), app.now())),
                created_at: app.now(),
                cause: format!("consider_nomination:{id}:{}", app.now().timestamp_micros()),
            };
            tasks::create(tx, vec![consider]).await?;
        }
        Err(other) => return Err(other),
    }
    Ok(id)
}

pub(crate) async fn keep(app: &App, tx: &Tx, nominations: &[Nomination]) -> Result<(), StoreError> {
    if nominations.is_empty() {
        return Ok(());
    }
    nominations::insert_many(tx, nominations).await?;
    let nominated = |nomination: &Nomination| Append {
        stream: Stream::Nomination,
        stream_id: nomination.id.as_uuid(),
        expected_seq: 0,
        events: vec![NewEvent {
            id: app.new_id(),
            at: nomination.at,
            actor: nomination.by,
            kind: "nominated".to_owned(),
            data: json!({ "person": nomination.person, "caller": nomination.caller, "rule": rule_name(&nomination.source), "reason": nomination.reason }),
        }],
    };
    events::append_many(tx, nominations.iter().map(nominated).collect()).await?;
    Ok(())
}

pub(super) fn rule_name(source: &Source) -> Option<&str> {
    match source {
        Source::Manual => None,
        Source::Rule { rule, .. } => Some(rule),
    }
}
