//! Who is on the line, for a call taker on a live call: what to keep to, what was said before, and what never changes.
//!
//! The only look at personal data that answers even when it cannot be written down; then it alarms.

use super::view::{AdjustmentView, PersonView, StrategyMarker};
use crate::app::{App, AppError, Shown, log_search, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::calendar::london;
use crate::domain::contact::Channel;
use crate::domain::ids::{ContactId, PersonId};
use crate::domain::marking::Marking;
use crate::domain::nomination::shows_red;
use crate::domain::person::{IdentifierKind, normalise};
use crate::store::contacts::{self, Contact, Filter, Order};
use crate::store::people::Person;
use crate::store::{case_facts, identifiers, people};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

const MAY_LOOK_UP: [Role; 12] = [
    Role::Ccr,
    Role::Opt,
    Role::Snt,
    Role::Mash,
    Role::Csu,
    Role::Coordinator,
    Role::PsdStaff,
    Role::PsdSupervisor,
    Role::Spoc,
    Role::Chair,
    Role::AppropriateAuthority,
    Role::Records,
];

const MOST_MATCHES: u64 = 10;
const MOST_CONTACTS: u64 = 100;

/// What the call taker knows; at least one of them.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    pub telephone: Option<String>,
    pub postcode: Option<String>,
    pub address: Option<String>,
    pub name: Option<String>,
    pub date_of_birth: Option<NaiveDate>,
}

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
    /// `telephone`, `postcode`, `address`, `name`; a match is a lead, not proof of who calls.
    pub matched_by: Vec<&'static str>,
    pub adjustments: Vec<AdjustmentView>,
    pub vulnerability: Vec<String>,
    pub targeted_victim: bool,
    pub strategy_in_force: Option<StrategyMarker>,
    /// None is kept here yet.
    pub response_plan: Option<String>,
    /// What the call taker keeps to, in order.
    pub call_script: Vec<String>,
    /// Of the last 24 elapsed hours, newest first.
    pub contacts_last_24_hours: Vec<RecentContact>,
    /// Two or more emergency or non-emergency calls in the last 24 hours (policy 6.5).
    pub red: bool,
    /// The person complained about the call taker, who is shown how to help them and nothing else.
    pub shortened: bool,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecentContact {
    pub id: ContactId,
    pub channel: Channel,
    pub received_at: DateTime<Utc>,
    pub subject: Option<String>,
}

/// # Errors
/// `Refused`; `Invalid` with nothing to go by.
pub async fn look_up_caller(app: &App, actor: &Actor, caller: Caller) -> Result<Vec<CallerMatch>, AppError> {
    rights::system_or_officer(actor, Scope::CallersLookUp, &MAY_LOOK_UP)?;
    let db = app.store.reader();
    let likeliest = likeliest(matched(app, &caller).await?);
    let ids: Vec<PersonId> = likeliest.iter().map(|(person, _)| *person).collect();
    let mut people: BTreeMap<PersonId, Person> =
        people::with_ids(db, &ids, MOST_MATCHES).await?.into_iter().map(|person| (person.id, person)).collect();
    let hidden = match actor.officer() {
        Some(officer) => case_facts::people_complaining_about(db, officer.id).await?,
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for (id, matched_by) in likeliest {
        let Some(person) = people.remove(&id) else { continue };
        let view = PersonView::load(app, db, &person).await?;
        let shown = described(app, view, matched_by).await?;
        found.push(if hidden.contains(&id) { shown.shortened() } else { shown });
    }
    let shown: Vec<Shown> = found.iter().map(|found| Shown::itself(found.person_id.as_uuid())).collect();
    if let Err(error) = log_search(app, actor, "caller", &shown).await {
        tracing::error!(%error, "a caller was looked up and it could not be written down");
    }
    Ok(found)
}

/// The most telling clue decides who comes first: a number, then where somebody lives, then a name; among those, most
/// clues first.
fn likeliest(matched: BTreeMap<PersonId, Vec<&'static str>>) -> Vec<(PersonId, Vec<&'static str>)> {
    let mut matched: Vec<_> = matched.into_iter().collect();
    let rank = |by: &[&'static str]| {
        let order = ["telephone", "address", "postcode", "name"];
        order.iter().position(|clue| by.contains(clue)).unwrap_or(order.len())
    };
    matched.sort_by_key(|(person, by)| (rank(by), std::cmp::Reverse(by.len()), *person));
    matched.truncate(usize::try_from(MOST_MATCHES).unwrap_or(usize::MAX));
    matched
}

/// Whom each of the call taker's clues points to.
async fn matched(app: &App, caller: &Caller) -> Result<BTreeMap<PersonId, Vec<&'static str>>, AppError> {
    let db = app.store.reader();
    let clues = [
        (IdentifierKind::Telephone, &caller.telephone),
        (IdentifierKind::Postcode, &caller.postcode),
        (IdentifierKind::Address, &caller.address),
    ];
    let mut matched: BTreeMap<PersonId, Vec<&'static str>> = BTreeMap::new();
    for (kind, clue) in clues {
        // A clue that cannot be an identifier points to nobody; a call taker has no time to be corrected.
        let Some(value) = clue.as_deref().and_then(|clue| normalise(kind, clue).ok()) else { continue };
        let holders = identifiers::holders(db, kind, &[value]).await?.into_values().flatten();
        for holder in holders {
            let by = matched.entry(holder.person).or_default();
            if !by.contains(&kind.as_str()) {
                by.push(kind.as_str());
            }
        }
    }
    if let Some(name) = caller.name.as_deref().map(str::trim).filter(|name| name.chars().count() >= 3) {
        for person in people::search(db, name, caller.date_of_birth, MOST_MATCHES).await? {
            let by = matched.entry(person.root()).or_default();
            if !by.contains(&"name") {
                by.push("name");
            }
        }
    }
    let nothing =
        [&caller.telephone, &caller.postcode, &caller.address, &caller.name].iter().all(|clue| clue.is_none());
    if nothing {
        return Err(AppError::invalid("", "Give a telephone number, a postcode, an address or a name."));
    }
    Ok(matched)
}

