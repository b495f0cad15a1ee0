//! A message and the conversation around it, as a page shows them.

use crate::app::contacts::{ContactView, Said, Side, conversation};
use crate::app::mail::read_mail;
use crate::app::people::names_of;
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::{ContactId, PersonId};
use crate::mail::inspect::{AttachedFile, Inspection};
use crate::web::mail::{files, our_state, way};
use serde_json::{Value, json};

/// What is new in a message, what it quotes, and what came with it.
pub(super) async fn message(app: &App, actor: &Actor, contact: &ContactView) -> Result<Value, AppError> {
    let read = match contact.mail_id {
        // What was disposed of, or is not for this reader, leaves the words of the contact.
        Some(mail) => match read_mail(app, actor, mail).await {
            Ok(read) => Some(read),
            Err(AppError::NotFound | AppError::Refused(_)) => None,
            Err(other) => return Err(other),
        },
        None => None,
    };
    let Some(read) = read else {
        return Ok(json!({ "new": contact.words, "from": contact.presented, "to": contact.addressee }));
    };
    let mail = contact.mail_id.map(|mail| format!("/mail/{mail}")).unwrap_or_default();
    let file = |(n, file): (usize, &AttachedFile)| {
        let size = i64::try_from(file.size_bytes).unwrap_or(i64::MAX);
        json!({ "name": file.name, "size": files::size(size), "kind": file.media_type, "inside": file.inside,
                "href": format!("{mail}/attachments/{n}") })
    };
    Ok(json!({
        "new": read.new_text.trim(),
        "quoted": read.quoted_text.trim(),
        "forwarded": read.forwarded_text.trim(),
        "signature": read.signature.trim(),
        "from": sender(&read).or_else(|| contact.presented.clone()),
        "to": contact.addressee,
        "dated": read.date,
        "files": read.attachments.iter().enumerate().map(file).collect::<Vec<_>>(),
        "htmlHref": (!read.safe_html.trim().is_empty()).then(|| format!("{mail}/html")),
        "events": read.calendar.iter().map(|event| json!({ "summary": event.summary, "start": event.start,
                                                            "end": event.end, "location": event.location })).collect::<Vec<_>>(),
        "defects": read.defects.iter().map(|defect| defect.sentence.clone()).collect::<Vec<_>>(),
    }))
}

fn sender(read: &Inspection) -> Option<String> {
    let from = read.from.as_ref()?;
    Some(match from.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => format!("{name} <{}>", from.address),
        None => from.address.clone(),
    })
}

/// What was said before and after it, without itself.
pub(super) async fn around(
    app: &App,
    actor: &Actor,
    contact: &ContactView,
) -> Result<(Vec<Value>, Vec<Value>), AppError> {
    let said = conversation(app, actor, contact.id).await?;
    let people: Vec<PersonId> = said.iter().filter_map(writer).collect();
    let names = names_of(app, actor, &people).await?;
    let told = |one: &Said| {
        let name = writer(one).and_then(|person| names.get(&person)).map(|named| named.full_name.clone());
        shown(one, name)
    };
    let mut before_and_after = said.splitn(2, |one| contact_of(one) == Some(contact.id));
    let mut next = || before_and_after.next().unwrap_or_default().iter().map(told).collect();
    Ok((next(), next()))
}

fn contact_of(said: &Said) -> Option<ContactId> {
    match &said.side {
        Side::Theirs { contact, .. } => Some(*contact),
        Side::Ours { .. } => None,
    }
}

fn writer(said: &Said) -> Option<PersonId> {
    match &said.side {
        Side::Theirs { person, .. } => *person,
        Side::Ours { .. } => None,
    }
}

fn shown(said: &Said, name: Option<String>) -> Value {
    let subject = said.subject.as_deref().filter(|subject| !subject.trim().is_empty());
    let (who, href, state) = match &said.side {
        Side::Theirs { contact, presented, .. } => {
            let who = name.or_else(|| presented.clone()).unwrap_or_else(|| "Sender not given".to_owned());
            (who, format!("/contacts/{contact}"), None)
        }
        Side::Ours { mail, state } => ("Us".to_owned(), format!("/outbox/{mail}"), Some(our_state(state, None))),
    };
    json!({
        "who": who,
        "href": href,
        "ours": state.is_some(),
        "state": state,
        "at": said.at,
        "way": way(said.channel),
        "subject": subject.unwrap_or("no subject"),
        "words": said.words.trim(),
    })
}
