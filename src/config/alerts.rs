//! When the mail room is said to be in trouble.

use crate::app;
use chrono::Duration;
use serde::{Deserialize, Serialize};

/// Longer than a week, an alert is none.
const MOST_MINUTES: u32 = 7 * 24 * 60;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Alerts {
    /// A mailbox of ours that was not looked into for so long: 1 to 10080.
    pub mailbox_unchecked_minutes: u32,
    /// A message that waits to be routed for so long.
    pub unrouted_minutes: u32,
    /// A mail of ours that is due and was not sent for so long.
    pub outgoing_minutes: u32,
    /// A message that lies in quarantine for so long.
    pub quarantined_minutes: u32,
}

impl Default for Alerts {
    fn default() -> Self {
        Self {
            mailbox_unchecked_minutes: 30,
            unrouted_minutes: 15,
            outgoing_minutes: 120,
            quarantined_minutes: 24 * 60,
        }
    }
}

impl Alerts {
    pub(super) fn settings(&self) -> app::Alerts {
        let minutes = |number: u32| Duration::minutes(number.into());
        app::Alerts {
            mailbox_unchecked: minutes(self.mailbox_unchecked_minutes),
            unrouted: minutes(self.unrouted_minutes),
            outgoing: minutes(self.outgoing_minutes),
            quarantined: minutes(self.quarantined_minutes),
        }
    }

    /// Whether each key can be worked with.
    pub(super) fn sound(&self) -> Vec<(&'static str, Result<(), String>)> {
        let within = |number: u32| match (1..=MOST_MINUTES).contains(&number) {
            true => Ok(()),
            false => Err(format!("must be between 1 and {MOST_MINUTES}")),
        };
        vec![
            ("alerts.mailbox_unchecked_minutes", within(self.mailbox_unchecked_minutes)),
            ("alerts.unrouted_minutes", within(self.unrouted_minutes)),
            ("alerts.outgoing_minutes", within(self.outgoing_minutes)),
            ("alerts.quarantined_minutes", within(self.quarantined_minutes)),
        ]
    }
}
