//! What is on file of a person, apart from the line, and how they are shown with what is known of it.
//!
//! Somebody is remembered apart from the line they were found by: the next look-up may find them by another, and what is
//! marked on one person's number is not another's.

use super::calls::{self, Theirs};
use super::clues::OneOnFile;
use super::on_line::OnLine;
use super::persons::{CallerMatch, OnFile, script_of};
use crate::app::App;
use crate::app::live_calls::plan::plan_in_force;
use crate::app::live_calls::{MarkerView, script};
use crate::domain::calls::CallerKey;
use crate::domain::ids::{CallerId, CaseId, PersonId};
use crate::domain::person::{IdentifierKind, fold_name};
use crate::store::caller_markers::Marker;
use crate::store::{StoreError, caller_markers, cases};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;

#[derive(Clone)]
pub(super) struct Described {
    /// As they are shown where nothing is known of the line.
    own: CallerMatch,
    markers: Vec<Marker>,
    plan_of_case: Option<String>,
    /// Every record that is them.
    members: BTreeSet<PersonId>,
    /// The numbers and names they call under.
    lines: BTreeSet<CallerId>,
    /// The name of each record, folded.
    names: Vec<String>,
    /// What they may be found by in memory.
    pub(super) held: Vec<(IdentifierKind, String)>,
}

pub(super) async fn describe(
    app: &App,
    db: &impl ConnectionTrait,
    OneOnFile { person, members }: OneOnFile,
) -> Result<Described, StoreError> {
    let now = app.now();
    let on_file = Box::pin(OnFile::read(db, (person.id, members), now)).await?;
    let members: BTreeSet<PersonId> = on_file.members.iter().map(|member| member.id).collect();
    let ids: Vec<PersonId> = members.iter().copied().collect();
    let held: Vec<(IdentifierKind, String)> =
        on_file.held.iter().map(|identifier| (identifier.kind, identifier.value.clone())).collect();
    let numbers = held.iter().filter(|(kind, _)| *kind == IdentifierKind::Telephone);
    let numbers = numbers.map(|(_, number)| CallerKey::of_number(number).id());
    let lines = on_file.theirs.iter().copied().chain(numbers).collect();
    let lives = on_file.held.iter().filter(|held| held.kind == IdentifierKind::Address);
    let places: Vec<String> = lives.map(|held| held.presented.clone()).collect();
    let bound: Vec<CaseId> = on_file.strategy.iter().map(|strategy| strategy.case_id).collect();
    let (markers, by_callers, recorded, markings) = tokio::try_join!(
        caller_markers::in_force(db, &on_file.theirs, &ids, &places),
        calls::of_callers(db, &on_file.theirs, now),
        calls::heads(db, on_file.recorded.clone()),
        cases::markings(db, &bound),
    )?;
    let theirs = Theirs { contacts: &on_file.contacts, own: by_callers.into_iter().chain(recorded).collect() };
    let calls_last_24_hours = theirs.entries(now);
    let names = on_file.members.iter().map(|member| fold_name(&member.full_name)).collect();
    let marking = app.settings.marking.with(markings.into_values());
    let plan_of_case = on_file.plan(app);
    let own = CallerMatch { marking, calls_last_24_hours, ..on_file.shown(app, person, now) };
    Ok(Described { own, markers, plan_of_case, members, lines, names, held })
}

impl Described {
    pub(super) fn person(&self) -> PersonId {
        self.own.person_id
    }

    /// When this was known.
    pub(super) fn as_of(&self) -> DateTime<Utc> {
        self.own.as_of
    }

    pub(super) fn date_of_birth(&self) -> Option<NaiveDate> {
        self.own.date_of_birth
    }

    pub(super) fn is(&self, person: PersonId) -> bool {
        self.members.contains(&person)
    }

    /// Whether a record of theirs is called so.
    pub(super) fn is_called(&self, folded: &str) -> bool {
        self.names.iter().any(|name| name.contains(folded))
    }

    /// As they are shown to whoever has this line before them.
    pub(super) fn shown(
        &self,
        app: &App,
        (on_line, matched_by): (&OnLine, Vec<&'static str>),
        now: DateTime<Utc>,
    ) -> CallerMatch {
        let own = self.own.clone();
        let is_theirs = on_line.caller.is_some_and(|caller| self.lines.contains(&caller));
        let known_at = on_line.known_at.iter().filter(|_| is_theirs);
        let mut markers = self.markers.clone();
        for marker in on_line.markers.iter().chain(known_at) {
            if !markers.contains(marker) {
                markers.push(marker.clone());
            }
        }
        markers.sort_by_key(|marker| marker.id);
        let entries = calls::with_the_number(own.calls_last_24_hours, on_line, &self.members);
        let mut call_script = script_of(own.targeted_victim, &own.adjustments, own.strategy_in_force.as_ref());
        call_script.extend(script::named(app, &markers));
        CallerMatch {
            matched_by,
            response_plan: plan_in_force(&markers, self.plan_of_case.clone(), Some(own.person_id)),
            markers: markers.into_iter().map(MarkerView::from).collect(),
            call_script,
            red: calls::are_red(&entries, now),
            calls_in_words: calls::in_words(&entries),
            calls_last_24_hours: entries,
            caller_id: on_line.caller,
            ..own
        }
    }
}
