//! The numbers of the mail room at `/metrics`: what was kept and routed, and how long each step took.

use super::mailbox_folders::FolderName;
use crate::store::mails::RouteRow;
use chrono::{DateTime, Utc};
use std::time::Duration;

/// A step of a message whose time is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailStep {
    /// From a door's handing it over to its being on the disk; of an import: a batch.
    Keeping,
    Reading,
    /// A batch.
    Deciding,
    /// A batch, without its commit.
    Writing,
    /// A mail of ours, from connecting to the server's answer.
    Delivering,
}

impl MailStep {
    fn as_str(self) -> &'static str {
        match self {
            MailStep::Keeping => "keeping",
            MailStep::Reading => "reading",
            MailStep::Deciding => "deciding",
            MailStep::Writing => "writing",
            MailStep::Delivering => "delivering",
        }
    }
}

/// A step took so long.
pub(crate) fn took(step: MailStep, duration: Duration) {
    metrics::histogram!("evenhand_mail_step_seconds", "step" => step.as_str()).record(duration.as_secs_f64());
}

/// A message came in by a door.
pub(super) fn kept(door: &'static str, duplicate: bool) {
    let how = if duplicate { "duplicate" } else { "new" };
    metrics::counter!("evenhand_mail_kept_total", "door" => door, "kept" => how).increment(1);
}

/// Messages ended in these states. Counted before their commit: a batch that fails and is tried again counts twice.
pub(super) fn routed(routes: &[RouteRow]) {
    for route in routes {
        metrics::counter!("evenhand_mail_routed_total", "state" => route.state.clone()).increment(1);
    }
}

/// When all there is in a folder of a mailbox of ours was last seen to be kept.
pub(super) fn mailbox_checked(name: &FolderName, at: DateTime<Utc>) {
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are exact in an f64")]
    let seconds = at.timestamp() as f64;
    metrics::gauge!("evenhand_mailbox_checked_timestamp_seconds", "mailbox" => name.to_string()).set(seconds);
}
