//! Identifiers in one written form, so that the same address, number or name compares equal however it was typed.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use unicode_normalization::UnicodeNormalization;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    Email,
    Telephone,
    Postcode,
    Address,
    /// A name on a social network or chat.
    Handle,
    Name,
    CadReference,
}

impl IdentifierKind {
    pub const ALL: [IdentifierKind; 7] = [
        IdentifierKind::Email,
        IdentifierKind::Telephone,
        IdentifierKind::Postcode,
        IdentifierKind::Address,
        IdentifierKind::Handle,
        IdentifierKind::Name,
        IdentifierKind::CadReference,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            IdentifierKind::Email => "email",
            IdentifierKind::Telephone => "telephone",
            IdentifierKind::Postcode => "postcode",
            IdentifierKind::Address => "address",
            IdentifierKind::Handle => "handle",
            IdentifierKind::Name => "name",
            IdentifierKind::CadReference => "cad_reference",
        }
    }
}

/// Whose an identifier is, seen from the person it is recorded for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderRole {
    /// The person's own. Contacts from any other are *on behalf of*.
    #[serde(rename = "self")]
    Own,
    Advocate,
    Solicitor,
    Mp,
    Family,
    /// Used by several people.
    Shared,
    Organisation,
}

impl HolderRole {
    pub const ALL: [HolderRole; 7] = [
        HolderRole::Own,
        HolderRole::Advocate,
        HolderRole::Solicitor,
        HolderRole::Mp,
        HolderRole::Family,
        HolderRole::Shared,
        HolderRole::Organisation,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            HolderRole::Own => "self",
            HolderRole::Advocate => "advocate",
            HolderRole::Solicitor => "solicitor",
            HolderRole::Mp => "mp",
            HolderRole::Family => "family",
            HolderRole::Shared => "shared",
            HolderRole::Organisation => "organisation",
        }
    }
}

/// How sure we are that an identifier is the person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A person of ours, or a force's own record, vouches for it.
    Confirmed,
    /// The person, or somebody, said so.
    Claimed,
    /// The software thinks so.
    Suggested,
}

