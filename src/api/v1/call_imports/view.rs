//! An import as the API shows it.

use crate::app::callers::{CallImport, ImportCounts, Preview};
use crate::domain::ids::CallImportId;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportView {
    pub(super) id: CallImportId,
    /// How the file is read: a name of `workflows/imports`.
    #[schema(example = "command-and-control")]
    profile: String,
    profile_version: u32,
    system: String,
    file_name: String,
    /// SHA-256 of the whole file, in hex; absent until it was read to its end.
    sha256: Option<String>,
    /// `waiting`, `running`, `done`, `failed`, `undoing` (taken back in part: undoing it again finishes that), `undone` or
    /// `dropped`.
    #[schema(example = "done")]
    status: &'static str,
    /// Why it could not be read to its end.
    trouble: Option<String>,
    #[serde(flatten)]
    counts: ImportCounts,
    first_call_at: Option<DateTime<Utc>>,
    last_call_at: Option<DateTime<Utc>>,
    began_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    undone_at: Option<DateTime<Utc>>,
    undone_because: Option<String>,
}

impl From<CallImport> for ImportView {
    fn from(import: CallImport) -> Self {
        Self {
            id: import.id,
            profile: import.profile,
            profile_version: import.profile_version,
            system: import.system,
            file_name: import.file_name,
            sha256: import.sha256,
            status: import.status.as_str(),
            trouble: import.trouble,
            counts: import.counts,
            first_call_at: import.first_call_at,
            last_call_at: import.last_call_at,
            began_at: import.began_at,
            ended_at: import.ended_at,
            undone_at: import.undone.as_ref().map(|undone| undone.at),
            undone_because: import.undone.map(|undone| undone.because),
        }
    }
}

/// What starting it would do, by its first rows.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PreviewView {
    #[serde(flatten)]
    counts: ImportCounts,
    /// Whether the file goes on after the rows that were looked at.
    more: bool,
    /// Faulty rows by what is wrong with them.
    faults: BTreeMap<&'static str, u64>,
    first_call_at: Option<DateTime<Utc>>,
    last_call_at: Option<DateTime<Utc>>,
    trouble: Option<String>,
}

impl From<Preview> for PreviewView {
    fn from(preview: Preview) -> Self {
        Self {
            counts: preview.counts,
            more: preview.more,
            faults: preview.faults,
            first_call_at: preview.times.map(|(first, _)| first),
            last_call_at: preview.times.map(|(_, last)| last),
            trouble: preview.trouble,
        }
    }
}
