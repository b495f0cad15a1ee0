//! Service users: on file, found, imported.

mod file;
mod import;
mod lookup;
mod merging;
