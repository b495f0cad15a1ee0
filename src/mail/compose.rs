//! A mail of ours as bytes: text and HTML side by side, threading headers, and the mark of automatic mail.

use super::Signer;
use chrono::{DateTime, Utc};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};

/// What is to be sent. Words are already rendered.
#[derive(Clone, Debug)]
pub struct OutgoingMail<'a> {
    /// Of ours, signed, without angle brackets.
    pub message_id: &'a str,
    pub from: &'a str,
    /// Who of us speaks, shown before the name in `from`.
    pub speaker_name: Option<&'a str>,
    pub to: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
    pub date: DateTime<Utc>,
    pub origin: Speaker,
    /// The Message-ID of the mail this answers, without angle brackets.
    pub in_reply_to: Option<&'a str>,
    /// The Message-IDs of the thread, the oldest first.
    pub references: &'a [String],
}

/// Who speaks in a mail. What a program sends by itself says so, so that no other program answers it (RFC 3834).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// An officer decided to send exactly this.
    Officer,
    /// The program tells of something, unasked.
    Program,
    /// The program answers a mail.
    AutomaticAnswer,
}

#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    #[error("the {field} address is not a mail address")]
    Address {
        field: &'static str,
        #[source]
        source: lettre::address::AddressError,
    },
    #[error("the mail cannot be composed")]
    Message(#[from] lettre::error::Error),
    #[error("the mail cannot be signed")]
    Sign(#[from] mail_auth::Error),
}

/// Builds the mail, and signs it where there is a key to sign with.
///
/// # Errors
/// When an address is none; when the key cannot sign.
pub fn compose(mail: &OutgoingMail<'_>, signer: Option<&Signer>) -> Result<Vec<u8>, ComposeError> {
    let mime = unsigned(mail)?;
    match signer {
        Some(signer) => Ok(signer.sign(&mime)?),
        None => Ok(mime),
    }
}

fn unsigned(mail: &OutgoingMail<'_>) -> Result<Vec<u8>, ComposeError> {
    let mut message = Message::builder()
        .from(from(mail)?)
        .to(address("To", mail.to)?)
        .subject(mail.subject)
        .date(mail.date.into())
        .message_id(Some(bracketed(mail.message_id)));
    if let Some(answered) = mail.in_reply_to {
        message = message.in_reply_to(bracketed(answered));
    }
    let thread: Vec<String> = mail.references.iter().map(|id| bracketed(id)).collect();
    if !thread.is_empty() {
        message = message.references(thread.join(" "));
    }
    let automatic = match mail.origin {
        Speaker::Officer => None,
        Speaker::Program => Some("auto-generated"),
        Speaker::AutomaticAnswer => Some("auto-replied"),
    };
    if let Some(automatic) = automatic {
        let own = HeaderName::new_from_ascii_str("Auto-Submitted");
        message = message.raw_header(HeaderValue::new(own, automatic.to_owned()));
        // Exchange answers with holiday notices unless it is told not to.
        let suppress = HeaderName::new_from_ascii_str("X-Auto-Response-Suppress");
        message = message.raw_header(HeaderValue::new(suppress, "OOF, AutoReply".to_owned()));
    }
    let body = MultiPart::alternative_plain_html(mail.text.to_owned(), mail.html.to_owned());
    Ok(message.multipart(body)?.formatted())
}

fn from(mail: &OutgoingMail<'_>) -> Result<Mailbox, ComposeError> {
    let ours = address("From", mail.from)?;
    // The library cannot write a name with a control character in it.
    let speaker = mail.speaker_name.map(|name| name.replace(char::is_control, " "));
    let name = match (speaker, ours.name) {
        (Some(speaker), Some(house)) => Some(format!("{speaker}, {house}")),
        (Some(name), None) => Some(name),
        (None, name) => name,
    };
    Ok(Mailbox::new(name, ours.email))
}

fn address(field: &'static str, text: &str) -> Result<Mailbox, ComposeError> {
    text.trim().parse().map_err(|source| ComposeError::Address { field, source })
}

/// An id as a header carries it. Whatever could end the header is left out: ids of others come from their mail.
fn bracketed(id: &str) -> String {
    let clean: String =
        id.chars().filter(|character| character.is_ascii_graphic() && !matches!(character, '<' | '>')).collect();
    format!("<{clean}>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::parse::parse;

    fn mail() -> OutgoingMail<'static> {
        OutgoingMail {
            message_id: "one@psd.example.org",
            from: "Professional Standards <psd@example.org>",
            speaker_name: None,
            to: "person@example.org",
            subject: "Wie Sie uns erreichen – ärgerlich lang, so that it must be folded over more than one line",
            text: "Grüße\n.\nFrom here on\n",
            html: "<p>Grüße</p>",
            date: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
            origin: Speaker::Program,
            in_reply_to: Some("theirs@example.org"),
            references: &[],
        }
    }

    #[test]
    fn what_is_composed_reads_back_the_same() {
        let read = parse(&compose(&mail(), None).unwrap());
        assert_eq!(read.defects, []);
        assert_eq!(read.message_id.as_deref(), Some("one@psd.example.org"));
        assert_eq!(read.subject.as_deref(), Some(mail().subject));
        assert_eq!(read.from.unwrap().name.as_deref(), Some("Professional Standards"));
        assert_eq!(read.date, Some(mail().date));
        assert_eq!(read.text.trim(), "Grüße\n.\nFrom here on");
        assert_eq!(read.html.as_deref().map(str::trim), Some("<p>Grüße</p>"));
        assert_eq!(read.in_reply_to, ["theirs@example.org"]);
        assert_eq!(read.headers.first("auto-submitted"), Some("auto-generated"));
    }

    #[test]
    fn an_officers_letter_does_not_call_itself_automatic() {
        let read = parse(&compose(&OutgoingMail { origin: Speaker::Officer, ..mail() }, None).unwrap());
        assert!(!read.headers.has("auto-submitted"));
    }

    #[test]
    fn whoever_speaks_for_us_is_shown_before_the_house_and_the_address_stays_ours() {
        let named = OutgoingMail { speaker_name: Some("PC \"Ex\" Ämple\r\nBcc: x@example.net"), ..mail() };
        let from = parse(&compose(&named, None).unwrap()).from.unwrap();
        assert_eq!(from.address, "psd@example.org");
        let name = from.name.unwrap();
        assert!(name.starts_with("PC \"Ex\" Ämple") && name.ends_with(", Professional Standards"), "{name}");
        assert!(!parse(&compose(&named, None).unwrap()).headers.has("bcc"));
        let bare = OutgoingMail { from: "psd@example.org", speaker_name: Some("PC Example"), ..mail() };
        assert_eq!(parse(&compose(&bare, None).unwrap()).from.unwrap().name.as_deref(), Some("PC Example"));
    }

    #[test]
    fn nobody_elses_words_become_headers_of_ours() {
        let references = ["a@x>\r\nBcc: victim@example.org".to_owned()];
        let hostile = OutgoingMail { subject: "x\r\nBcc: victim@example.org", references: &references, ..mail() };
        let read = parse(&compose(&hostile, None).unwrap());
        assert!(!read.headers.has("bcc"));
        assert!(compose(&OutgoingMail { to: "a@x.org\r\nBcc: b@x.org", ..mail() }, None).is_err());
    }
}
