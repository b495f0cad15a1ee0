//! A page of people with what a list says of each: where their case stands, who answers for them, how often they were in
//! contact lately, and until when a strategy binds them. A few statements for all of them together.

use super::people_lately::{Lately, lately_of};
use super::read_people::{MAY_READ_PEOPLE, Searched, found_ids};
use super::view::AdjustmentView;
use crate::app::cases::{Glimpse, Onlooker, Sight};
use crate::app::contacts::MAY_READ as MAY_READ_CONTACTS;
use crate::app::{App, AppError, Shown, ShownWith, log_search, rights};
use crate::domain::access::{Actor, Officer};
use crate::domain::contact::Channel;
use crate::domain::ids::{CaseId, OfficerId, PersonId};
use crate::domain::marking::Marking;
use crate::domain::workflow::StateKind;
use crate::store::case_states::{self, CaseState};
use crate::store::people::{self, Person};
use crate::store::strategies::{self, InForce};
use crate::store::{case_facts, officers};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The case type whose state a list of people shows.
const CASE: &str = "frequent-service-user";
/// No search finds more.
const MOST_FOUND: u64 = 500;

/// What a list of people is narrowed to; nothing given shows everybody.
#[derive(Clone, Debug, Default)]
pub struct PeopleWanted {
    pub searched: Option<Searched>,
    pub state: Option<WantedState>,
    pub spoc: Option<OfficerId>,
    /// Only who has reached a rule of nomination by the contacts of its window that ends now.
    pub over_threshold: bool,
    /// Whether a strategy binds them now.
    pub restricted: Option<bool>,
    /// Only who was in contact by this channel in the last 28 days.
    pub channel: Option<Channel>,
}

impl PeopleWanted {
    /// Whether contacts have to be counted before it is known who is listed.
    fn asks_for_contacts(&self) -> bool {
        self.over_threshold || self.channel.is_some()
    }
}

/// Where the case of a service user is wanted to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedState {
    /// In this state.
    In(String),
    NoOpenCase,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PeopleOrder {
    #[default]
    Reference,
    ReferenceLastFirst,
    /// Most contacts in seven days first.
    MostContacts,
    FewestContacts,
}

/// Where a row stands in the order, so that the next page begins after it whatever changed meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PeoplePlace {
    count: i64,
    reference: String,
    id: PersonId,
}

/// Which part of the list is shown.
#[derive(Clone, Debug, Default)]
pub enum Turn {
    #[default]
    First,
    After(PeoplePlace),
    Before(PeoplePlace),
}

/// One person of a list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedPerson {
    pub id: PersonId,
    pub reference: String,
    pub full_name: String,
    /// In force today.
    pub adjustments: Vec<AdjustmentView>,
    pub vulnerable: bool,
    pub targeted_victim: bool,
    /// The open case, where the reader sees it.
    pub case: Option<CaseMark>,
    pub spoc_name: Option<String>,
    /// Absent where the reader may not read contacts.
    pub lately: Option<Lately>,
    pub strategy_until: Option<DateTime<Utc>>,
}

/// Where the case of a service user stands.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseMark {
    pub id: CaseId,
    pub state: String,
    pub state_title: String,
    pub since: DateTime<Utc>,
}

/// A page of a list of people.
#[derive(Clone, Debug)]
pub struct PeoplePage {
    pub rows: Vec<ListedPerson>,
    /// How many there are on all pages together.
    pub matching: usize,
    /// The highest of what stands on it.
    pub marking: Marking,
    pub previous: Option<PeoplePlace>,
    pub next: Option<PeoplePlace>,
}

/// The people the reader may see, narrowed, in order. The search is written down with whom it showed.
///
/// # Errors
/// `Refused`; `Invalid` for a search for too little.
pub async fn people_page(
    app: &App,
    actor: &Actor,
    wanted: &PeopleWanted,
    (order, turn, most): (PeopleOrder, Turn, usize),
) -> Result<PeoplePage, AppError> {
    let officer = rights::officer_with(actor, &MAY_READ_PEOPLE)?;
    let mut listing = Listing::gather(app, officer, wanted).await?;
    let by_contacts = matches!(order, PeopleOrder::MostContacts | PeopleOrder::FewestContacts);
    if by_contacts || wanted.asks_for_contacts() {
        listing.count_contacts(app).await?;
    }
    listing.narrow(wanted);
    let page = listing.turned_to(order, turn, most);
    listing.people = page.people;
    if !by_contacts && !wanted.asks_for_contacts() {
        listing.count_contacts(app).await?;
    }
    let (rows, marking) = listing.rows(app).await?;
    let shown: Vec<Shown> = rows.iter().map(|row| Shown::itself(row.id.as_uuid())).collect();
    log_search(app, actor, "person", &shown).await?;
    Ok(PeoplePage { rows, matching: page.matching, marking, previous: page.previous, next: page.next })
}

