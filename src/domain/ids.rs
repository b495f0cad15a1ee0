//! One id type per entity, so that a person's id is never taken for a case's.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};
use uuid::Uuid;

/// The id of a `T`. Prints and parses as a hyphenated lower-case UUID; sorts by time of creation (UUID v7).
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

/// Says which entity an [`Id`] belongs to; never built.
pub mod of {
    pub enum Officer {}
    pub enum Client {}
    pub enum Person {}
    pub enum Identifier {}
    pub enum Adjustment {}
    pub enum Merge {}
    pub enum Mail {}
    pub enum Contact {}
    pub enum Case {}
    pub enum Event {}
    pub enum Meeting {}
    pub enum Nomination {}
    pub enum Delegation {}
    pub enum Cover {}
    pub enum Job {}
    pub enum Outgoing {}
    pub enum Call {}
    pub enum Caller {}
    pub enum CallImport {}
    pub enum Webhook {}
    pub enum MonthSending {}
    pub enum MonthCheck {}
    pub enum DeskNote {}
    pub enum PartnerContact {}
    pub enum ProgrammeCost {}
    pub enum ProgrammeMeeting {}
    pub enum Marker {}
}

pub type OfficerId = Id<of::Officer>;
pub type ClientId = Id<of::Client>;
pub type PersonId = Id<of::Person>;
pub type IdentifierId = Id<of::Identifier>;
pub type AdjustmentId = Id<of::Adjustment>;
pub type MergeId = Id<of::Merge>;
pub type MailId = Id<of::Mail>;
pub type ContactId = Id<of::Contact>;
pub type CaseId = Id<of::Case>;
pub type EventId = Id<of::Event>;
pub type MeetingId = Id<of::Meeting>;
pub type NominationId = Id<of::Nomination>;
pub type DelegationId = Id<of::Delegation>;
pub type CoverId = Id<of::Cover>;
pub type JobId = Id<of::Job>;
pub type OutgoingId = Id<of::Outgoing>;
pub type CallId = Id<of::Call>;
pub type CallerId = Id<of::Caller>;
pub type CallImportId = Id<of::CallImport>;
pub type WebhookId = Id<of::Webhook>;
pub type MonthSendingId = Id<of::MonthSending>;
pub type MonthCheckId = Id<of::MonthCheck>;
pub type DeskNoteId = Id<of::DeskNote>;
pub type PartnerContactId = Id<of::PartnerContact>;
pub type ProgrammeCostId = Id<of::ProgrammeCost>;
pub type ProgrammeMeetingId = Id<of::ProgrammeMeeting>;
pub type MarkerId = Id<of::Marker>;

impl<T> Id<T> {
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    pub fn as_uuid(self) -> Uuid {
        self.0
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> FromStr for Id<T> {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::from_str(text).map(Self::from_uuid)
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::from_uuid)
    }
}
