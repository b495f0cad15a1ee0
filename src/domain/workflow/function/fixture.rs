//! A case to ask questions of, for the tests of this folder and of the guards.

use super::{Answer, Datum, named};
use crate::domain::access::Role;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::contact::Channel;
use crate::domain::ids::CaseId;
use crate::domain::registers::{Areas, Enactment};
use crate::domain::workflow::scope::{ActorScope, CaseScope, ChildFacts, PersonFacts, PolicyFacts, ReviewFacts, Scope};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

pub(crate) struct Fixture {
    pub(crate) data: Value,
    pub(crate) input: Value,
    pub(crate) person: PersonFacts,
    /// Thursday 2 April 2026, 10:00 in London.
    pub(crate) now: DateTime<Utc>,
    pub(crate) calendar: WorkingCalendar,
    pub(crate) contacts: Vec<(DateTime<Utc>, Channel)>,
    pub(crate) review: ReviewFacts,
    pub(crate) legislation: Arc<[Enactment]>,
    pub(crate) areas: Areas,
}

impl Fixture {
    pub(crate) fn with(data: Value) -> Self {
        let easter = [(4, 3), (4, 6)].map(|(month, day)| NaiveDate::from_ymd_opt(2026, month, day).unwrap());
        Fixture {
            data,
            input: json!({"outcome": "withheld"}),
            person: PersonFacts { known: true, ..PersonFacts::default() },
            now: DateTime::parse_from_rfc3339("2026-04-02T09:00:00Z").unwrap().to_utc(),
            calendar: WorkingCalendar { bank_holidays: easter.into_iter().collect() },
            contacts: Vec::new(),
            review: ReviewFacts::default(),
            legislation: Arc::default(),
            areas: Areas::default(),
        }
    }

    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope {
            case: CaseScope {
                id: CaseId::from_uuid(Uuid::nil()),
                state: "draft",
                opened_at: self.now - chrono::Duration::days(3),
                state_since: self.now - chrono::Duration::days(1),
                spoc: String::new(),
                data: &self.data,
            },
            input: &self.input,
            actor: ActorScope { id: String::new(), roles: vec![Role::Spoc] },
            person: self.person.clone(),
            children: vec![ChildFacts {
                id: CaseId::from_uuid(Uuid::nil()),
                workflow: "consultation".to_owned(),
                state: "answered".to_owned(),
                is_final: true,
                open_below: false,
                data: json!({"unit": "snt"}),
            }],
            parent: None,
            policy: PolicyFacts { version: "2".to_owned(), review_due: None },
            now: self.now,
            calendar: &self.calendar,
            legislation: &self.legislation,
            areas: &self.areas,
            contacts: &self.contacts,
            review: &self.review,
        }
    }

    pub(crate) fn ask(&self, function: &str, arguments: Vec<Datum>) -> Answer {
        named(function).unwrap().answer(&self.scope(), &arguments)
    }

    pub(crate) fn truth(&self, function: &str, arguments: Vec<Datum>) -> Result<bool, String> {
        self.ask(function, arguments).map(|answer| answer == Datum::Bool(true))
    }

    pub(crate) fn number(&self, function: &str, arguments: Vec<Datum>) -> Result<i64, String> {
        self.ask(function, arguments)
            .map(|answer| if let Datum::Int(number) = answer { number } else { panic!("a number") })
    }

    pub(crate) fn texts(items: &[&str]) -> Datum {
        Datum::Texts(items.iter().map(|item| (*item).to_owned()).collect())
    }
}
