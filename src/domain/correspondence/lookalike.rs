//! Senders that look like somebody else: a name that shows another address, a domain written to look like ours.
//!
//! Evidence for the person who reads, and no more: an honest sender may have an odd domain. Alike to the eye are two
//! texts with one skeleton (Unicode Technical Standard #39 §4).

use super::Mailbox;
use serde::{Deserialize, Serialize};
use unicode_security::MixedScript;
use unicode_security::confusable_detection::skeleton;

/// One way in which an author looks like somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Pretence {
    /// The name beside the address is, or contains, another address.
    NameShowsAddress { shown: String },
    /// The domain, or its first labels, look like a domain of ours.
    LooksLikeOurs { domain: String, ours: String },
    /// The name beside the address looks like one of our addresses' names, at another domain.
    NameLooksLikeOurs { name: String, ours: String },
    /// A label of the domain is written in letters of several scripts.
    MixedScripts { domain: String },
}

/// In the order of the list above; none where the author is one of ours.
pub fn pretences(author: &Mailbox, ours: &[String]) -> Vec<Pretence> {
    let address = author.address.to_lowercase();
    if ours.iter().any(|our| our.eq_ignore_ascii_case(&address)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let name = author.name.as_deref().unwrap_or_default();
    found.extend(
        shown_addresses(name).find(|shown| *shown != address).map(|shown| Pretence::NameShowsAddress { shown }),
    );
    if let Some((_, domain)) = address.rsplit_once('@') {
        let domain = as_shown(domain);
        let domain = domain.as_str();
        found.extend(ours.iter().find_map(|our| like_ours(domain, our)));
        found.extend(ours.iter().find_map(|our| named_like_ours(name, domain, our)));
        let mixed = domain.split('.').any(|label| !label.is_single_script());
        found.extend(mixed.then(|| Pretence::MixedScripts { domain: domain.to_owned() }));
    }
    found
}

/// A domain as mail programs show it: `xn--…` labels in their letters (RFC 5891).
fn as_shown(domain: &str) -> String {
    if domain.split('.').any(|label| label.starts_with("xn--")) {
        return url::quirks::domain_to_unicode(domain).to_lowercase();
    }
    domain.to_owned()
}

/// The addresses in a name, lower case.
fn shown_addresses(name: &str) -> impl Iterator<Item = String> {
    let between = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '"' | '\'' | ',' | ';' | ':');
    let is_address = |word: &&str| {
        word.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.trim_matches('.').contains('.'))
    };
    name.split(between).filter(is_address).map(|word| word.trim_matches('.').to_lowercase())
}

fn like_ours(domain: &str, our: &str) -> Option<Pretence> {
    let our = our.to_lowercase();
    let (_, ours) = our.rsplit_once('@')?;
    if domain == ours || domain.strip_suffix(ours).is_some_and(|sub| sub.ends_with('.')) {
        return None;
    }
    let (seen, own) = (to_the_eye(domain), to_the_eye(ours));
    let begins_like_it = seen.strip_prefix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    begins_like_it.then(|| Pretence::LooksLikeOurs { domain: domain.to_owned(), ours: ours.to_owned() })
}

/// The name is the whole of our address to the eye, though not letter by letter.
fn named_like_ours(name: &str, domain: &str, our: &str) -> Option<Pretence> {
    let our = our.to_lowercase();
    let elsewhere = !our.ends_with(&format!("@{domain}"));
    let looks = name.contains('@') && to_the_eye(name.trim()) == to_the_eye(&our) && name.trim().to_lowercase() != our;
    (elsewhere && looks).then(|| Pretence::NameLooksLikeOurs { name: name.trim().to_owned(), ours: our })
}

/// What is left of a text when letters that look the same are the same.
fn to_the_eye(text: &str) -> String {
    skeleton(&text.to_lowercase()).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, address: &str) -> Vec<Pretence> {
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        pretences(&Mailbox { address: address.to_owned(), name }, &["psd@force.example".to_owned()])
    }

    #[test]
    fn a_name_that_shows_another_address_is_said() {
        for name in ["person@mail.example", "Person <Person@mail.example>", "\"person@mail.example\" via list"] {
            let shown = "person@mail.example".to_owned();
            assert_eq!(found(name, "x@elsewhere.example"), [Pretence::NameShowsAddress { shown }], "{name}");
        }
        assert_eq!(found("person@mail.example", "Person@Mail.example"), []);
        assert_eq!(found("Person @ home", "person@mail.example"), []);
    }

    #[test]
    fn a_domain_that_looks_like_ours_is_said() {
        let looks =
            |domain: &str| matches!(&found("", &format!("psd@{domain}"))[..], [Pretence::LooksLikeOurs { .. }, ..]);
        for domain in [
            "f\u{43e}rce.example",
            "xn--frce-55d.example",
            "f0rce.example",
            "force.example.evil.example",
            "FORCE.examp1e",
        ] {
            assert!(looks(domain), "{domain}");
        }
        for domain in ["force.example", "mx.force.example", "fence.example", "enforce.example", "force.example2.org"] {
            assert!(!looks(domain), "{domain}");
        }
    }

    #[test]
    fn letters_of_several_scripts_in_one_label_are_said_and_a_domain_of_one_script_is_not() {
        let mixed = |address: &str| found("", address).iter().any(|one| matches!(one, Pretence::MixedScripts { .. }));
        assert!(mixed("a@p\u{430}ypal.example"));
        assert!(mixed("a@xn--pypal-4ve.example"));
        assert!(!mixed("a@xn--caf-dma.example"));
        assert!(!mixed("a@\u{43f}\u{43e}\u{447}\u{442}\u{430}.example"));
        assert!(!mixed("a@caf\u{e9}.example"));
    }

    #[test]
    fn a_name_written_like_our_address_is_said() {
        let names = found("psd@f\u{43e}rce.example", "x@elsewhere.example");
        assert!(names.iter().any(|one| matches!(one, Pretence::NameLooksLikeOurs { .. })), "{names:?}");
        assert_eq!(found("PSD", "x@elsewhere.example"), []);
    }

    #[test]
    fn no_text_makes_it_fail() {
        for text in ["", "a@xn--.example", "a@xn--\u{430}", "@", "@@", "a@", "@.", "\u{202e}@\u{200b}.x", "a@b@c.d"] {
            let _whatever = found(text, text);
        }
    }
}
