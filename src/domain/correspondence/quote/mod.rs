//! The words the sender newly wrote, told apart from what they quote, from a mail they sent on and from their signature.
//!
//! Losing somebody's words is a grave fault, keeping too many a small one: what is in doubt is new. Every line of the
//! text ends up in exactly one of the four, save for blank lines and rules at the edges.

mod armour;
mod forwards;
mod markers;
mod passages;

use super::{Hint, InboundMail};
use passages::{Class, Line, Origin};
use serde::Serialize;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub new: String,
    pub quoted: String,
    /// Of a mail that was sent on below new words: all of it. Without such words it is what the sender sent, so it is
    /// new, and here is its head alone.
    pub forwarded: String,
    pub signature: String,
    pub forwards: Forwards,
}

/// Whether the sender sent somebody's mail on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Forwards {
    #[default]
    No,
    /// Below words of their own.
    Below,
    /// Without a word of their own.
    Alone,
    /// As a file.
    Attached,
}

/// The words of a mail, with what its subject and its HTML say about them, and with its invitations.
pub fn of(mail: &InboundMail) -> Words {
    let subject = mail.subject.as_deref().unwrap_or_default();
    let head = if forwards::subject_says_so(subject) { Origin::SentOn } else { Origin::Answered };
    let mut words = divide(&mail.text, &mail.hints, head);
    if words.forwards == Forwards::No && mail.embedded("message/rfc822").is_some() {
        words.forwards = Forwards::Attached;
    }
    for invitation in &mail.invitations {
        if !words.new.is_empty() {
            words.new.push_str("\n\n");
        }
        words.new.push_str(&invitation.as_text());
    }
    words
}

/// Splits the text of a mail. When nothing but quoted text is there, that is what the sender sent: it is new.
pub fn split(text: &str) -> Words {
    divide(text, &[], Origin::Answered)
}

/// `head` is whose mail follows a head that does not say itself that it was sent on.
fn divide(text: &str, hints: &[Hint], head: Origin) -> Words {
    let mut lines = passages::classify(text, hints, head);
    armour::set_aside(&mut lines);
    find_signatures(&mut lines);
    keep_answers_between_the_lines(&mut lines);
    cut_at_embedded_mail(&mut lines);
    set_device_lines_aside(&mut lines);
    let words = gather(&lines);
    let words = if words.new.is_empty() { nothing_new(&lines) } else { words };
    // Whoever sends nothing but a rule sends that.
    let sent = text.trim();
    if words.new.is_empty() && !sent.is_empty() { Words { new: sent.to_owned(), ..words } } else { words }
}

/// More lines than this below a quote are an answer to it; fewer may be what a mail server or a list appends.
const LONGEST_FOOTER: usize = 3;

