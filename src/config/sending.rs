//! How much mail of ours may leave, and how long it may be taken back.

use crate::app::{self, Budget, Budgets};
use chrono::Duration;
use serde::{Deserialize, Serialize};

/// Longer than an hour, nobody would know any more whether a mail was sent.
const MOST_UNDO_SECONDS: u32 = 3600;
/// So many mails in any of the windows are no budget.
const MOST_MAILS: u32 = 1_000_000;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sending {
    /// So long a queued mail waits and may be taken back: 0 to 3600.
    pub undo_seconds: u32,
    /// Mails to one address; what is over waits.
    pub recipient_per_hour: u32,
    pub recipient_per_day: u32,
    /// Mails for one case; what is over waits.
    pub case_per_day: u32,
    /// Mails in all; one more stops sending until an officer lets it go on.
    pub all_per_ten_minutes: u32,
    pub all_per_day: u32,
    /// So many automatic answers asked for to one address within an hour are a loop, and stop sending.
    pub loop_answers_per_hour: u32,
    /// Whether mail of proven senders is acknowledged by the program itself.
    pub acknowledge: bool,
    /// A sender gets no second acknowledgement before: 1 to 8760.
    pub acknowledge_every_hours: u32,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            undo_seconds: 30,
            recipient_per_hour: 5,
            recipient_per_day: 20,
            case_per_day: 50,
            all_per_ten_minutes: 200,
            all_per_day: 1_000,
            loop_answers_per_hour: 10,
            acknowledge: false,
            acknowledge_every_hours: 24,
        }
    }
}

impl Sending {
    pub(super) fn settings(&self) -> app::Sending {
        let budget = |most: u32, window: Duration| Budget { most, window };
        let (hour, day) = (Duration::hours(1), Duration::hours(24));
        app::Sending {
            undo: Duration::seconds(self.undo_seconds.into()),
            budgets: Budgets {
                recipient: vec![budget(self.recipient_per_hour, hour), budget(self.recipient_per_day, day)],
                case: vec![budget(self.case_per_day, day)],
                all: vec![budget(self.all_per_ten_minutes, Duration::minutes(10)), budget(self.all_per_day, day)],
                a_loop: budget(self.loop_answers_per_hour, hour),
            },
            acknowledge_every: self.acknowledge.then(|| Duration::hours(self.acknowledge_every_hours.into())),
        }
    }

    /// Whether each key can be worked with.
    pub(super) fn sound(&self) -> Vec<(&'static str, Result<(), String>)> {
        let within = |number: u32, least: u32, most: u32| match (least..=most).contains(&number) {
            true => Ok(()),
            false => Err(format!("must be between {least} and {most}")),
        };
        let mails = |number: u32| within(number, 1, MOST_MAILS);
        vec![
            ("sending.undo_seconds", within(self.undo_seconds, 0, MOST_UNDO_SECONDS)),
            ("sending.recipient_per_hour", mails(self.recipient_per_hour)),
            ("sending.recipient_per_day", mails(self.recipient_per_day)),
            ("sending.case_per_day", mails(self.case_per_day)),
            ("sending.all_per_ten_minutes", mails(self.all_per_ten_minutes)),
            ("sending.all_per_day", mails(self.all_per_day)),
            ("sending.loop_answers_per_hour", within(self.loop_answers_per_hour, 2, MOST_MAILS)),
            ("sending.acknowledge_every_hours", within(self.acknowledge_every_hours, 1, 8_760)),
        ]
    }
}
