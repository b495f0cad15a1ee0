//! What is known of the line itself: the number, and the place the call comes from.

use super::calls;
use super::clues::Clues;
use crate::domain::ids::{CallId, CallerId, ContactId, PersonId};
use crate::store::caller_markers::Marker;
use crate::store::calls::Call;
use crate::store::cases::CaseRow;
use crate::store::{StoreError, call_records, caller_markers, contacts, nominated_callers};
use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

#[derive(Clone, Default)]
pub(super) struct OnLine {
    pub(super) caller: Option<CallerId>,
    /// On the number, and on the place that was told.
    pub(super) markers: Vec<Marker>,
    /// On the place the number is known at: told with the number and with whose number it is, to nobody they complained
    /// about.
    pub(super) known_at: Vec<Marker>,
    pub(super) calls: Vec<Call>,
    /// What nominations of the caller were taken up with.
    pub(super) cases: Vec<CaseRow>,
    /// Whose each of these calls was recorded as being.
    pub(super) recorded: HashMap<CallId, PersonId>,
}

impl OnLine {
    pub(super) async fn of(db: &impl ConnectionTrait, clues: &Clues, now: DateTime<Utc>) -> Result<Self, StoreError> {
        Self::read(db, (clues.number(), &clues.places()), now).await
    }

    /// Of a number, or of whoever calls under a name, and of places.
    pub(super) async fn read(
        db: &impl ConnectionTrait,
        (caller, places): (Option<CallerId>, &[String]),
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let callers: Vec<CallerId> = caller.into_iter().collect();
        let called = Self { caller, ..Self::default() }.with_calls(db, now);
        let marked = caller_markers::in_force(db, &callers, &[], places);
        let taken_up = async {
            match caller {
                Some(caller) => nominated_callers::cases_of_caller(db, caller).await,
                None => Ok(Vec::new()),
            }
        };
        let (on_line, markers, cases) = tokio::try_join!(called, marked, taken_up)?;
        let (markers, known_at) = markers.into_iter().partition(|marker| marker.on.is_told_by(places));
        Ok(Self { markers, known_at, cases, ..on_line })
    }

    /// Whatever is marked on it.
    pub(super) fn marked(&self) -> impl Iterator<Item = &Marker> {
        self.markers.iter().chain(&self.known_at)
    }

    async fn with_calls(mut self, db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let caller: Vec<CallerId> = self.caller.into_iter().collect();
        // The row that a record hangs on may have begun a little before the one that stands for the call.
        let since = now - Duration::hours(25);
        let called = calls::of_callers(db, &caller, now);
        (self.calls, self.recorded) = tokio::try_join!(called, call_records::people_of_calls(db, &caller, since))?;
        let became: HashMap<ContactId, CallId> =
            self.calls.iter().filter_map(|call| Some((call.contact?, call.id))).collect();
        if !became.is_empty() {
            for contact in contacts::with_ids(db, &became.keys().copied().collect::<Vec<_>>()).await? {
                let whose = became.get(&contact.id).copied().zip(contact.person);
                self.recorded.extend(whose);
            }
        }
        Ok(self)
    }
}
