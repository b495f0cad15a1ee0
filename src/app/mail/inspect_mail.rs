//! What the gateway understands of a message, without keeping it.

use super::in_time::{Outcome, each_in_time};
use crate::domain::correspondence::OurMail;
use crate::mail::inspect::{Fault, Inspection, inspect};
use std::time::Duration;

/// Understands one message; whatever the bytes, there is an answer.
pub fn inspect_mail(raw: &[u8], our_addresses: &[String], message_id_domain: &str) -> Inspection {
    inspect(raw, OurMail { addresses: our_addresses, message_id_domain })
}

/// The same, and soon: what takes longer than `limit` is answered with the defect `too-slow` and nothing else.
pub fn inspect_in_time(raw: Vec<u8>, our_addresses: Vec<String>, domain: String, limit: Duration) -> Inspection {
    let outcomes = each_in_time(vec![raw], limit, move |raw| inspect_mail(raw, &our_addresses, &domain));
    match outcomes.ok().and_then(|mut outcomes| outcomes.pop()) {
        Some(Outcome::Done(inspection)) => inspection,
        Some(Outcome::Panicked) => nothing_but("unreadable", "this mail could not be read by the program".to_owned()),
        Some(Outcome::TooLong) | None => {
            let sentence = format!("reading this mail takes longer than {} seconds; it was given up", limit.as_secs());
            nothing_but("too-slow", sentence)
        }
    }
}

fn nothing_but(code: &'static str, sentence: String) -> Inspection {
    Inspection { defects: vec![Fault { code, sentence }], ..inspect_mail(&[], &[], "") }
}
