//! What counts: contacts by people. Everything else is stored and shown.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What sort of sender a mail has; every contact by another channel is a person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Human,
    AutoReply,
    Bounce,
    /// A report of a mail provider that somebody called our mail unwanted.
    Complaint,
    List,
    Own,
}

impl Sort {
    const ALL: [Sort; 6] = [Sort::Human, Sort::AutoReply, Sort::Bounce, Sort::Complaint, Sort::List, Sort::Own];

    pub fn as_str(self) -> &'static str {
        match self {
            Sort::Human => "human",
            Sort::AutoReply => "auto_reply",
            Sort::Bounce => "bounce",
            Sort::Complaint => "complaint",
            Sort::List => "list",
            Sort::Own => "own",
        }
    }

    /// Why contacts of this sort do not count; `None`: they do.
    pub fn not_counted(self) -> Option<NotCounted> {
        match self {
            Sort::Human => None,
            Sort::AutoReply | Sort::Bounce | Sort::Complaint => Some(NotCounted::Automatic),
            Sort::List => Some(NotCounted::List),
            Sort::Own => Some(NotCounted::Own),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a sort of mail")]
pub struct UnknownSort(pub String);

impl FromStr for Sort {
    type Err = UnknownSort;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Sort::ALL.into_iter().find(|sort| sort.as_str() == text).ok_or_else(|| UnknownSort(text.to_owned()))
    }
}

/// Why a contact is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotCounted {
    /// Sent by a machine: an automatic answer, a bounce, a report.
    Automatic,
    List,
    /// Our own mail coming back.
    Own,
    /// The same contact again.
    Duplicate,
    /// Names a known address it was proven not to come from.
    SuspectedSpoof,
    /// Somebody else wrote for the person: linked, not theirs.
    OnBehalf,
}

impl NotCounted {
    const ALL: [NotCounted; 6] = [
        NotCounted::Automatic,
        NotCounted::List,
        NotCounted::Own,
        NotCounted::Duplicate,
        NotCounted::SuspectedSpoof,
        NotCounted::OnBehalf,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            NotCounted::Automatic => "automatic",
            NotCounted::List => "list",
            NotCounted::Own => "own",
            NotCounted::Duplicate => "duplicate",
            NotCounted::SuspectedSpoof => "suspected_spoof",
            NotCounted::OnBehalf => "on_behalf",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        NotCounted::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

impl fmt::Display for NotCounted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_people_are_counted() {
        let counted: Vec<_> = Sort::ALL.into_iter().filter(|sort| sort.not_counted().is_none()).collect();
        assert_eq!(counted, [Sort::Human]);
    }

    #[test]
    fn names_read_back() {
        assert!(Sort::ALL.iter().all(|sort| sort.as_str().parse::<Sort>().is_ok_and(|read| read == *sort)));
        assert!(NotCounted::ALL.iter().all(|reason| NotCounted::parse(reason.as_str()) == Some(*reason)));
        assert!("person".parse::<Sort>().is_err());
    }
}
