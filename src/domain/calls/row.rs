//! One call as one system recorded it, and what became of a row that is none.

use crate::domain::contact::Channel;
use crate::domain::person::UnknownWord;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Seen from the control room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    In,
    /// A call of ours: never a contact of the person called.
    Out,
}

impl Direction {
    pub const ALL: [Direction; 2] = [Direction::In, Direction::Out];

    pub fn as_str(self) -> &'static str {
        match self {
            Direction::In => "in",
            Direction::Out => "out",
        }
    }
}

/// What the other system says of who called. Both are counted; neither is judged by it (policy 6.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallerKind {
    Individual,
    Organisation,
    Unknown,
}

impl CallerKind {
    /// How much it says: who is once known to be an organisation stays one, whichever system says less.
    pub fn says(self) -> u8 {
        match self {
            CallerKind::Unknown => 0,
            CallerKind::Individual => 1,
            CallerKind::Organisation => 2,
        }
    }

    pub const ALL: [CallerKind; 3] = [CallerKind::Individual, CallerKind::Organisation, CallerKind::Unknown];

    pub fn as_str(self) -> &'static str {
        match self {
            CallerKind::Individual => "individual",
            CallerKind::Organisation => "organisation",
            CallerKind::Unknown => "unknown",
        }
    }
}

/// The kinds of system that record calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SystemKind {
    /// Incident logs, typed by people.
    CommandAndControl,
    /// Calls in and out of the room, and radio.
    CallRecorder,
    /// Automatic call distribution: when a call was received, and who it was routed to.
    Acd,
    /// Monthly data of the switchboard.
    Switchboard,
    /// Our own: a call taker who recorded the call while it was on the line. No file comes from it.
    CallTaker,
}

impl SystemKind {
    pub const ALL: [SystemKind; 5] = [
        SystemKind::CommandAndControl,
        SystemKind::CallRecorder,
        SystemKind::Acd,
        SystemKind::Switchboard,
        SystemKind::CallTaker,
    ];

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            SystemKind::CommandAndControl => "Command and control",
            SystemKind::CallRecorder => "Call recorder",
            SystemKind::Acd => "Call distribution (ACD)",
            SystemKind::Switchboard => "Switchboard",
            SystemKind::CallTaker => "Call takers",
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            SystemKind::CommandAndControl => "command-and-control",
            SystemKind::CallRecorder => "call-recorder",
            SystemKind::Acd => "acd",
            SystemKind::Switchboard => "switchboard",
            SystemKind::CallTaker => "call-taker",
        }
    }
}

impl FromStr for Direction {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Direction::ALL.into_iter().find(|direction| direction.as_str() == text);
        known.ok_or_else(|| UnknownWord { word: text.to_owned(), what: "a direction of a call" })
    }
}

impl FromStr for CallerKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = CallerKind::ALL.into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| UnknownWord { word: text.to_owned(), what: "a kind of caller" })
    }
}

impl FromStr for SystemKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = SystemKind::ALL.into_iter().find(|system| system.as_str() == text);
        known.ok_or_else(|| UnknownWord { word: text.to_owned(), what: "a kind of system" })
    }
}

impl fmt::Display for SystemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One call as one system recorded it. Texts are as that system had them, without space around them; none is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// What this system knows the row by, from the profile's key: importing it again keeps nothing twice.
    pub source_ref: String,
    pub started_at: DateTime<Utc>,
    /// The clock on the wall showed that time twice, and the file does not say which it was: the first was taken.
    pub hour_came_twice: bool,
    pub direction: Direction,
    pub channel: Channel,
    /// `+44…`. `None`: withheld, not presented or unreadable.
    pub number: Option<String>,
    /// Whether the system says that the number was withheld.
    pub withheld: bool,
    pub seconds: Option<u32>,
    pub caller_name: Option<String>,
    pub caller_kind: CallerKind,
    pub location: Option<String>,
    pub subject: Option<String>,
    pub details: Option<String>,
    pub actions: Option<String>,
    pub result: Option<String>,
    /// Queue and handler of an automatic call distribution.
    pub route: Option<String>,
    /// A reference, upper case without spaces. The record itself belongs to the system that made it.
    pub cad_ref: Option<String>,
}

/// What a row turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadRow {
    Call(Box<CallRow>),
    Skipped(Skipped),
    /// Everything that is wrong with it; at least one.
    Faulty(Vec<RowFault>),
}

/// A row that is in order and no call: radio, internal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The word of the profile, such as `radio`; `blank` for a row without anything in it.
    pub because: String,
}

impl Skipped {
    pub fn blank() -> Self {
        Self { because: "blank".to_owned() }
    }
}

/// What is wrong with a row, in words for whoever made the file. Never repeats what is in the row: it is personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowFault {
    /// One of [`code`].
    pub code: &'static str,
    /// The heading of the column; absent where the fault is of the row.
    pub column: Option<String>,
    /// A sentence without a full stop.
    pub says: String,
}

impl RowFault {
    pub fn of_row(code: &'static str, says: impl Into<String>) -> Self {
        Self { code, column: None, says: says.into() }
    }

    pub fn of_column(code: &'static str, column: &str, says: impl Into<String>) -> Self {
        Self { code, column: Some(column.to_owned()), says: says.into() }
    }
}

/// What can be wrong with a row. Stable.
pub mod code {
    /// Of NDJSON: the object lacks a name that no call can do without.
    pub const MISSING_COLUMN: &str = "missing-column";
    pub const UNREADABLE_TIME: &str = "unreadable-time";
    /// The hour that is left out when the clocks go forward.
    pub const NO_SUCH_TIME: &str = "no-such-time";
    /// More than five minutes after the file was read.
    pub const NOT_BEGUN: &str = "not-begun";
    pub const EMPTY_KEY: &str = "empty-key";
    pub const TOO_LONG: &str = "too-long";
    /// A word the profile does not know, where it has to.
    pub const UNKNOWN_WORD: &str = "unknown-word";
    pub const UNREADABLE_DURATION: &str = "unreadable-duration";
    pub const NUL: &str = "nul";
    /// Bytes that are no text in the encoding the profile insists on.
    pub const NOT_TEXT: &str = "not-text";
    /// The file ends inside the row.
    pub const HALF_ROW: &str = "half-row";
    pub const FEWER_CELLS: &str = "fewer-cells";
    pub const MORE_CELLS: &str = "more-cells";
    /// A quotation mark opens a cell and never closes it.
    pub const OPEN_QUOTE: &str = "open-quote";
    pub const ROW_TOO_LONG: &str = "row-too-long";
    /// Of NDJSON: the line is no object of texts and numbers.
    pub const NOT_JSON: &str = "not-json";
    /// The key names another call that is here, or that stands before it in the file.
    pub const KEY_USED_OTHERWISE: &str = "key-used-otherwise";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        assert!(Direction::ALL.iter().all(|word| word.as_str().parse::<Direction>().is_ok_and(|read| read == *word)));
        assert!(CallerKind::ALL.iter().all(|word| word.as_str().parse::<CallerKind>().is_ok_and(|read| read == *word)));
        assert!(SystemKind::ALL.iter().all(|word| word.as_str().parse::<SystemKind>().is_ok_and(|read| read == *word)));
        assert_eq!(serde_json::to_value(SystemKind::CommandAndControl).unwrap(), "command-and-control");
        assert!("radio".parse::<SystemKind>().is_err());
    }
}
