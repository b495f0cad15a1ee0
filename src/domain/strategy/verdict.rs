//! What the limits in force say of one contact.
//!
//! A verdict describes; what follows from it is `domain::contact::place`'s.

use super::limits::Window;
use crate::domain::ids::CaseId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// In the order in which several are listed: the breaches first, the gravest for the way of contact leading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VerdictKind {
    WrongChannel,
    WrongAddressee,
    ClosedSubject,
    WrongTime,
    OverFrequency,
    WithinLimit,
    /// A person ticked it as something no limit applies to.
    Exempt,
    /// Not proven to be this person's.
    Unattributed,
    /// Received before the limits took effect.
    NotYetEffective,
    /// Automatic mail, bounces, duplicates, list mail, suspected spoofs: stored and shown.
    NotCounted,
}

impl VerdictKind {
    pub const ALL: [VerdictKind; 10] = [
        VerdictKind::WrongChannel,
        VerdictKind::WrongAddressee,
        VerdictKind::ClosedSubject,
        VerdictKind::WrongTime,
        VerdictKind::OverFrequency,
        VerdictKind::WithinLimit,
        VerdictKind::Exempt,
        VerdictKind::Unattributed,
        VerdictKind::NotYetEffective,
        VerdictKind::NotCounted,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            VerdictKind::WrongChannel => "wrong_channel",
            VerdictKind::WrongAddressee => "wrong_addressee",
            VerdictKind::ClosedSubject => "closed_subject",
            VerdictKind::WrongTime => "wrong_time",
            VerdictKind::OverFrequency => "over_frequency",
            VerdictKind::WithinLimit => "within_limit",
            VerdictKind::Exempt => "exempt",
            VerdictKind::Unattributed => "unattributed",
            VerdictKind::NotYetEffective => "not_yet_effective",
            VerdictKind::NotCounted => "not_counted",
        }
    }

    /// Whether the contact broke a limit.
    pub fn is_breach(self) -> bool {
        self <= VerdictKind::OverFrequency
    }

    fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

impl fmt::Display for VerdictKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a verdict")]
pub struct UnknownVerdict(pub String);

impl FromStr for VerdictKind {
    type Err = UnknownVerdict;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = VerdictKind::ALL.into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| UnknownVerdict(text.to_owned()))
    }
}

impl Serialize for VerdictKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for VerdictKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One or several kinds, always read in the order of [`VerdictKind`]. JSON: a list of their names.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VerdictKinds {
    first: VerdictKind,
    all: u16,
}

impl VerdictKinds {
    pub fn with(mut self, kind: VerdictKind) -> Self {
        self.first = self.first.min(kind);
        self.all |= kind.bit();
        self
    }

    /// The one a list of contacts shows.
    pub fn first(self) -> VerdictKind {
        self.first
    }

    pub fn contains(self, kind: VerdictKind) -> bool {
        self.all & kind.bit() != 0
    }

    pub fn iter(self) -> impl Iterator<Item = VerdictKind> {
        VerdictKind::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }

    pub fn is_breach(self) -> bool {
        self.first.is_breach()
    }
}

impl From<VerdictKind> for VerdictKinds {
    fn from(kind: VerdictKind) -> Self {
        Self { first: kind, all: kind.bit() }
    }
}

impl fmt::Debug for VerdictKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for VerdictKinds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for VerdictKinds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kinds = Vec::<VerdictKind>::deserialize(deserializer)?.into_iter();
        let joined = kinds
            .map(VerdictKinds::from)
            .reduce(|all, more| Self { first: all.first.min(more.first), all: all.all | more.all });
        joined.ok_or_else(|| serde::de::Error::custom("a verdict has at least one kind"))
    }
}

/// What was found for one contact, with what a reader needs to check it by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    pub kinds: VerdictKinds,
    /// The version (a case) whose limits bound the contact, or for `not_yet_effective` will bind; `None` where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<CaseId>,
    /// It came from a blocked address or by a blocked channel. Changes where it is put, never how it is measured.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
    /// The frequency it was measured against: the broken one that opens last, otherwise the first of its channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// For `over_frequency` and `wrong_time`: the first instant at which a contact by this channel is within the
    /// limits again, if nothing else arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_permitted_at: Option<DateTime<Utc>>,
}

impl Verdict {
    /// A verdict that rests on no strategy.
    pub fn plain(kind: VerdictKind) -> Self {
        Self { kinds: kind.into(), strategy: None, blocked: false, frequency: None, next_permitted_at: None }
    }

    /// The strategy whose allowance the contact used, if it used any.
    pub fn uses_allowance_of(&self) -> Option<CaseId> {
        if self.kinds.first() == VerdictKind::WithinLimit { self.strategy } else { None }
    }
}

/// How much of an allowance was gone when the contact arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Frequency {
    /// Which of the strategy's limits, counted from 0.
    pub limit: usize,
    pub max: u32,
    /// Contacts before this one that used the allowance of the window it ends.
    pub used: u32,
    pub window: Window,
    pub window_start: DateTime<Utc>,
}
