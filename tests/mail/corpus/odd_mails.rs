//! Odd mails: who wrote them, about what, with what attached, in which words; and hostile HTML.

use super::figure::{Aim, Figure, Miss, defects, settle, whereabouts};
use super::{corpus, flat, list, rows, text, word_set};
use evenhand::domain::correspondence::InboundMail;
use evenhand::mail::html::safe_html;
use evenhand::mail::parse::parse;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

#[test]
fn odd_mails_are_understood() {
    let Some(folder) = corpus("mail-parsing") else { return };
    let mut from = Figure::new("From address", Aim::Misses(1));
    let mut name = Figure::new("From name", Aim::None);
    let mut subject = Figure::new("subject", Aim::Misses(1));
    let mut files = Figure::new("attachments, the HTML form not counted", Aim::Misses(1));
    let mut words = Figure::new("bodies with nine words in ten", Aim::Percent(90));
    for row in rows(folder.join("expected.jsonl")) {
        let file = text(&row, "mail");
        let raw = fs::read(folder.join(file)).unwrap();
        let mail = parse(&raw);
        author(&row, &mail, &mut from, &mut name);
        if let Some(expected) = row["subject"].as_str() {
            let seen = mail.subject.clone().unwrap_or_default();
            let why = || whereabouts(&raw, &mail, expected);
            subject.count(flat(&seen) == flat(expected), || Miss::new(file, expected, &seen, why()));
        }
        attached(&row, &mail, &mut files);
        if row["body_is_placeholder"].as_bool() != Some(true) && !text(&row, "body_text").trim().is_empty() {
            body(&row, &raw, &mail, &mut words);
        }
    }
    settle(&[&from, &name, &subject, &files, &words]);
}

fn author(row: &Value, mail: &InboundMail, from: &mut Figure, name: &mut Figure) {
    let seen = mail.from.clone().unwrap_or_default();
    let field = || {
        let field = mail.headers.first("from").unwrap_or("(none)");
        format!("the field is {field:?}; seen: {}", defects(mail))
    };
    let expected = text(row, "from_email");
    from.count(seen.address == expected, || Miss::new(text(row, "mail"), expected, &seen.address, field()));
    let (expected, shown) = (text(row, "from_display_name"), seen.name.unwrap_or_default());
    name.count(shown == expected, || Miss::new(text(row, "mail"), expected, &shown, field()));
}

fn attached(row: &Value, mail: &InboundMail, files: &mut Figure) {
    // The other side keeps the HTML form of the words as a file of this name.
    for attachment in list(row, "attachments").iter().filter(|file| text(file, "filename") != "message.html") {
        let hash = text(attachment, "sha256");
        let found = mail.attachments.iter().any(|seen| seen.sha256 == hash);
        files.count(found, || {
            let seen: Vec<_> = mail.attachments.iter().map(|seen| (&seen.name, seen.size_bytes)).collect();
            let why = match mail.attachments.iter().any(|seen| seen.name == text(attachment, "filename")) {
                true => "a file of that name has other bytes after decoding",
                false => "no part became a file of that name",
            };
            Miss::new(text(row, "mail"), text(attachment, "filename"), seen, why)
        });
    }
}

fn body(row: &Value, raw: &[u8], mail: &InboundMail, words: &mut Figure) {
    let (seen, expected) = (word_set(&mail.text), word_set(text(row, "body_text")));
    let found = expected.intersection(&seen).count();
    words.count(found * 10 >= expected.len() * 9, || {
        let missing: Vec<_> = expected.difference(&seen).take(8).collect();
        let first = missing.first().map(|word| word.as_str()).unwrap_or_default();
        let other_form = mail.html.as_deref().is_some_and(|html| word_set(html).contains(first));
        let why = match other_form {
            true => "the plain form of the words says something else than the HTML form".to_owned(),
            false => whereabouts(raw, mail, first),
        };
        let got = format!("{found} of {}", expected.len());
        Miss::new(text(row, "mail"), format!("also {missing:?}"), got, why)
    });
}

#[test]
fn hostile_html_is_made_safe_and_its_words_stay() {
    let Some(folder) = corpus("mail-parsing") else { return };
    let mut safety = Figure::new("sanitiser rows, safe", Aim::Misses(0));
    let mut kept = Figure::new("sanitiser rows, visible words kept", Aim::Misses(0));
    for row in rows(folder.join("html_sanitizer.jsonl")) {
        let (input, expected) = (text(&row, "input"), text(&row, "expected"));
        let safe = safe_html(input);
        let lower = safe.to_lowercase();
        let in_tags: String =
            lower.split('<').skip(1).filter_map(|tag| tag.split('>').next()).collect::<Vec<_>>().join(" ");
        let hostile = ["script", "javascript:", " on", "<img", "src=", "style=", "data:", "iframe", "svg"];
        let bad: Vec<_> = hostile.iter().filter(|mark| in_tags.contains(**mark)).collect();
        safety.count(bad.is_empty(), || Miss::new(input, expected, &safe, format!("{bad:?} stands in a tag")));
        // The other side shows a script's source as text; no reader of the mail would have seen it.
        let is_code = ["<script", "<style"].iter().any(|tag| input.to_lowercase().contains(tag));
        // It also writes out where a link leads, which we leave in the link.
        let (visible, targets) = (visible_words(expected), &words_in_tags(input) - &visible_words(input));
        let missing = &(&visible - &visible_words(&safe)) - &targets;
        kept.count(missing.is_empty() || is_code, || {
            Miss::new(input, expected, &safe, format!("{missing:?} were to be seen and are not"))
        });
    }
    settle(&[&safety, &kept]);
}

fn words_in_tags(html: &str) -> BTreeSet<String> {
    let tags = html.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|(tag, _)| tag);
    word_set(&tags.collect::<Vec<_>>().join(" "))
}

fn visible_words(html: &str) -> BTreeSet<String> {
    let html = html.replace('&', " ");
    let pieces = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    word_set(&pieces.collect::<Vec<_>>().join(" "))
}
