//! The mail room as people work in it: read, tick, answer, take back, decide about senders.

use super::browser::{Browser, value_of};
use crate::story::cast::{Force, MAILBOX, Mail};
use crate::support::{Answer, on_each_database};
use chrono::Duration;
use evenhand::domain::access::Role;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const COMPLAINT: &str = "Nobody answered. I want to make a complaint about the officer who came on Friday.";

fn id(contact: &Value) -> &str {
    contact["id"].as_str().unwrap()
}

/// A strategy is in force; the second mail of the week is held.
async fn held_mail(force: &Force) -> Value {
    force.strategy_in_force().await;
    force.app.advance(Duration::days(1));
    force.mail_arrives(&Mail::proven("First of the week", "My question.")).await;
    force.app.advance(Duration::hours(2));
    let held = force.mail_arrives(&Mail::proven("Second of the week", COMPLAINT)).await;
    assert_eq!(held["place"], "held", "{held}");
    held
}

fn answers(complaint: &'static str) -> Vec<(&'static str, &'static str)> {
    ["risk", "crime", "rights", "adjustment", "threat", "requested_reply"]
        .into_iter()
        .map(|question| (name(question), "no"))
        .chain([(name("complaint"), complaint)])
        .collect()
}

fn name(question: &str) -> &'static str {
    match question {
        "risk" => "answers.risk",
        "crime" => "answers.crime",
        "rights" => "answers.rights",
        "adjustment" => "answers.adjustment",
        "threat" => "answers.threat",
        "complaint" => "answers.complaint",
        _ => "answers.requested_reply",
    }
}

#[test]
fn a_held_mail_is_read_by_seven_answers_and_its_complaint_recorded() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let held = held_mail(&force).await;
        let spoc = Browser::sign_in(&force.app, "spoc").await;
        let list = spoc.get("/mail?tab=held").await;
        list.says(&["Second of the week", "Held: outside clause", "e-mail once", "New complaint", "for you"]);
        let place = format!("/contacts/{}", id(&held));
        let page = spoc.get(&place).await;
        page.says(&["Seven questions", "outside this", "A rule found: “", "Is a crime reported?", "FSU-0001"]);
        let version = value_of(&page.text, "version").unwrap();
        let handling = format!("{place}/handling");

        let too_few = spoc.post(&handling, &[("version", &version), ("answers.risk", "no"), ("note", "So far")]).await;
        assert_eq!(too_few.status, 422, "{}", too_few.text);
        assert!(too_few.text.contains("Answer yes or no: Is a crime reported?") && too_few.text.contains("So far"));
        assert!(too_few.text.contains("<title>Error: "), "{}", too_few.text);

        let mut all = answers("yes");
        all.push(("version", &version));
        let answered = spoc.post(&handling, &all).await;
        assert_eq!(answered.leads_to(), format!("{place}?done=passed"));
        assert_eq!(spoc.post(&handling, &all).await.status, 412, "it changed since that page");
        spoc.get("/mail?queue=complaints").await.says(&["Second of the week", "Passed on to: Complaints"]);

        let page = spoc.get(&place).await;
        page.says(&["Record the complaint in a contact", "Passed on to: Complaints"]);
        let task = page.text.split(&format!("{place}/tasks/")).nth(1).unwrap().get(..36).unwrap().to_owned();
        let finish = format!("{place}/tasks/{task}");
        let without = spoc.post(&finish, &[]).await;
        assert_eq!(without.status, 422, "{}", without.text);
        assert!(
            without.text.contains("Give the complaint&#x27;s reference") || without.text.contains("Give the complaint")
        );
        spoc.post(&finish, &[("reference", "CO/00123/26")]).await.leads_to();
        let page = spoc.get(&place).await;
        assert!(!page.text.contains("Record the complaint in a contact"), "{}", page.text);
        assert!(!force.tasks_of(&force.spoc).await.contains(&"Record the complaint in a contact".to_owned()));
    });
}

/// Opens the form of a reply and sends it `times` times, as it stood when it was opened.
async fn reply(browser: &Browser<'_>, contact: &str, times: usize) -> Vec<Answer> {
    let place = format!("/contacts/{contact}/reply");
    let form = browser.get(&place).await;
    form.says(&["Re: First of the week", "single point of contact"]);
    let (version, token) = (value_of(&form.text, "version").unwrap(), value_of(&form.text, "token").unwrap());
    let fields = [
        ("version", version.as_str()),
        ("token", &token),
        ("subject", "Re: First of the week"),
        ("text", "We looked at this.\n\nThe answer is yes."),
    ];
    let mut sent = Vec::new();
    for _ in 0..times {
        sent.push(browser.post(&place, &fields).await);
    }
    sent
}

