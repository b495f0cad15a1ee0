//! Letters and mails as values: what came in, what kind of mail it is, which words in it are new, where a reply belongs.
//!
//! Pure functions over an [`InboundMail`] that `mail::parse` has read; nothing here decides who sent it.

pub mod automatic;
pub mod bounce;
pub mod budget;
mod inbound;
mod invitation;
mod lines;
pub mod lookalike;
pub mod may_answer;
pub mod quote;
pub mod retry;
pub mod return_path;
pub mod threading;

pub use automatic::{Automatic, MailKind, OurMail, judge};
pub use inbound::{
    Attachment, Defect, Embedded, HeaderField, Headers, Hint, HintRole, InboundMail, Mailbox, Protection,
};
pub use invitation::Invitation;
