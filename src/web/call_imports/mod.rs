//! `/callers/imports`: files of calls are handed in, looked at, started, and undone.

pub(super) mod change;
pub(super) mod faults_file;
pub(super) mod list;
pub(super) mod show;
mod words;
