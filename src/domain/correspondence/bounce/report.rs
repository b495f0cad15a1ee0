//! The fields of delivery reports (RFC 3464) and complaints (RFC 5965).

use super::FailedRecipient;
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
        _ => super::words::is_permanent("", diagnostic),
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
