//! What the gateway understands of a message, without keeping it.

use crate::domain::correspondence::OurMail;
use crate::mail::inspect::{Inspection, inspect};

/// Understands one message; whatever the bytes, there is an answer.
pub fn inspect_mail(raw: &[u8], our_addresses: &[String], message_id_domain: &str) -> Inspection {
    inspect(raw, OurMail { addresses: our_addresses, message_id_domain })
}