#[test]
fn a_reply_goes_out_once_however_often_it_is_sent_and_can_be_taken_back() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        force.strategy_in_force().await;
        force.app.advance(Duration::days(1));
        force.app.run_jobs().await;
        let contact = force.mail_arrives(&Mail::proven("First of the week", "My question.")).await;
        let spoc = Browser::sign_in(&force.app, "spoc").await;
        let sent = reply(&spoc, id(&contact), 2).await;
        let mail = sent[0].leads_to();
        assert_eq!(sent[1].leads_to(), mail, "the same mail");
        let mail = mail.split('?').next().unwrap().to_owned();
        let outbox = spoc.get("/mail?tab=outbox").await;
        assert_eq!(outbox.text.matches(&format!("href=\"{mail}\"")).count(), 1, "{}", outbox.text);
        outbox.says(&["Outbox (1)", "Re: First of the week", "Take it back"]);

        assert_eq!(spoc.post(&format!("{mail}/cancel"), &[]).await.leads_to(), format!("{mail}?done=cancelled"));
        force.app.run_jobs().await;
        spoc.get(&mail).await.says(&["Taken back, never sent", "None yet."]);
        let place = format!("/contacts/{}", id(&contact));
        spoc.get(&place).await.says(&["A reply is due.", "Taken back, never sent"]);

        let again = reply(&spoc, id(&contact), 1).await;
        let mail = again[0].leads_to().split('?').next().unwrap().to_owned();
        force.app.run_jobs().await;
        spoc.get(&mail).await.says(&["Taken by the server", "The answer is yes.", "Dear Example Person One"]);
        spoc.get("/mail?tab=sent").await.says(&["Re: First of the week", "Sent"]);
        let page = spoc.get(&place).await;
        page.says(&["Since then", "The answer is yes.", "Closed"]);
        assert!(!page.text.contains("Log as read"), "{}", page.text);
        let row =
            entities::outgoing::Entity::find_by_id(mail.rsplit('/').next().unwrap().parse::<uuid::Uuid>().unwrap());
        let row = row.one(force.app.app.store.reader()).await.unwrap().unwrap();
        let mime = String::from_utf8_lossy(&row.mime).into_owned();
        for words in
            ["In-Reply-To: <Firstoftheweek@mail.example>", "References: <Firstoftheweek@mail.example>", "Example spoc"]
        {
            assert!(mime.contains(words), "{words}: {mime}");
        }
        assert!(!mime.contains("Auto-Submitted"), "a person wrote it: {mime}");
    });
}

#[test]
fn what_is_typed_into_a_reply_stays_whatever_else_is_asked_for() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        force.strategy_in_force().await;
        force.app.advance(Duration::days(1));
        let contact = force.mail_arrives(&Mail::proven("First of the week", "My question.")).await;
        let staff = Browser::sign_in(&force.app, "staff").await;
        let place = format!("/contacts/{}/reply", id(&contact));
        let form = staff.get(&place).await;
        let (version, token) = (value_of(&form.text, "version").unwrap(), value_of(&form.text, "token").unwrap());
        let typed = |extra: (&'static str, &'static str), text: &'static str| {
            [
                ("version", version.clone()),
                ("token", token.clone()),
                ("subject", "Hello".into()),
                ("text", text.into()),
                (extra.0, extra.1.into()),
                ("standard", "complaint".into()),
            ]
        };
        async fn post(browser: &Browser<'_>, place: &str, fields: &[(&'static str, String)]) -> Answer {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post(place, &fields).await
        }
        let inserted = post(&staff, &place, &typed(("insert", "1"), "My own words.")).await;
        inserted.says(&["My own words.", "We have recorded what you said as a complaint"]);
        let preview = post(&staff, &place, &typed(("preview", "1"), "My own words.")).await;
        preview.says(&[
            "As it would go out: Hello (FSU-0001)",
            "OFFICIAL",
            "In an emergency call 999",
            "My own words.",
        ]);
        let empty = post(&staff, &place, &typed(("x", ""), "")).await;
        assert_eq!(empty.status, 422, "{}", empty.text);
        assert!(empty.text.contains("Enter your reply") && empty.text.contains("value=\"Hello\""), "{}", empty.text);
        staff.get("/mail?tab=drafts").await.says(&["A reply to a message", &place]);
        staff.get(&place).await.says(&["This is your draft", "Hello"]);
    });
}

