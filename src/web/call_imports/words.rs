//! What became of a file, in words.

use crate::app::callers::{ImportCounts, ImportStatus};
use serde_json::{Value, json};

/// Where it stands, and the colour of its tag.
pub(super) fn status(status: ImportStatus) -> (&'static str, &'static str) {
    match status {
        ImportStatus::Waiting => ("Waits to be started", "govuk-tag--yellow"),
        ImportStatus::Running => ("Being read", "govuk-tag--blue"),
        ImportStatus::Done => ("Read", "govuk-tag--green"),
        ImportStatus::Failed => ("Stopped", "govuk-tag--red"),
        ImportStatus::Undoing => ("Taken back in part", "govuk-tag--orange"),
        ImportStatus::Undone => ("Undone", "govuk-tag--grey"),
        ImportStatus::Dropped => ("Thrown away", "govuk-tag--grey"),
    }
}

/// Each count with what it counts.
pub(super) fn counts(counts: ImportCounts) -> Value {
    let line = |name: &str, count: u64| json!({ "name": name, "count": crate::render::charts::grouped(count) });
    json!([
        line("Rows", counts.read),
        line("Calls kept", counts.kept),
        line("There already", counts.known),
        line("Passed over: radio, and what is no call", counts.skipped),
        line("Rejected", counts.rejected),
        line("Recorded by another system too", counts.matched),
        line("Calls of people on file", counts.contacts),
        line("Callers nominated", counts.nominations),
    ])
}
