//! Whatever the bytes, an answer, and soon.

use evenhand::app::mail::inspect_in_time;
use evenhand::domain::correspondence::automatic::OurMail;
use evenhand::mail::inspect::inspect;
use evenhand::mail::parse::parse;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::time::{Duration, Instant};

const SEED: &str = "Return-Path: <person@example.com>\r\nReceived: from mx.example.com by x; Mon, 1 Jun 2026 10:00:00 +0100\r\n\
    Authentication-Results: mx; dmarc=pass (c) header.from=example.com\r\nFrom: \"Example, P\" <person@example.com>\r\n\
    To: a@x.org, group: b@x.org;, =?utf-8?Q?C=C3=A9?= <c@x.org>\r\nSubject: =?iso-8859-1?B?R3L832U=?= and =?utf-8?Q?more?=\r\n\
    Message-ID: <1@example.com>\r\nReferences: <2@x> <3@x>\r\nDate: Mon, 1 Jun 2026 10:00:00 +0100\r\n\
    Content-Type: multipart/mixed; boundary=\"o\"\r\n\r\n--o\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n\r\n\
    On Mon, PSD <psd@x.org> wrote:\r\n> old\r\n-- \r\nme\r\n--i\r\nContent-Type: text/html\r\n\r\n<p>Gr&uuml;&szlig;e<blockquote>old</blockquote>\r\n\
    --i--\r\n--o\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@x.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\
    --o\r\nContent-Type: application/pdf; name*0*=utf-8''%C3%BC; name*1=.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n--o--\r\n";

fn answers(raw: &[u8]) {
    let seen = inspect(raw, OurMail::default());
    assert!(!seen.defects.iter().any(|fault| fault.code == "unreadable"), "a panic was caught on {raw:?}");
    serde_json::to_string(&seen).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in vec(any::<u8>(), 0..2_000)) {
        answers(&bytes);
    }

    #[test]
    fn any_text_in_the_place_of_any_field_is_answered(
        name in select(vec!["From", "To", "Subject", "Content-Type", "Content-Disposition", "Date", "References", "Authentication-Results", "Content-Transfer-Encoding"]),
        value in "\\PC{0,200}",
        body in "\\PC{0,200}",
    ) {
        answers(format!("{name}: {value}\r\nContent-Type: text/html\r\n\r\n{body}").as_bytes());
    }

    #[test]
    fn a_mail_cut_mixed_and_broken_anywhere_is_answered(
        edits in vec((any::<Index>(), any::<Index>(), any::<u8>(), 0..4_u8), 1..12),
    ) {
        let mut mail = SEED.as_bytes().to_vec();
        for (at, other, byte, kind) in edits {
            let (at, other) = (at.index(mail.len().max(1)), other.index(mail.len().max(1)));
            match kind {
                0 if at < mail.len() => mail[at] = byte,
                1 => mail.insert(at.min(mail.len()), byte),
                2 => mail.truncate(at.max(1)),
                _ => {
                    let piece: Vec<u8> = mail[at.min(other)..at.max(other)].iter().copied().take(300).collect();
                    mail.splice(at..at, piece);
                }
            }
        }
        answers(&mail);
    }
}

