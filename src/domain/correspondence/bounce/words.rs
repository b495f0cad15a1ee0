//! What mail servers say in words about whom they could not reach.

use crate::domain::correspondence::{InboundMail, lines};
use regex::{Match, Regex};
use std::sync::LazyLock;

/// Addresses that are in a report for other reasons: who it was sent to, who sent it.
pub(super) struct Known(Vec<String>);

impl Known {
    pub(super) fn of(mail: &InboundMail, author_of_the_returned_mail: Option<&str>) -> Self {
        let people = mail.to.iter().chain(&mail.from_all).chain(&mail.reply_to);
        let mut known: Vec<String> = people.map(|mailbox| mailbox.address.to_lowercase()).collect();
        known.extend(
            ADDRESS
                .find_iter(author_of_the_returned_mail.unwrap_or_default())
                .map(|found| found.as_str().to_lowercase()),
        );
        Self(known)
    }

    fn has(&self, address: &str) -> bool {
        let lower = address.to_lowercase();
        let local = lower.split('@').next().unwrap_or_default();
        let is_server =
            ["mailer-daemon", "postmaster", "mailerdaemon", "abuse", "noreply", "no-reply"].contains(&local);
        is_server || self.0.contains(&lower)
    }
}

#[expect(clippy::expect_used, reason = "constant patterns, compiled once; a test touches each")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"#));

/// How far one form reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Line,
    /// Its words may stand at the end of one line and the address at the beginning of the next.
    Text,
}