/// The states a list may be narrowed to, each with its words.
pub fn case_states(app: &App) -> Vec<(String, String)> {
    let workflow = app.catalog.latest(CASE);
    let open =
        workflow.into_iter().flat_map(|workflow| &workflow.states).filter(|state| state.kind != StateKind::Final);
    open.map(|state| (state.id.clone(), state.title.clone())).collect()
}

/// What is read for a list before it is known who stands on the page.
pub(super) struct Listing {
    pub(super) people: Vec<Person>,
    cases: BTreeMap<PersonId, CaseState>,
    strategies: BTreeMap<PersonId, InForce>,
    names: BTreeMap<OfficerId, String>,
    lately: Option<BTreeMap<PersonId, Lately>>,
    reads_contacts: bool,
}

struct Page {
    people: Vec<Person>,
    matching: usize,
    previous: Option<PeoplePlace>,
    next: Option<PeoplePlace>,
}

impl Listing {
    pub(super) async fn gather(app: &App, officer: &Officer, wanted: &PeopleWanted) -> Result<Self, AppError> {
        let db = app.store.reader();
        let hidden = case_facts::people_complaining_about(db, officer.id).await?;
        let people = match &wanted.searched {
            Some(searched) => {
                let found = found_ids(db, searched, MOST_FOUND).await?;
                let found: Vec<PersonId> = found.into_iter().filter(|person| !hidden.contains(person)).collect();
                people::with_ids(db, &found, MOST_FOUND).await?
            }
            None => people::list(db, &hidden, None, u64::from(u32::MAX)).await?,
        };
        let onlooker = Onlooker::new(app, db, officer).await?;
        let open: Vec<String> = case_states(app).into_iter().map(|(state, _)| state).collect();
        let seen = |case: &CaseState| {
            let glimpse = Glimpse { workflow: CASE, spoc: case.spoc, data: &Value::Null };
            onlooker.sight(glimpse) == Sight::Full
        };
        let cases = case_states::in_states(db, CASE, &open).await?;
        let names = officers::list(db, None, u64::from(u32::MAX)).await?.into_iter();
        Ok(Self {
            people,
            cases: cases.into_iter().filter(seen).map(|case| (case.person, case)).collect(),
            strategies: strategies::binding(db, app.now()).await?.into_iter().collect(),
            names: names.map(|found| (found.officer.id, found.officer.display_name)).collect(),
            lately: None,
            reads_contacts: officer.has_any(&MAY_READ_CONTACTS),
        })
    }

    pub(super) async fn count_contacts(&mut self, app: &App) -> Result<(), AppError> {
        if self.reads_contacts {
            let ids: Vec<PersonId> = self.people.iter().map(|person| person.id).collect();
            self.lately = Some(lately_of(app, &ids).await?);
        }
        Ok(())
    }

    fn spoc(&self, person: PersonId) -> Option<OfficerId> {
        let of_case = self.cases.get(&person).and_then(|case| case.spoc);
        of_case.or_else(|| self.strategies.get(&person).and_then(|strategy| strategy.spoc))
    }

    fn lately(&self, person: PersonId) -> Option<&Lately> {
        self.lately.as_ref().and_then(|lately| lately.get(&person))
    }

