//! Real odd mails that this project did not write, kept outside the repository (`../shared/corpus`, or the folder in
//! `EVENHAND_CORPUS`). Prints how well they are understood; skips, saying so, where the folder is absent.
//! `cargo test --test suite mail::corpus -- --nocapture` shows the figures and every miss.
#![expect(clippy::print_stdout, reason = "what was found in a corpus is for people to read")]

use evenhand::domain::correspondence::automatic::{MailKind, OurMail, judge};
use evenhand::domain::correspondence::{bounce, quote};
use evenhand::mail::html::safe_html;
use evenhand::mail::inspect::inspect;
use evenhand::mail::parse::parse;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn corpus(part: &str) -> Option<PathBuf> {
    let named = option_env!("EVENHAND_CORPUS").map(PathBuf::from);
    let beside =
        ["../shared/corpus", "../../shared/corpus"].map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    let found = named.into_iter().chain(beside).map(|root| root.join(part)).find(|path| path.is_dir());
    if found.is_none() {
        println!("skipped: there is no corpus folder `{part}` beside this repository");
    }
    found
}

fn rows(path: PathBuf) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

fn strings(row: &Value) -> BTreeSet<String> {
    row.as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_lowercase)
        .collect()
}

/// Counts what is right and prints what is not.
struct Figure {
    name: &'static str,
    right: usize,
    all: usize,
}

impl Figure {
    fn new(name: &'static str) -> Self {
        Self { name, right: 0, all: 0 }
    }

    fn count(&mut self, right: bool, miss: impl FnOnce() -> String) {
        self.all += 1;
        self.right += usize::from(right);
        if !right {
            println!("  miss {}: {}", self.name, miss());
        }
    }

    fn print(&self) {
        println!("{}: {}/{}", self.name, self.right, self.all);
    }
}

#[test]
fn every_mail_of_the_corpus_is_inspected() {
    for part in ["mail-parsing/mails", "bounces/mails", "replies/emails"] {
        let Some(folder) = corpus(part) else { return };
        for file in fs::read_dir(folder).unwrap() {
            let raw = fs::read(file.unwrap().path()).unwrap();
            let seen = inspect(&raw, OurMail::default());
            assert!(!seen.defects.iter().any(|fault| fault.code == "unreadable"));
            serde_json::to_string(&seen).unwrap();
        }
    }
}

#[test]
fn odd_mails_are_understood() {
    let Some(folder) = corpus("mail-parsing") else { return };
    let mut from = Figure::new("From address");
    let mut name = Figure::new("From name");
    let mut subject = Figure::new("subject");
    let mut files = Figure::new("attachments");
    let mut words = Figure::new("body words (nine in ten found)");
    for row in rows(folder.join("expected.jsonl")) {
        let file = text(&row, "mail");
        let mail = parse(&fs::read(folder.join(file)).unwrap());
        let seen = mail.from.clone().unwrap_or_default();
        from.count(seen.address == text(&row, "from_email"), || format!("{file}: {:?}", seen.address));
        let shown = seen.name.unwrap_or_default();
        name.count(shown == text(&row, "from_display_name"), || {
            format!("{file}: {shown:?} not {:?}", text(&row, "from_display_name"))
        });
        if let Some(expected) = row["subject"].as_str() {
            let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let seen = mail.subject.clone().unwrap_or_default();
            subject.count(flat(&seen) == flat(expected), || format!("{file}: {seen:?} not {expected:?}"));
        }
        for attachment in row["attachments"].as_array().map(Vec::as_slice).unwrap_or_default() {
            if text(attachment, "filename") == "message.html" {
                continue; // the HTML form of the body
            }
            let hash = text(attachment, "sha256");
            let found = mail.attachments.iter().any(|seen| seen.sha256 == hash);
            let names: Vec<_> = mail.attachments.iter().map(|seen| (&seen.name, seen.size_bytes)).collect();
            files.count(found, || format!("{file}: {attachment} among {names:?}"));
        }
        if row["body_is_placeholder"].as_bool() != Some(true)
            && let Some(body) = row["body_text"].as_str().filter(|body| !body.trim().is_empty())
        {
            let seen = word_set(&mail.text);
            let expected = word_set(body);
            let found = expected.intersection(&seen).count();
            let missing: Vec<_> = expected.difference(&seen).take(8).collect();
            words.count(found * 10 >= expected.len() * 9, || {
                format!("{file}: {found} of {}, not {missing:?}", expected.len())
            });
        }
    }
    [&from, &name, &subject, &files, &words].iter().for_each(|figure| figure.print());
    assert!(from.right >= 40 && subject.right >= 39 && files.right >= 22, "see the misses above");
    assert!(words.right * 10 >= words.all * 9);
}