#[test]
fn no_shape_of_mail_takes_more_than_five_seconds() {
    // Unoptimised code is fifty times slower, and tests share their machine.
    let size = if cfg!(debug_assertions) { 50_000 } else { 1_000_000 };
    let repeat = |text: &str| text.repeat(size / text.len());
    let in_body = |head: &str, text: &str| format!("From: a@b.org\r\n{head}\r\n\r\n{}", repeat(text));
    let nested =
        (0..20_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")).collect();
    let rfc822 = repeat("Content-Type: message/rfc822\r\n\r\n");
    for (name, mail) in [
        ("nested multiparts", nested),
        ("nested messages", rfc822),
        (
            "boundaries that never come",
            format!(
                "Content-Type: multipart/mixed; boundary=x\r\n\r\n{}",
                repeat("--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n")
            ),
        ),
        ("one long header", format!("Subject: {}", repeat("=?utf-8?Q?a?= "))),
        ("open encoded words", format!("Subject: {}", repeat("=?utf-8?Q?a"))),
        ("many addresses", format!("From: {}", repeat("\"a\" <b@c>, (("))),
        ("open quotes", format!("From: {}", repeat("\"<(,"))),
        ("many fields", repeat("A: b\r\n")),
        ("many parameters", format!("Content-Type: a/b; {}", repeat("x*0*=\"'';"))),
        ("quotes", in_body("", "> \n>> a\n\nOn 1, a@b wrote:\n")),
        ("attributions", in_body("", "1 a@b >\n")),
        ("heads", in_body("", "From: a\nTo: b\n\n")),
        ("signatures", in_body("", "-- \nSent from my x\n")),
        ("blank lines", in_body("", "1:\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n")),
        ("html tags", in_body("Content-Type: text/html", "<b><p><table><a href=\"x\">")),
        ("open tags", in_body("Content-Type: text/html", "<a <a \"'")),
        ("comments", in_body("Content-Type: text/html", "<!-- <script><title>")),
        ("entities", in_body("Content-Type: text/html", "&amp;&#x41&")),
        ("formats", in_body("Content-Type: text/html", "<font a=1><i b=2><p>")),
        ("quotes in html", in_body("Content-Type: text/html", "<blockquote><br>x")),
        ("eight bits without a label", in_body("", "\u{e9}\u{3042}")),
        (
            "a hundred thousand parts",
            format!(
                "From: a@b.org\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n{}",
                "--x\r\n\r\n\r\n".repeat(size / 10)
            ),
        ),
        ("rows of one table", in_body("Content-Type: text/html", "<table><tr><td>x<td>y")),
        (
            "blocks a program names",
            in_body("Content-Type: text/html", "<div class=gmail_attr>x</div><div id=divRplyFwdMsg>"),
        ),
        ("pictures", in_body("Content-Type: text/html", "<img src=cid:a@b><img src=\"CID:")),
        ("citations that are none", in_body("Content-Type: text/html", "<blockquote style=border:none>x</blockquote>")),
        ("forwarded in forwarded", in_body("", "Begin forwarded message:\n> ---- Forwarded message ----\n")),
        ("armour", in_body("", "-----BEGIN PGP SIGNED MESSAGE-----\n-----END PGP SIGNATURE-----\n")),
        (
            "events",
            in_body("Content-Type: text/calendar", "BEGIN:VEVENT\nSUMMARY;X=\"a:b\":\\n\nATTENDEE:mailto:a@b\n"),
        ),
        ("a folded calendar", in_body("Content-Type: text/calendar", "BEGIN:VEVENT\n x\n y\n")),
        ("a packet of files", in_body("Content-Type: application/ms-tnef", "x\u{2}\u{f}")),
        ("dots before an at sign", in_body("From: mailer-daemon@x.org", "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a@")),
        ("commas and colons in a line", format!("To: {}", repeat("a:b,c;"))),
        ("a bounce of addresses", in_body("From: mailer-daemon@x.org", "550 <a@b.org>: to <c@d.org>\n--- ")),
    ] {
        let started = Instant::now();
        answers(mail.as_bytes());
        assert!(started.elapsed() < Duration::from_secs(5), "{name} took {:?}", started.elapsed());
    }
}

#[test]
fn a_mail_that_is_given_up_is_answered_with_that_and_nothing_else() {
    let given_up = inspect_in_time(SEED.into(), Vec::new(), String::new(), Duration::ZERO);
    assert_eq!(given_up.defects.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["too-slow"]);
    assert!(given_up.new_text.is_empty() && given_up.attachments.is_empty());
    let read = inspect_in_time(SEED.into(), Vec::new(), String::new(), Duration::from_secs(60));
    assert_eq!(read.attachments.len(), 2);
}

#[test]
fn a_mail_too_large_to_read_says_so_and_keeps_its_head() {
    let mail = format!("From: person@example.com\r\nSubject: big\r\n\r\n{}", "x".repeat(33 * 1024 * 1024));
    let read = parse(mail.as_bytes());
    assert_eq!(read.subject.as_deref(), Some("big"));
    assert!(read.has_defect("too-large") && read.has_defect("text-shortened"));
}

#[test]
fn ordinary_mail_reads_as_a_well_known_parser_reads_it() {
    let read = parse(SEED.as_bytes());
    let known = mail_parser::MessageParser::default().parse(SEED).unwrap();
    assert_eq!(read.subject.as_deref(), known.subject());
    assert_eq!(read.message_id.as_deref(), known.message_id());
    assert_eq!(read.from.unwrap().address, known.from().unwrap().first().unwrap().address().unwrap());
    assert_eq!(read.text.trim(), known.body_text(0).unwrap().replace("\r\n", "\n").trim());
    assert_eq!(read.date.unwrap().timestamp(), known.date().unwrap().to_timestamp());
    assert_eq!(read.attachments.len(), 2);
}
