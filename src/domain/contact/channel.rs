//! The ways people contact the police (policy 1.2, 6.2).

use crate::domain::person::IdentifierKind;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Emergency calls. Never limited by any strategy.
    Phone999,
    /// Non-emergency calls. Never limited by any strategy.
    Phone101,
    /// A direct line of the department.
    Telephone,
    Email,
    Letter,
    InPerson,
    OnlineMessage,
    OnlineChat,
}

impl Channel {
    pub const ALL: [Channel; 8] = [
        Channel::Phone999,
        Channel::Phone101,
        Channel::Telephone,
        Channel::Email,
        Channel::Letter,
        Channel::InPerson,
        Channel::OnlineMessage,
        Channel::OnlineChat,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Phone999 => "999",
            Channel::Phone101 => "101",
            Channel::Telephone => "telephone",
            Channel::Email => "email",
            Channel::Letter => "letter",
            Channel::InPerson => "in_person",
            Channel::OnlineMessage => "online_message",
            Channel::OnlineChat => "online_chat",
        }
    }

    /// Emergency and non-emergency calls reach the control room, which no strategy may limit (policy 6.1, 7.5).
    pub fn may_be_limited(self) -> bool {
        !matches!(self, Channel::Phone999 | Channel::Phone101)
    }
}

impl Channel {
    /// What its addresses are, where one address can be written in several ways.
    pub fn address_kind(self) -> Option<IdentifierKind> {
        match self {
            Channel::Phone999 | Channel::Phone101 | Channel::Telephone => Some(IdentifierKind::Telephone),
            Channel::Email => Some(IdentifierKind::Email),
            Channel::Letter | Channel::InPerson | Channel::OnlineMessage | Channel::OnlineChat => None,
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a channel; known are 999, 101, telephone, email, letter, in_person, online_message, online_chat")]
pub struct UnknownChannel(pub String);

impl FromStr for Channel {
    type Err = UnknownChannel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Channel::ALL.into_iter().find(|channel| channel.as_str() == text);
        known.ok_or_else(|| UnknownChannel(text.to_owned()))
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
