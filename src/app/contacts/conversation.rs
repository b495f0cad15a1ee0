//! What was said before and after a contact, by them and by us: found by the ids their mails name and by the case.

use super::read_contacts::MAY_READ;
use crate::app::people::may_see;
use crate::app::{App, AppError, Shown, log_list, rights};
use crate::domain::access::{Actor, Scope};
use crate::domain::contact::Channel;
use crate::domain::correspondence::threading;
use crate::domain::ids::{ContactId, MailId, OutgoingId, PersonId};
use crate::mail::parse::parse;
use crate::store::contacts::{self, Contact, Filter, Order};
use crate::store::outgoing::OutgoingRow;
use crate::store::{case_facts, mail_references, outbox};
use chrono::{DateTime, Utc};

/// More than this of either side is not shown; the person's log has all of it.
const MOST: u64 = 40;

/// Who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    Theirs { contact: ContactId, person: Option<PersonId>, presented: Option<String> },
    Ours { mail: OutgoingId, state: String },
}

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub side: Side,
    pub at: DateTime<Utc>,
    pub channel: Channel,
    pub subject: Option<String>,
    /// The new words, without what they quote.
    pub words: String,
}

/// The conversation that a contact is part of, the oldest first, and itself among it.
///
/// # Errors
/// `Refused`; `NotFound`.
pub async fn conversation(app: &App, actor: &Actor, id: ContactId) -> Result<Vec<Said>, AppError> {
    rights::system_or_officer(actor, Scope::ContactsRead, &MAY_READ)?;
    let db = app.store.reader();
    let contact = contacts::find(db, id).await?.ok_or(AppError::NotFound)?;
    may_see(db, actor, contact.person).await?;
    let hidden = match actor.officer() {
        Some(officer) => case_facts::people_complaining_about(db, officer.id).await?,
        None => Vec::new(),
    };
    let named = match contact.mail {
        Some(mail) => mail_references::of_mail(db, mail).await?,
        None => Vec::new(),
    };
    let theirs = theirs(app, &contact, &named, hidden.clone()).await?;
    let mails: Vec<MailId> = theirs.iter().filter_map(|contact| contact.mail).collect();
    let settings = &app.settings;
    let verified = |id: &String| threading::verify(&settings.message_id_secret, &settings.message_id_domain, id);
    let named: Vec<OutgoingId> = named.iter().filter_map(verified).collect();
    let ours = outbox::in_conversation(db, (&mails, &named, contact.case), &hidden, MOST).await?;
    let shown: Vec<Shown> = theirs.iter().map(|contact| Shown::of(contact.id.as_uuid(), contact.person)).collect();
    log_list(app, actor, "contact", &shown).await?;
    let mut said: Vec<Said> = theirs.into_iter().map(they_said).chain(ours.into_iter().map(we_said)).collect();
    said.sort_by_key(|said| said.at);
    Ok(said)
}

/// Their side: what names the same mails, and what lies with the same case.
async fn theirs(
    app: &App,
    contact: &Contact,
    named: &[String],
    hidden: Vec<PersonId>,
) -> Result<Vec<Contact>, AppError> {
    let db = app.store.reader();
    let mails = mail_references::naming(db, named, MOST).await?;
    let mut found = contacts::of_mails(db, &mails).await?;
    found.retain(|other| other.person.is_none_or(|person| !hidden.contains(&person)));
    if let Some(case) = contact.case {
        let of_case = Filter { case: Some(case), not_of: hidden, ..Filter::default() };
        found.extend(contacts::list(db, &of_case, Order::NewestFirst(None), MOST).await?);
    }
    found.push(contact.clone());
    found.sort_by_key(|contact| contact.id);
    found.dedup_by_key(|contact| contact.id);
    Ok(found)
}

fn they_said(contact: Contact) -> Said {
    Said {
        side: Side::Theirs { contact: contact.id, person: contact.person, presented: contact.presented },
        at: contact.received_at,
        channel: contact.channel,
        subject: contact.subject,
        words: contact.words.unwrap_or_default(),
    }
}

fn we_said(mail: OutgoingRow) -> Said {
    Said {
        side: Side::Ours { mail: OutgoingId::from_uuid(mail.id), state: mail.state },
        at: mail.sent_at.unwrap_or(mail.created_at),
        channel: Channel::Email,
        words: parse(&mail.mime).text,
        subject: Some(mail.subject),
    }
}