const HOSTILE: &str = "Authentication-Results: mx.force.example; dmarc=pass header.from=mail.example\r\n\
    From: \"<script>alert(1)</script>\" <person.one@mail.example>\r\nTo: psd@force.example\r\n\
    Subject: <script>alert(2)</script>\r\nMessage-ID: <hostile@mail.example>\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n\
    Content-Type: multipart/alternative; boundary=inner\r\n\r\n--inner\r\nContent-Type: text/plain\r\n\r\n\
    <script>alert(3)</script> {{csrf}} {{{csrf}}}\r\n\r\nOn Monday you wrote:\r\n> <script>alert(4)</script>\r\n--inner\r\n\
    Content-Type: text/html\r\n\r\n<p onclick=\"alert(5)\">Laid out</p><script>alert(6)</script>\
    <img src=\"https://spy.example/x.png\"><a href=\"javascript:alert(7)\">x</a>\r\n--inner--\r\n--outer\r\n\
    Content-Type: text/html; name=\"<script>alert(8).html\"\r\nContent-Disposition: attachment; \
    filename=\"<script>alert(8).html\"\r\n\r\n<script>alert(9)</script>\r\n--outer--\r\n";

#[test]
fn what_strangers_write_stays_words_on_every_page() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        force.app.post_mail(&force.border, MAILBOX, HOSTILE).await.ok();
        force.app.run_jobs().await;
        let staff = Browser::sign_in(&force.app, "staff").await;
        let listed = force.app.get(&force.staff, "/api/v1/contacts").await.ok();
        let contact = &listed["data"][0];
        let (contact, mail) = (id(contact).to_owned(), contact["mailId"].as_str().unwrap().to_owned());
        let pages = [
            "/mail".to_owned(),
            format!("/contacts/{contact}"),
            format!("/contacts/{contact}/reply"),
            format!("/mail/senders/{contact}"),
            format!("/mail/{mail}"),
        ];
        for page in pages {
            let shown = staff.get(&page).await;
            assert_eq!(shown.status, 200, "{page}: {}", shown.text);
            assert!(!shown.text.contains("<script>"), "{page}: {}", shown.text);
        }
        let page = staff.get(&format!("/contacts/{contact}")).await;
        page.says(&[
            "&lt;script&gt;alert(2)",
            "&lt;script&gt;alert(3)",
            "{{csrf}} {{{csrf}}}",
            "sandbox=\"\"",
            "What it quotes",
        ]);

        let frame = staff.get(&format!("/mail/{mail}/html")).await;
        frame.says(&["Laid out"]);
        for harm in ["<script", "onclick", "javascript:", "spy.example"] {
            assert!(!frame.text.contains(harm), "{harm}: {}", frame.text);
        }
        let policy = frame.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.ends_with("sandbox"), "{policy}");

        let file = staff.get(&format!("/mail/{mail}/attachments/0")).await;
        assert_eq!(file.status, 200);
        assert!(file.header("content-disposition").unwrap().starts_with("attachment; "), "{:?}", file.headers);
        assert_eq!(file.header("content-type"), Some("application/octet-stream"));
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(file.text.trim(), "<script>alert(9)</script>");
        assert_eq!(staff.get(&format!("/mail/{mail}/attachments/1")).await.status, 404);
    });
}

#[test]
fn another_point_of_contact_neither_answers_nor_sees_what_others_send() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        force.strategy_in_force().await;
        force.app.advance(Duration::days(1));
        let contact = force.mail_arrives(&Mail::proven("First of the week", "My question.")).await;
        force.app.officer("other", &[Role::Spoc]).await;
        let other = Browser::sign_in(&force.app, "other").await;
        let place = format!("/contacts/{}/reply", id(&contact));
        let refused = other.get(&place).await;
        assert_eq!(refused.status, 403, "{}", refused.text);
        assert!(refused.text.contains("single point of contact"), "{}", refused.text);
        let words = [("token", "x"), ("subject", "Hello"), ("text", "Words"), ("version", "1")];
        assert_eq!(other.post(&place, &words).await.status, 403);

        let spoc = Browser::sign_in(&force.app, "spoc").await;
        let mail = reply(&spoc, id(&contact), 1).await[0].leads_to();
        let mail = mail.split('?').next().unwrap();
        assert!(!other.get("/mail?tab=outbox").await.text.contains("Re: First of the week"));
        assert_eq!(other.post(&format!("{mail}/cancel"), &[]).await.status, 404, "it is not theirs to take back");
        spoc.get("/mail?tab=outbox").await.says(&["Re: First of the week"]);
    });
}

