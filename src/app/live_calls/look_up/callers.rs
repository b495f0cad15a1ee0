//! A number, or a name from a place, that called before.

use super::at_hand::plan_of;
use super::calls::{self, RecentCall, entries_of};
use super::clues::{Clues, Number};
use super::on_line::OnLine;
use crate::app::App;
use crate::app::live_calls::plan::plan_in_force;
use crate::app::live_calls::{MarkerView, script};
use crate::domain::calendar::london;
use crate::domain::calls::{CallerKind, MarkedOn};
use crate::domain::ids::{CallId, CallerId, PersonId};
use crate::domain::person::fold_name;
use crate::store::caller_markers::{self, Marker};
use crate::store::callers::{self, Caller};
use crate::store::calls::Call;
use crate::store::cases::CaseRow;
use crate::store::{StoreError, nominated_callers};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;

/// Whoever called under it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallerFound {
    pub caller_id: CallerId,
    /// `individual`, `organisation` or `unknown`.
    pub kind: CallerKind,
    pub number: Option<String>,
    /// As they gave it, or as a system recorded it: not proven.
    pub name: Option<String>,
    pub place: Option<String>,
    /// The person on file that an officer said it is.
    pub person_id: Option<PersonId>,
    /// `telephone`, `name`, `place`.
    pub matched_by: Vec<&'static str>,
    pub markers: Vec<MarkerView>,
    pub response_plan: Option<String>,
    /// What markers ask the call taker to go through.
    pub call_script: Vec<String>,
    /// Of the last 24 elapsed hours, newest first.
    pub calls_last_24_hours: Vec<RecentCall>,
    /// `3 calls in the last 24 hours`.
    pub calls_in_words: String,
    /// Two or more emergency or non-emergency calls in the last 24 hours (policy 6.5).
    pub red: bool,
    /// When this was known.
    pub as_of: DateTime<Utc>,
    /// It comes from memory: the database does not answer.
    pub from_memory: bool,
}

/// A caller as they are shown, and what is known of their line.
#[derive(Clone)]
pub(super) struct CallerKnown {
    pub(super) found: CallerFound,
    pub(super) on_line: OnLine,
}

/// The number on the line, where it called before or is marked, and then whoever called by that name or from that place.
pub(super) async fn describe(
    app: &App,
    db: &impl ConnectionTrait,
    named: Vec<Caller>,
    (on_line, number, clues): (&OnLine, Option<&Number>, &Clues),
) -> Result<Vec<CallerKnown>, StoreError> {
    let now = app.now();
    let named: Vec<Caller> = named.into_iter().filter(|caller| Some(caller.id) != on_line.caller).collect();
    let ids: Vec<CallerId> = named.iter().map(|caller| caller.id).collect();
    let (markers, calls, cases) = tokio::try_join!(
        caller_markers::in_force(db, &ids, &[], &[]),
        calls::of_callers(db, &ids, now),
        nominated_callers::cases_of(db, &ids),
    )?;
    let mut known = Vec::new();
    if let Some(number) = number {
        let caller = number.caller.clone().unwrap_or_else(|| nobody(number.id, now));
        let markers = marks_of(on_line.marked(), &caller);
        if number.caller.is_some() || !markers.is_empty() {
            known.push(known_as(app, (caller, vec!["telephone"]), markers, on_line));
        }
    }
    for caller in named {
        let theirs = calls.iter().filter(|call| call.caller == Some(caller.id)).cloned().collect();
        let markers = marks_of(markers.iter(), &caller);
        let cases: Vec<CaseRow> =
            cases.iter().filter(|(whose, _)| *whose == caller.id).map(|(_, row)| row.clone()).collect();
        let found = caller_of(app, (caller, Vec::new()), theirs, (markers, &cases));
        let found = CallerFound { matched_by: found.pointed_to_by(clues), ..found };
        known.push(CallerKnown { found, on_line: OnLine::default() });
    }
    Ok(known)
}

/// One caller as they are shown, and their line; `None` where they never called and are not marked.
pub(super) async fn caller_known(app: &App, id: CallerId) -> Result<Option<CallerKnown>, StoreError> {
    let (db, now) = (app.store.reader(), app.now());
    let caller = callers::find(db, id).await?;
    let on_line = OnLine::read(db, (Some(id), &[]), now).await?;
    let is_known = caller.is_some();
    let caller = caller.unwrap_or_else(|| nobody(id, now));
    let markers = marks_of(on_line.marked(), &caller);
    if !is_known && markers.is_empty() {
        return Ok(None);
    }
    Ok(Some(known_as(app, (caller, Vec::new()), markers, &on_line)))
}

