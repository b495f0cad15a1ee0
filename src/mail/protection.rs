//! How a mail is signed or encrypted, by the labels of its parts and by armour in its text. Nothing is checked or opened.

use super::media_type::MediaType;
use crate::domain::correspondence::{Defect, Protection};
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// Object identifiers of CMS content types, as they stand in the first bytes (RFC 5652).
const SIGNED_DATA: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const FIRST_BYTES: usize = 40;

static ARMOUR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-----BEGIN PGP "));

/// What a part that is no words says. `name` is its file name, because many programs label S/MIME as any file.
pub(super) fn of_part(media: &MediaType, name: &str, bytes: &[u8]) -> Option<Protection> {
    let name = name.to_ascii_lowercase();
    match media.value.as_str() {
        "application/pgp-encrypted" => Some(Protection::PgpEncrypted),
        "application/pgp-signature" => Some(Protection::PgpSigned),
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => Some(Protection::SmimeSigned),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => Some(packed(media, bytes)),
        "application/octet-stream" if name.ends_with(".p7m") => Some(packed(media, bytes)),
        "application/octet-stream" if name.ends_with(".p7s") => Some(Protection::SmimeSigned),
        _ => None,
    }
}

/// RFC 8551 §3.2.2; without the parameter, the bytes tell.
fn packed(media: &MediaType, bytes: &[u8]) -> Protection {
    let said = media.parameter("smime-type").unwrap_or_default().to_ascii_lowercase();
    let start = bytes.get(..FIRST_BYTES).unwrap_or(bytes);
    let signed = said == "signed-data"
        || said.is_empty() && start.windows(SIGNED_DATA.len()).any(|window| window == SIGNED_DATA);
    if signed { Protection::SmimeSealed } else { Protection::SmimeEncrypted }
}

/// Armour on a line of its own; in a quote it is somebody else's.
pub(super) fn of_text(text: &str) -> Option<Protection> {
    ARMOUR.find(text.as_bytes())?;
    let has = |frame: &str| text.lines().any(|line| line.trim_end() == frame);
    if has("-----BEGIN PGP MESSAGE-----") {
        Some(Protection::PgpEncrypted)
    } else if has("-----BEGIN PGP SIGNED MESSAGE-----") {
        Some(Protection::PgpSigned)
    } else {
        None
    }
}

/// What somebody has to know who wonders where the words are.
pub(super) fn defect(protection: Protection) -> Option<Defect> {
    match protection {
        Protection::PgpEncrypted | Protection::SmimeEncrypted => Some(Defect::new(
            "encrypted",
            "the words are encrypted; only who holds the key can read them, and the mail is kept whole",
        )),
        Protection::SmimeSealed => Some(Defect::new(
            "sealed",
            "the words are inside an S/MIME signature, which is not opened here; the mail is kept whole",
        )),
        Protection::PgpSigned | Protection::SmimeSigned => None,
    }
}
