//! One mail as it was understood. What could not be understood is in `defects`; nothing is left out silently.

use super::invitation::Invitation;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// A mail after reading. Message ids are kept without their angle brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboundMail {
    pub message_id: Option<String>,
    /// The author the mail names: a claim until it is authenticated.
    pub from: Option<Mailbox>,
    /// Every address of every From header, in order. More than one can never be verified.
    pub from_all: Vec<Mailbox>,
    /// Where the sender would like the answer. Never identity.
    pub reply_to: Vec<Mailbox>,
    pub sender: Option<Mailbox>,
    pub to: Vec<Mailbox>,
    pub cc: Vec<Mailbox>,
    pub subject: Option<String>,
    /// The sender's own clock. Shown, and never used to decide anything.
    pub date: Option<DateTime<Utc>>,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    /// Every header field in the order of the mail, topmost first.
    pub headers: Headers,
    /// The words to read: the plain text, and where a part came as HTML only, its text.
    pub text: String,
    /// The HTML as it was sent: hostile until it has been through `mail::html::safe_html`.
    pub html: Option<String>,
    /// What the HTML says about lines of `text` that came of it.
    pub hints: Vec<Hint>,
    pub attachments: Vec<Attachment>,
    pub invitations: Vec<Invitation>,
    /// How the mail is signed or encrypted. Nothing of this is checked or opened.
    pub protection: Vec<Protection>,
    /// Machine-readable and returned parts (delivery reports, the returned mail): text, cut to a fixed length.
    pub embedded: Vec<Embedded>,
    pub defects: Vec<Defect>,
}

impl InboundMail {
    /// The first embedded part of this media type.
    pub fn embedded(&self, media_type: &str) -> Option<&str> {
        self.embedded.iter().find(|part| part.media_type == media_type).map(|part| part.text.as_str())
    }

    /// The media type of the whole mail, lower case, without parameters; empty when it names none.
    pub fn media_type(&self) -> String {
        let value = self.headers.first("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    pub fn has_defect(&self, code: &str) -> bool {
        self.defects.iter().any(|defect| defect.code == code)
    }
}

/// An address with the name shown beside it, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailbox {
    pub address: String,
    pub name: Option<String>,
}

impl Mailbox {
    /// The part after the last `@`, lower case; `None` where there is none.
    pub fn domain(&self) -> Option<String> {
        let (_, domain) = self.address.rsplit_once('@')?;
        (!domain.is_empty()).then(|| domain.to_ascii_lowercase())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Safe to use as a file name: no path, no control or direction characters, never empty.
    pub name: String,
    pub media_type: String,
    pub size_bytes: u64,
    /// Of the decoded bytes, lower-case hexadecimal.
    pub sha256: String,
    /// A picture that the HTML shows among the words, not a file the sender attached.
    pub inline: bool,
    /// Without angle brackets (RFC 2392).
    pub content_id: Option<String>,
    /// The name of the attachment it was taken out of, such as `winmail.dat`.
    pub inside: Option<String>,
}

/// A run of lines of the text, counted from 0, and what the HTML they came of says they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    pub first: usize,
    /// Included.
    pub last: usize,
    pub role: HintRole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintRole {
    /// It names the author of what is quoted below it.
    Attribution,
    /// The head of a mail that follows.
    Head,
    /// A mail that was sent on.
    Forwarded,
}

/// How a mail or a part of it is signed or encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// PGP/MIME (RFC 3156) or PGP armour in the text.
    PgpEncrypted,
    PgpSigned,
    /// RFC 8551, enveloped data.
    SmimeEncrypted,
    /// RFC 8551, `multipart/signed`: the words stand beside the signature.
    SmimeSigned,
    /// RFC 8551, signed data: the words are inside the signature.
    SmimeSealed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    pub media_type: String,
    pub text: String,
}

/// Something wrong with the mail itself, in a stable code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    pub code: &'static str,
    pub sentence: String,
}

impl Defect {
    pub fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into() }
    }
}

/// Header fields, topmost first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<HeaderField>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderField {
    /// Lower case.
    pub name: String,
    /// Unfolded and trimmed; encoded words are as they came.
    pub value: String,
}

impl Headers {
    /// The topmost field of that (lower-case) name.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|field| field.name == name).map(|field| field.value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |field| field.name == name).map(|field| field.value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }
}
