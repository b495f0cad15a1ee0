//! The fields of delivery reports (RFC 3464) and complaints (RFC 5965).

use super::outcome::{Delivery, Outcome, shortened};
use super::{FailedRecipient, words};
use crate::domain::correspondence::{InboundMail, lines};
use std::borrow::Cow;

/// One block of `Name: value` lines.
struct Fields<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl Fields<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_ref())
    }
}

/// Every recipient a report names as failed or delayed, or a complaint names at all.
pub(super) fn recipients(mail: &InboundMail) -> Vec<FailedRecipient> {
    let kinds = ["message/delivery-status", "message/global-delivery-status", "message/feedback-report"];
    let reports = mail.embedded.iter().filter(|part| kinds.contains(&part.media_type.as_str()));
    let mut found: Vec<FailedRecipient> =
        reports.flat_map(|part| blocks(&part.text)).filter_map(|block| recipient(&block)).collect();
    if found.is_empty() && names_a_recipient(&mail.text) {
        found = blocks(&mail.text).filter_map(|block| recipient(&block)).collect();
    }
    found
}

/// What a report says of each recipient, reached or not; a complaint says nothing of deliveries.
pub(super) fn deliveries(mail: &InboundMail) -> Vec<Delivery> {
    let kinds = ["message/delivery-status", "message/global-delivery-status"];
    let reports = mail.embedded.iter().filter(|part| kinds.contains(&part.media_type.as_str()));
    let found: Vec<Delivery> =
        reports.flat_map(|part| blocks(&part.text)).filter_map(|block| delivery(&block)).collect();
    if found.is_empty() && names_a_recipient(&mail.text) {
        return blocks(&mail.text).filter_map(|block| delivery(&block)).collect();
    }
    found
}

/// Whether `Final-Recipient:` stands in the text, in any case.
fn names_a_recipient(text: &str) -> bool {
    let (before, name) = ("Final".len(), "Final-Recipient:");
    memchr::memchr_iter(b'-', text.as_bytes()).any(|dash| {
        let from = dash.checked_sub(before);
        let named = from.and_then(|from| text.as_bytes().get(from..from + name.len()));
        named.is_some_and(|named| named.eq_ignore_ascii_case(name.as_bytes()))
    })
}

fn delivery(block: &Fields<'_>) -> Option<Delivery> {
    let names = ["original-recipient", "final-recipient", "x-actual-recipient", "original-rcpt-to"];
    let mut addresses: Vec<String> = Vec::new();
    for address in names.iter().filter_map(|name| block.get(name).and_then(address_of)) {
        if !addresses.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        return None;
    }
    let action = block.get("action").unwrap_or("failed").to_ascii_lowercase();
    let (status, diagnostic) = (block.get("status").unwrap_or_default(), block.get("diagnostic-code"));
    let diagnostic = diagnostic.unwrap_or_default();
    let begins = |word: &str| action.starts_with(word);
    let outcome = match () {
        () if begins("delivered") => Outcome::Delivered,
        () if begins("relayed") || begins("expanded") => Outcome::Relayed,
        () if begins("delayed") => Outcome::Delayed,
        () if is_permanent(&action, status, diagnostic) => Outcome::FailedPermanently,
        () => Outcome::FailedForNow,
    };
    let status = words::status(status).or_else(|| words::status(diagnostic));
    Some(Delivery { addresses, outcome, status, diagnostic: shortened(diagnostic) })
}

/// Every id by which a report itself names the mail it is about.
pub(super) fn original_ids(mail: &InboundMail) -> Vec<String> {
    let names = ["original-message-id", "x-original-message-id", "message-id", "original-envelope-id"];
    let kinds = ["message/delivery-status", "message/global-delivery-status"];
    let reports = mail.embedded.iter().filter(|part| kinds.contains(&part.media_type.as_str()));
    let all: Vec<Fields<'_>> = reports.flat_map(|part| blocks(&part.text)).collect();
    let named = names.iter().flat_map(|name| all.iter().filter_map(|block| block.get(name)));
    named.map(str::to_owned).collect()
}

/// The Message-ID a report itself names.
pub(super) fn original_message_id(mail: &InboundMail) -> Option<String> {
    let mut all = mail.embedded.iter().flat_map(|part| blocks(&part.text));
    let named = all.find_map(|block| {
        let names = ["original-message-id", "x-original-message-id", "message-id"];
        names.iter().find_map(|name| block.get(name).map(str::to_owned))
    });
    named.map(|id| id.trim_matches(['<', '>', ' ']).to_owned()).filter(|id| !id.is_empty())
}

fn recipient(block: &Fields<'_>) -> Option<FailedRecipient> {
    let action = block.get("action").unwrap_or("failed").to_ascii_lowercase();
    if ["delivered", "relayed", "expanded"].iter().any(|word| action.starts_with(word)) {
        return None;
    }
    let names = ["final-recipient", "original-recipient", "x-actual-recipient", "original-rcpt-to"];
    let address = names.iter().find_map(|name| block.get(name).and_then(address_of))?;
    let status = block.get("status").unwrap_or_default();
    let diagnostic = block.get("diagnostic-code").unwrap_or_default();
    Some(FailedRecipient { address, permanent: is_permanent(&action, status, diagnostic) })
}

/// `rfc822; <a@b>` and its variants, as long as it is a mail address.
fn address_of(value: &str) -> Option<String> {
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    let address = address.split('(').next().unwrap_or_default().trim().trim_matches(['<', '>']).trim();
    let whole = address.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
    let address = whole.unwrap_or(address);
    // A pipe, a local user or an old source route (`@relay:a@b`) is not the address that was written to.
    let is_address =
        address.contains('@') && !address.starts_with(['@', '|', '/']) && !address.contains(char::is_whitespace);
    is_address.then(|| address.to_owned())
}

fn is_permanent(action: &str, status: &str, diagnostic: &str) -> bool {
    if action.starts_with("delayed") {
        return false;
    }
    match status.trim().bytes().next() {
        Some(b'5') => true,
        Some(b'4') => false,
        _ => words::is_permanent("", diagnostic),
    }
}

/// Splits at blank lines; folded lines belong to the line before. Blocks without a field are left out.
fn blocks(text: &str) -> impl Iterator<Item = Fields<'_>> {
    let mut lines = lines::lines(text);
    std::iter::from_fn(move || {
        let mut fields = Vec::new();
        for line in lines.by_ref() {
            if line.trim_start().is_empty() {
                if fields.is_empty() {
                    continue;
                }
                break;
            }
            add(&mut fields, line);
        }
        (!fields.is_empty()).then_some(Fields(fields))
    })
}

fn add<'a>(fields: &mut Vec<(&'a str, Cow<'a, str>)>, line: &'a str) {
    if line.starts_with([' ', '\t']) {
        if let Some((_, value)) = fields.last_mut() {
            let value = value.to_mut();
            value.push(' ');
            value.push_str(line.trim());
        }
    } else if let Some(colon) = memchr::memchr(b':', line.as_bytes()) {
        let (name, value) = line.split_at_checked(colon).unwrap_or_default();
        fields.push((name.trim(), value.strip_prefix(':').unwrap_or(value).trim().into()));
    }
}
