//! A case on a desk, without a database: people act on it, one after the other.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use evenhand::catalog::Catalog;
use evenhand::domain::access::{Actor, Officer, Role};
use evenhand::domain::case::{
    About, Alert, Case, CaseEvent, Command, Decision, Delegation, Facts, Offer, alerts_reached, decide, due_at,
    next_alert, offers, open, open_child, strike,
};
use evenhand::domain::ids::Id;
use evenhand::domain::workflow::scope::{ParentFacts, ReviewedCase};
use evenhand::domain::workflow::{StateKind, Workflow};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

pub struct Desk {
    pub workflow: Arc<Workflow>,
    pub facts: Facts,
    pub now: DateTime<Utc>,
    pub case: Case,
    /// What has happened to it.
    pub events: Vec<CaseEvent>,
}

/// The n-th officer, who holds one role.
pub fn officer(n: u128, role: Role) -> Actor {
    Actor::Officer(Officer {
        id: Id::from_uuid(Uuid::from_u128(n)),
        username: format!("officer{n}"),
        display_name: format!("Example Officer {n}"),
        roles: [role].into(),
        areas: Default::default(),
        through: None,
    })
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The case types of this repository.
pub fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::embedded().unwrap())
}

/// What is known of a person on file; the actor holds a delegation for the case type.
pub fn facts(key: &str, born: Option<&str>) -> Facts {
    let catalog = catalog();
    let mut facts = Facts {
        policy: catalog.policy().clone(),
        calendar: Arc::clone(catalog.calendar()),
        legislation: Arc::clone(catalog.legislation()),
        areas: Arc::clone(&catalog.registers().areas),
        delegations: vec![Delegation {
            workflow: key.to_owned(),
            from: day("2026-01-01"),
            to: day("2026-12-31"),
            revoked_at: None,
        }],
        ..Facts::default()
    };
    facts.person.known = true;
    facts.person.date_of_birth = born.map(day);
    facts.person.confirmed_addresses = vec!["person@example.org".to_owned()];
    facts
}

impl Desk {
    /// A case that another one opens, with what it is given; at the same time.
    pub fn opened_under_another(key: &str, who: &Actor, seed: Value) -> Self {
        let workflow = Arc::clone(catalog().latest(key).unwrap());
        let now = Utc.with_ymd_and_hms(2026, 6, 10, 9, 0, 0).unwrap();
        let about = About { id: Id::from_uuid(Uuid::from_u128(9)), person: None, parent: None };
        let opened = open_child(&workflow, about, (who, now), seed);
        let facts = Facts { calendar: Arc::clone(catalog().calendar()), ..Facts::default() };
        Self { workflow, facts, now, case: opened.case, events: opened.events }
    }

    /// Opens a case of this type about a person on file born on `born`; Wednesday 10 June 2026, 10:00 in London.
    pub fn opened(key: &str, who: &Actor, born: Option<&str>, input: Value) -> Result<Self, String> {
        let workflow = Arc::clone(catalog().latest(key).unwrap());
        let facts = facts(key, born);
        Self::opened_with(workflow, facts, who, input)
    }

    /// A retention review of a case that stands so.
    pub fn review_opened(stands: ReviewedCase, who: &Actor, input: Value) -> Result<Self, String> {
        let key = "retention-review";
        let mut facts = facts(key, None);
        facts.review.case = stands;
        Self::opened_with(Arc::clone(catalog().latest(key).unwrap()), facts, who, input)
    }

    /// The same under a case of another type, in a state and with what it holds.
    pub fn opened_under(
        key: &str,
        who: &Actor,
        (over, state, data): (&str, &str, Value),
        input: Value,
    ) -> Result<Self, String> {
        let catalog = catalog();
        let parent = ParentFacts {
            id: Id::from_uuid(Uuid::from_u128(8)),
            workflow: over.to_owned(),
            state: state.to_owned(),
            is_final: catalog.latest(over).unwrap().state(state).unwrap().kind == StateKind::Final,
            data,
            family: [8, 7].map(|n| Id::from_uuid(Uuid::from_u128(n))).into(),
        };
        let facts = Facts { parent: Some(parent), ..facts(key, None) };
        Self::opened_with(Arc::clone(catalog.latest(key).unwrap()), facts, who, input)
    }

    fn opened_with(workflow: Arc<Workflow>, facts: Facts, who: &Actor, input: Value) -> Result<Self, String> {
        let now = Utc.with_ymd_and_hms(2026, 6, 10, 9, 0, 0).unwrap();
        let parent = facts.parent.as_ref().map(|parent| parent.id);
        let about = About { id: Id::from_uuid(Uuid::from_u128(9)), person: None, parent };
        let opened = open(&workflow, about, &facts, (who, now), &input).map_err(|refusal| refusal.code)?;
        Ok(Self { workflow, facts, now, case: opened.case, events: opened.events })
    }

    /// What people were told of by `now`, in the order of the file: `overdue 2026-06-13 psd_supervisor`.
    pub fn told_by(&self, now: DateTime<Utc>) -> Vec<String> {
        let told = alerts_reached(&self.workflow, &self.case, &self.facts.calendar, now);
        let line = |alert: Alert| {
            let roles: Vec<_> = alert.tell.iter().map(|role| role.as_str()).collect();
            format!("{} {} {}", alert.kind.as_str(), alert.on, roles.join(" "))
        };
        told.into_iter().map(line).collect()
    }

    /// When somebody is told next.
    pub fn next_told(&self, after: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        next_alert(&self.workflow, &self.case, &self.facts.calendar, after)
    }

    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        due_at(&self.workflow, &self.case, &self.facts.calendar)
    }

    /// What is offered: `pause`, or `pause: deadline-passed` where it is refused.
    pub fn offered(&self, who: &Actor) -> Vec<String> {
        let offers = offers(&self.workflow, &self.case, &self.facts, (who, self.now));
        let line = |offer: Offer| match offer.refusal {
            Some(refusal) => format!("{}: {}", offer.action, refusal.code),
            None => offer.action,
        };
        offers.into_iter().map(line).collect()
    }

    /// It is at least that day, 10:00 in London summer time.
    pub fn by_day(&mut self, text: &str) -> &mut Self {
        let morning = day(text).and_hms_opt(9, 0, 0).unwrap().and_utc();
        self.now = self.now.max(morning);
        self
    }

    /// Takes the action, or says the code of the refusal.
    pub fn act(&mut self, who: &Actor, action: &str, input: Value) -> Result<&str, String> {
        self.take(who, Command::new(action, input))
    }

    /// An action on a child case makes this one happen, in the same person's name.
    pub fn follows(&mut self, who: &Actor, action: &str) -> Result<&str, String> {
        let through = Some(Id::from_uuid(Uuid::from_u128(10)));
        self.take(who, Command { through, ..Command::new(action, Value::Null) })
    }

    fn take(&mut self, who: &Actor, command: Command) -> Result<&str, String> {
        let decided = decide(&self.workflow, &self.case, &self.facts, (who, self.now), &command);
        self.goes_on(decided.map_err(|refusal| refusal.code)?);
        Ok(&self.case.state)
    }

    fn goes_on(&mut self, decision: Decision) {
        self.events.extend(decision.events);
        self.case = decision.case;
    }

    /// The clock that is due by `now`, if one is, strikes. Answers the state.
    pub fn clock_strikes_by(&mut self, now: DateTime<Utc>) -> &str {
        self.now = now;
        if let Some(struck) = strike(&self.workflow, &self.case, &self.facts, now) {
            self.goes_on(struck);
        }
        &self.case.state
    }
}
