//! How a caller is looked up while the database does not answer.

use crate::app;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LookUp {
    /// People, and numbers, that are kept in mind at most, each: 100 to 100000. A person takes a few kilobytes.
    pub remembered: u32,
    /// Milliseconds the database may take before the answer comes from memory: 100 to 10000.
    pub patience_ms: u32,
    /// Milliseconds an answer waits for the entry of who looked to be on the disk: 0 to 2000. After that, and while this
    /// program imports calls, it goes out with the entry on its way; one that is on its way when the machine fails is lost.
    pub log_wait_ms: u32,
}

impl Default for LookUp {
    fn default() -> Self {
        Self { remembered: 5000, patience_ms: 2000, log_wait_ms: 1 }
    }
}

impl LookUp {
    pub(super) fn settings(&self) -> app::LookUp {
        app::LookUp {
            remembered: usize::try_from(self.remembered).unwrap_or(usize::MAX),
            patience: Duration::from_millis(self.patience_ms.into()),
            log_wait: Duration::from_millis(self.log_wait_ms.into()),
        }
    }

    /// Whether each key can be worked with.
    pub(super) fn sound(&self) -> Vec<(&'static str, Result<(), String>)> {
        let within = |number: u32, least: u32, most: u32| match (least..=most).contains(&number) {
            true => Ok(()),
            false => Err(format!("must be between {least} and {most}")),
        };
        vec![
            ("look_up.remembered", within(self.remembered, 100, 100_000)),
            ("look_up.patience_ms", within(self.patience_ms, 100, 10_000)),
            ("look_up.log_wait_ms", within(self.log_wait_ms, 0, 2_000)),
        ]
    }
}
