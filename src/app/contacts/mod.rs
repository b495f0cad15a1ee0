//! Contacts: recorded, attributed, triaged, measured, handled.
//!
//! `admit` is the one way a contact comes in, `remeasure` the one way verdicts change afterwards; both read only the
//! part of people's histories that a change can reach, for many people in a few statements.

mod admit;
mod answer;
mod attribute_contact;
mod contact_log;
mod conversation;
mod findings;
mod handle_contact;
mod history;
mod neighbours;
mod offers;
mod queues;
mod read_contacts;
mod reading;
mod recent;
mod record_contact;
mod record_contacts;
mod remeasure;
pub mod screener;
mod spocs;
mod tasks_of_contact;
mod tell_recorded;
mod triage_contact;
mod view;
mod waiting;
mod withdraw_contacts;

pub use admit::{Admitted, admit};
pub(crate) use answer::{Answerable, answer_taken_back, answerable, answered};
pub use attribute_contact::{Attributing, Author, Decision, Joins, attribute_contact};
pub(crate) use attribute_contact::{DECIDE_WHOSE_MAIL, is_theirs};
pub use contact_log::contact_log;
pub use conversation::{Said, Side, conversation};
pub(crate) use findings::next_working_day;
pub use handle_contact::{Handled, Handling, handle_contact};
pub use neighbours::{Neighbours, first_to_read, neighbours};
pub use offers::{Offers, what_may_be_done};
pub(crate) use read_contacts::MAY_READ;
pub use read_contacts::{find_contact, list_contacts, list_contacts_of};
pub(crate) use reading::{READING, RECORD_COMPLAINT};
pub use recent::{RecentContacts, recent_contacts};
pub use record_contact::{ContactFacts, Recorded, record_contact};
pub(crate) use record_contact::{MAY_RECORD, MESSAGE_ID, record_in};
pub use record_contacts::{LineResult, record_contacts};
pub use remeasure::recompute_person;
pub(crate) use remeasure::{remeasure, remeasure_regrouped};
pub use tasks_of_contact::{ContactTask, tasks_of_contact};
pub use tell_recorded::{Told, record_and_tell};
pub use triage_contact::{Triage, triage_contact};
pub(crate) use view::cases_behind;
pub use view::{ContactView, MeasuredAgainst, ReadBy, show_contact, show_contacts};
pub use waiting::{Waiting, what_waits};
pub(crate) use withdraw_contacts::{bring_back, withdraw};

pub use crate::store::contacts::{Filter as ContactFilter, Order as ContactOrder, Owed, ReadingKey};
