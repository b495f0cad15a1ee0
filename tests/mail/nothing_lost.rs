//! Whatever somebody puts together, each of their words is somewhere, once; and what they wrote above, below and between
//! quotes is new, whatever program and language wrote the lines around it.

use evenhand::domain::correspondence::automatic::OurMail;
use evenhand::domain::correspondence::quote::{Words, split};
use evenhand::mail::inspect::inspect;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Lines of letters and of the programs that send them.
const LINES: [&str; 30] = [
    "I wish to complain.",
    "Nobody answered me in 12 weeks",
    "",
    "",
    "> Did you call?",
    ">> Earlier still",
    ">",
    "| a table",
    "On Mon, 2 Mar 2026 at 10:05, PSD <psd@example.org> wrote:",
    "Am 02.03.2026 um 10:05 schrieb PSD:",
    "From: PSD <psd@example.org>",
    "Sent: 2 March 2026 10:05",
    "To: A Person",
    "Subject: Your letter",
    "*Von:* PSD",
    "-----Original Message-----",
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "> Begin forwarded message:",
    "________________________________",
    "-- ",
    "--",
    "Sent from my iPhone",
    "Yours, A Person",
    "-----BEGIN PGP SIGNED MESSAGE-----",
    "Hash: SHA256",
    "-----BEGIN PGP SIGNATURE-----",
    "-----END PGP SIGNATURE-----",
    "I wrote:",
    "1. First, 2. second",
];

const ELEMENTS: [&str; 18] = [
    "<div>",
    "</div>",
    "<blockquote>",
    "<blockquote type=cite>",
    "<blockquote style=\"border:none\">",
    "</blockquote>",
    "<div class=gmail_quote>",
    "<div class=gmail_attr>",
    "<div class=moz-cite-prefix>",
    "<div id=divRplyFwdMsg>",
    "<div class=moz-forward-container>",
    "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>",
    "<p>",
    "<br>",
    "<hr>",
    "<b>From:</b> a<br><b>Sent:</b> b<br><b>To:</b> c<br>",
    "---------- Forwarded message ---------<br>",
    "<table><tr><td>",
];

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort();
    words
}

fn all(Words { new, quoted, forwarded, signature, .. }: &Words) -> Vec<String> {
    words(&[new.as_str(), quoted, forwarded, signature].join("\n"))
}

/// A line that names the author of what follows, and the quote, as a program of some language writes it.
fn quotes() -> Vec<String> {
    let authors = [
        "On Mon, 2 Mar 2026 at 10:05, PSD <psd@example.org> wrote:",
        "Am 02.03.2026 um 10:05 schrieb PSD <psd@example.org>:",
        "Le 2 mars 2026 à 10:05, PSD <psd@example.org> a écrit :",
        "El lun, 2 mar 2026 a las 10:05, PSD (<psd@example.org>) escribió:",
        "pon., 2 mar 2026 o 10:05 PSD <psd@example.org> napisał(a):",
        "Il 02/03/2026 10:05, PSD <psd@example.org> ha scritto:",
    ];
    let heads = [
        "From: PSD <psd@example.org>\nSent: 2 March 2026 10:05\nTo: A Person\nSubject: Your letter\n",
        "-----Ursprüngliche Nachricht-----\nVon: PSD <psd@example.org>\nGesendet: Montag, 2. März 2026\nAn: A\nBetreff: x\n",
        "De : PSD <psd@example.org>\nEnvoyé : lundi 2 mars 2026\nÀ : A\nObjet : x\n",
        "________________________________\nFra: PSD <psd@example.org>\nSendt: mandag 2. mars 2026\nTil: A\nEmne: x\n",
    ];
    let marked = authors.map(|author| format!("{author}\n\n> old words\n> of PSD"));
    let bare = heads.map(|head| format!("{head}\nold words\nof PSD"));
    marked.into_iter().chain(bare).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_word_of_a_text_ends_up_in_exactly_one_place(lines in vec(select(LINES.to_vec()), 0..25)) {
        let text = lines.join("\n");
        prop_assert_eq!(all(&split(&text)), words(&text));
    }

    #[test]
    fn each_word_of_html_ends_up_somewhere_and_something_is_new(pieces in vec((select(ELEMENTS.to_vec()), 0..1_000_u32), 1..20)) {
        let html: String = pieces.iter().map(|(element, number)| format!("{element}word{number} ")).collect();
        let mail = format!("From: a@example.org\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n{html}");
        let seen = inspect(mail.as_bytes(), OurMail::default());
        let found = words(&[seen.new_text.as_str(), &seen.quoted_text, &seen.forwarded_text, &seen.signature].join("\n"));
        for (_, number) in &pieces {
            prop_assert!(found.contains(&format!("word{number}")), "word{} in {:?}", number, seen);
        }
        prop_assert!(!seen.new_text.is_empty());
    }

    #[test]
    fn words_above_a_quote_of_any_program_are_new_and_the_quote_is_not(
        above in vec("[A-Z][a-z]{2,9}( [a-z]{2,9}){1,12}[.!?]", 1..6),
        quote in select(quotes()),
    ) {
        let above = above.join("\n");
        let words = split(&format!("{above}\n\n{quote}\n"));
        prop_assert_eq!(&words.new, &above);
        prop_assert!(words.quoted.ends_with("of PSD"));
    }

    #[test]
    fn answers_between_quoted_lines_are_new(
        answers in vec("[A-Z][a-z]{2,9}( [a-z]{2,9}){1,12}[.!?]", 4..8),
    ) {
        let text: String = answers.iter().map(|answer| format!("> a question\n{answer}\n")).collect();
        let words = split(&format!("{}\n{text}", answers[0]));
        for answer in &answers {
            prop_assert!(words.new.contains(answer.as_str()));
        }
    }
}
