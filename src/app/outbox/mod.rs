//! Mail out. The one choke point: a use case queues a mail in its own transaction, a job sends it; nothing else does.
//!
//! A mail is composed once, when it is queued, and every attempt sends the same bytes under the same Message-ID. A mail
//! that was sent is never sent again. Between handing it over and our note that it was taken lies a time in which a
//! crash, or a server that falls silent, leaves the truth unknown: such a mail is noted as uncertain and goes out once
//! more, which receiving systems know by the Message-ID as the same mail.
//!
//! What could not be delivered for good is not tried at the same address for a time; a person is told, never nobody.

mod acknowledge;
mod another_way;
mod ask;
mod begin;
mod cancel_mail;
mod explain_outgoing;
mod noted;
mod our_mails;
mod queue_mail;
mod read_outgoing;
mod reply;
mod send_mail;
mod undeliverable;

pub(crate) use another_way::{Loss, Lost, ask_for_another_way};
pub use our_mails::{OurMail, OurMailInFull, Tray, count_waiting, list_our_mails, read_our_mail};
pub use queue_mail::{Draft, Origin, Queued, SEND_MAIL, queue_mail};
pub use reply::{Reply, ReplyForm, ReplyText, preview_reply, reply_form, reply_to_contact};
pub use send_mail::{give_up, send_mails, send_waiting};
pub use undeliverable::UNDELIVERABLE_FOR;
pub(crate) use undeliverable::{comparable, lift_mark, mark_undeliverable};
mod stop;

pub(crate) use acknowledge::acknowledge;
pub use cancel_mail::cancel_mail;
pub use explain_outgoing::{OutgoingLog, explain_outgoing};
pub use read_outgoing::{AttemptView, OutgoingView, list_outgoing};
pub(crate) use stop::SENDING_STOPPED;
pub use stop::{read_stop, restart_sending, show_stop};

use crate::domain::ids::OutgoingId;

/// Who speaks, as the database says it.
const OFFICER: &str = "officer";
const PROGRAM: &str = "program";
const AUTOMATIC_ANSWER: &str = "automatic_answer";

/// The key of the job that sends a mail.
fn job_key(mail: OutgoingId) -> String {
    format!("send:{mail}")
}
