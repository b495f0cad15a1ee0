//! What mail programs say with names of their own in HTML: here somebody is quoted, here a mail's head begins, here a
//! mail was sent on. These names are the same in every language the program speaks.

use super::tokens::Tag;

/// Longer attributes say nothing to us.
const LONGEST: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// Names the author of the quote below.
    Attribution,
    /// From, date, recipients, subject of the mail below.
    Head,
    /// Holds a mail that was sent on.
    Forwarded,
    Other,
}

/// Thunderbird and its kin; Gmail.
const ATTRIBUTIONS: [&str; 2] = ["moz-cite-prefix", "gmail_attr"];
/// Outlook on the web, older and newer; Outlook Express; Zimbra.
const HEADS: [&str; 3] = ["divrplyfwdmsg", "outlookmessageheader", "__headers__"];
/// Thunderbird.
const FORWARDS: [&str; 1] = ["moz-forward-container"];
/// Part of the name by which every program we know calls a quote of its own: `gmail_quote`, `yahoo_quoted`,
/// `protonmail_quote`, `zmail_extra` …
const CITATIONS: [&str; 3] = ["quote", "cite", "mail_extra"];

/// What a `div` is. Programs that pass mail on put `x_` before names, so a name may stand inside another.
pub(super) fn element(tag: Tag<'_>) -> Element {
    let Some(attributes) = lower(tag) else { return Element::Other };
    let says = |names: &[&str]| names.iter().any(|name| attributes.contains(name));
    if says(&FORWARDS) {
        Element::Forwarded
    } else if says(&HEADS) || draws_a_line_above(&attributes) {
        Element::Head
    } else if says(&ATTRIBUTIONS) {
        Element::Attribution
    } else {
        Element::Other
    }
}

/// Outlook for Windows has no name for the head of the mail below: a line is drawn above it and nowhere else.
fn draws_a_line_above(attributes: &str) -> bool {
    let style: String = attributes.chars().filter(|character| !character.is_whitespace()).collect();
    style.contains("border:none;border-top:solid") && style.contains("padding:3")
}

/// Whether a block quote holds the words of somebody else. Programs also use it to move the sender's own words in: then
/// it says that it has no border on any side, and has no name. What says nothing is a citation.
pub(super) fn is_citation(tag: Tag<'_>) -> bool {
    let Some(attributes) = lower(tag) else { return true };
    let style: String = attributes.chars().filter(|character| !character.is_whitespace()).collect();
    let plain = (style.contains("border:none") || style.contains("border:0")) && !style.contains("border-left:");
    CITATIONS.iter().any(|name| style.contains(name)) || !plain
}

fn lower(tag: Tag<'_>) -> Option<String> {
    (tag.attributes.len() <= LONGEST && tag.attributes.len() > 3).then(|| tag.attributes.to_ascii_lowercase())
}