fn word_set(text: &str) -> BTreeSet<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn machines_and_people_are_told_apart() {
    let (Some(bounces), Some(parsing), Some(replies)) =
        (corpus("bounces"), corpus("mail-parsing"), corpus("replies/emails"))
    else {
        return;
    };
    let mut machine = Figure::new("machine mail seen as such");
    let mut kinds = Figure::new("its kind");
    for row in rows(bounces.join("expected.jsonl")) {
        let file = text(&row, "mail");
        let mail = parse(&fs::read(bounces.join(file)).unwrap());
        let seen = judge(&mail, OurMail::default());
        let expected = match text(&row, "kind") {
            "bounce" => MailKind::Bounce,
            "complaint" => MailKind::Complaint,
            "auto_reply" | "delivered" => MailKind::AutoReply,
            _ => MailKind::Human,
        };
        let describe = || format!("{file}: {:?} not {expected:?}, {:?}", seen.kind, seen.evidence);
        machine.count((seen.kind == MailKind::Human) == (expected == MailKind::Human), describe);
        kinds.count(seen.kind == expected, describe);
    }
    for file in fs::read_dir(parsing.join("mails")).unwrap() {
        let path = file.unwrap().path();
        let seen = judge(&parse(&fs::read(&path).unwrap()), OurMail::default());
        if seen.kind != MailKind::Human {
            println!(
                "  of mail-parsing: {} is {:?}: {:?}",
                path.file_name().unwrap().display(),
                seen.kind,
                seen.evidence
            );
        }
    }
    let mut people = Figure::new("people's replies seen as such");
    for file in fs::read_dir(replies).unwrap() {
        let path = file.unwrap().path();
        let raw = [b"From: person@example.org\nSubject: Re: x\n\n".to_vec(), fs::read(&path).unwrap()].concat();
        let seen = judge(&parse(&raw), OurMail::default());
        people.count(seen.kind == MailKind::Human, || format!("{}: {:?}", path.display(), seen.evidence));
    }
    [&machine, &kinds, &people].iter().for_each(|figure| figure.print());
    assert!(machine.all - machine.right <= 2);
    assert_eq!(people.right, people.all);
}

#[test]
fn automatic_replies_of_the_rows_are_recognised() {
    let Some(folder) = corpus("mail-parsing") else { return };
    let mut figure = Figure::new("automatic-reply rows");
    for row in rows(folder.join("autoresponse.jsonl")) {
        let raw = text(&row, "raw").replace("{{FQDN}}", "psd.example.org");
        let seen = judge(&parse(raw.as_bytes()), OurMail { addresses: &[], message_id_domain: "psd.example.org" });
        let human = row["send_auto_response"].as_bool().or(row["out_of_office"].as_bool().map(|away| !away)).unwrap();
        figure.count((seen.kind == MailKind::Human) == human, || format!("{raw:?}: {:?}", seen.evidence));
    }
    figure.print();
    assert_eq!(figure.right, figure.all);
}

