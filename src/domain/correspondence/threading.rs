//! Message-IDs of ours, signed, so that an answer finds the mail it answers and nobody can make one up.
//!
//! Such an id names a case, never a person: whoever has seen one of our mails knows its id.

use super::InboundMail;
use crate::domain::ids::{EventId, OutgoingId};
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Of the 32 bytes of the signature, so many are written.
const SIGNATURE_BYTES: usize = 16;

/// The id of the mail that `event` asked to be sent to `address`: the same on every attempt, so that a mail made again
/// after a crash is the same mail.
pub fn outgoing_id(event: EventId, address: &str) -> OutgoingId {
    OutgoingId::from_uuid(Uuid::new_v5(&event.as_uuid(), address.trim().to_ascii_lowercase().as_bytes()))
}

/// The Message-ID of an outgoing mail, without angle brackets.
pub fn message_id(secret: &str, domain: &str, outgoing: OutgoingId) -> String {
    let signature = mac(secret, domain, outgoing).finalize().into_bytes();
    let signature: String = signature.iter().take(SIGNATURE_BYTES).map(|byte| format!("{byte:02x}")).collect();
    format!("{outgoing}.{signature}@{domain}")
}

/// Which mail of ours `id` names; `None` when it is not ours or its signature is not. Without a secret nothing is ours.
pub fn verify(secret: &str, domain: &str, id: &str) -> Option<OutgoingId> {
    let (local, id_domain) = id.trim_matches(['<', '>']).rsplit_once('@')?;
    if secret.is_empty() || !id_domain.eq_ignore_ascii_case(domain) {
        return None;
    }
    let (outgoing, signature) = local.split_once('.')?;
    let outgoing: OutgoingId = outgoing.to_ascii_lowercase().parse().ok()?;
    let signature = hex::decode(signature).ok().filter(|bytes| bytes.len() == SIGNATURE_BYTES)?;
    mac(secret, domain, outgoing).verify_truncated_left(&signature).is_ok().then_some(outgoing)
}

/// The mails of ours that `mail` answers, the likeliest first. A place in a case and nothing more.
pub fn answered(mail: &InboundMail, secret: &str, domain: &str) -> Vec<OutgoingId> {
    let ids = mail.in_reply_to.iter().chain(mail.references.iter().rev());
    let mut found = Vec::new();
    for outgoing in ids.filter_map(|id| verify(secret, domain, id)) {
        if !found.contains(&outgoing) {
            found.push(outgoing);
        }
    }
    found
}

/// So many ids of one mail are kept.
pub const MOST_REFERENCES: usize = 50;
/// An id that is longer than a line may be (RFC 5322, 2.1.1) is no id.
const LONGEST_REFERENCE: usize = 998;

/// Every message id a mail names, normalised, each once: its own, those it answers, the first of its thread, and the
/// others from the newest on; at most [`MOST_REFERENCES`].
pub fn references(mail: &InboundMail) -> Vec<String> {
    let others = mail.references.first().into_iter().chain(mail.references.iter().rev());
    let named = mail.message_id.iter().chain(&mail.in_reply_to).chain(others);
    let mut found: Vec<String> = Vec::new();
    for id in named.filter_map(|id| reference(id)) {
        if found.len() == MOST_REFERENCES {
            break;
        }
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// What ids are compared by. Some mail programs change the case of an id.
fn reference(id: &str) -> Option<String> {
    let id: String = id.trim().trim_matches(['<', '>']).trim().to_lowercase().replace('\0', "");
    (!id.is_empty() && id.len() <= LONGEST_REFERENCE).then_some(id)
}

fn mac(secret: &str, domain: &str, outgoing: OutgoingId) -> Hmac<Sha256> {
    // The key is the hash of the secret, so that every secret makes a key of the right length.
    let mut key = hmac::digest::Key::<Hmac<Sha256>>::default();
    key.iter_mut().zip(Sha256::digest(secret.as_bytes())).for_each(|(to, from)| *to = from);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&key);
    mac.update(domain.to_ascii_lowercase().as_bytes());
    mac.update(&[0]);
    mac.update(outgoing.as_uuid().as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "a secret of the test";

    fn outgoing() -> OutgoingId {
        outgoing_id(EventId::from_uuid(Uuid::from_u128(7)), "person@example.org")
    }

    #[test]
    fn our_own_id_is_known_again_even_in_capitals_and_brackets() {
        let id = message_id(SECRET, "psd.example.org", outgoing());
        assert_eq!(verify(SECRET, "psd.example.org", &id), Some(outgoing()));
        assert_eq!(verify(SECRET, "psd.example.org", &format!("<{}>", id.to_uppercase())), Some(outgoing()));
    }

    #[test]
    fn an_id_that_was_made_up_or_changed_is_nobodys() {
        let id = message_id(SECRET, "psd.example.org", outgoing());
        assert_eq!(verify("", "psd.example.org", &message_id("", "psd.example.org", outgoing())), None);
        assert_eq!(verify("another secret", "psd.example.org", &id), None);
        assert_eq!(verify(SECRET, "other.example.org", &id), None);
        assert_eq!(verify(SECRET, "psd.example.org", &id.replacen(|c: char| c.is_ascii_digit(), "f", 1)), None);
        let unsigned = format!("{}.@psd.example.org", outgoing());
        for id in [unsigned.as_str(), "", "@", "x@psd.example.org", "a.b@psd.example.org"] {
            assert_eq!(verify(SECRET, "psd.example.org", id), None);
        }
    }

    #[test]
    fn the_same_event_and_address_always_give_the_same_mail() {
        assert_eq!(outgoing(), outgoing_id(EventId::from_uuid(Uuid::from_u128(7)), " Person@Example.org"));
        assert_ne!(outgoing(), outgoing_id(EventId::from_uuid(Uuid::from_u128(8)), "person@example.org"));
    }

    #[test]
    fn the_ids_a_mail_names_are_kept_once_and_not_without_end() {
        let mut references: Vec<String> = (0..80).map(|n| format!("R{n}@x")).collect();
        references.push("<own@X>".to_owned());
        references.push("y".repeat(2_000));
        let mail = InboundMail {
            message_id: Some("Own@x".to_owned()),
            in_reply_to: vec!["r79@x".to_owned(), String::new()],
            references,
            ..InboundMail::default()
        };
        let found = super::references(&mail);
        assert_eq!(found.len(), MOST_REFERENCES);
        assert_eq!(found[..4], ["own@x", "r79@x", "r0@x", "r78@x"]);
    }

    #[test]
    fn an_answer_is_placed_by_any_id_of_ours_it_carries() {
        let ours = message_id(SECRET, "psd.example.org", outgoing());
        let mail = InboundMail {
            in_reply_to: vec!["foreign@x".into()],
            references: vec![ours, "foreign@x".into()],
            ..InboundMail::default()
        };
        assert_eq!(answered(&mail, SECRET, "psd.example.org"), [outgoing()]);
    }
}