async fn described(app: &App, view: PersonView, matched_by: Vec<&'static str>) -> Result<CallerMatch, AppError> {
    let now = app.now();
    let members = view.merged.iter().copied().chain([view.id]).collect();
    let filter = Filter { people: Some(members), received_from: Some(now - Duration::hours(24)), ..Filter::default() };
    let mut recent = contacts::list(app.store.reader(), &filter, Order::NewestFirst(None), MOST_CONTACTS).await?;
    recent.retain(|contact| london::within_24_hours(contact.received_at, now));
    let control_room = |contact: &&Contact| !contact.channel.may_be_limited();
    let calls: Vec<DateTime<Utc>> = recent.iter().filter(control_room).map(|contact| contact.received_at).collect();
    Ok(CallerMatch {
        call_script: script(&view),
        person_id: view.id,
        marking: view.marking,
        reference: view.reference,
        full_name: view.full_name,
        date_of_birth: view.date_of_birth,
        matched_by,
        adjustments: view.adjustments,
        vulnerability: view.vulnerability,
        targeted_victim: view.targeted_victim,
        strategy_in_force: view.strategy_in_force,
        response_plan: None,
        red: shows_red(&calls, now),
        contacts_last_24_hours: recent.into_iter().map(RecentContact::from).collect(),
        shortened: false,
    })
}

impl CallerMatch {
    /// How to help the person, and nothing of what they and the department have to do with each other.
    fn shortened(self) -> Self {
        let limits = |line: &String| line != LIMITS;
        Self {
            date_of_birth: None,
            strategy_in_force: None,
            response_plan: None,
            call_script: self.call_script.into_iter().filter(limits).collect(),
            contacts_last_24_hours: Vec::new(),
            shortened: true,
            ..self
        }
    }
}

const LIMITS: &str = "A communications strategy limits contact with Professional Standards only. It never limits 999 or \
                      101, a new complaint, or a request for information.";

fn script(view: &PersonView) -> Vec<String> {
    let mut script = vec!["Assess this call with THRIVE, whatever came before it.".to_owned()];
    if view.targeted_victim {
        script.push("This person has been repeatedly targeted: treat them as a victim first.".to_owned());
    }
    script.extend(view.adjustments.iter().map(|adjustment| format!("Keep to this adjustment: {}", adjustment.detail)));
    if view.strategy_in_force.is_some() {
        script.push(LIMITS.to_owned());
    }
    script
}

impl From<Contact> for RecentContact {
    fn from(contact: Contact) -> Self {
        Self { id: contact.id, channel: contact.channel, received_at: contact.received_at, subject: contact.subject }
    }
}
