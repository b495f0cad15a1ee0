//! A person on file who may be on the line.

use super::at_hand::{cases_of, orders_of, plan_of};
use super::calls::{self, RecentCall};
use super::clues::OneOnFile;
use super::described::describe;
use super::on_line::OnLine;
use crate::app::live_calls::MarkerView;
use crate::app::live_calls::orders::OrderInForce;
use crate::app::people::{AdjustmentView, StrategyMarker, strategy_marker};
use crate::app::{App, AppError, Marking};
use crate::domain::access::Actor;
use crate::domain::calendar::london;
use crate::domain::contact::{Channel, NotCounted};
use crate::domain::ids::{CallId, CallerId, ContactId, PersonId};
use crate::store::contacts::{self, Contact, Filter, Order};
use crate::store::identifiers::Identifier;
use crate::store::people::{self, Person};
use crate::store::{StoreError, adjustments, call_records, callers, case_facts, cases, identifiers, strategies};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;

const MOST_CONTACTS: u64 = 100;

/// Somebody it may be.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallerMatch {
    pub person_id: PersonId,
    /// `OFFICIAL` and up: what it bears when it is shown or printed.
    pub marking: Marking,
    pub reference: String,
    pub full_name: String,
    pub date_of_birth: Option<NaiveDate>,
    /// `telephone`, `caller` (an officer said that the number is theirs), `postcode`, `address`, `name`; a match is a
    /// lead, not proof of who calls.
    pub matched_by: Vec<&'static str>,
    pub adjustments: Vec<AdjustmentView>,
    pub vulnerability: Vec<String>,
    pub targeted_victim: bool,
    /// On the person, the number and the place.
    pub markers: Vec<MarkerView>,
    /// What was agreed to do when they call, a step a line.
    pub response_plan: Option<String>,
    /// Of Professional Standards only; it never limits 999 or 101.
    pub strategy_in_force: Option<StrategyMarker>,
    /// Orders whose breach the call may be.
    pub orders_in_force: Vec<OrderInForce>,
    /// What the call taker keeps to, in order.
    pub call_script: Vec<String>,
    /// Of the last 24 elapsed hours, newest first, one entry a call: theirs, and those from the number on the line that
    /// are not known to be another's.
    pub calls_last_24_hours: Vec<RecentCall>,
    /// `3 calls in the last 24 hours`.
    pub calls_in_words: String,
    /// Of the last 24 elapsed hours, of every channel, newest first.
    pub contacts_last_24_hours: Vec<RecentContact>,
    /// Two or more emergency or non-emergency calls in the last 24 hours (policy 6.5).
    pub red: bool,
    /// The number on the line, as a caller.
    pub caller_id: Option<CallerId>,
    /// The person complained about the call taker, who is shown how to help them and nothing else.
    pub shortened: bool,
    /// When this was known.
    pub as_of: DateTime<Utc>,
    /// It comes from memory: the database does not answer.
    pub from_memory: bool,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecentContact {
    pub id: ContactId,
    pub channel: Channel,
    pub received_at: DateTime<Utc>,
    pub subject: Option<String>,
}

/// What is on file of a person, as it was read.
pub(super) struct OnFile {
    pub(super) members: Vec<Person>,
    adjustments: Vec<AdjustmentView>,
    pub(super) strategy: Option<StrategyMarker>,
    pub(super) contacts: Vec<Contact>,
    pub(super) theirs: Vec<CallerId>,
    pub(super) held: Vec<Identifier>,
    pub(super) recorded: Vec<CallId>,
    cases: Vec<cases::CaseRow>,
}

impl OnFile {
    pub(super) async fn read(
        db: &impl ConnectionTrait,
        (person, members): (PersonId, Vec<Person>),
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let ids: Vec<PersonId> = members.iter().map(|member| member.id).collect();
        let since = now - Duration::hours(24);
        let filter = Filter { people: Some(ids.clone()), received_from: Some(since), ..Filter::default() };
        let root = [person];
        let (adjustments, strategies, contacts, callers, held, recorded, cases) = tokio::try_join!(
            adjustments::of_people(db, &ids),
            strategies::of_people(db, &root),
            contacts::list(db, &filter, Order::NewestFirst(None), MOST_CONTACTS),
            callers::of_people(db, &ids),
            identifiers::of_people(db, &ids),
            call_records::of_people_since(db, &ids, since),
            cases_of(db, &ids),
        )?;
        let today = london::date_of(now);
        let in_force = adjustments.into_iter().filter(|adjustment| adjustment.in_force(today));
        let stands = |contact: &Contact| contact.not_counted != Some(NotCounted::Withdrawn);
        let recent = contacts.into_iter().filter(stands);
        let recent = recent.filter(|contact| london::within_24_hours(contact.received_at, now));
        Ok(Self {
            members,
            adjustments: in_force.map(AdjustmentView::from).collect(),
            strategy: strategy_marker(strategies, now),
            contacts: recent.collect(),
            theirs: callers.into_iter().map(|caller| caller.id).collect(),
            held: held.into_iter().filter(|held| held.ended_at.is_none()).collect(),
            recorded: recorded.into_keys().collect(),
            cases,
        })
    }

