//! What members of the public send: mail through the intake, calls as another system reports them.

use super::BORDER;
use super::force::{Force, Somebody};
use super::seed::Seed;
use crate::app::contacts::{ContactFacts, Handling, handle_contact, record_contacts};
use crate::app::mail::{Incoming, MailSource, keep_mails};
use crate::app::tasks::{self, Completion};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::contact::{Channel, Flag};
use crate::store::contacts::{self, Contact, Filter};
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeMap;

const MAILBOX: &str = "psd@demo.example";
/// The first people on file write or ring often; everybody else now and then.
const OFTEN: usize = 14;

const SUBJECTS: [&str; 6] = [
    "My complaint of last year",
    "The parking in front of my house",
    "Your letter to me",
    "Nobody has answered me",
    "Again about the same matter",
    "A question about your reply",
];
const WORDS: [&str; 8] = [
    "I wrote to you before and do not think that you have looked at what I sent.",
    "Please tell me who decided this and what they were shown before they did.",
    "I was told on the telephone to put it in writing, which I am doing now.",
    "The matter is not at an end for me, whatever your last letter says.",
    "I would be glad of an answer this week.",
    "Thank you for your letter. I still do not agree with it.",
    "I want to make a complaint about the officer who came on Friday.",
    "Please send me everything you hold about me. This is a subject access request.",
];

/// One day's mail and calls.
pub(super) async fn a_day(app: &App, force: &Force, seed: &mut Seed, day: i64) -> Result<(), AppError> {
    let start = app.now();
    let (mut mail, mut calls) = (Vec::new(), Vec::new());
    for (n, somebody) in (0..).zip(&force.people) {
        let often = n < OFTEN;
        // Whoever writes often does so in spells of three weeks, the next person's beginning later.
        let spell = often && (day / 21 + i64::try_from(n % 3).unwrap_or(0)) % 2 == 0;
        let percent = if spell {
            85
        } else if often {
            25
        } else {
            4
        };
        for copy in 0..3 {
            if seed.happens(if copy == 0 { percent } else { percent / 4 }) {
                let at = start + Duration::minutes(i64::try_from(seed.below(540)).unwrap_or(0));
                mail.push(incoming(somebody, seed, at, (day, n, copy)));
            }
        }
        if seed.happens(if n % 5 == 0 { 30 } else { 2 }) {
            calls.push(Ok(call(somebody, seed, start, (day, n))));
        }
    }
    mail.push(stranger(seed, start, day));
    if day % 3 == 0 {
        mail.push(out_of_office(force, start, day));
    }
    mail.sort_by_key(|incoming| incoming.received_at);
    app.clock.set(start + Duration::hours(10));
    keep_mails(app, &Actor::Software, mail).await?;
    record_contacts(app, &Actor::Software, calls).await?;
    Ok(())
}

fn incoming(somebody: &Somebody, seed: &mut Seed, at: DateTime<Utc>, (day, n, copy): (i64, usize, u64)) -> Incoming {
    let subject = seed.one_of(&SUBJECTS).copied().unwrap_or_default();
    let proven = seed.happens(92);
    let first = seed.one_of(&WORDS).copied().unwrap_or_default();
    let second = seed.one_of(&WORDS).copied().unwrap_or_default();
    let results = if proven {
        format!("Authentication-Results: {BORDER}; dmarc=pass header.from=post.demo.example\r\n")
    } else {
        String::new()
    };
    let raw = format!(
        "{results}From: Example Person <{}>\r\nTo: <{MAILBOX}>\r\nSubject: {subject}\r\n\
         Message-ID: <{day}.{n}.{copy}@post.demo.example>\r\nDate: {}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Dear Sir or Madam,\r\n\r\n{first} {second}\r\n\r\nExample Person {}\r\n",
        somebody.address,
        at.to_rfc2822(),
        n + 1
    );
    Incoming {
        raw: raw.into_bytes(),
        recipient: MAILBOX.to_owned(),
        source: MailSource::Import,
        received_at: Some(at),
        envelope_from: None,
    }
}

