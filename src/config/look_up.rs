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
}

impl Default for LookUp {
    fn default() -> Self {
        Self { remembered: 5000, patience_ms: 2000 }
    }
}

impl LookUp {
    pub(super) fn settings(&self) -> app::LookUp {
        app::LookUp {
            remembered: usize::try_from(self.remembered).unwrap_or(usize::MAX),
            patience: Duration::from_millis(self.patience_ms.into()),
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
        ]
    }
}
