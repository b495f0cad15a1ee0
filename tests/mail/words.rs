//! What a reader sees of a mail: the sender's words apart from other people's, what is attached and what is only shown,
//! invitations, Outlook's packets, signed and encrypted mail.

use super::mailroom::Mailroom;
use crate::support::on_each_database;
use evenhand::domain::correspondence::automatic::OurMail;
use evenhand::mail::inspect::{Inspection, inspect};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn seen(mail: &str) -> Inspection {
    inspect(mail.replace('\n', "\r\n").as_bytes(), OurMail::default())
}

fn html(subject: &str, html: &str) -> Inspection {
    seen(&format!(
        "From: person@example.com\nSubject: {subject}\nContent-Type: text/html; charset=utf-8\n\n<html><body>{html}</body></html>\n"
    ))
}

fn parts(kind: &str, parts: &[(&str, &str)]) -> Inspection {
    let parts: String = parts.iter().map(|(header, body)| format!("--b\n{header}\n\n{body}\n")).collect();
    seen(&format!("From: person@example.com\nSubject: x\nContent-Type: multipart/{kind}; boundary=b\n\n{parts}--b--\n"))
}

fn as_json(seen: &Inspection) -> Value {
    serde_json::to_value(seen).unwrap()
}

#[test]
fn every_program_that_writes_html_is_read_alike() {
    let outlook = "<div id=\"appendonsend\"></div><hr style=\"width:98%\"><div id=\"divRplyFwdMsg\"><font><b>From:</b> PSD &lt;psd@example.org&gt;<br>\
        <b>Sent:</b> 02 March 2026 10:05<br><b>To:</b> A Person<br><b>Subject:</b> Your letter</font></div><div>Old words.</div>";
    let windows = "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>Kellelt:</b> PSD<br>\
        <b>Saadetud:</b> 2. märts 2026 10:05<br><b>Kellele:</b> A Person<br><b>Teema:</b> Your letter</p></div></div><p>Old words.</p>";
    let gmail = "<div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">Kirjutas PSD eile</div><blockquote class=\"gmail_quote\" \
        style=\"margin:0 0 0 .8ex;border-left:1px #ccc solid\">Old words.</blockquote></div>";
    let apple = "<div><blockquote type=\"cite\"><div>On 2 Mar 2026, at 10:05, PSD &lt;psd@example.org&gt; wrote:</div><br><div>Old words.</div></blockquote></div>";
    let thunderbird = "<div class=\"moz-cite-prefix\">Kell 10:05 kirjutas PSD</div><blockquote type=\"cite\" cite=\"mid:1@x\"><p>Old words.</p></blockquote>";
    let yahoo = "<div id=\"ydp1yahoo_quoted_1\" class=\"ydp1yahoo_quoted\"><div>On Monday, 2 March 2026 at 10:05:00 GMT, PSD &lt;psd@example.org&gt; wrote: </div><div>Old words.</div></div>";
    for (program, quote) in [
        ("Outlook on the web", outlook),
        ("Outlook for Windows", windows),
        ("Gmail", gmail),
        ("Apple Mail", apple),
        ("Thunderbird", thunderbird),
        ("Yahoo", yahoo),
    ] {
        let mail = html("Re: Your letter", &format!("<p>I disagree.</p><p>Regards</p>{quote}"));
        assert_eq!(mail.new_text, "I disagree.\n\nRegards", "{program}");
        assert!(mail.quoted_text.contains("Old words."), "{program}: {}", mail.quoted_text);
        assert_eq!(as_json(&mail)["forwards"], "no", "{program}");
    }
}

#[test]
fn answers_between_quoted_blocks_stay_in_their_place() {
    for cite in ["type=cite", "class=gmail_quote", ""] {
        let mail = html(
            "Re: x",
            &format!(
                "<p>See below.</p><blockquote {cite}>Did you call?</blockquote><p>I did, twice.</p>\
                 <blockquote {cite}>When?<blockquote {cite}>Then.</blockquote></blockquote><p>On Monday.</p>"
            ),
        );
        for words in ["See below.", "I did, twice.", "On Monday.", "Did you call?"] {
            assert!(mail.new_text.contains(words), "{words} in {}", mail.new_text);
        }
    }
}

#[test]
fn the_senders_own_words_that_are_only_moved_in_are_not_a_quote() {
    let mail = html(
        "x",
        "<p>My points:</p><blockquote style=\"margin: 0 0 0 40px; border: none; padding: 0px\">First.<br>Second.</blockquote>",
    );
    assert_eq!(mail.new_text, "My points:\n\nFirst.\nSecond.");
}

