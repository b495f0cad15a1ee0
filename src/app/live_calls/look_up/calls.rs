//! The calls of the last 24 hours: one entry a call, whether it is on file as a contact of somebody, as a call of a
//! number, or as both.

use super::on_line::OnLine;
use crate::domain::calendar::london;
use crate::domain::calls::Direction;
use crate::domain::contact::Channel;
use crate::domain::ids::{CallId, CallerId, ContactId, PersonId};
use crate::domain::nomination::shows_red;
use crate::domain::person::IdentifierKind;
use crate::store::StoreError;
use crate::store::calls::{self, Call};
use crate::store::contacts::Contact;
use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use std::collections::BTreeSet;

const MOST_CALLS: u64 = 100;

/// A call of the last 24 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecentCall {
    /// The call as systems recorded it, where one did.
    pub call_id: Option<CallId>,
    /// The contact of a person on file, where it is one.
    pub contact_id: Option<ContactId>,
    /// `person` where it is known to be theirs, `number` where it only came from the same number.
    pub of: &'static str,
    pub channel: Channel,
    pub started_at: DateTime<Utc>,
    pub subject: Option<String>,
    pub cad_reference: Option<String>,
}

const OF_PERSON: &str = "person";
const OF_NUMBER: &str = "number";

/// The calls of these callers that came in within the last 24 hours, newest first.
pub(super) async fn of_callers(
    db: &impl ConnectionTrait,
    callers: &[CallerId],
    now: DateTime<Utc>,
) -> Result<Vec<Call>, StoreError> {
    let within = (now - Duration::hours(24), now);
    let mut found = calls::of_callers_between(db, callers, within, MOST_CALLS).await?;
    found.retain(|call| call.direction == Direction::In && london::within_24_hours(call.started_at, now));
    Ok(found)
}

/// The rows that stand for these calls.
pub(super) async fn heads(db: &impl ConnectionTrait, ids: Vec<CallId>) -> Result<Vec<Call>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = calls::with_ids(db, &ids).await?;
    let elsewhere: Vec<CallId> = rows.iter().filter(|row| row.call != row.id).map(|row| row.call).collect();
    let mut heads: Vec<Call> = rows.into_iter().filter(|row| row.call == row.id).collect();
    if !elsewhere.is_empty() {
        heads.extend(calls::with_ids(db, &elsewhere).await?);
    }
    heads.retain(|call| call.withdrawn_at.is_none());
    Ok(heads)
}

/// A person's calls.
pub(super) struct Theirs<'a> {
    pub(super) contacts: &'a [Contact],
    /// Of callers that are known to be them, and calls that were recorded as theirs.
    pub(super) own: Vec<Call>,
}

impl Theirs<'_> {
    /// One entry a call, newest first.
    pub(super) fn entries(self, now: DateTime<Utc>) -> Vec<RecentCall> {
        let is_call = |contact: &&Contact| contact.channel.address_kind() == Some(IdentifierKind::Telephone);
        let mut entries: Vec<RecentCall> = self.contacts.iter().filter(is_call).map(of_contact).collect();
        for call in self.own {
            add(&mut entries, call, OF_PERSON);
        }
        entries.retain(|entry| london::within_24_hours(entry.started_at, now));
        newest_first(entries)
    }
}

/// A person's calls with those from the number on the line. One that is known to be another's is not theirs.
pub(super) fn with_the_number(
    mut entries: Vec<RecentCall>,
    on_line: &OnLine,
    members: &BTreeSet<PersonId>,
) -> Vec<RecentCall> {
    for call in &on_line.calls {
        let another = on_line.recorded.get(&call.id).is_some_and(|person| !members.contains(person));
        if !another {
            add(&mut entries, call.clone(), OF_NUMBER);
        }
    }
    newest_first(entries)
}

/// Adds a call that does not stand there already, by itself or as the contact it became.
fn add(entries: &mut Vec<RecentCall>, call: Call, of: &'static str) {
    if entries.iter().any(|entry| entry.call_id == Some(call.id)) {
        return;
    }
    match entries.iter_mut().find(|entry| entry.contact_id.is_some() && entry.contact_id == call.contact) {
        Some(entry) => {
            entry.call_id = Some(call.id);
            entry.cad_reference = call.cad_ref;
        }
        None => entries.push(of_call(call, of)),
    }
}

/// The calls of a number or a name.
pub(super) fn entries_of(calls: impl IntoIterator<Item = Call>) -> Vec<RecentCall> {
    newest_first(calls.into_iter().map(|call| of_call(call, OF_NUMBER)).collect())
}

fn newest_first(mut entries: Vec<RecentCall>) -> Vec<RecentCall> {
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.started_at, entry.call_id, entry.contact_id)));
    entries
}

fn of_contact(contact: &Contact) -> RecentCall {
    RecentCall {
        call_id: None,
        contact_id: Some(contact.id),
        of: OF_PERSON,
        channel: contact.channel,
        started_at: contact.received_at,
        subject: contact.subject.clone(),
        cad_reference: None,
    }
}

fn of_call(call: Call, of: &'static str) -> RecentCall {
    RecentCall {
        call_id: Some(call.id),
        contact_id: call.contact,
        of,
        channel: call.channel,
        started_at: call.started_at,
        subject: call.words.subject,
        cad_reference: call.cad_ref,
    }
}

/// Whether these show red: two or more calls to 999 or 101 within 24 elapsed hours (policy 6.5).
pub(super) fn are_red(entries: &[RecentCall], now: DateTime<Utc>) -> bool {
    let control_room = entries.iter().filter(|entry| !entry.channel.may_be_limited());
    shows_red(&control_room.map(|entry| entry.started_at).collect::<Vec<_>>(), now)
}

/// `3 calls in the last 24 hours`: what a colour alone would not say.
pub(super) fn in_words(entries: &[RecentCall]) -> String {
    match entries.len() {
        0 => "No calls in the last 24 hours".to_owned(),
        1 => "1 call in the last 24 hours".to_owned(),
        several => format!("{several} calls in the last 24 hours"),
    }
}
