//! The address that reports about one mail of ours come back to: `bounces+<id><signature>@domain`, so that a report finds
//! the mail however little the server says (VERP). It is signed like our Message-IDs, under a key of its own.

use crate::domain::ids::OutgoingId;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Of the 32 bytes of the signature, so many are written: a local part has room for 64 letters (RFC 5321 §4.5.3.1.1).
const SIGNATURE_BYTES: usize = 8;
const ID_LETTERS: usize = 32;
/// What is added to the local part of the configured address: `+`, the id and the signature.
pub const ADDED_LETTERS: usize = 1 + ID_LETTERS + 2 * SIGNATURE_BYTES;

/// The envelope sender of a mail; `None` where the configured address is none.
pub fn return_path(secret: &str, address: &str, outgoing: OutgoingId) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let signature = mac(secret, outgoing).finalize().into_bytes();
    let signature: String = signature.iter().take(SIGNATURE_BYTES).map(|byte| format!("{byte:02x}")).collect();
    Some(format!("{local}+{}{signature}@{domain}", outgoing.as_uuid().simple()))
}

/// Which mail of ours a report to this address is about; `None` where it is not such an address or we did not sign it.
/// Case does not matter: servers change it.
pub fn verify(secret: &str, address: &str, recipient: &str) -> Option<OutgoingId> {
    let (address, recipient) = (address.to_ascii_lowercase(), recipient.trim().to_ascii_lowercase());
    let (local, domain) = address.rsplit_once('@')?;
    let (their_local, their_domain) = recipient.rsplit_once('@')?;
    if secret.is_empty() || their_domain != domain {
        return None;
    }
    let signed = their_local.strip_prefix(local)?.strip_prefix('+')?;
    let (id, signature) = signed.split_at_checked(ID_LETTERS)?;
    let outgoing = OutgoingId::from_uuid(Uuid::try_parse(id).ok()?);
    let signature = hex::decode(signature).ok().filter(|bytes| bytes.len() == SIGNATURE_BYTES)?;
    mac(secret, outgoing).verify_truncated_left(&signature).is_ok().then_some(outgoing)
}

fn mac(secret: &str, outgoing: OutgoingId) -> Hmac<Sha256> {
    let mut key = hmac::digest::Key::<Hmac<Sha256>>::default();
    key.iter_mut().zip(Sha256::digest(secret.as_bytes())).for_each(|(to, from)| *to = from);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&key);
    // No signature of a Message-ID is one of an address.
    mac.update(b"return path\0");
    mac.update(outgoing.as_uuid().as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OURS: &str = "bounces@psd.example.org";
    const SECRET: &str = "a secret of the test";

    proptest! {
        #[test]
        fn what_we_signed_is_known_again_and_nothing_else(id in any::<u128>(), at in 0_usize..48, to in "[0-9a-f]") {
            let outgoing = OutgoingId::from_uuid(Uuid::from_u128(id));
            let address = return_path(SECRET, OURS, outgoing).unwrap();
            prop_assert_eq!(address.split('@').next().unwrap().len(), "bounces".len() + ADDED_LETTERS);
            prop_assert_eq!(verify(SECRET, OURS, &address), Some(outgoing));
            prop_assert_eq!(verify(SECRET, OURS, &address.to_uppercase()), Some(outgoing));
            prop_assert_eq!(verify("another", OURS, &address), None);
            prop_assert_eq!(verify(SECRET, "other@psd.example.org", &address), None);
            prop_assert_eq!(verify(SECRET, "bounces@example.org", &address), None);
            let mut changed = address.clone();
            changed.replace_range(8 + at..9 + at, &to);
            prop_assert!(changed == address || verify(SECRET, OURS, &changed).is_none());
        }

        #[test]
        fn no_text_makes_it_fail(text in ".{0,80}") {
            let _whatever = (verify(SECRET, OURS, &text), verify(SECRET, &text, OURS));
        }
    }
}
