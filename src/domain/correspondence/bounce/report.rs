//! The fields of delivery reports (RFC 3464) and complaints (RFC 5965).

use super::outcome::{Delivery, Outcome, shortened};
use super::{FailedRecipient, words};
use crate::domain::correspondence::InboundMail;

/// One block of `Name: value` lines.
#[derive(Default)]
struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Every recipient a report names as failed or delayed, or a complaint names at all.
pub(super) fn recipients(mail: &InboundMail) -> Vec<FailedRecipient> {
    let kinds = ["message/delivery-status", "message/global-delivery-status", "message/feedback-report"];
    let reports = mail.embedded.iter().filter(|part| kinds.contains(&part.media_type.as_str()));
    let mut found: Vec<FailedRecipient> =
        reports.flat_map(|part| blocks(&part.text)).filter_map(|block| recipient(&block)).collect();
    if found.is_empty() && mail.text.to_ascii_lowercase().contains("final-recipient:") {
        found = blocks(&mail.text).iter().filter_map(recipient).collect();
    }
    found
}

/// What a report says of each recipient, reached or not; a complaint says nothing of deliveries.
pub(super) fn deliveries(mail: &InboundMail) -> Vec<Delivery> {
    let kinds = ["message/delivery-status", "message/global-delivery-status"];
    let reports = mail.embedded.iter().filter(|part| kinds.contains(&part.media_type.as_str()));
    let found: Vec<Delivery> =
        reports.flat_map(|part| blocks(&part.text)).filter_map(|block| delivery(&block)).collect();
    if found.is_empty() && mail.text.to_ascii_lowercase().contains("final-recipient:") {
        return blocks(&mail.text).iter().filter_map(delivery).collect();
    }
    found
}

fn delivery(block: &Fields) -> Option<Delivery> {
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
    let all: Vec<Fields> = reports.flat_map(|part| blocks(&part.text)).collect();
    let named = names.iter().flat_map(|name| all.iter().filter_map(|block| block.get(name)));
    named.map(str::to_owned).collect()
}

/// The Message-ID a report itself names.
pub(super) fn original_message_id(mail: &InboundMail) -> Option<String> {
    let all = mail.embedded.iter().flat_map(|part| blocks(&part.text));
    let named = all.into_iter().find_map(|block| {
        let names = ["original-message-id", "x-original-message-id", "message-id"];
        names.iter().find_map(|name| block.get(name).map(str::to_owned))
    });
    named.map(|id| id.trim_matches(['<', '>', ' ']).to_owned()).filter(|id| !id.is_empty())
}

fn recipient(block: &Fields) -> Option<FailedRecipient> {
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

/// Splits at blank lines; folded lines belong to the line before.
fn blocks(text: &str) -> Vec<Fields> {
    let mut blocks = vec![Fields::default()];
    for line in text.lines() {
        if line.trim().is_empty() {
            blocks.push(Fields::default());
            continue;
        }
        let Some(Fields(fields)) = blocks.last_mut() else { continue };
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    blocks
}