/// A quote with new words before and after is being answered point by point, and the answer cannot be understood
/// without it. Where a line says whose the quote is, only if the words below it are more than a footer.
fn keep_answers_between_the_lines(lines: &mut [Line<'_>]) {
    let new = |line: &Line<'_>| line.class == Class::New && !line.is_empty();
    let Some(first) = lines.iter().position(new) else { return };
    let Some(last) = lines.iter().rposition(new) else { return };
    let mut below = lines.iter().filter(|line| new(line)).count();
    let mut introduced = false;
    for (n, line) in lines.iter_mut().enumerate() {
        below -= usize::from(new(line));
        match line.class {
            Class::Attribution | Class::Embedded(_) | Class::Forwarded => introduced = true,
            Class::New if !line.is_empty() => introduced = false,
            Class::Quoted if n > first && n < last && (below > LONGEST_FOOTER || !introduced) => {
                line.class = Class::New
            }
            Class::New | Class::Quoted | Class::Signature => {}
        }
    }
}

/// From the head of an embedded mail on, everything is that mail, if something new stands before it. If nothing does,
/// the sender wrote below, or sent it on: then only the head itself is not theirs.
fn cut_at_embedded_mail(lines: &mut [Line<'_>]) {
    let Some(head) = lines.iter().position(|line| matches!(line.class, Class::Embedded(_))) else { return };
    let Some(class) = lines.get(head).map(|line| line.class) else { return };
    let before = lines.get(..head).unwrap_or_default();
    if before.iter().any(|line| line.class == Class::New && !line.is_empty() && !line.is_rule()) {
        for line in lines.iter_mut().skip(head) {
            line.class = class;
        }
    }
}

/// More is no signature but a letter with a line of dashes in it.
const LONGEST_SIGNATURE: usize = 12;

/// One may stand above what is quoted and one, of the program's, below.
const MOST_SIGNATURES: usize = 3;

fn find_signatures(lines: &mut [Line<'_>]) {
    for _ in 0..MOST_SIGNATURES {
        let is_delimiter = |line: &Line<'_>| line.class == Class::New && markers::is_signature_delimiter(line.text);
        let Some(at) = lines.iter().rposition(is_delimiter) else { break };
        let block = lines.get(at..).unwrap_or_default();
        let length = block.iter().take_while(|line| line.class == Class::New).count();
        let words = block.iter().take(length).filter(|line| !line.is_empty()).count();
        let goes_on = block.iter().skip(length).any(|line| line.class == Class::New && !line.is_empty());
        if words > LONGEST_SIGNATURE || goes_on {
            break;
        }
        lines.iter_mut().skip(at).take(length).for_each(|line| line.class = Class::Signature);
    }
}

/// `Sent from my telephone`, at the end of the new words.
fn set_device_lines_aside(lines: &mut [Line<'_>]) {
    let is_word = |line: &&mut Line<'_>| line.class == Class::New && !line.is_empty() && !line.is_rule();
    for line in lines.iter_mut().rev().filter(is_word).take_while(|line| markers::is_device_line(line.text)) {
        line.class = Class::Signature;
    }
}

fn gather(lines: &[Line<'_>]) -> Words {
    let of = |passage: Passage| joined(lines.iter().filter(move |line| Passage::of(line.class) == passage));
    Words {
        new: of(Passage::New),
        quoted: of(Passage::Quoted),
        forwarded: of(Passage::Forwarded),
        signature: of(Passage::Signature),
        forwards: forwarding(lines),
    }
}

/// In which of the four texts a line ends up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passage {
    New,
    Quoted,
    Forwarded,
    Signature,
}

impl Passage {
    fn of(class: Class) -> Self {
        match class {
            Class::New => Passage::New,
            Class::Quoted | Class::Attribution | Class::Embedded(Origin::Answered) => Passage::Quoted,
            Class::Forwarded | Class::Embedded(Origin::SentOn) => Passage::Forwarded,
            Class::Signature => Passage::Signature,
        }
    }
}

/// A mail stands alone where nothing new stands before it, and after it only what belongs to it.
fn forwarding(lines: &[Line<'_>]) -> Forwards {
    let sent_on = |line: &Line<'_>| matches!(line.class, Class::Forwarded | Class::Embedded(Origin::SentOn));
    let new = |line: &Line<'_>| line.class == Class::New && !line.is_empty() && !line.is_rule();
    let Some(at) = lines.iter().position(sent_on) else { return Forwards::No };
    let in_block = lines.get(at).is_some_and(|line| line.class == Class::Forwarded);
    let before = lines.iter().take(at).any(new);
    let after = in_block && lines.iter().skip(at).any(new);
    if before || after { Forwards::Below } else { Forwards::Alone }
}

fn nothing_new(lines: &[Line<'_>]) -> Words {
    Words { new: joined(lines.iter()), forwards: forwarding(lines), ..Words::default() }
}

/// The lines without blank ones and rules at the beginning and the end, and with no more than two blank ones together.
fn joined<'a>(lines: impl Iterator<Item = &'a Line<'a>> + Clone) -> String {
    let mut out = String::with_capacity(lines.clone().map(|line| line.text.len() + 1).sum());
    let mut blanks = 0;
    let mut held = Vec::new();
    for line in lines {
        if line.is_empty() {
            blanks += 1;
            continue;
        }
        if line.is_rule() {
            // Written only if words follow it.
            if !out.is_empty() {
                held.push((std::mem::take(&mut blanks), line.text));
            }
            continue;
        }
        for (blanks, rule) in held.drain(..) {
            push(&mut out, blanks, rule);
        }
        push(&mut out, std::mem::take(&mut blanks), line.text);
    }
    out
}

fn push(out: &mut String, blanks: usize, line: &str) {
    if !out.is_empty() {
        out.push_str(match blanks {
            0 => "\n",
            1 => "\n\n",
            2 => "\n\n\n",
            _ => "\n\n\n\n",
        });
    }
    out.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(text: &str) -> String {
        split(text).new
    }

    #[test]
    fn whoever_sends_nothing_but_a_rule_sends_that() {
        assert_eq!(new("\n ====\n"), "====");
        assert_eq!(new(" \n\n"), "");
    }

    #[test]
    fn an_answer_above_the_quote_stands_alone() {
        let words = split(
            "Thank you.\n\nOn Mon, 2 Mar 2026 at 10:05, PSD <psd@example.org> wrote:\n> Dear Example Person\n> Goodbye\n",
        );
        assert_eq!(words.new, "Thank you.");
        assert!(words.quoted.starts_with("On Mon") && words.quoted.ends_with("> Goodbye"));
    }

    #[test]
    fn the_line_that_names_the_author_may_be_broken_and_in_another_language() {
        for line in [
            "On Mon, 2 Mar 2026 at 10:05, A rather long name <\npsd@example.org> wrote:",
            "Am 02.03.2026 um 10:05 schrieb PSD <psd@example.org>:",
            "Le 2 mars 2026 à 10:05, PSD <psd@example.org> a écrit :",
            "El lun, 2 mar 2026 a las 10:05, PSD (<psd@example.org>) escribió:",
            "Op 2 mrt. 2026 10:05 schreef PSD <psd@example.org> het\nvolgende geschreven:",
            "Den 2. mars 2026 kl. 10.05 skrev PSD <psd@example.org>:",
            "pon., 2 mar 2026 o 10:05 PSD <psd@example.org> napisał(a):",
            "пн, 2 мар. 2026 г. в 10:05, PSD <psd@example.org> написал:",
            "在 2026年3月2日，上午10:05，PSD <psd@example.org> 写道：",
        ] {
            assert_eq!(new(&format!("Yes.\n\n{line}\n\n> old\n")), "Yes.", "{line}");
            assert_eq!(new(&format!("Yes.\n\n{line}\n\nold, without marks\n")), "Yes.", "{line}");
        }
    }

    #[test]
    fn the_head_of_an_embedded_mail_ends_the_new_words() {
        let head =
            "From: PSD <psd@example.org>\nSent: 02 March 2026 10:05\nTo: Example Person\nSubject: Your complaint";
        let german = "Von: PSD\nGesendet: Montag, 2. März 2026 10:05\nAn: Example Person\nBetreff: Ihre Beschwerde";
        let bold = "*From:* PSD\n*Sent:* 2 March 2026\n*To:* Example Person\n*Subject:* Your complaint";
        for head in [head, german, bold] {
            assert_eq!(new(&format!("I disagree.\n\n{head}\n\nDear Example Person\n")), "I disagree.");
            assert_eq!(new(&format!("I disagree.\n________________________________\n{head}\n\nDear\n")), "I disagree.");
        }
        assert_eq!(new("I disagree.\n\n-----Original Message-----\nFrom: PSD\n\nDear\n"), "I disagree.");
    }

    #[test]
    fn an_answer_below_the_quote_is_not_lost() {
        let text = "On 2 Mar 2026, at 10:05, PSD wrote:\n> Did you call?\n\nI did, twice.\n";
        assert_eq!(new(text), "I did, twice.");
        let words = split("Hello\n\nOn 2 Mar 2026, PSD wrote:\n> Did you call?\n\nI did, twice.\n");
        assert_eq!(words.new, "Hello\n\n\nI did, twice.");
    }

    #[test]
    fn words_right_above_the_line_that_names_the_author_are_the_senders() {
        let text = "I only have time\nto try it in 2 weeks. I will tell you\nOp 16 aug. 2026 05:13 schreef \"psd\" <psd@example.org> het\nvolgende geschreven:\n\n> old\n";
        assert_eq!(new(text), "I only have time\nto try it in 2 weeks. I will tell you");
    }

    #[test]
    fn an_answer_between_the_lines_keeps_the_lines_it_answers() {
        let text = "See below.\n> Did you call?\nI did, twice.\n> When?\nMonday.";
        assert_eq!(new(text), text);
    }

    #[test]
    fn a_letter_that_speaks_of_writing_is_not_cut() {
        for text in [
            "On 3 March Sergeant Example wrote:\nwe will not reply.\nThat is untrue and I wish to complain.",
            "This is what I wrote:\n\nplease help me",
            "From: the beginning I asked for help.\nTo: this day nobody came.",
            "I say this:\n\n1. You lied\n2. You know it",
            "Complaint\n-- \n".to_owned().as_str().trim_end(),
        ] {
            let words = split(text);
            assert!(words.new.contains(text.lines().last().unwrap_or_default()) || text.ends_with("--"), "{words:?}");
        }
    }

    #[test]
    fn a_signature_is_set_aside_and_a_long_text_after_dashes_is_not() {
        let words = split("Please answer.\n\n-- \nExample Person\n07700 900000\n");
        assert_eq!(
            (words.new.as_str(), words.signature.as_str()),
            ("Please answer.", "-- \nExample Person\n07700 900000".replace("-- ", "--").as_str())
        );
        let long = format!("Point one.\n--\n{}", "and another thing\n".repeat(20));
        assert_eq!(split(&long).new.matches("another").count(), 20);
        assert_eq!(split("Yes\n\nSent from my iPhone").new, "Yes");
    }

    #[test]
    fn what_is_only_a_quote_is_what_was_sent() {
        assert_eq!(new("> All I send is this."), "> All I send is this.");
        let forwarded = "---------- Forwarded message ----------\nFrom: A <a@example.org>\nDate: Thu, 1 Jan 2026\nSubject: x\nTo: b@example.org\n\nLook at this.";
        assert_eq!(new(forwarded), "Look at this.");
        assert_eq!(split(forwarded).forwards, Forwards::Alone);
    }

    #[test]
    fn a_mail_sent_on_below_new_words_is_neither_new_nor_quoted() {
        for head in [
            "---------- Forwarded message ---------\nFrom: A <a@example.org>\nDate: 1 Jan 2026\nSubject: x\nTo: b@example.org\n",
            "-------- Weitergeleitete Nachricht --------\nBetreff: x\nDatum: 1. Januar 2026\nVon: A <a@example.org>\nAn: b",
            "---------- Message transféré ---------\nDe : A <a@example.org>\nDate: 1 janv. 2026\nObjet : x\nÀ : b\n",
            "Begin forwarded message:\n\nFrom: A <a@example.org>\nSubject: x\nDate: 1 January 2026\nTo: b\n",
            "> Anfang der weitergeleiteten Nachricht:\n>\n> Von: A <a@example.org>\n> Betreff: x\n> Datum: 1. Januar 2026",
        ] {
            let mark = if head.starts_with('>') { "> " } else { "" };
            let words = split(&format!("Please see below.\n\n{head}\n{mark}\n{mark}Words of A.\n"));
            assert_eq!((words.new.as_str(), words.forwards), ("Please see below.", Forwards::Below), "{head}");
            assert!(words.forwarded.ends_with("Words of A.") && words.quoted.is_empty(), "{words:?}");
        }
    }

    #[test]
    fn a_head_is_of_a_mail_sent_on_where_the_subject_begins_so() {
        let text = "See this.\n\nVon: A <a@example.org>\nGesendet: 1. Januar 2026\nAn: b\nBetreff: x\n\nWords of A.";
        let mail = |subject: &str| InboundMail {
            subject: Some(subject.to_owned()),
            text: text.to_owned(),
            ..InboundMail::default()
        };
        for subject in ["FW: x", "Fwd: Re: x", "WG: x", "TR : x", "Fwd[2]: x", "  fw: x"] {
            let words = of(&mail(subject));
            assert_eq!((words.new.as_str(), words.forwards), ("See this.", Forwards::Below), "{subject}");
            assert!(words.quoted.is_empty() && words.forwarded.contains("Words of A."));
        }
        for subject in ["Re: Fwd: x", "AW: WG: x", "", "Forward: march", "x"] {
            let words = of(&mail(subject));
            assert_eq!((words.new.as_str(), words.forwards), ("See this.", Forwards::No), "{subject}");
            assert!(words.forwarded.is_empty() && words.quoted.contains("Words of A."));
        }
    }

    #[test]
    fn words_below_a_quoted_mail_that_was_sent_on_are_the_senders() {
        let words = split(
            "> Begin forwarded message:\n>\n> From: A\n> To: b\n> Subject: x\n>\n> old\n\nThis is what he wrote.",
        );
        assert_eq!((words.new.as_str(), words.forwards), ("This is what he wrote.", Forwards::Below));
    }

    #[test]
    fn a_programs_own_marks_tell_heads_and_authors_in_any_language() {
        use crate::domain::correspondence::HintRole::{Attribution, Forwarded, Head};
        let hint = |first, last, role| Hint { first, last, role };
        let text = "Jah.\nKirjutas keegi eile\n> vana";
        let words = divide(text, &[hint(1, 1, Attribution)], Origin::Answered);
        assert_eq!((words.new.as_str(), words.quoted.as_str()), ("Jah.", "Kirjutas keegi eile\n> vana"));
        let text = "Jah.\nKellelt: A\nAeg: 1. mai\nKellele: b\n\nvana";
        assert_eq!(divide(text, &[hint(1, 3, Head)], Origin::Answered).new, "Jah.");
        assert_eq!(divide("Jah.\nei ole\npea", &[hint(1, 2, Head)], Origin::Answered).new, "Jah.\nei ole\npea");
        let words = divide("Jah.\nedastatud\nkiri\nlõpp", &[hint(1, 2, Forwarded)], Origin::Answered);
        assert_eq!((words.new.as_str(), words.forwarded.as_str()), ("Jah.\nlõpp", "edastatud\nkiri"));
        let _beyond = divide("x", &[hint(5, 900, Head), hint(3, 1, Forwarded)], Origin::Answered);
    }

    #[test]
    fn the_armour_of_a_signed_text_is_set_aside_and_its_words_are_new() {
        let text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nI wish to complain.\n-----BEGIN PGP SIGNATURE-----\n\niQEz+abc=\n-----END PGP SIGNATURE-----\n";
        let words = split(text);
        assert_eq!(words.new, "I wish to complain.");
        assert!(words.signature.contains("iQEz"));
        let open = "Words.\n-----BEGIN PGP SIGNATURE-----\nand no end";
        assert!(new(open).ends_with("and no end"));
    }
}
