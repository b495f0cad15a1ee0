//! Mail at the edge of the house: bytes in, proof of who sent them, MIME out.

pub mod authenticate;
pub mod compose;
pub mod deliver;
pub mod extract;
pub mod html;
pub mod inspect;
pub mod mailbox;
pub mod parse;

mod addresses;
mod attachments;
mod body;
mod calendar;
mod charset;
mod encoded_words;
mod fields;
mod limits;
mod media_type;
mod parts;
mod protection;
mod sign;
mod structure;
mod tnef;
mod transfer;

pub use deliver::Delivery;
pub use sign::{DnsRecord, Signer};

/// `Name <a@b>` → `a@b`.
pub fn bare_address(text: &str) -> &str {
    let inner = text.rsplit_once('<').map_or(text, |(_, address)| address);
    inner.trim().trim_end_matches('>')
}
