//! Machines' mail and people's.

use super::figure::{Aim, Figure, Miss, settle};
use super::{corpus, files, rows, text};
use crate::mail::kinds::letters;
use evenhand::domain::correspondence::InboundMail;
use evenhand::domain::correspondence::automatic::{MailKind, OurMail, judge};
use evenhand::mail::parse::parse;
use std::fs;

#[test]
fn machines_are_told_from_people() {
    let Some(folder) = corpus("bounces") else { return };
    let mut machine = Figure::new("machine mail seen as such", Aim::Misses(2));
    let mut arrived = Figure::new("reports that a mail arrived seen as automatic", Aim::Misses(0));
    let mut human = Figure::new("human mail among the bounces seen as such", Aim::Misses(0));
    let mut kinds = Figure::new("kind of machine mail", Aim::None);
    for row in rows(folder.join("expected.jsonl")) {
        let file = text(&row, "mail");
        let mail = parse(&fs::read(folder.join(file)).unwrap());
        let seen = judge(&mail, OurMail::default());
        let expected = match text(&row, "kind") {
            "bounce" => MailKind::Bounce,
            "complaint" => MailKind::Complaint,
            "auto_reply" | "delivered" => MailKind::AutoReply,
            _ => MailKind::Human,
        };
        let miss = || Miss::new(file, expected, seen.kind, because(&seen.evidence));
        if expected == MailKind::Human {
            human.count(seen.kind == MailKind::Human, miss);
            continue;
        }
        let figure = if text(&row, "kind") == "delivered" { &mut arrived } else { &mut machine };
        figure.count(seen.kind != MailKind::Human, miss);
        kinds.count(seen.kind == expected, miss);
    }
    settle(&[&machine, &arrived, &human, &kinds]);
}

#[test]
fn people_are_told_from_machines() {
    let (Some(parsing), Some(replies)) = (corpus("mail-parsing/mails"), corpus("replies/emails")) else { return };
    let mut odd = Figure::new("people's odd mails seen as such", Aim::Misses(0));
    for (file, raw) in files(parsing) {
        let mail = parse(&raw);
        match says_a_machine_sent_it(&mail) {
            Some(said) => println!("  no human mail: {file}: {said}"),
            None => is_human(&mut odd, &file, &mail),
        }
    }
    let mut people = Figure::new("people's replies seen as such", Aim::Misses(0));
    for (file, raw) in files(replies) {
        let raw = [b"From: person@example.org\nSubject: Re: x\n\n".to_vec(), raw].concat();
        is_human(&mut people, &file, &parse(&raw));
    }
    let mut made = Figure::new("people's generated mails seen as such", Aim::Misses(0));
    for letter in letters() {
        is_human(&mut made, &letter, &parse(letter.as_bytes()));
    }
    settle(&[&odd, &people, &made]);
}

fn is_human(figure: &mut Figure, file: &str, mail: &InboundMail) {
    let seen = judge(mail, OurMail::default());
    figure.count(seen.kind == MailKind::Human, || Miss::new(file, MailKind::Human, seen.kind, because(&seen.evidence)));
}

fn because(evidence: &[String]) -> String {
    match evidence {
        [] => "nothing in it says that a machine sent it".to_owned(),
        found => format!("evidence: {}", found.join("; ")),
    }
}

/// What the standards let a machine say of itself, read without the rules under test: the corpus does not say which of
/// its odd mails people wrote.
fn says_a_machine_sent_it(mail: &InboundMail) -> Option<String> {
    let field = |name: &str| mail.headers.first(name).map(|value| value.trim().to_lowercase());
    let submitted = field("auto-submitted").filter(|value| value.starts_with("auto-")); // RFC 3834
    let report = field("content-type").filter(|value| value.starts_with("multipart/report")); // RFC 6522
    let list = field("list-id").or(field("list-unsubscribe")); // RFC 2919, RFC 2369
    let bulk = field("precedence").filter(|value| ["bulk", "list", "junk"].contains(&value.as_str())); // RFC 2076
    submitted.or(report).or(list).or(bulk)
}

#[test]
fn automatic_replies_of_the_rows_are_recognised() {
    let Some(folder) = corpus("mail-parsing") else { return };
    let mut figure = Figure::new("automatic-reply rows", Aim::Misses(0));
    for row in rows(folder.join("autoresponse.jsonl")) {
        let raw = text(&row, "raw").replace("{{FQDN}}", "psd.example.org");
        let seen = judge(&parse(raw.as_bytes()), OurMail { addresses: &[], message_id_domain: "psd.example.org" });
        let human = row["send_auto_response"].as_bool().or(row["out_of_office"].as_bool().map(|away| !away)).unwrap();
        figure.count((seen.kind == MailKind::Human) == human, || {
            let expected = if human { "a person's" } else { "a machine's" };
            Miss::new(&raw, expected, seen.kind, because(&seen.evidence))
        });
    }
    settle(&[&figure]);
}
