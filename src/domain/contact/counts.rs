//! What counts: contacts by people. Everything else is stored and shown.

use crate::domain::correspondence::MailKind;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why contacts by mail of this kind do not count; `None`: they do.
pub fn not_counted(kind: MailKind) -> Option<NotCounted> {
    match kind {
        MailKind::Human => None,
        MailKind::AutoReply | MailKind::Bounce | MailKind::Complaint => Some(NotCounted::Automatic),
        MailKind::List => Some(NotCounted::List),
        MailKind::Own => Some(NotCounted::Own),
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
    /// What told of it was withdrawn: an import was undone, or the record of a call was begun by mistake.
    Withdrawn,
}

impl NotCounted {
    const ALL: [NotCounted; 7] = [
        NotCounted::Automatic,
        NotCounted::List,
        NotCounted::Own,
        NotCounted::Duplicate,
        NotCounted::SuspectedSpoof,
        NotCounted::OnBehalf,
        NotCounted::Withdrawn,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            NotCounted::Automatic => "automatic",
            NotCounted::List => "list",
            NotCounted::Own => "own",
            NotCounted::Duplicate => "duplicate",
            NotCounted::SuspectedSpoof => "suspected_spoof",
            NotCounted::OnBehalf => "on_behalf",
            NotCounted::Withdrawn => "withdrawn",
        }
    }

    /// Whether no person was thought to have written it.
    pub fn is_machine_made(self) -> bool {
        matches!(self, NotCounted::Automatic | NotCounted::List | NotCounted::Own)
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
        let counted: Vec<_> = MailKind::ALL.into_iter().filter(|kind| not_counted(*kind).is_none()).collect();
        assert_eq!(counted, [MailKind::Human]);
    }

    #[test]
    fn names_read_back() {
        assert!(NotCounted::ALL.iter().all(|reason| NotCounted::parse(reason.as_str()) == Some(*reason)));
    }
}
