//! A named person answers a message: one mail in the thread of what it answers, in the name of the point of contact, with
//! the marking, the force and how to ask about it around the officer's own words.
//!
//! Sent twice it goes out once. It waits for the moment that every mail waits, and may be taken back until then.

use super::queue_mail::point_of_contact;
use super::{Draft, Origin, Queued, queue_mail};
use crate::app::contacts::{Answerable, answerable, answered};
use crate::app::people::{AdjustmentView, may_act_on};
use crate::app::{App, AppError, ShownWith, log_disclosure, rights};
use crate::domain::access::Actor;
use crate::domain::attribution::Certainty;
use crate::domain::calendar::london;
use crate::domain::contact::Reply as Owed;
use crate::domain::correspondence::threading;
use crate::domain::ids::{ContactId, EventId, MailId, OutgoingId};
use crate::domain::marking::Marking;
use crate::domain::registers::PolicyEntry;
use crate::mail::parse::parse;
use crate::render::{ContactPoint, LetterContext, Letterhead, Rendered, long_date, paragraphs};
use crate::store::contacts::{self, Handling};
use crate::store::{Tx, mails, outgoing, people};
use chrono::Duration;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

const DEPARTMENT: &str = "Professional Standards Department";
/// Of a long thread, the first and so many of the last are named.
const MOST_REFERENCES: usize = 20;
const LONGEST_SUBJECT: usize = 200;
const LONGEST_TEXT: usize = 20_000;

/// What the officer wrote.
#[derive(Clone, Debug)]
pub struct ReplyText {
    pub subject: String,
    /// Blank lines divide paragraphs.
    pub text: String,
}

#[derive(Clone, Debug)]
pub struct Reply {
    pub contact: ContactId,
    /// The version the officer read; `None`: whatever it is.
    pub version: Option<i64>,
    /// Of the form: however often it is sent, one mail goes out.
    pub token: String,
    pub words: ReplyText,
    /// Nothing else remains to be done with the message.
    pub close: bool,
}

/// What stands around an answer before it is written.
#[derive(Clone, Debug)]
pub struct ReplyForm {
    pub to: String,
    /// `Re: …`.
    pub subject: String,
    /// In whose name it goes out; `None`: the department's.
    pub spoc: Option<String>,
    pub marking: Marking,
    pub adjustments: Vec<AdjustmentView>,
    /// The answer the message is owed.
    pub owed: Option<Owed>,
    /// How long it may be taken back.
    pub undo: Duration,
    pub version: i64,
}

/// # Errors
/// As for sending it: what may not be answered has no form.
pub async fn reply_form(app: &App, actor: &Actor, id: ContactId) -> Result<ReplyForm, AppError> {
    let db = app.store.reader();
    let answering = Box::pin(answerable(app, db, actor, (id, None))).await?;
    let with = ShownWith::load(app, db, &answering.case.into_iter().collect::<Vec<_>>(), &[answering.person]).await?;
    let contact = &answering.contact;
    Ok(ReplyForm {
        subject: answer_to(contact.subject.as_deref().unwrap_or_default()),
        spoc: spoc_of(db, &answering).await?,
        marking: with.marking(answering.case),
        adjustments: with.adjustments(Some(answering.person)),
        owed: contact.verdict.as_ref().map(Owed::owed_for),
        undo: app.settings.sending.undo,
        version: contact.version,
        to: answering.to,
    })
}

/// The mail as it would go out.
///
/// # Errors
/// As for sending it.
pub async fn preview_reply(app: &App, actor: &Actor, id: ContactId, words: &ReplyText) -> Result<Rendered, AppError> {
    let db = app.store.reader();
    let answering = Box::pin(answerable(app, db, actor, (id, None))).await?;
    letter(app, db, &answering, words).await
}

/// Queues the answer, and answers which mail it is.
///
/// # Errors
/// What `answerable` refuses; `Invalid` without a subject or words; `StaleVersion` where somebody else dealt with the
/// message meanwhile.
pub async fn reply_to_contact(app: &App, actor: &Actor, asked: Reply) -> Result<OutgoingId, AppError> {
    is_written(&asked.words)?;
    let thread = thread_of(app, asked.contact).await?;
    let (inner, actor) = (app.clone(), actor.clone());
    Ok(app.store.write(async move |tx| Box::pin(reply_in(&inner, tx, &actor, (asked, thread))).await).await?)
}