    /// The response plan of an open case.
    pub(super) fn plan(&self, app: &App) -> Option<String> {
        plan_of(app, &self.cases)
    }

    /// What is shown of them without markers, calls and the line.
    pub(super) fn shown(self, app: &App, person: Person, now: DateTime<Utc>) -> CallerMatch {
        let mut vulnerability: Vec<String> =
            self.members.iter().flat_map(|member| member.vulnerability.clone()).collect();
        vulnerability.dedup();
        CallerMatch {
            person_id: person.id,
            marking: app.settings.marking,
            reference: person.reference,
            full_name: person.full_name,
            date_of_birth: person.date_of_birth,
            matched_by: Vec::new(),
            adjustments: self.adjustments,
            vulnerability,
            targeted_victim: self.members.iter().any(|member| member.targeted_victim),
            response_plan: None,
            markers: Vec::new(),
            strategy_in_force: self.strategy,
            orders_in_force: orders_of(app, &self.cases),
            call_script: Vec::new(),
            red: false,
            calls_in_words: String::new(),
            calls_last_24_hours: Vec::new(),
            contacts_last_24_hours: self.contacts.into_iter().map(RecentContact::from).collect(),
            caller_id: None,
            shortened: false,
            as_of: now,
            from_memory: false,
        }
    }
}

/// The person a record names, as a look-up would show them.
pub(in crate::app::live_calls) async fn match_of(
    app: &App,
    actor: &Actor,
    person: PersonId,
    line: (Option<CallerId>, &[String]),
) -> Result<Option<CallerMatch>, AppError> {
    let (db, now) = (app.store.reader(), app.now());
    let root = people::root(db, person).await?.unwrap_or(person);
    let Some(person) = OneOnFile::of(people::members(db, &[root]).await?).remove(&root) else { return Ok(None) };
    let on_line = OnLine::read(db, line, now).await?;
    let found = describe(app, db, person).await?.shown(app, (&on_line, Vec::new()), now);
    let hidden = match actor.officer() {
        Some(officer) => case_facts::people_complaining_about(db, officer.id).await?,
        None => Vec::new(),
    };
    Ok(Some(if hidden.contains(&root) { found.shortened() } else { found }))
}

impl CallerMatch {
    /// How to help the person, and nothing of what they and the department have to do with each other.
    pub(super) fn shortened(self) -> Self {
        let limits = |line: &String| line != LIMITS;
        Self {
            date_of_birth: None,
            strategy_in_force: None,
            orders_in_force: Vec::new(),
            markers: Vec::new(),
            response_plan: None,
            call_script: self.call_script.into_iter().filter(limits).collect(),
            calls_last_24_hours: Vec::new(),
            calls_in_words: String::new(),
            contacts_last_24_hours: Vec::new(),
            red: false,
            shortened: true,
            ..self
        }
    }

    /// As it was before the call with these rows.
    pub(in crate::app::live_calls) fn before(mut self, rows: &[CallId], now: DateTime<Utc>) -> Self {
        self.calls_last_24_hours.retain(|earlier| earlier.call_id.is_none_or(|call| !rows.contains(&call)));
        if !self.shortened {
            self.counted(now);
        }
        self
    }

    /// Says anew how many calls there were.
    fn counted(&mut self, now: DateTime<Utc>) {
        self.red = calls::are_red(&self.calls_last_24_hours, now);
        self.calls_in_words = calls::in_words(&self.calls_last_24_hours);
    }

    /// As it is remembered later: what has passed since is not of the last 24 hours, and not in force.
    pub(super) fn remembered(mut self, now: DateTime<Utc>) -> Self {
        let today = london::date_of(now);
        self.calls_last_24_hours.retain(|call| london::within_24_hours(call.started_at, now));
        self.contacts_last_24_hours.retain(|contact| london::within_24_hours(contact.received_at, now));
        self.orders_in_force.retain(|order| today <= order.until);
        self.strategy_in_force = self.strategy_in_force.filter(|strategy| now < strategy.ends_at);
        self.counted(now);
        Self { from_memory: true, ..self }
    }
}

const LIMITS: &str = "A communications strategy limits contact with Professional Standards only. It never limits 999 or \
                      101, a new complaint, or a request for information.";

pub(super) fn script_of(
    targeted_victim: bool,
    adjustments: &[AdjustmentView],
    strategy: Option<&StrategyMarker>,
) -> Vec<String> {
    let mut script = vec!["Assess this call with THRIVE, whatever came before it.".to_owned()];
    if targeted_victim {
        script.push("This person has been repeatedly targeted: treat them as a victim first.".to_owned());
    }
    script.extend(adjustments.iter().map(|adjustment| format!("Keep to this adjustment: {}", adjustment.detail)));
    if strategy.is_some() {
        script.push(LIMITS.to_owned());
    }
    script
}

impl From<Contact> for RecentContact {
    fn from(contact: Contact) -> Self {
        Self { id: contact.id, channel: contact.channel, received_at: contact.received_at, subject: contact.subject }
    }
}
