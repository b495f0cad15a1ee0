//! Where files of calls come in, and how large they may be.

use crate::app;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Imports {
    /// A folder that is watched: other systems put their files into a folder named for the profile below it. Empty:
    /// none. One that is not there is an error in the log each minute.
    pub folder: String,
    /// Bytes of a file that is read from the command line or the watched folder: at most 1 TB. A larger one is refused
    /// where it passes that; what was read before stays.
    pub most_bytes: u64,
    /// Bytes of a file that is handed in through pages or API: 1 MB to 1 GB. It waits in the database.
    pub most_upload_bytes: u64,
}

impl Default for Imports {
    fn default() -> Self {
        Self { folder: String::new(), most_bytes: 2 << 30, most_upload_bytes: 64 << 20 }
    }
}

impl Imports {
    pub(super) fn settings(&self) -> app::Imports {
        app::Imports {
            folder: Some(self.folder.trim()).filter(|folder| !folder.is_empty()).map(PathBuf::from),
            most_bytes: self.most_bytes,
            most_upload_bytes: usize::try_from(self.most_upload_bytes).unwrap_or(usize::MAX),
        }
    }

    /// Whether each key can be worked with.
    pub(super) fn sound(&self) -> Vec<(&'static str, Result<(), String>)> {
        let within = |number: u64, least: u64, most: u64| match (least..=most).contains(&number) {
            true => Ok(()),
            false => Err(format!("must be between {least} and {most}")),
        };
        vec![
            ("imports.most_bytes", within(self.most_bytes, 1, 1 << 40)),
            ("imports.most_upload_bytes", within(self.most_upload_bytes, 1 << 20, 1 << 30)),
        ]
    }
}