#[test]
fn nobody_sees_mail_of_a_person_who_complained_about_them() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let supervisor = force.app.officer("supervisor", &[Role::PsdSupervisor]).await;
        force.strategy_in_force().await;
        force.app.advance(Duration::days(1));
        let contact = force.mail_arrives(&Mail::proven("First of the week", "Purple elephants.")).await;
        let spoc = Browser::sign_in(&force.app, "spoc").await;
        let sent = reply(&spoc, id(&contact), 1).await[0].leads_to();
        let about = json!({ "officerId": force.staff.id });
        let path = format!("/api/v1/people/{}/complaints-about", force.person);
        force.app.post(&supervisor, &path, about).await.ok();

        let staff = Browser::sign_in(&force.app, "staff").await;
        let mail = contact["mailId"].as_str().unwrap();
        for list in ["/mail", "/mail?tab=held", "/mail?tab=outbox", "/mail?tab=sent", "/mail?queue=complaints"] {
            let page = staff.get(list).await;
            for secret in ["First of the week", "Purple elephants", "Example Person One", "FSU-0001"] {
                assert!(!page.text.contains(secret), "{list} says {secret}");
            }
        }
        let hidden = [
            format!("/contacts/{}", id(&contact)),
            format!("/mail/{mail}"),
            format!("/mail/{mail}/html"),
            format!("/mail/{mail}/attachments/0"),
            sent,
        ];
        for page in hidden {
            let answer = staff.get(&page).await;
            assert_eq!(answer.status, 404, "{page}: {}", answer.text);
        }
        for form in ["reply", "handling", "attribution", "triage"] {
            let answer =
                staff.post(&format!("/contacts/{}/{form}", id(&contact)), &[("text", "x"), ("subject", "x")]).await;
            assert!([403, 404, 422].contains(&answer.status), "{form}: {}", answer.status);
            assert!(!answer.text.contains("Purple elephants"), "{form}");
        }
    });
}

#[test]
fn an_unknown_sender_is_put_on_file_and_a_decision_can_be_taken_back() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let mail = Mail {
            from: "new.person@other.example",
            subject: "Hello there",
            words: "Who deals with this?",
            dmarc: Some("pass"),
        };
        let contact = force.mail_arrives(&mail).await;
        let staff = Browser::sign_in(&force.app, "staff").await;
        let place = format!("/mail/senders/{}", id(&contact));
        staff.get("/mail?tab=unknown").await.says(&["new.person@other.example", "The address was proven", &place]);
        staff.get(&place).await.says(&["Do we know this sender?", "Example Person One", "a name alone proves nothing"]);

        let unsaid = staff.post(&place, &[("who", "new"), ("fullName", "Example Person Two")]).await;
        assert_eq!(unsaid.status, 422, "{}", unsaid.text);
        for words in ["Say why", "Enter a reference", "Example Person Two", "Say how sure it is"] {
            assert!(unsaid.text.contains(words), "{words}: {}", unsaid.text);
        }
        let taken = [
            ("who", "new"),
            ("fullName", "Example Person Two"),
            ("reference", "FSU-0001"),
            ("sure", "confirmed"),
            ("reason", "Confirmed by telephone."),
        ];
        let refused = staff.post(&place, &taken).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("This reference is taken."), "{}", refused.text);
        let new = taken.map(|(name, value)| (name, if name == "reference" { "FSU-0002" } else { value }));
        assert_eq!(staff.post(&place, &new).await.leads_to(), format!("/contacts/{}?done=sender", id(&contact)));
        let page = staff.get(&format!("/contacts/{}", id(&contact))).await;
        page.says(&["Example Person Two", "FSU-0002", "Confirmed by telephone."]);

        let tab = staff.get("/mail?tab=unknown").await;
        tab.says(&["No unknown sender waits", "Their mail is Example Person Two’s"]);
        let reverse =
            tab.text.split("action=\"/mail/senders/decisions/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let reverse = format!("/mail/senders/decisions/{reverse}");
        let unsaid = staff.post(&reverse, &[]).await;
        assert_eq!(unsaid.status, 422, "{}", unsaid.text);
        assert!(unsaid.text.contains("Say why the decision is taken back"), "{}", unsaid.text);
        assert_eq!(
            staff.post(&reverse, &[("reason", "It was somebody else.")]).await.leads_to(),
            "/mail?tab=unknown&done=left"
        );
        staff.get("/mail?tab=unknown").await.says(&["new.person@other.example", "Taken back: It was somebody else."]);
    });
}