/// Forms in which a report names a recipient, the most certain first. Each is tried on the whole report, one that stays
/// within a line on those lines alone that hold an address.
static FORMS: LazyLock<[(Reach, Regex); 6]> = LazyLock::new(|| {
    [
        // A line that begins with the address: `<a@b>: host said`, `a@b`, `  a@b (reason)`.
        (
            Reach::Line,
            pattern(
                r#"(?m)^[ \t*>•-]*["'<\[(]*(?:mailto:|smtp:)?([^\s<>"'()\[\]:;,]+@[^\s<>"'()\[\]:;,]+)[>"'\])]*[ \t]*(?:$|[:(,;-]|\.{3}|[ \t])"#,
            ),
        ),
        // What was said to and by the next server: `RCPT TO:<a@b>`, `550 <a@b>... User unknown`.
        (
            Reach::Line,
            pattern(
                r#"(?im)(?:RCPT TO:[ ]*<?|^[<> ]*[45][0-9][0-9] (?:[45]\.[0-9]+\.[0-9]+ )?<)([^\s<>]+@[^\s<>]+)>?"#,
            ),
        ),
        // `Recipient: a@b`, `To: <a@b>`, `Failed address: a@b`.
        (
            Reach::Line,
            pattern(
                r#"(?im)^[ \t*]*(?:[\w-]+ ){0,3}(?:recipients?|address(?:es)?|to|user|mailbox|user name)[ \t]*(?:address)?[ \t]*[:=][ \t]*["'<\[]*(?:smtp:|rfc822;[ ]*)?([^\s<>"';]+@[^\s<>"';]+)"#,
            ),
        ),
        // `to a@b`, `for <a@b>`, `address a@b`, `user "a@b"`.
        (
            Reach::Text,
            pattern(
                r#"(?i)\b(?:to|for|recipient|address|user|mailbox|account)[ \t\n]+["'<\[(*]*(?:mailto:)?([^\s<>"'()\[\]:;,*]+@[^\s<>"'()\[\]:;,*]+)"#,
            ),
        ),
        // `host said: 550 … <a@b>`.
        (Reach::Line, pattern(r#"(?m)\b[45][0-9][0-9][ -].*?<([^\s<>]+@[^\s<>]+)>"#)),
        (Reach::Line, pattern(r#"<([^\s<>]+@[^\s<>]+)>"#)),
    ]
});

/// The recipients named in the report's own words.
pub(super) fn named_recipients(report: &str, known: &Known) -> Vec<String> {
    let lines: Vec<&str> = lines::pieces(report).filter(|line| line.contains('@')).collect();
    if lines.is_empty() {
        return Vec::new(); // no form is without an address
    }
    let whole = [report];
    for (reach, form) in FORMS.iter() {
        let stretches = if *reach == Reach::Line { lines.as_slice() } else { whole.as_slice() };
        let mut found: Vec<String> = Vec::new();
        for captures in stretches.iter().flat_map(|stretch| form.captures_iter(stretch)) {
            let address = captures.get(1).map_or("", |address| address.as_str());
            found.extend(addresses(address, known).into_iter().take(1));
        }
        if !found.is_empty() {
            return found;
        }
    }
    addresses(report, known)
}

/// Every address in the text that is not there for another reason.
pub(super) fn addresses(text: &str, known: &Known) -> Vec<String> {
    let found = ADDRESS.find_iter(text).map(|found| found.as_str().trim_start_matches(['\'', '=']).to_owned());
    found.filter(|address| !known.has(address)).collect()
}

/// Reports are short; searching more of a long text would be work for nothing.
const MOST_REPORT: usize = 64 * 1024;

pub(super) fn enough_of(text: &str) -> &str {
    let end = (0..=MOST_REPORT.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Lines that begin the returned mail in reports that are all one text.
static RETURNED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?im)^[ \t>*-]*(?:",
        r"-{2,}[^\n]*(?:copy of|original|returned|unsent|undelivered|transcript of mail|header)[^\n]*",
        r"|(?:original|returned|unsent|undelivered) (?:message|mail)(?: headers?| follows)?:?[ \t]*-*",
        r"|below this line is a copy of the message\.?",
        r"|(?:return-path|received|message-id):",
        r")"
    ))
});

/// Where the returned mail begins below the first line: what says so.
fn returned_at(text: &str) -> Option<Match<'_>> {
    let mut from = memchr::memchr(b'\n', text.as_bytes())? + 1;
    for line in lines::pieces(text.get(from..)?) {
        if may_begin_returned(line) {
            // From here on and not in the line alone, so that it says where in the text it found something.
            let found = RETURNED.find_at(text.get(..from + line.len())?, from);
            if found.is_some() {
                return found;
            }
        }
        from += line.len() + 1;
    }
    None
}

/// Cheap first look: whether [`RETURNED`] could match at all.
fn may_begin_returned(line: &str) -> bool {
    let marks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'>' | b'*' | b'-')).count();
    let (marks, words) = line.split_at_checked(marks).unwrap_or_default();
    let first = words.bytes().next().map(|byte| byte.to_ascii_lowercase());
    marks.contains("--") || matches!(first, Some(b'o' | b'r' | b'u' | b'b' | b'm'))
}

pub(super) fn before_the_returned_mail(text: &str) -> &str {
    returned_at(text).and_then(|found| text.get(..found.start())).unwrap_or(text)
}

pub(super) fn after_the_report(text: &str) -> &str {
    let Some(found) = returned_at(text) else { return "" };
    // `Return-Path:` and `Received:` are already part of the returned mail.
    let is_header = found.as_str().trim_end().ends_with(':') && found.as_str().to_ascii_lowercase().contains("re");
    let start =
        if is_header && !found.as_str().to_ascii_lowercase().contains("message") { found.start() } else { found.end() };
    text.get(start..).unwrap_or_default().trim_start_matches(['-', ' ', '\t', '\r', '\n', '.', ':'])
}

