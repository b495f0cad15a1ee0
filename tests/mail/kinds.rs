//! People's mail and machines' mail.

use evenhand::domain::correspondence::automatic::{MailKind, OurMail, judge};
use evenhand::mail::parse::parse;

fn letter(header: &str, body: &str) -> String {
    format!("From: Example Person <person@example.com>\r\nTo: psd@example.org\r\n{header}\r\n\r\n{body}\r\n")
}

fn kind(header: &str, body: &str) -> MailKind {
    judge(&parse(letter(header, body).as_bytes()), OurMail::default()).kind
}

#[test]
fn auto_submitted_no_is_a_person_and_every_other_word_is_not() {
    for person in ["no", "No", " no ", "no (really)", "no; x=y", ""] {
        assert_eq!(kind(&format!("Auto-Submitted: {person}"), "Help"), MailKind::Human, "{person}");
    }
    for machine in ["auto-replied", "auto-generated", "Auto-Notified", "yes"] {
        assert_eq!(kind(&format!("Auto-Submitted: {machine}"), "Away"), MailKind::AutoReply, "{machine}");
    }
}

#[test]
fn what_a_person_writes_about_machines_does_not_make_them_one() {
    for (header, body) in [
        ("Subject: Re: Automatic reply: your complaint", "I had your automatic reply."),
        ("Subject: Undeliverable mail", "My letter to you came back as undeliverable, 550 5.1.1 user unknown."),
        ("Subject: Delivery Status Notification", "What does this mean?"),
        ("Subject: Out of the question", "This is out of office hours and out of the question."),
        ("Subject: I am away\r\nX-Auto-Response-Suppress: DR, RN", "Please wait."),
        ("Subject: x\r\nX-Loop: person@example.com", "My mail is forwarded."),
        ("Subject: x\r\nReturn-Path: <>", "My provider forwards like this."),
        ("Subject: x\r\nPrecedence: first-class", "words"),
    ] {
        assert_eq!(kind(header, body), MailKind::Human, "{header}");
    }
}

#[test]
fn machines_are_known_by_what_they_say_of_themselves() {
    for (header, expected) in [
        ("Subject: Automatic reply: Your letter", MailKind::AutoReply),
        ("Subject: Out of Office: Re: x", MailKind::AutoReply),
        ("Subject: Abwesenheitsnotiz: Ihr Brief", MailKind::AutoReply),
        ("X-Auto-Response-Suppress: All", MailKind::AutoReply),
        ("X-Autoreply: yes", MailKind::AutoReply),
        ("Precedence: auto_reply", MailKind::AutoReply),
        ("Precedence: bulk", MailKind::List),
        ("List-Id: <news.example.com>", MailKind::List),
        ("List-Unsubscribe: <https://example.com/u>", MailKind::List),
        ("X-Failed-Recipients: a@example.net", MailKind::Bounce),
        ("Return-Path: <>\r\nSubject: Undelivered Mail Returned to Sender", MailKind::Bounce),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=x", MailKind::Bounce),
        ("Content-Type: multipart/report; report-type=\"feedback-report\"; boundary=x", MailKind::Complaint),
        ("Content-Type: multipart/report; boundary=x; report-type=disposition-notification", MailKind::AutoReply),
    ] {
        assert_eq!(kind(header, "words"), expected, "{header}");
    }
}

#[test]
fn a_report_of_success_is_no_bounce() {
    let report = |action: &str| {
        format!(
            "--x\r\n\r\nThis is a report.\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@example.net\r\nAction: {action}\r\nStatus: 2.0.0\r\n--x--"
        )
    };
    let header = "Content-Type: multipart/report; report-type=delivery-status; boundary=x";
    assert_eq!(kind(header, &report("delivered")), MailKind::AutoReply);
    assert_eq!(kind(header, &report("failed")), MailKind::Bounce);
    assert_eq!(kind(header, &report("delayed")), MailKind::Bounce);
}

#[test]
fn our_own_mail_come_back_is_ours_whatever_else_it_is() {
    let ours = OurMail { addresses: &["psd@example.org".to_owned()], message_id_domain: "psd.example.org" };
    for header in [
        "From: PSD <PSD@example.org>",
        "From: x@example.com\r\nMessage-ID: <1@psd.example.org>\r\nAuto-Submitted: auto-replied",
    ] {
        let mail = format!("{header}\r\n\r\nwords");
        assert_eq!(judge(&parse(mail.as_bytes()), ours).kind, MailKind::Own, "{header}");
    }
}

#[test]
fn two_hundred_letters_of_people_are_peoples() {
    let letters = letters();
    assert_eq!(letters.len(), 200);
    for letter in letters {
        assert_eq!(judge(&parse(letter.as_bytes()), OurMail::default()).kind, MailKind::Human, "{letter}");
    }
}

/// Letters of people about mail, machines and absence, by common mail programs.
pub(super) fn letters() -> Vec<String> {
    let subjects = [
        "Complaint",
        "Re: your letter",
        "Fwd: failure to reply",
        "Auto theft",
        "Away on the 3rd",
        "Mail",
        "RE: Automatic number plates",
        "",
    ];
    let bodies = [
        "Please reply.",
        "No reply from you again!",
        "This mail was returned to me: 550 unknown user",
        "I am out of the country until Monday but read mail.",
        "Do not reply to this address.",
    ];
    let programs = [
        "X-Mailer: Example Mail 1",
        "User-Agent: Example",
        "X-Priority: 1",
        "Importance: high",
        "Disposition-Notification-To: person@example.com",
    ];
    let mut letters = Vec::new();
    for subject in subjects {
        for body in bodies {
            for program in programs {
                letters.push(letter(&format!("Subject: {subject}\r\n{program}"), body));
            }
        }
    }
    letters
}
