//! Why a whole file cannot be read, or read on.

use std::io;

/// One clear sentence each. None repeats a row.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    #[error("the file is empty")]
    Empty,
    #[error("the file is {what}: save it as CSV and import that")]
    Workbook { what: &'static str },
    #[error("the file is UTF-16 without a byte order mark: save it as UTF-8")]
    Utf16WithoutMark,
    #[error(
        "the first line cannot be read as headings: a quotation mark does not close, or it has more than a mebibyte"
    )]
    UnreadableHeadings,
    #[error("none of the columns is there: the first line should be the headings {}", missing.join(", "))]
    NoHeadings { missing: Vec<String> },
    #[error("the file lacks the columns {}; it has {}", missing.join(", "), found.join(", "))]
    MissingColumns { missing: Vec<String>, found: Vec<String> },
    #[error("the file has more than one column {}", repeated.join(", "))]
    RepeatedColumns { repeated: Vec<String> },
    #[error("the file is larger than {most_bytes} bytes: split it, and import the parts")]
    TooLarge { most_bytes: u64 },
    #[error("the file cannot be read")]
    Unreadable(#[from] io::Error),
}

impl FileFault {
    /// Stable and kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            FileFault::Empty => "empty-file",
            FileFault::Workbook { .. } => "workbook",
            FileFault::Utf16WithoutMark => "utf-16-without-mark",
            FileFault::UnreadableHeadings => "unreadable-headings",
            FileFault::NoHeadings { .. } => "no-headings",
            FileFault::MissingColumns { .. } => "missing-columns",
            FileFault::RepeatedColumns { .. } => "repeated-columns",
            FileFault::TooLarge { .. } => "file-too-large",
            FileFault::Unreadable(_) => "unreadable",
        }
    }
}