    pub(super) fn narrow(&mut self, wanted: &PeopleWanted) {
        let fits = |person: &Person| {
            let id = person.id;
            let state = match &wanted.state {
                Some(WantedState::In(state)) => self.cases.get(&id).is_some_and(|case| case.state == *state),
                Some(WantedState::NoOpenCase) => !self.cases.contains_key(&id),
                None => true,
            };
            let lately = self.lately(id);
            state
                && wanted.spoc.is_none_or(|spoc| self.spoc(id) == Some(spoc))
                && wanted.restricted.is_none_or(|restricted| self.strategies.contains_key(&id) == restricted)
                && (!wanted.over_threshold || lately.is_some_and(|lately| !lately.reached.is_empty()))
                && wanted.channel.is_none_or(|channel| lately.is_some_and(|lately| lately.by.contains(&channel)))
        };
        let kept: BTreeSet<PersonId> =
            self.people.iter().filter(|person| fits(person)).map(|person| person.id).collect();
        self.people.retain(|person| kept.contains(&person.id));
    }

    /// Sorts everybody and takes one page of them out.
    fn turned_to(&self, order: PeopleOrder, turn: Turn, most: usize) -> Page {
        let mut placed: Vec<(PeoplePlace, Person)> =
            self.people.iter().map(|person| (self.place(order, person), person.clone())).collect();
        placed.sort_by(|(one, _), (other, _)| one.cmp(other));
        if matches!(order, PeopleOrder::ReferenceLastFirst) {
            placed.reverse();
        }
        let descends = order == PeopleOrder::ReferenceLastFirst;
        let comes_after = |one: &PeoplePlace, other: &PeoplePlace| if descends { one < other } else { one > other };
        let matching = placed.len();
        let begin = match &turn {
            Turn::First => 0,
            Turn::After(place) => placed.iter().position(|(at, _)| comes_after(at, place)).unwrap_or(matching),
            Turn::Before(place) => {
                let end = placed.iter().position(|(at, _)| !comes_after(place, at)).unwrap_or(matching);
                end.saturating_sub(most)
            }
        };
        let shown: Vec<(PeoplePlace, Person)> = placed.into_iter().skip(begin).take(most).collect();
        let first = shown.first().filter(|_| begin > 0).map(|(place, _)| place.clone());
        let last = shown.last().filter(|_| begin + shown.len() < matching).map(|(place, _)| place.clone());
        Page { people: shown.into_iter().map(|(_, person)| person).collect(), matching, previous: first, next: last }
    }

    fn place(&self, order: PeopleOrder, person: &Person) -> PeoplePlace {
        let week = i64::from(self.lately(person.id).map_or(0, |lately| lately.week));
        let count = match order {
            PeopleOrder::MostContacts => -week,
            PeopleOrder::FewestContacts => week,
            PeopleOrder::Reference | PeopleOrder::ReferenceLastFirst => 0,
        };
        PeoplePlace { count, reference: person.reference.to_lowercase(), id: person.id }
    }

    /// The people with what is said of each, and the highest marking among it.
    pub(super) async fn rows(&self, app: &App) -> Result<(Vec<ListedPerson>, Marking), AppError> {
        let ids: Vec<PersonId> = self.people.iter().map(|person| person.id).collect();
        let shown = |person: &PersonId| {
            let case = self.cases.get(person).map(|case| case.case);
            case.into_iter().chain(self.strategies.get(person).map(|strategy| strategy.terms.strategy))
        };
        let cases: Vec<CaseId> = ids.iter().flat_map(shown).collect();
        let with = ShownWith::load(app, app.store.reader(), &cases, &ids).await?;
        let titles: BTreeMap<String, String> = case_states(app).into_iter().collect();
        let mark = |case: &CaseState| CaseMark {
            id: case.case,
            state: case.state.clone(),
            state_title: titles.get(&case.state).cloned().unwrap_or_else(|| case.state.clone()),
            since: case.since,
        };
        let row = |person: &Person| ListedPerson {
            id: person.id,
            reference: person.reference.clone(),
            full_name: person.full_name.clone(),
            adjustments: with.adjustments(Some(person.id)),
            vulnerable: !person.vulnerability.is_empty(),
            targeted_victim: person.targeted_victim,
            case: self.cases.get(&person.id).map(mark),
            spoc_name: self.spoc(person.id).and_then(|spoc| self.names.get(&spoc).cloned()),
            lately: self.reads_contacts.then(|| self.lately(person.id).cloned().unwrap_or_default()),
            strategy_until: self.strategies.get(&person.id).map(|strategy| strategy.terms.stops_at()),
        };
        Ok((self.people.iter().map(row).collect(), with.marking(cases)))
    }
}