/// An enhanced status code (RFC 3463), standing by itself.
static STATUS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[ \t\n(#<:-])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:$|[ \t\r\n),;:<>-])"));

/// The first enhanced status code in the text.
pub(super) fn status(text: &str) -> Option<String> {
    STATUS.captures(text).and_then(|found| found.get(1)).map(|code| code.as_str().to_owned())
}

/// Whether a report says that the mail is still being tried.
pub(super) fn is_only_late(subject: &str, report: &str) -> bool {
    let said = format!("{subject}\n{report}").to_lowercase();
    let late = ["delayed", "still being retried", "will be retried", "will continue to try", "not yet been delivered"];
    late.iter().any(|words| said.contains(words))
}

const TEMPORARY: [&str; 16] = [
    "over quota",
    "quota exceeded",
    "exceeded storage",
    "mailbox full",
    "mailbox is full",
    "is full",
    "try again",
    "temporar",
    "deferred",
    "will be retried",
    "still being retried",
    "delayed",
    "timed out",
    "greylist",
    "insufficient system",
    "too many connections",
];

/// Trouble that passes, in the words of a report without a number.
fn is_temporary_trouble(text: &str) -> bool {
    let lower = text.to_lowercase();
    TEMPORARY.iter().any(|words| lower.contains(words))
}

static CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b([45])(?:[0-9]{2}\b|\.[0-9]{1,3}\.[0-9]{1,3}\b)"));

/// Judges by the first status code in the words; without one, a failure is for good unless the words say otherwise.
pub(super) fn is_permanent(subject: &str, report: &str) -> bool {
    let subject = subject.to_lowercase();
    if subject.contains("delay") || subject.contains("warning") {
        return false;
    }
    match CODE.captures(report).and_then(|captures| captures.get(1)) {
        Some(class) => class.as_str() == "5",
        None => !is_temporary_trouble(report),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(report: &str) -> Vec<String> {
        named_recipients(report, &Known(vec!["psd@example.org".to_owned()]))
    }

    #[test]
    fn recipients_are_found_in_the_usual_forms() {
        let person = ["person@example.com"];
        for report in [
            "<person@example.com>: host mx.example.com said: 550 no such user (in reply to RCPT TO)",
            "Your message could not be sent.\n\nperson@example.com\n    unknown user\n",
            "while talking to mx:\n>>> RCPT TO:<person@example.com>\n<<< 550 unknown",
            "Failed Recipient: person@example.com",
            "The mail from psd@example.org to person@example.com was not delivered",
            "host said 550 5.1.1 <person@example.com>... User unknown",
        ] {
            assert_eq!(named(report), person, "{report}");
        }
        assert!(named("psd@example.org wrote to us").is_empty());
    }

    #[test]
    fn the_number_decides_and_words_where_there_is_none() {
        assert!(is_permanent("", "550 5.1.1 no such user"));
        assert!(is_permanent("", "there is no such person here"));
        assert!(!is_permanent("", "the mailbox is full"));
        assert!(is_permanent("", "552 the mailbox is full"));
        assert!(!is_permanent("", "451 4.3.0 come back"));
        assert!(!is_permanent("Delayed mail", "not yet delivered"));
    }

    #[test]
    fn the_first_look_at_a_line_passes_over_nothing_that_begins_the_returned_mail() {
        for line in [
            "> Return-path: x",
            "--- Header follows",
            " - -- the original",
            "UNSENT mail",
            "message-ID:",
            "*below this line is a copy of the message",
        ] {
            let text = format!("Sorry.\n{line}");
            let all = RETURNED.find_iter(&text).find(|found| found.start() > 0).map(|found| found.range());
            assert_eq!(returned_at(&text).map(|found| found.range()), all, "{line}");
        }
    }

    #[test]
    fn the_returned_mail_is_no_part_of_the_report() {
        let text = "Sorry.\n<a@b.org>: no\n--- Below this line is a copy of the message.\n\nReturn-Path: <x@y.org>\nMessage-ID: <1@y>\n";
        assert_eq!(before_the_returned_mail(text), "Sorry.\n<a@b.org>: no\n");
        assert!(after_the_report(text).starts_with("Return-Path:"));
    }
}