fn stranger(seed: &mut Seed, start: DateTime<Utc>, day: i64) -> Incoming {
    let at = start + Duration::minutes(i64::try_from(seed.below(540)).unwrap_or(0));
    let raw = format!(
        "From: Somebody <somebody.{day}@elsewhere.demo.example>\r\nTo: <{MAILBOX}>\r\nSubject: A question\r\n\
         Message-ID: <{day}@elsewhere.demo.example>\r\nContent-Type: text/plain\r\n\r\n\
         How do I get a copy of a crime report?\r\n"
    );
    Incoming {
        raw: raw.into_bytes(),
        recipient: MAILBOX.to_owned(),
        source: MailSource::Import,
        received_at: Some(at),
        envelope_from: None,
    }
}

fn out_of_office(force: &Force, start: DateTime<Utc>, day: i64) -> Incoming {
    let from = force.people.first().map(|somebody| somebody.address.clone()).unwrap_or_default();
    let raw = format!(
        "From: <{from}>\r\nTo: <{MAILBOX}>\r\nSubject: Automatic reply: your letter\r\nAuto-Submitted: auto-replied\r\n\
         Message-ID: <away.{day}@post.demo.example>\r\nContent-Type: text/plain\r\n\r\nI am away until Monday.\r\n"
    );
    let at = Some(start + Duration::minutes(5));
    Incoming {
        raw: raw.into_bytes(),
        recipient: MAILBOX.to_owned(),
        source: MailSource::Import,
        received_at: at,
        envelope_from: None,
    }
}

fn call(somebody: &Somebody, seed: &mut Seed, start: DateTime<Utc>, (day, n): (i64, usize)) -> ContactFacts {
    let channel = seed.one_of(&[Channel::Phone101, Channel::Telephone, Channel::Phone999]).copied();
    ContactFacts {
        channel: channel.unwrap_or(Channel::Phone101),
        received_at: Some(start + Duration::minutes(i64::try_from(seed.below(540)).unwrap_or(0))),
        addressee: None,
        presented: Some(somebody.telephone.clone()),
        subject: None,
        words: Some("Asked about the progress of a complaint.".to_owned()),
        external_system: Some("demo-telephony".to_owned()),
        external_ref: Some(format!("{day}-{n}")),
        person_id: Some(somebody.id),
        person_reference: None,
    }
}

/// What is held or flagged is read the next day, held mail question by question; the newest stays to be read.
pub(super) async fn somebody_reads_what_is_held(app: &App, force: &Force, day: i64) -> Result<(), AppError> {
    if day % 2 == 1 {
        return Ok(());
    }
    let unread = contacts::Order::Reading(None);
    for contact in contacts::list(app.store.reader(), &Filter::default(), unread, 200).await? {
        let urgent = contact.ticks_owed || !contact.flags.is_empty();
        if !urgent || contact.received_at > app.now() - Duration::days(1) {
            continue;
        }
        let ticked = ticked(&contact);
        let answer = |flag: Flag| (flag, ticked.contains(&flag));
        let answers: BTreeMap<Flag, bool> = match contact.ticks_owed {
            true => Flag::ALL.into_iter().map(answer).collect(),
            false => BTreeMap::new(),
        };
        let close = answers.is_empty() || ticked.is_empty();
        let handling = Handling { contact: contact.id, version: None, answers, note: String::new(), close };
        Box::pin(handle_contact(app, &force.staff, handling)).await?;
    }
    somebody_deals_with_what_was_released(app, force).await
}

/// What went to a queue, or has to be recorded, is dealt with in a few days.
async fn somebody_deals_with_what_was_released(app: &App, force: &Force) -> Result<(), AppError> {
    let spocs = force.spocs.iter().cloned().map(Actor::Officer);
    for actor in spocs.chain([force.staff.clone()]) {
        for task in tasks::my_tasks(app, &actor, None, 500).await? {
            let released = task.kind.starts_with("handle_") || task.kind == "record_complaint";
            if released && task.created_at < app.now() - Duration::days(4) {
                let reference = Some(format!("DEMO/{}", task.created_at.format("%d%m%y")));
                let done = Completion { reference, reason: None };
                tasks::finish_task(app, &actor, task.id, done).await?;
            }
        }
    }
    Ok(())
}

fn ticked(contact: &Contact) -> Vec<Flag> {
    contact.flags.iter().map(|raised| raised.flag).collect()
}
