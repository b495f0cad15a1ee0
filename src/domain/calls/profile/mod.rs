//! How one system of others writes down its calls: columns, formats, time zone, words and key. `workflows/imports/*.yaml`.

mod layout;
mod source;
mod time;

pub use layout::{Layout, Misfit};
pub use source::{ProfileFault, precedence_clash};
pub use time::{ReadTime, TimeFormat, Zone};

use super::{CallerKind, Direction, SystemKind};
use crate::domain::contact::Channel;
use serde::Deserialize;

/// A profile that was found sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Stable, kebab-case: the file's name.
    pub profile: String,
    pub version: u32,
    pub title: String,
    /// The paragraph the import comes from.
    pub policy: Option<String>,
    pub system: SystemKind,
    /// Whose time and words stand for a call that several systems saw: 1 first.
    pub precedence: u8,
    pub format: Format,
    pub time: Time,
    /// The headings whose cells together name a row of this system for good.
    pub key: Vec<String>,
    /// By field, in the order of [`Field::ALL`]; no heading where the file does not tell it.
    columns: Vec<Vec<String>>,
    pub channels: Words<Channel>,
    pub directions: Words<Direction>,
    pub caller_kinds: Words<CallerKind>,
    /// What stands in place of a number that was withheld.
    pub withheld: Words<()>,
    /// What stands in place of a name or location that nobody gave.
    pub not_given: Words<()>,
    pub skip: Vec<Skip>,
    /// Of a row that names none.
    pub default_channel: Option<Channel>,
    /// A longer cell is a fault of its row; it is never cut.
    pub max_field_bytes: usize,
}

impl Profile {
    /// The headings a field is read from.
    pub fn headings(&self, field: Field) -> &[String] {
        self.columns.get(field as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every heading a file must have, each once.
    pub fn needed(&self) -> Vec<&str> {
        let skips = self.skip.iter().map(|skip| &skip.column);
        let all = self.key.iter().chain(&self.time.columns).chain(self.columns.iter().flatten()).chain(skips);
        let mut needed: Vec<&str> = Vec::new();
        for heading in all {
            if !needed.iter().any(|known| same_heading(known, heading)) {
                needed.push(heading);
            }
        }
        needed
    }
}

/// What of a call a column can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Channel,
    Direction,
    Number,
    Seconds,
    CallerName,
    CallerKind,
    Location,
    Subject,
    Details,
    Actions,
    Result,
    Route,
    CadRef,
}

impl Field {
    pub const ALL: [Field; 13] = [
        Field::Channel,
        Field::Direction,
        Field::Number,
        Field::Seconds,
        Field::CallerName,
        Field::CallerKind,
        Field::Location,
        Field::Subject,
        Field::Details,
        Field::Actions,
        Field::Result,
        Field::Route,
        Field::CadRef,
    ];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One line of headings, then a row a call (RFC 4180, with any one-byte delimiter).
    Csv { delimiter: u8, encoding: Encoding },
    /// One object a line, UTF-8; its names are the headings.
    Ndjson,
}

/// How bytes are text. A file that begins with a byte order mark is what its mark says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// A row that is anything else is a fault.
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// Line by line: UTF-8 where it is valid, otherwise Windows-1252.
    #[default]
    Auto,
}

/// When a call began.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    /// Their cells are put together with a space between.
    pub columns: Vec<String>,
    /// Tried in turn.
    pub formats: Vec<TimeFormat>,
    /// Of times that do not say their own.
    pub zone: Zone,
}

/// Words of a system and what they mean here; letter case does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words<T> {
    meanings: Vec<(String, T)>,
}

impl<T: Copy> Words<T> {
    fn of(meanings: Vec<(String, T)>) -> Self {
        Self { meanings }
    }

    /// What a cell means, if it is one of the words.
    pub fn meaning(&self, cell: &str) -> Option<T> {
        let found = self.meanings.iter().find(|(word, _)| word.eq_ignore_ascii_case(cell));
        found.map(|(_, meaning)| *meaning)
    }

    /// `999`, `EMERGENCY`: for a sentence about a word that is none of them.
    pub fn listed(&self) -> String {
        self.meanings.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// Rows that are no calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    pub column: String,
    pub any_of: Words<()>,
    /// A word: `radio`.
    pub because: String,
}

/// Whether two headings are the same, whatever their letter case and spacing.
fn same_heading(one: &str, other: &str) -> bool {
    let mut ones = one.split_whitespace();
    let mut others = other.split_whitespace();
    loop {
        match (ones.next(), others.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one.to_lowercase() == other.to_lowercase() => {}
            _ => return false,
        }
    }
}