#[test]
fn forwarded_mail_is_a_class_of_its_own() {
    let outlook = "<div id=\"divRplyFwdMsg\"><b>From:</b> A &lt;a@example.org&gt;<br><b>Sent:</b> 2 March 2026<br><b>To:</b> B<br><b>Subject:</b> x</div><div>Words of A.</div>";
    let gmail = "<div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">---------- Forwarded message ---------<br>From: <b>A</b> &lt;a@example.org&gt;<br>\
        Date: Mon, 2 Mar 2026<br>Subject: x<br>To: B<br></div><br>Words of A.</div>";
    let thunderbird = "<div class=\"moz-forward-container\"><br>-------- Edastatud kiri --------<table><tr><th>Teema: </th><td>x</td></tr></table><p>Words of A.</p></div>";
    let apple = "<div><blockquote type=\"cite\"><div>Begin forwarded message:</div><br><div><b>From: </b>A &lt;a@example.org&gt;</div><div><b>Subject: </b>x</div>\
        <div><b>Date: </b>2 March 2026</div><div><b>To: </b>B</div><br><div>Words of A.</div></blockquote></div>";
    for (program, forwarded) in
        [("Outlook", outlook), ("Gmail", gmail), ("Thunderbird", thunderbird), ("Apple Mail", apple)]
    {
        let mail = html("Fwd: x", &format!("<p>Please see what he wrote.</p>{forwarded}"));
        assert_eq!(mail.new_text, "Please see what he wrote.", "{program}");
        assert!(mail.forwarded_text.contains("Words of A."), "{program}: {mail:?}");
        assert_eq!((as_json(&mail)["forwards"].clone(), mail.quoted_text.as_str()), (json!("below"), ""), "{program}");
        let alone = html("Fwd: x", forwarded);
        assert!(alone.new_text.contains("Words of A."), "{program}: {alone:?}");
        assert_eq!(as_json(&alone)["forwards"], "alone", "{program}");
    }
    let attached = parts(
        "mixed",
        &[("", "See attached."), ("Content-Type: message/rfc822", "From: a@example.org\nSubject: y\n\nWords of A.")],
    );
    assert_eq!(
        (as_json(&attached)["forwards"].clone(), attached.new_text.as_str()),
        (json!("attached"), "See attached.")
    );
    assert_eq!(as_json(&attached)["automatic"]["kind"], "human");
}

#[test]
fn a_picture_among_the_words_is_told_from_a_file() {
    let picture = "Content-Type: image/png; name=logo.png\nContent-ID: <logo 1@x>\nContent-Disposition: inline";
    let mail = parts(
        "related",
        &[
            ("Content-Type: text/html", "<p>Hello<img src=\"cid:logo%201@x\"><img src=\"http://x.example/p.gif\"></p>"),
            (picture, "pixels"),
            ("Content-Type: image/jpeg; name=photo.jpg\nContent-ID: <other@x>", "evidence"),
        ],
    );
    let files: Vec<_> =
        mail.attachments.iter().map(|file| (file.name.as_str(), file.inline, file.content_id.as_deref())).collect();
    assert_eq!(files, [("logo.png", true, Some("logo 1@x")), ("photo.jpg", false, Some("other@x"))]);
    assert!(!mail.safe_html.contains("x.example") && !mail.safe_html.contains("<img"));
}

#[test]
fn an_invitation_is_read_out_and_a_bare_answer_to_one_is_a_machines() {
    let event = |method: &str, more: &str| {
        format!(
            "BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nSUMMARY:Meeting with PSD\nDTSTART:20260302T100000Z\n{more}\
             ATTENDEE;PARTSTAT=ACCEPTED:mailto:person@example.com\nEND:VEVENT\nEND:VCALENDAR"
        )
    };
    let calendar = |method: &str| format!("Content-Type: text/calendar; charset=utf-8; method={method}");
    let request = parts(
        "alternative",
        &[("", "Please come."), (&calendar("REQUEST"), &event("REQUEST", "ORGANIZER;CN=A:mailto:a@example.org\n"))],
    );
    assert!(
        request.new_text.starts_with("Please come.\n\nInvitation: Meeting with PSD\nFrom: 2026-03-02 10:00 UTC"),
        "{}",
        request.new_text
    );
    let found = &as_json(&request)["calendar"][0];
    assert_eq!((&found["method"], &found["organiser"]["address"]), (&json!("REQUEST"), &json!("a@example.org")));
    assert_eq!(as_json(&request)["automatic"]["kind"], "human");

    let kind = |words: &str, more: &str| {
        let reply = parts("alternative", &[("", words), (&calendar("REPLY"), &event("REPLY", more))]);
        as_json(&reply)["automatic"]["kind"].clone()
    };
    assert_eq!(kind("", ""), "auto_reply");
    assert_eq!(kind("I will come, and I am still unhappy.", ""), "human");
    assert_eq!(kind("", "COMMENT:I will bring my sister\n"), "human");
}

