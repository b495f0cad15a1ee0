//! Signatures by Standard Webhooks 1.0.0: `v1,` and the base64 of an HMAC-SHA256 over `id.timestamp.body`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// What a receiver checks our signatures with.
pub struct Secret(Vec<u8>);

/// The machine could not take a signature.
#[derive(Debug, thiserror::Error)]
#[error("no signature can be taken")]
pub struct SigningFault(#[from] hmac::digest::InvalidLength);

impl Secret {
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// As the receiver is given it, once: `whsec_…`.
    pub fn shown_once(&self) -> String {
        format!("whsec_{}", STANDARD.encode(&self.0))
    }
}

/// The header `webhook-signature`: a signature by each secret, a space between.
///
/// # Errors
/// Where none can be taken.
pub fn signatures(secrets: &[Secret], (id, timestamp): (&str, i64), body: &str) -> Result<String, SigningFault> {
    let signed = secrets.iter().map(|secret| {
        let mut hmac = Hmac::<Sha256>::new_from_slice(&secret.0)?;
        hmac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        Ok(format!("v1,{}", STANDARD.encode(hmac.finalize().into_bytes())))
    });
    Ok(signed.collect::<Result<Vec<_>, SigningFault>>()?.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::Digest;

    /// RFC 2104 written out, so that the library is not measured by itself.
    fn hmac_by_hand(key: &[u8], message: &[u8]) -> Vec<u8> {
        let mut block = [0_u8; 64];
        block[..key.len()].copy_from_slice(key);
        let pad = |with: u8| block.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
        let inner = Sha256::digest([pad(0x36).as_slice(), message].concat());
        Sha256::digest([pad(0x5c).as_slice(), &inner].concat()).to_vec()
    }

    fn secret(text: &str) -> Secret {
        Secret::new(STANDARD.decode(text.strip_prefix("whsec_").unwrap()).unwrap())
    }

    /// The example that the implementations of Standard Webhooks test themselves by.
    #[test]
    fn a_signature_is_the_one_that_other_implementations_make() {
        let body = r#"{"test": 2432232314}"#;
        let made = signatures(
            &[secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")],
            ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330),
            body,
        );
        assert_eq!(made.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn while_two_secrets_count_there_are_two_signatures_the_newer_first() {
        let (new, old) = (vec![7_u8; 32], vec![9_u8; 32]);
        let body = r#"{"specversion":"1.0"}"#;
        let by_hand = |key: &[u8]| STANDARD.encode(hmac_by_hand(key, format!("e-1.1780304400.{body}").as_bytes()));
        let expected = format!("v1,{} v1,{}", by_hand(&new), by_hand(&old));
        let made = signatures(&[Secret::new(new), Secret::new(old)], ("e-1", 1_780_304_400), body);
        assert_eq!(made.unwrap(), expected);
    }

    #[test]
    fn a_secret_is_given_out_as_the_standard_writes_it() {
        assert_eq!(Secret::new(vec![0; 24]).shown_once(), format!("whsec_{}", "A".repeat(32)));
    }
}
