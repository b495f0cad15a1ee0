//! A number, or a name from a place, that called before.

use super::calls::{self, RecentCall, entries_of};
use super::clues::Number;
use super::persons::OnLine;
use crate::app::App;
use crate::app::live_calls::plan::plan_in_force;
use crate::app::live_calls::{MarkerView, script};
use crate::domain::calendar::london;
use crate::domain::calls::{CallerKind, MarkedOn};
use crate::domain::ids::{CallId, CallerId, PersonId};
use crate::store::StoreError;
use crate::store::caller_markers::{self, Marker};
use crate::store::callers::{self, Caller};
use crate::store::calls::Call;
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

/// The number on the line, where it called before or is marked, and then whoever called by that name or from that place.
pub(super) async fn describe(
    app: &App,
    db: &impl ConnectionTrait,
    named: Vec<Caller>,
    (on_line, number): (&OnLine, Option<&Number>),
) -> Result<Vec<CallerFound>, StoreError> {
    let now = app.now();
    let named: Vec<Caller> = named.into_iter().filter(|caller| Some(caller.id) != on_line.caller).collect();
    let ids: Vec<CallerId> = named.iter().map(|caller| caller.id).collect();
    let (markers, calls) =
        tokio::try_join!(caller_markers::in_force(db, &ids, &[], &[]), calls::of_callers(db, &ids, now))?;
    let mut found = Vec::new();
    if let Some(number) = number {
        let markers = on_line.markers.clone();
        let known = number.caller.is_some() || !markers.is_empty();
        let caller = number.caller.clone().unwrap_or_else(|| nobody(number.id, now));
        if known {
            found.push(caller_of(app, (caller, vec!["telephone"]), on_line.calls.clone(), markers));
        }
    }
    for caller in named {
        let theirs = calls.iter().filter(|call| call.caller == Some(caller.id)).cloned().collect();
        let markers = on(&markers, caller.id);
        found.push(caller_of(app, (caller, vec!["name"]), theirs, markers));
    }
    Ok(found)
}

/// One caller as they are shown; `None` where there is none.
pub(in crate::app::live_calls) async fn caller_found(
    app: &App,
    id: CallerId,
) -> Result<Option<CallerFound>, StoreError> {
    let (db, now) = (app.store.reader(), app.now());
    let Some(caller) = callers::find(db, id).await? else { return Ok(None) };
    let ids = [id];
    let (markers, calls) =
        tokio::try_join!(caller_markers::in_force(db, &ids, &[], &[]), calls::of_callers(db, &ids, now))?;
    Ok(Some(caller_of(app, (caller, Vec::new()), calls, markers)))
}

fn caller_of(
    app: &App,
    (caller, matched_by): (Caller, Vec<&'static str>),
    calls: Vec<Call>,
    markers: Vec<Marker>,
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
        response_plan: plan_in_force(&markers, None, None),
        call_script: script::named(app, &markers),
        markers: markers.into_iter().map(MarkerView::from).collect(),
        red: calls::are_red(&entries, app.now()),
        calls_in_words: calls::in_words(&entries),
        calls_last_24_hours: entries,
        as_of: app.now(),
        from_memory: false,
    }
}

fn on(markers: &[Marker], caller: CallerId) -> Vec<Marker> {
    markers.iter().filter(|marker| marker.on == MarkedOn::Caller(caller)).cloned().collect()
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

    /// As it was before this call.
    pub(in crate::app::live_calls) fn before(mut self, call: CallId, now: DateTime<Utc>) -> Self {
        self.calls_last_24_hours.retain(|earlier| earlier.call_id != Some(call));
        self.counted(now);
        self
    }

    /// Says anew how many calls there were.
    fn counted(&mut self, now: DateTime<Utc>) {
        self.red = calls::are_red(&self.calls_last_24_hours, now);
        self.calls_in_words = calls::in_words(&self.calls_last_24_hours);
    }

    /// As it is remembered later.
    pub(super) fn remembered(mut self, now: DateTime<Utc>, matched_by: Vec<&'static str>) -> Self {
        self.calls_last_24_hours.retain(|call| london::within_24_hours(call.started_at, now));
        self.counted(now);
        Self { matched_by, from_memory: true, ..self }
    }
}