impl Confidence {
    pub const ALL: [Confidence; 3] = [Confidence::Confirmed, Confidence::Claimed, Confidence::Suggested];

    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Confirmed => "confirmed",
            Confidence::Claimed => "claimed",
            Confidence::Suggested => "suggested",
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{word}` is not {what}")]
pub struct UnknownWord {
    pub word: String,
    pub what: &'static str,
}

impl FromStr for IdentifierKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = IdentifierKind::ALL.into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| UnknownWord { word: text.to_owned(), what: "a kind of identifier" })
    }
}

impl FromStr for HolderRole {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = HolderRole::ALL.into_iter().find(|role| role.as_str() == text);
        known.ok_or_else(|| UnknownWord { word: text.to_owned(), what: "a holder's role" })
    }
}

impl FromStr for Confidence {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Confidence::ALL.into_iter().find(|confidence| confidence.as_str() == text);
        known.ok_or_else(|| UnknownWord { word: text.to_owned(), what: "a degree of confidence" })
    }
}

/// Why a text cannot be an identifier of its kind. Never repeats the text: it is personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnIdentifier {
    #[error("it is empty")]
    Empty,
    #[error("it is longer than 500 characters")]
    TooLong,
    #[error("an e-mail address has one name, an @ and a domain, without spaces")]
    Email,
    #[error("a telephone number has 7 to 15 digits")]
    Telephone,
    #[error("a postcode is written like SW1A 1AA")]
    Postcode,
}

impl NotAnIdentifier {
    pub fn is_empty(self) -> bool {
        self == NotAnIdentifier::Empty
    }
}

impl fmt::Display for IdentifierKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const LONGEST: usize = 500;

/// The form in which identifiers of this kind are kept and compared.
///
/// # Errors
/// The text cannot be an identifier of this kind.
pub fn normalise(kind: IdentifierKind, text: &str) -> Result<String, NotAnIdentifier> {
    let text: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(NotAnIdentifier::Empty);
    }
    if text.chars().count() > LONGEST {
        return Err(NotAnIdentifier::TooLong);
    }
    match kind {
        IdentifierKind::Email => email(text),
        IdentifierKind::Telephone => telephone(text),
        IdentifierKind::Postcode => postcode(text),
        IdentifierKind::Address | IdentifierKind::Name => Ok(words(text)),
        IdentifierKind::Handle => Ok(words(text.trim_start_matches('@'))),
        IdentifierKind::CadReference => Ok(text.split_whitespace().collect::<String>().to_uppercase()),
    }
}

/// Zero-width and direction marks, which make two addresses that look alike differ.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Lower case throughout: no mail system in use tells `Ann@` from `ann@`.
fn email(text: &str) -> Result<String, NotAnIdentifier> {
    let text = text.trim_start_matches('<').trim_end_matches('>').to_lowercase();
    let text = text.strip_prefix("mailto:").unwrap_or(&text);
    let (local, domain) = text.rsplit_once('@').ok_or(NotAnIdentifier::Email)?;
    let domain = domain.trim_end_matches('.');
    let sound = !local.is_empty()
        && !domain.is_empty()
        && !text.contains(char::is_whitespace)
        && !domain.starts_with('.')
        && !domain.contains("..")
        && (local.starts_with('"') || !local.contains('@'));
    if sound { Ok(format!("{local}@{domain}")) } else { Err(NotAnIdentifier::Email) }
}

/// `+44…` for numbers of this country however written; other countries' with their code.
fn telephone(text: &str) -> Result<String, NotAnIdentifier> {
    let text = text.strip_prefix("tel:").unwrap_or(text).replace("(0)", "");
    let allowed = |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')' | '.' | '/');
    if !text.chars().all(allowed) {
        return Err(NotAnIdentifier::Telephone);
    }
    let international = text.trim_start().starts_with('+');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let full = if international {
        digits
    } else if let Some(abroad) = digits.strip_prefix("00") {
        abroad.to_owned()
    } else if let Some(national) = digits.strip_prefix('0') {
        format!("44{national}")
    } else {
        digits
    };
    if (7..=15).contains(&full.len()) { Ok(format!("+{full}")) } else { Err(NotAnIdentifier::Telephone) }
}

/// Upper case with one space before the last three: `SW1A 1AA`.
fn postcode(text: &str) -> Result<String, NotAnIdentifier> {
    let squeezed: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let Some((outward, inward)) = squeezed.len().checked_sub(3).and_then(|at| squeezed.split_at_checked(at)) else {
        return Err(NotAnIdentifier::Postcode);
    };
    let letter = |c: &char| c.is_ascii_uppercase();
    let digit = |c: &char| c.is_ascii_digit();
    let inward_sound = matches!(inward, [a, b, c] if digit(a) && letter(b) && letter(c));
    let outward_sound = (2..=4).contains(&outward.len())
        && outward.first().is_some_and(letter)
        && outward.iter().all(|c| letter(c) || digit(c))
        && outward.iter().any(digit);
    if inward_sound && outward_sound {
        Ok(outward.iter().chain([&' ']).chain(inward).collect())
    } else {
        Err(NotAnIdentifier::Postcode)
    }
}

/// A name for comparing, whatever its case and spacing; lower case in every script.
pub fn fold_name(name: &str) -> String {
    let name: String = name.nfkc().collect();
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Lower case, one space between words, no punctuation at their ends.
fn words(text: &str) -> String {
    let words = text.split_whitespace().map(|word| word.trim_matches([',', '.', ';'])).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(kind: IdentifierKind, texts: &[&str]) -> Vec<String> {
        let form = |text: &&str| normalise(kind, text).unwrap_or_else(|fault| fault.to_string());
        texts.iter().map(form).collect()
    }

    #[test]
    fn one_mail_address_has_one_form() {
        let written = [
            "Ann.Example@Example.COM",
            " <ann.example@example.com> ",
            "mailto:ann.example@example.com.",
            "ann.example\u{200B}@example.com",
        ];
        assert!(forms(IdentifierKind::Email, &written).iter().all(|form| form == "ann.example@example.com"));
    }

    #[test]
    fn what_is_no_mail_address_is_refused_without_repeating_it() {
        for text in ["ann", "@example.com", "ann@", "ann example@example.com", "a@b@c.org", "ann@.org", "ann@a..org"] {
            assert_eq!(normalise(IdentifierKind::Email, text), Err(NotAnIdentifier::Email), "{text}");
        }
        assert_eq!(normalise(IdentifierKind::Email, " \u{200B} "), Err(NotAnIdentifier::Empty));
        assert_eq!(normalise(IdentifierKind::Name, &"a".repeat(501)), Err(NotAnIdentifier::TooLong));
    }

    #[test]
    fn one_uk_number_has_one_form() {
        let written = [
            "01632 960 123",
            "+44 1632 960123",
            "0044 1632 960123",
            "+44 (0)1632 960123",
            "(01632) 960-123",
            "tel:+441632960123",
        ];
        assert!(forms(IdentifierKind::Telephone, &written).iter().all(|form| form == "+441632960123"));
    }

    #[test]
    fn numbers_abroad_keep_their_country_and_nonsense_is_refused() {
        assert_eq!(forms(IdentifierKind::Telephone, &["+33 1 99 00 12 34"]), ["+33199001234"]);
        for text in ["999", "withheld", "12345", "1234567890123456", "0163x 960123"] {
            assert_eq!(normalise(IdentifierKind::Telephone, text), Err(NotAnIdentifier::Telephone), "{text}");
        }
    }

    #[test]
    fn one_postcode_has_one_form() {
        assert_eq!(
            forms(IdentifierKind::Postcode, &["sw1a1aa", " SW1A  1AA", "n1 9gu", "NR14ab"]),
            ["SW1A 1AA", "SW1A 1AA", "N1 9GU", "NR1 4AB"]
        );
        for text in ["SW1A", "1AA", "SW1A 1A1", "12345", "ÄÖ1 1AA"] {
            assert_eq!(normalise(IdentifierKind::Postcode, text), Err(NotAnIdentifier::Postcode), "{text}");
        }
    }

    #[test]
    fn names_compare_whatever_their_case_and_spacing() {
        assert_eq!(
            forms(IdentifierKind::Name, &["  Example   PERSON, ", "example person"]),
            ["example person", "example person"]
        );
    }

    #[test]
    fn every_word_reads_back() {
        assert!(
            IdentifierKind::ALL
                .iter()
                .all(|kind| kind.as_str().parse::<IdentifierKind>().is_ok_and(|read| read == *kind))
        );
        assert!(HolderRole::ALL.iter().all(|role| role.as_str().parse::<HolderRole>().is_ok_and(|read| read == *role)));
        assert!(Confidence::ALL.iter().all(|word| word.as_str().parse::<Confidence>().is_ok_and(|read| read == *word)));
        assert_eq!(serde_json::to_value(HolderRole::Own).unwrap(), "self");
    }
}