fn is_written(words: &ReplyText) -> Result<(), AppError> {
    let mut faults = Vec::new();
    let mut fault = |pointer: &str, detail: &str| {
        let (pointer, detail) = (pointer.to_owned(), detail.to_owned());
        faults.push(crate::app::FieldFault { pointer, detail });
    };
    match words.subject.trim().chars().count() {
        0 => fault("/subject", "Enter a subject"),
        1..=LONGEST_SUBJECT => {}
        _ => fault("/subject", "The subject must be 200 characters or less"),
    }
    match words.text.trim().chars().count() {
        0 => fault("/text", "Enter your reply"),
        1..=LONGEST_TEXT => {}
        _ => fault("/text", "The reply must be 20,000 characters or less"),
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// The Message-ID of the mail a contact came in, and those of its thread.
type Thread = (Option<String>, Vec<String>);

async fn thread_of(app: &App, id: ContactId) -> Result<Thread, AppError> {
    let db = app.store.reader();
    let mail: Option<MailId> = contacts::find(db, id).await?.and_then(|contact| contact.mail);
    let raw = match mail {
        Some(mail) => mails::raw(db, mail).await?.unwrap_or_default(),
        None => Vec::new(),
    };
    let parsed = parse(&raw);
    let named = parsed.references.iter().chain(&parsed.message_id).cloned();
    let mut thread: Vec<String> = Vec::new();
    for id in named {
        let is_one_line = !id.contains(|c: char| c.is_control() || c.is_whitespace());
        if is_one_line && !thread.contains(&id) {
            thread.push(id);
        }
    }
    if thread.len() > MOST_REFERENCES {
        let middle = 1..thread.len() - MOST_REFERENCES + 1;
        thread.drain(middle);
    }
    let answered = parsed.message_id.filter(|id| thread.contains(id));
    Ok((answered, thread))
}

async fn reply_in(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (asked, (in_reply_to, references)): (Reply, Thread),
) -> Result<OutgoingId, AppError> {
    let officer = rights::named_person(actor)?.id;
    let event = EventId::from_uuid(Uuid::new_v5(&asked.contact.as_uuid(), asked.token.as_bytes()));
    if let Some(sent) = sent_before(tx, actor, asked.contact, event).await? {
        return Ok(sent);
    }
    let answering = Box::pin(answerable(app, tx, actor, (asked.contact, asked.version))).await?;
    let words = letter(app, tx, &answering, &asked.words).await?;
    let draft = Draft {
        event,
        to: answering.to.clone(),
        words,
        origin: Origin::Reply(officer, answering.mail),
        person: Some(answering.person),
        case: answering.case,
        in_reply_to,
        references,
    };
    let Queued::As(id) = queue_mail(app, tx, draft).await? else {
        return Err(AppError::broken("queueing a reply", "an officer's own words are no automatic answer"));
    };
    log_disclosure(app, actor, ("contact", asked.contact.as_uuid()), &answering.to).await?;
    let handling = if asked.close { Handling::Closed } else { Handling::Read };
    answered(app, tx, actor, (answering.contact, id), handling).await?;
    Ok(id)
}

/// The mail that the same form asked for before.
async fn sent_before(
    tx: &Tx,
    actor: &Actor,
    contact: ContactId,
    event: EventId,
) -> Result<Option<OutgoingId>, AppError> {
    let contact = contacts::find(tx, contact).await?.ok_or(AppError::NotFound)?;
    may_act_on(tx, actor, contact.person).await?;
    let Some(to) = contact.presented else { return Ok(None) };
    let id = threading::outgoing_id(event, &to);
    Ok(outgoing::find(tx, id).await?.map(|_| id))
}

async fn spoc_of(db: &impl ConnectionTrait, answering: &Answerable) -> Result<Option<String>, AppError> {
    match answering.case.filter(|_| answering.spoc.is_some()) {
        Some(case) => point_of_contact(db, case).await,
        None => Ok(None),
    }
}

/// The officer's words in a letter of the force.
async fn letter(
    app: &App,
    db: &impl ConnectionTrait,
    answering: &Answerable,
    words: &ReplyText,
) -> Result<Rendered, AppError> {
    let root = people::root(db, answering.person).await?.ok_or(AppError::NotFound)?;
    let person = people::find(db, root).await?.ok_or(AppError::NotFound)?;
    let with = ShownWith::load(app, db, &answering.case.into_iter().collect::<Vec<_>>(), &[person.id]).await?;
    let adjustments = with.adjustments(Some(person.id));
    let large = |kind: &str| kind.to_lowercase().replace([' ', '-'], "_").contains("large_print");
    let settings = &app.settings;
    let head = Letterhead {
        force_name: settings.force_name.clone(),
        force_address: settings.force_address.lines().map(str::to_owned).collect(),
        department: DEPARTMENT.to_owned(),
        marking: Some(with.marking(answering.case).to_string()),
        policy: app.catalog.registers().policy.as_ref().map(PolicyEntry::cited),
        date: long_date(london::date_of(app.now())),
        reference: person.reference,
        // Whoever speaks for them is known by their address alone.
        greeting: if answering.contact.certainty == Certainty::OnBehalf {
            "Dear Sir or Madam".to_owned()
        } else {
            format!("Dear {}", person.full_name)
        },
        large_print: adjustments.iter().any(|adjustment| large(&adjustment.kind)),
        adjustments: adjustments.into_iter().map(|adjustment| adjustment.detail).collect(),
    };
    let spoc = spoc_of(db, answering).await?;
    let email = Some(settings.mail_from.clone()).filter(|from| !from.is_empty());
    let contact = match &spoc {
        Some(name) => ContactPoint { name: name.clone(), single: true, email, ..ContactPoint::default() },
        None => ContactPoint { name: format!("the {DEPARTMENT}"), email, ..ContactPoint::default() },
    };
    let signed_for = match spoc {
        Some(name) => format!("{name}, your single point of contact"),
        None => format!("For the {DEPARTMENT}"),
    };
    let heading = words.subject.trim().replace(char::is_control, " ");
    let context = LetterContext { head, heading, paragraphs: paragraphs(&words.text), contact, signed_for };
    app.renderer.letter(&context).map_err(|error| AppError::broken("rendering a reply", error))
}

/// `Re: …`, once however often it was said.
fn answer_to(subject: &str) -> String {
    let bare = subject.trim();
    let is_answer = bare.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("re:"));
    match (bare.is_empty(), is_answer) {
        (true, _) => "Re: your message".to_owned(),
        (false, true) => bare.chars().take(LONGEST_SUBJECT).collect(),
        (false, false) => format!("Re: {bare}").chars().take(LONGEST_SUBJECT).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_so_once() {
        assert_eq!(answer_to("My question"), "Re: My question");
        assert_eq!(answer_to(" RE: My question"), "RE: My question");
        assert_eq!(answer_to(""), "Re: your message");
        assert_eq!(answer_to("ré: Ü"), "Re: ré: Ü");
    }
}