/// What is marked on them goes with their line; what is marked on another place does not.
fn known_as(
    app: &App,
    (caller, matched_by): (Caller, Vec<&'static str>),
    markers: Vec<Marker>,
    on_line: &OnLine,
) -> CallerKnown {
    let (on_number, known_at) = markers.iter().cloned().partition(|marker| matches!(marker.on, MarkedOn::Caller(_)));
    let line = OnLine { markers: on_number, known_at, ..on_line.clone() };
    let found = caller_of(app, (caller, matched_by), on_line.calls.clone(), (markers, &on_line.cases));
    CallerKnown { found, on_line: line }
}

/// One caller as they are shown; `None` where they never called and are not marked.
pub(in crate::app::live_calls) async fn caller_found(
    app: &App,
    id: CallerId,
) -> Result<Option<CallerFound>, StoreError> {
    Ok(caller_known(app, id).await?.map(|known| known.found))
}

fn caller_of(
    app: &App,
    (caller, matched_by): (Caller, Vec<&'static str>),
    calls: Vec<Call>,
    (markers, cases): (Vec<Marker>, &[CaseRow]),
) -> CallerFound {
    let entries = entries_of(calls);
    CallerFound {
        caller_id: caller.id,
        kind: caller.kind,
        number: caller.number,
        name: caller.name,
        place: caller.location,
        person_id: caller.person,
        matched_by,
        response_plan: plan_in_force(&markers, plan_of(app, cases), None),
        call_script: script::named(app, &markers),
        markers: markers.into_iter().map(MarkerView::from).collect(),
        red: calls::are_red(&entries, app.now()),
        calls_in_words: calls::in_words(&entries),
        calls_last_24_hours: entries,
        as_of: app.now(),
        from_memory: false,
    }
}

/// What is marked on a caller and on the place they call from.
fn marks_of<'m>(markers: impl Iterator<Item = &'m Marker>, caller: &Caller) -> Vec<Marker> {
    let place = caller.location.as_deref().map(fold_name);
    let theirs = |marker: &&Marker| match &marker.on {
        MarkedOn::Caller(marked) => *marked == caller.id,
        MarkedOn::Place(marked) => place.as_deref() == Some(fold_name(marked).as_str()),
        MarkedOn::Person(_) => false,
    };
    markers.filter(theirs).cloned().collect()
}

/// A number that is marked and never called.
fn nobody(id: CallerId, now: DateTime<Utc>) -> Caller {
    Caller {
        id,
        key: String::new(),
        kind: CallerKind::Unknown,
        number: None,
        name: None,
        location: None,
        person: None,
        noted_at: now,
    }
}

impl CallerFound {
    /// Nothing of who called when: it is somebody who complained about the call taker.
    pub(in crate::app::live_calls) fn shorten(&mut self) {
        self.name = None;
        self.place = None;
        self.markers.clear();
        self.response_plan = None;
        self.calls_last_24_hours.clear();
        self.calls_in_words.clear();
        self.red = false;
    }

    /// As it was before the call with these rows.
    pub(in crate::app::live_calls) fn before(mut self, rows: &[CallId], now: DateTime<Utc>) -> Self {
        self.calls_last_24_hours.retain(|earlier| earlier.call_id.is_none_or(|call| !rows.contains(&call)));
        self.counted(now);
        self
    }

    /// Says anew how many calls there were.
    fn counted(&mut self, now: DateTime<Utc>) {
        self.red = calls::are_red(&self.calls_last_24_hours, now);
        self.calls_in_words = calls::in_words(&self.calls_last_24_hours);
    }

    /// Which clues but the number point to them.
    pub(super) fn pointed_to_by(&self, clues: &Clues) -> Vec<&'static str> {
        let same = |clue: Option<&str>, theirs: &Option<String>| {
            clue.zip(theirs.as_deref()).is_some_and(|(clue, theirs)| fold_name(clue) == fold_name(theirs))
        };
        let named = same(clues.long_name(), &self.name).then_some("name");
        let placed = same(clues.address.as_deref(), &self.place).then_some("place");
        named.into_iter().chain(placed).collect()
    }

    /// As it is remembered later.
    pub(super) fn remembered(mut self, now: DateTime<Utc>, matched_by: Vec<&'static str>) -> Self {
        self.calls_last_24_hours.retain(|call| london::within_24_hours(call.started_at, now));
        self.counted(now);
        Self { matched_by, from_memory: true, ..self }
    }
}
