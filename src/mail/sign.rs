//! Signs our mail, so that whoever receives it can tell that it is ours (DKIM, RFC 6376; Ed25519: RFC 8463).
//!
//! What is signed are the very bytes that leave. Every field that says who speaks, to whom and in which thread is signed,
//! those that a mail lacks too, so that nobody can add one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_auth::common::crypto::{Ed25519Key, RsaKey, Sha256};
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::{Canonicalization, DkimSigner, Done};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

const SIGNED: [&str; 12] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
];

/// An RSA key must have so many bits (RFC 8301 §3.2 says SHOULD).
const LEAST_BITS: usize = 2048;

/// Signs with one key of one domain.
pub struct Signer {
    key: Key,
    record: DnsRecord,
}

enum Key {
    Rsa(Box<DkimSigner<RsaKey<Sha256>, Done>>),
    Ed25519(Box<DkimSigner<Ed25519Key, Done>>),
}

/// What has to be published for the signatures to be believed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DnsRecord {
    /// `selector._domainkey.example.police.uk`
    pub name: String,
    /// Of a TXT record. One that is longer than 255 bytes is published as several strings, which read as one.
    pub value: String,
}

impl Signer {
    /// `key`: a private key in PEM, RSA (PKCS#1 or PKCS#8, 2048 bits or more) or Ed25519 (PKCS#8).
    ///
    /// # Errors
    /// What is wrong with the key; never a word of it.
    pub fn new(domain: &str, selector: &str, key: &str) -> Result<Self, String> {
        let unfit = "is no private key in PEM, RSA (PKCS#1 or PKCS#8) or Ed25519 (PKCS#8), without a passphrase";
        let der = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_unhelpful| unfit.to_owned())?;
        let (key, kind, public) = match Ed25519Key::from_pkcs8_der(der.secret_der()) {
            Ok(key) => {
                let public = key.public_key();
                let signer = DkimSigner::from_key(key).domain(domain).selector(selector).headers(SIGNED);
                (Key::Ed25519(Box::new(relaxed(signer))), "ed25519", public)
            }
            Err(_other) => {
                let key = RsaKey::<Sha256>::from_key_der(der).map_err(|_unhelpful| unfit.to_owned())?;
                let public = key.public_key();
                // Whatever else the public key says, it is longer than its modulus.
                if public.len() * 8 < LEAST_BITS {
                    return Err(format!("is an RSA key of fewer than {LEAST_BITS} bits (RFC 8301)"));
                }
                let signer = DkimSigner::from_key(key).domain(domain).selector(selector).headers(SIGNED);
                (Key::Rsa(Box::new(relaxed(signer))), "rsa", public_key_info(&public))
            }
        };
        let value = format!("v=DKIM1; k={kind}; p={}", STANDARD.encode(public));
        Ok(Self { key, record: DnsRecord { name: format!("{selector}._domainkey.{domain}"), value } })
    }

    pub fn record(&self) -> &DnsRecord {
        &self.record
    }

    /// The mail with its signature above it.
    ///
    /// # Errors
    /// Where the key cannot sign.
    pub(super) fn sign(&self, mime: &[u8]) -> Result<Vec<u8>, mail_auth::Error> {
        let signature = match &self.key {
            Key::Rsa(signer) => signer.sign(mime)?,
            Key::Ed25519(signer) => signer.sign(mime)?,
        };
        Ok([signature.to_header().as_bytes(), mime].concat())
    }
}

/// Servers on the way fold lines and take blanks away: that breaks no signature.
fn relaxed<T: mail_auth::common::crypto::SigningKey>(signer: DkimSigner<T, Done>) -> DkimSigner<T, Done> {
    signer.header_canonicalization(Canonicalization::Relaxed).body_canonicalization(Canonicalization::Relaxed)
}

/// An RSAPublicKey as SubjectPublicKeyInfo, which is what records hold (RFC 6376, erratum 3017).
fn public_key_info(rsa: &[u8]) -> Vec<u8> {
    const ALGORITHM: [u8; 15] =
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let bits = tagged(0x03, &[&[0], rsa].concat());
    tagged(0x30, &[&ALGORITHM, bits.as_slice()].concat())
}

/// One value in DER.
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let head = match u8::try_from(length) {
        Ok(short) if short < 0x80 => vec![tag, short],
        _ => [vec![tag, 0x80 | u8::try_from(bytes.len()).unwrap_or_default()], bytes].concat(),
    };
    [head, content.to_vec()].concat()
}
