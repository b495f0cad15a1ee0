//! Mail in: kept first, routed after. Mail out is `app::outbox`'s.

mod digest;
mod explain_mail;
mod import_mail;
mod in_time;
mod inspect_mail;
mod keep_mail;
mod list_mail;
mod log;
mod mailbox_folders;
mod numbers;
mod read_mail;
mod route_mail;
mod settle_bounce;
mod settle_mail;
mod thread;
mod watch;

pub use explain_mail::{Explanation, explain_mail};
pub use import_mail::{Imported, Until, import_mail};
pub use inspect_mail::{inspect_in_time, inspect_mail};
pub use keep_mail::{Incoming, Kept, MailSource, keep_delivery, keep_mail, keep_mails};
pub use list_mail::{MailInState, MailState, Rerouted, list_mail, reroute_mails};
pub use log::LogEntry;
pub use mailbox_folders::{
    FolderName, MailboxFolderView, Position, ask_to_fetch_by_hand, folder_position, list_mailboxes, note_position,
    note_trouble,
};
pub(crate) use numbers::{MailStep, took};
pub use read_mail::{read_attachment, read_mail};
pub use route_mail::{ROUTE_MAIL, reroute_mail, route_mails, route_waiting};
pub(crate) use watch::MAIL_TROUBLE;
pub use watch::watch_mail;