#[test]
fn whose_a_message_is_and_its_flags_are_corrected_on_its_page() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let mail = Mail {
            from: "new.person@other.example",
            subject: "Hello there",
            words: "Who deals with this?",
            dmarc: Some("pass"),
        };
        let contact = force.mail_arrives(&mail).await;
        let staff = Browser::sign_in(&force.app, "staff").await;
        let place = format!("/contacts/{}", id(&contact));
        let version = value_of(&staff.get(&place).await.text, "version").unwrap();
        let whose = format!("{place}/attribution");
        let unknown = staff
            .post(&whose, &[("version", &version), ("whose", "another"), ("reference", "FSU-9"), ("reason", "So.")])
            .await;
        assert_eq!(unknown.status, 422, "{}", unknown.text);
        assert!(unknown.text.contains("Enter the whole reference of one person"), "{}", unknown.text);
        let known = [
            ("version", version.as_str()),
            ("whose", "another"),
            ("reference", "fsu-0001"),
            ("reason", "By telephone."),
        ];
        assert_eq!(staff.post(&whose, &known).await.leads_to(), format!("{place}?done=whose"));
        assert_eq!(staff.post(&whose, &known).await.status, 412, "somebody changed it since");
        let page = staff.get(&place).await;
        page.says(&["Example Person One", "decided: By telephone."]);
        let version = value_of(&page.text, "version").unwrap();
        let unsaid = [("version", version.as_str()), ("flag", "crime"), ("exempt", "yes"), ("reason", "")];
        let sent_back = staff.post(&format!("{place}/triage"), &unsaid).await;
        assert_eq!(sent_back.status, 422, "a reason is missing");
        for kept in ["value=\"crime\" checked", "<option value=\"yes\" selected>"] {
            assert!(sent_back.text.contains(kept), "{kept}: {}", sent_back.text);
        }
        let flags = [("version", version.as_str()), ("flag", "crime"), ("reason", "A theft is told.")];
        assert_eq!(staff.post(&format!("{place}/triage"), &flags).await.leads_to(), format!("{place}?done=flags"));
        staff.get(&place).await.says(&["Crime reported", "flagged by a person"]);
    });
}

#[test]
fn reading_goes_on_with_the_next_message_and_ends_with_the_last() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let first = force.mail_arrives(&Mail::proven("The first", "My question.")).await;
        let second = force.mail_arrives(&Mail::proven("The second", "My other question.")).await;
        let staff = Browser::sign_in(&force.app, "staff").await;
        staff.get("/mail").await.says(&["2 messages to read", &format!("href=\"/contacts/{}\"", id(&first))]);
        let log = async |contact: &Value| {
            let place = format!("/contacts/{}", id(contact));
            let version = value_of(&staff.get(&place).await.text, "version").unwrap();
            staff.post(&format!("{place}/handling"), &[("version", &version), ("close", "yes")]).await.leads_to()
        };
        let next = log(&first).await;
        assert_eq!(next, format!("/contacts/{}?done=next&before={}", id(&second), id(&first)));
        staff.get(&next).await.says(&["The message before was logged as read."]);
        assert_eq!(log(&second).await, "/mail?done=read");
        staff.get("/mail?done=read").await.says(&["Nothing waits to be read.", "No messages to read."]);
    });
}

#[test]
fn what_became_of_a_mail_stands_step_by_step_and_a_mistyped_address_is_no_fault() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let held = held_mail(&force).await;
        let spoc = Browser::sign_in(&force.app, "spoc").await;
        let mail = held["mailId"].as_str().unwrap();
        let listed = force.app.get(&force.staff, "/api/v1/outgoing").await.ok();
        let outgoing = listed["data"][0]["id"].as_str().unwrap();
        spoc.get(&format!("/mail/{mail}")).await.says(&["Step by step", "Measured against the limits", "Evidence"]);
        spoc.get(&format!("/outbox/{outgoing}")).await.says(&["Attempts to send it", "Step by step"]);
        for (page, status) in [
            ("/mail?tab=held&after=nonsense".to_owned(), 200),
            ("/mail?tab=unknown".to_owned(), 200),
            ("/mail?queue=crime".to_owned(), 200),
            (format!("/contacts/{mail}"), 404),
            (format!("/outbox/{mail}"), 404),
            ("/mail/nothing".to_owned(), 404),
        ] {
            assert_eq!(spoc.get(&page).await.status, status, "{page}");
        }
    });
}