/// One attribute of a packet: level, id, length, data, a check sum nobody asks for.
fn attribute(id: u16, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_le_bytes();
    [&[2][..], &id.to_le_bytes(), &[0, 0], &length, data, &[0, 0]].concat()
}

#[test]
fn what_outlook_packed_is_unpacked_and_the_packet_stays() {
    let packet = [
        b"\x78\x9f\x3e\x22\x01\x00".to_vec(),
        attribute(0x800c, b"Words in a packet.\0"),
        attribute(0x9002, &[0; 14]),
        attribute(0x8010, b"..\\letter.txt\0"),
        attribute(0x800f, b"the letter"),
    ]
    .concat();
    let encoded: String = packet
        .iter()
        .map(|byte| format!("={byte:02X}"))
        .collect::<Vec<_>>()
        .chunks(20)
        .map(|line| line.concat() + "=\n")
        .collect();
    let header = "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: quoted-printable";
    let mail = parts("mixed", &[(header, &encoded)]);
    assert_eq!(mail.new_text, "Words in a packet.");
    let [whole, letter] = mail.attachments.as_slice() else { panic!("{:?}", mail.attachments) };
    assert_eq!((whole.name.as_str(), whole.inside.as_deref()), ("winmail.dat", None));
    assert_eq!((letter.name.as_str(), letter.inside.as_deref()), ("letter.txt", Some("winmail.dat")));
    assert_eq!(letter.sha256, hex::encode(Sha256::digest(b"the letter")));
    let with_words = parts("mixed", &[("", "My words."), (header, &encoded)]);
    assert_eq!((with_words.new_text.as_str(), with_words.attachments.len()), ("My words.", 2));
}

#[test]
fn signed_and_encrypted_mail_is_said_to_be_so_and_kept_whole() {
    let pgp = [
        ("Content-Type: application/pgp-encrypted", "Version: 1"),
        ("Content-Type: application/octet-stream; name=encrypted.asc", "-----BEGIN PGP MESSAGE-----"),
    ];
    let signed = [
        ("", "Words."),
        ("Content-Type: application/pgp-signature; name=signature.asc", "-----BEGIN PGP SIGNATURE-----"),
    ];
    let smime = [("", "Words."), ("Content-Type: application/pkcs7-signature; name=smime.p7s", "x")];
    for (mail, expected, readable) in [
        (parts("encrypted; protocol=\"application/pgp-encrypted\"", &pgp), "pgp_encrypted", false),
        (parts("signed; protocol=\"application/pgp-signature\"", &signed), "pgp_signed", true),
        (parts("signed; protocol=\"application/pkcs7-signature\"", &smime), "smime_signed", true),
        (
            seen(
                "From: a@example.com\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx\n",
            ),
            "smime_encrypted",
            false,
        ),
        (
            seen(
                "From: a@example.com\nContent-Type: application/x-pkcs7-mime; smime-type=signed-data; name=smime.p7m\n\nx\n",
            ),
            "smime_sealed",
            false,
        ),
        (
            seen("From: a@example.com\n\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n"),
            "pgp_encrypted",
            false,
        ),
        (
            seen(
                "From: a@example.com\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nWords.\n-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n",
            ),
            "pgp_signed",
            true,
        ),
    ] {
        assert_eq!(as_json(&mail)["protection"], json!([expected]), "{mail:?}");
        let told = mail.defects.iter().any(|defect| ["encrypted", "sealed"].contains(&defect.code));
        assert_eq!(told, !readable, "{expected}: {:?}", mail.defects);
        assert!(!readable || mail.new_text == "Words.", "{expected}: {}", mail.new_text);
        assert_eq!(as_json(&mail)["automatic"]["kind"], "human", "{expected}");
    }
    let quoted = seen("From: a@example.com\n\nNo.\n> -----BEGIN PGP MESSAGE-----\n> hQEM\n");
    assert!(quoted.protection.is_empty());
}

#[test]
fn what_somebody_sends_on_is_read_with_their_words_and_looked_through_for_risk() {
    on_each_database(async |database| {
        let room = Mailroom::open(database).await;
        let head = "---------- Forwarded message ---------\r\nFrom: A <a@example.org>\r\nDate: 1 May 2026\r\n\
            Subject: Goodbye\r\nTo: b@example.org\r\n\r\nI am going to end my life.";
        let header = "From: person@example.com\r\nSubject: Fwd: Goodbye";
        let (_, below) = room.arrives(header, &format!("Please look at this.\r\n\r\n{head}")).await;
        assert_eq!(below["flags"][0]["flag"], "risk", "{below}");
        let words = below["words"].as_str().unwrap();
        assert!(words.starts_with("Please look at this.\n\n----------") && words.ends_with("end my life."), "{words}");
        let (_, alone) = room.arrives(header, head).await;
        assert!(alone["words"].as_str().unwrap().contains("From: A <a@example.org>"), "{alone}");
    });
}
