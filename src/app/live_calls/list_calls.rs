//! Records of calls, the latest first.

use super::requests::{self, OpenRequest};
use super::{MAY_READ, MAY_TAKE};
use crate::app::{App, AppError, Marking, Shown, log_list, rights};
use crate::domain::access::Actor;
use crate::domain::calls::record::CallRecord;
use crate::domain::case::Refusal;
use crate::domain::contact::Channel;
use crate::domain::ids::{CallId, PersonId};
use crate::store::call_records::{self, CallRecordRow, Wanted};
use crate::store::{StoreError, call_records as records, calls, case_facts, people};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

/// Which records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedCalls {
    /// The reader's own that are not complete.
    OpenOfMine,
    /// Everybody's that were begun in the last 24 hours.
    LastDay,
}

/// One line of the list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedCall {
    pub id: CallId,
    /// `OFFICIAL` and up: what it bears when it is shown or printed.
    pub marking: Marking,
    /// `open`, `complete` or `taken_back`.
    pub state: String,
    pub channel: Channel,
    pub begun_at: DateTime<Utc>,
    pub person_id: Option<PersonId>,
    pub person_name: Option<String>,
    pub number: Option<String>,
    pub caller_name: Option<String>,
    pub grade: Option<String>,
    pub category: Option<String>,
    pub needs_grading: bool,
    pub cad_reference: Option<String>,
    pub completed_at: Option<DateTime<Utc>>,
}

impl ListedCall {
    /// Where it stands in the list.
    pub fn place(&self) -> (DateTime<Utc>, CallId) {
        (self.begun_at, self.id)
    }
}

/// At most `most`, after one in its place; of people who complained about the reader only calls the reader took.
///
/// # Errors
/// `named-person-required`, `wrong-role`; units read the records of their callers one by one.
pub async fn list_calls(
    app: &App,
    actor: &Actor,
    wanted: WantedCalls,
    after: Option<(DateTime<Utc>, CallId)>,
    most: u64,
) -> Result<Vec<ListedCall>, AppError> {
    let officer = rights::officer_with(actor, &MAY_READ)?;
    if !officer.has_any(&MAY_TAKE) {
        return Err(Refusal::forbidden("wrong-role", "Only call takers and the coordinator list calls.").into());
    }
    let db = app.store.reader();
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    let narrowed = match wanted {
        WantedCalls::OpenOfMine => Wanted { officer: Some(officer.id), state: Some("open"), ..Wanted::default() },
        WantedCalls::LastDay => Wanted { since: Some(app.now() - Duration::hours(24)), ..Wanted::default() },
    };
    let narrowed = Wanted { hidden, but_of: Some(officer.id), ..narrowed };
    let rows = call_records::list(db, &narrowed, after, most).await?;
    let listed = listed(app, rows).await?;
    let shown: Vec<Shown> = listed.iter().map(|call| Shown::of(call.id.as_uuid(), call.person_id)).collect();
    log_list(app, actor, "call", &shown).await?;
    Ok(listed)
}

async fn listed(app: &App, rows: Vec<CallRecordRow>) -> Result<Vec<ListedCall>, AppError> {
    let db = app.store.reader();
    let ids: Vec<CallId> = rows.iter().map(|row| CallId::from_uuid(row.id)).collect();
    let calls: BTreeMap<CallId, calls::Call> =
        calls::with_ids(db, &ids).await?.into_iter().map(|call| (call.id, call)).collect();
    let whose: Vec<PersonId> = rows.iter().filter_map(|row| row.person_id).map(PersonId::from_uuid).collect();
    let names: BTreeMap<PersonId, String> = people::with_ids(db, &whose, u64::MAX >> 1)
        .await?
        .into_iter()
        .map(|person| (person.id, person.full_name))
        .collect();
    let line = |row: CallRecordRow| {
        let record: CallRecord = serde_json::from_value(row.data)
            .map_err(|_unreadable| StoreError::Corrupt { what: "the record of a call" })?;
        let call = calls.get(&record.id);
        Ok(ListedCall {
            id: record.id,
            marking: app.settings.marking,
            state: row.state,
            channel: record.about.channel,
            begun_at: record.begun_at,
            person_id: record.about.person,
            person_name: record.about.person.and_then(|person| names.get(&person).cloned()),
            number: call.and_then(|call| call.number.clone()),
            caller_name: call.and_then(|call| call.words.caller_name.clone()),
            grade: row.grade,
            category: row.category,
            needs_grading: row.needs_grading,
            cad_reference: record.cad_reference,
            completed_at: row.completed_at,
        })
    };
    rows.into_iter().map(line).collect()
}

/// Downloads and statements that wait to be made.
///
/// # Errors
/// `named-person-required`, `wrong-role`.
pub async fn open_requests(app: &App, actor: &Actor) -> Result<Vec<OpenRequest>, AppError> {
    let officer = rights::officer_with(actor, &MAY_TAKE)?;
    let db = app.store.reader();
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    let mut shown = Vec::new();
    for request in requests::waiting(db).await? {
        let row = records::find_row(db, request.call).await?;
        let person = row.and_then(|row| row.person_id).map(PersonId::from_uuid);
        if person.is_none_or(|person| !hidden.contains(&person)) {
            shown.push(request);
        }
    }
    Ok(shown)
}