#[test]
fn hostile_html_is_made_safe_and_its_words_stay() {
    let Some(folder) = corpus("mail-parsing") else { return };
    let mut safety = Figure::new("sanitiser rows, safe");
    let mut kept = Figure::new("sanitiser rows, words kept");
    for row in rows(folder.join("html_sanitizer.jsonl")) {
        let (input, expected) = (text(&row, "input"), text(&row, "expected"));
        let safe = safe_html(input);
        let lower = safe.to_lowercase();
        let in_tags: String =
            lower.split('<').skip(1).filter_map(|tag| tag.split('>').next()).collect::<Vec<_>>().join(" ");
        let hostile = ["script", "javascript:", " on", "<img", "src=", "style=", "data:", "iframe", "svg"];
        let bad: Vec<_> = hostile.iter().filter(|mark| in_tags.contains(**mark)).collect();
        safety.count(bad.is_empty(), || format!("{input:?} → {safe:?}: {bad:?}"));
        // Zammad shows a script's source as text; we do not show what no reader of the mail would have seen.
        let visible = visible_words(&expected.replace(['&'], " "));
        let seen = visible_words(&safe.replace(['&'], " "));
        let missing: Vec<_> = visible.difference(&seen).collect();
        let is_code = input.to_lowercase().contains("<script") || input.to_lowercase().contains("<style");
        kept.count(missing.is_empty() || is_code, || format!("{input:?} → {safe:?}: not {missing:?}"));
    }
    safety.print();
    kept.print();
    assert_eq!(safety.right, safety.all);
}

fn visible_words(html: &str) -> BTreeSet<String> {
    word_set(
        &html
            .split('<')
            .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text))
            .collect::<Vec<_>>()
            .join(" "),
    )
}

#[test]
fn bounces_name_their_recipients() {
    let Some(folder) = corpus("bounces") else { return };
    let mut recipients = Figure::new("bounce recipients");
    let mut permanence = Figure::new("permanence");
    let mut ids = Figure::new("original Message-ID");
    for row in rows(folder.join("expected.jsonl")) {
        if !["bounce", "complaint"].contains(&text(&row, "kind")) {
            continue;
        }
        let file = text(&row, "mail");
        let read = bounce::read(&parse(&fs::read(folder.join(file)).unwrap()));
        let seen: BTreeSet<String> = read.recipients.iter().map(|failed| failed.address.to_lowercase()).collect();
        let expected = strings(&row["recipients"]);
        recipients.count(seen == expected, || format!("{file}: {seen:?} not {expected:?}"));
        if let (Some(permanent), Some(failed)) = (row["permanent"].as_bool(), read.recipients.first()) {
            permanence
                .count(failed.permanent == permanent, || format!("{file}: {} rows {}", failed.permanent, row["rows"]));
        }
        let expected = strings(&row["original_message_id"]);
        if !expected.is_empty() {
            let seen = read.original_message_id.unwrap_or_default().to_lowercase();
            ids.count(expected.contains(&seen), || format!("{file}: {seen:?} not {expected:?}"));
        }
    }
    [&recipients, &permanence, &ids].iter().for_each(|figure| figure.print());
    assert!(recipients.right * 10 >= recipients.all * 9);
}

#[test]
fn replies_keep_every_word_of_their_sender() {
    let Some(folder) = corpus("replies") else { return };
    let mut exact = Figure::new("replies, exact");
    let mut kept = Figure::new("replies, no word lost");
    for row in rows(folder.join("index.jsonl")) {
        let read = |field: &str| fs::read_to_string(folder.join(text(&row, field))).unwrap();
        let (mail, trimmed) = (read("mail"), read("trimmed"));
        let words = quote::split(&mail);
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        exact.count(flat(&words.new) == flat(&trimmed), || format!("{}: {:?}", text(&row, "mail"), words.new));
        let lost: Vec<_> = word_set(&trimmed).difference(&word_set(&words.new)).cloned().collect();
        kept.count(lost.is_empty(), || format!("{}: {lost:?}", text(&row, "mail")));
    }
    exact.print();
    kept.print();
    assert_eq!(kept.right, kept.all);
    assert!(exact.right * 100 >= exact.all * 85);
}
