//! From what happened to what others are told of it: which type, about which thing, at which address of our API. Never a
//! name, a word or a number out of it.

use super::EventType;
use crate::app::AppError;
use crate::domain::ids::{CaseId, Id, NominationId};
use crate::domain::webhook::{is_told_of_some, of_opening, of_step};
use crate::store::events::{Event, Stream};
use crate::store::{cases, nominations};
use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// One event as others are told of it.
pub(super) struct Telling {
    pub(super) event: Event,
    pub(super) event_type: EventType,
    /// What is disclosed.
    pub(super) object: &'static str,
    pub(super) object_id: Uuid,
    /// The path at which whoever may see it finds it.
    subject: String,
    /// Of the case it is about: where that lies. Null where there is none.
    pub(super) data: Value,
}

/// A CloudEvent 1.0 without data.
#[derive(Serialize)]
struct CloudEvent<'a> {
    specversion: &'static str,
    id: String,
    source: &'a str,
    #[serde(rename = "type")]
    event_type: &'static str,
    subject: &'a str,
    time: String,
    datacontenttype: &'static str,
}

impl Telling {
    /// As it is sent, letter by letter.
    pub(super) fn body(&self, source: &str) -> Result<String, AppError> {
        let time: DateTime<Utc> = self.event.at;
        let told = CloudEvent {
            specversion: "1.0",
            id: self.event.id.to_string(),
            source,
            event_type: self.event_type.as_str(),
            subject: &self.subject,
            time: time.to_rfc3339_opts(SecondsFormat::Micros, true),
            datacontenttype: "application/json",
        };
        serde_json::to_string(&told).map_err(|error| AppError::broken("writing an event", error))
    }

    fn of(event: Event, event_type: EventType, (object, collection): (&'static str, &str)) -> Self {
        let object_id = event.stream_id;
        let subject = format!("/api/v1/{collection}/{object_id}");
        Self { event, event_type, object, object_id, subject, data: Value::Null }
    }
}

/// What these events tell, in their order; most tell nothing.
pub(super) async fn tellings(db: &impl ConnectionTrait, events: Vec<Event>) -> Result<Vec<Telling>, AppError> {
    let around = Around::load(db, &events).await?;
    Ok(events.into_iter().filter_map(|event| around.telling(event)).collect())
}

/// What has to be known beside the events.
struct Around {
    /// Kind and data of cases.
    cases: BTreeMap<Uuid, (String, Value)>,
    nominated: HashMap<NominationId, CaseId>,
}

impl Around {
    async fn load(db: &impl ConnectionTrait, events: &[Event]) -> Result<Self, AppError> {
        let of_nominations = events.iter().filter(|event| event.stream == Stream::Nomination);
        let of_nominations: Vec<NominationId> = of_nominations.map(|event| Id::from_uuid(event.stream_id)).collect();
        let nominated = nominations::cases_of(db, &of_nominations).await?;
        let mut wanted: Vec<Uuid> = events.iter().filter_map(case_to_look_at).collect();
        wanted.extend(nominated.values().map(|case| case.as_uuid()));
        wanted.sort_unstable();
        wanted.dedup();
        let rows = cases::find_rows(db, &wanted).await?;
        Ok(Self { cases: rows.into_iter().map(|row| (row.id, (row.workflow, row.data))).collect(), nominated })
    }

    fn telling(&self, event: Event) -> Option<Telling> {
        match event.stream {
            Stream::Case => self.of_case(event),
            Stream::Nomination if event.kind == "nominated" => Some(self.of_nomination(event)),
            Stream::Meeting if event.kind == "decided" => {
                let data = case_to_look_at(&event).map(|case| self.data_of(case)).unwrap_or_default();
                Some(Telling { data, ..Telling::of(event, EventType::DecisionRecorded, ("meeting", "meetings")) })
            }
            Stream::Contact if event.kind == "recorded" => {
                Some(Telling::of(event, EventType::ContactRecorded, ("contact", "contacts")))
            }
            Stream::Nomination
            | Stream::Meeting
            | Stream::Contact
            | Stream::Person
            | Stream::Mail
            | Stream::Officer
            | Stream::Client
            | Stream::Delegation
            | Stream::Cover
            | Stream::Outgoing
            | Stream::Call
            | Stream::Marker
            | Stream::Caller
            | Stream::CallerMonth
            | Stream::Programme
            | Stream::Policy => None,
        }
    }

    fn of_case(&self, event: Event) -> Option<Telling> {
        let (workflow, data) = self.cases.get(&event.stream_id)?;
        let event_type = match event.kind.as_str() {
            "opened" => of_opening(workflow),
            "acted" => of_step(workflow, said(&event, "action")),
            _ => None,
        }?;
        Some(Telling { data: data.clone(), ..Telling::of(event, event_type, ("case", "cases")) })
    }

    /// A nomination is read with the case it went to.
    fn of_nomination(&self, event: Event) -> Telling {
        let case = self.nominated.get(&Id::from_uuid(event.stream_id)).map(|case| case.as_uuid());
        let subject = case.map_or_else(|| "/api/v1/nominations".to_owned(), |case| format!("/api/v1/cases/{case}"));
        let data = case.map(|case| self.data_of(case)).unwrap_or_default();
        let told = Telling::of(event, EventType::NominationMade, ("nomination", "nominations"));
        Telling { subject, data, ..told }
    }

    fn data_of(&self, case: Uuid) -> Value {
        self.cases.get(&case).map(|(_, data)| data.clone()).unwrap_or_default()
    }
}

/// The case that has to be looked at to know what an event tells, or to whom.
fn case_to_look_at(event: &Event) -> Option<Uuid> {
    match (event.stream, event.kind.as_str()) {
        (Stream::Case, "opened") => of_opening(said(event, "workflow")).map(|_| event.stream_id),
        (Stream::Case, "acted") => is_told_of_some(said(event, "action")).then_some(event.stream_id),
        (Stream::Meeting, "decided") => said(event, "caseId").parse().ok(),
        (_, _) => None,
    }
}

fn said<'a>(event: &'a Event, name: &str) -> &'a str {
    event.data.get(name).and_then(Value::as_str).unwrap_or_default()
}
