//! `GET /mail`: the tabs of the mail room.

use super::head::{after, allowed, head, next_page};
use super::ours::{drafts, ours};
use super::rows::rows;
use super::screener::senders;
use super::words::queue as queue_words;
use crate::app::App;
use crate::app::contacts::{self, ContactFilter, ContactOrder, ContactView};
use crate::app::mail::{MailInState, MailState, list_mail};
use crate::app::outbox::Tray;
use crate::domain::contact::{Place, Queue};
use crate::domain::marking::Marking;
use crate::web::fault::Fault;
use crate::web::form::{FormFault, summary};
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use serde_json::{Value, json};

/// Rows of a page.
pub(super) const ROWS: u64 = 25;

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub(super) tab: String,
    /// Only what lies in this queue.
    #[serde(default)]
    pub(super) queue: String,
    #[serde(default)]
    pub(super) after: String,
    /// What was just done.
    #[serde(default)]
    pub(super) done: String,
}

#[get("/mail")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, Fault> {
    page(&app, &visitor, &asked, &[]).await
}

/// The page of a tab, with what was filled in wrongly on it.
pub(super) async fn page(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
    faults: &[FormFault],
) -> Result<HttpResponse, Fault> {
    let (template, marking, mut view) = match asked.tab.as_str() {
        "unknown" => senders(app, visitor, asked).await?,
        "unreadable" => unreadable(app, visitor, asked).await?,
        "drafts" => drafts(app, visitor).await?,
        "outbox" => ours(app, visitor, (Tray::Outbox, asked)).await?,
        "sent" => ours(app, visitor, (Tray::Done, asked)).await?,
        _ => to_read(app, visitor, asked).await?,
    };
    if let Value::Object(fields) = &mut view {
        fields.insert("head".to_owned(), head(app, visitor, &asked.tab).await?);
        fields.insert("done".to_owned(), json!(done(&asked.done)));
        fields.insert("isLaterPage".to_owned(), json!(!asked.after.is_empty()));
        fields.insert("faults".to_owned(), json!(summary(faults)));
    }
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page { area: Area::Mail, marking, status, ..Page::new(template, "Mail", view) };
    Ok(page.show(app, visitor))
}

/// Template, marking and view of a tab.
pub(super) type Tab = (&'static str, Marking, Value);

fn done(what: &str) -> Option<&'static str> {
    match what {
        "read" => Some("Logged as read. Nothing else waits to be read."),
        "discarded" => Some("The draft was thrown away."),
        "sender" => Some("The sender was decided about."),
        "left" => Some("The decision about the sender was taken back: their mail is asked about again."),
        _ => None,
    }
}

async fn to_read(app: &App, visitor: &Visitor, asked: &Asked) -> Result<Tab, Fault> {
    let queue: Option<Queue> = asked.queue.parse().ok();
    let held = asked.tab == "held";
    let filter = ContactFilter {
        queue,
        places: if held { vec![Place::Held, Place::Quarantine] } else { Vec::new() },
        asks_to_be_read: queue.is_none(),
        ..ContactFilter::default()
    };
    // What lies in a queue has been read: the newest come first there.
    let order = match queue {
        Some(_) => ContactOrder::NewestFirst(after(&asked.after)),
        None => ContactOrder::Reading(after(&asked.after)),
    };
    let mut found = contacts::list_contacts(app, &visitor.actor, filter, order, ROWS + 1).await?;
    let more = found.len() as u64 > ROWS;
    found.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let place = match (queue, held) {
        (Some(queue), _) => format!("/mail?queue={queue}"),
        (None, true) => "/mail?tab=held".to_owned(),
        (None, false) => "/mail".to_owned(),
    };
    let last = found.last().filter(|_| more);
    let next = last.and_then(|last| match queue {
        Some(_) => next_page(&place, &(last.received_at, last.id)),
        None => next_page(&place, &last.reading_key()),
    });
    let marking = marking_of(&found);
    let view = json!({
        "rows": rows(app, &visitor.actor, &found).await?,
        "held": held,
        "queue": queue.map(queue_words),
        "queues": Queue::ALL.iter().map(|one| json!({ "value": one.as_str(), "text": queue_words(*one),
                                                       "selected": queue == Some(*one) })).collect::<Vec<_>>(),
        "firstPage": place,
        "next": next,
    });
    Ok(("mail/contacts", marking, view))
}

fn marking_of(contacts: &[ContactView]) -> Marking {
    contacts.iter().map(|contact| contact.marking).max().unwrap_or_default()
}

async fn unreadable(app: &App, visitor: &Visitor, asked: &Asked) -> Result<Tab, Fault> {
    let page = (after(&asked.after), ROWS + 1);
    let mut quarantined = list_mail(app, &visitor.actor, MailState::Quarantined, page).await?;
    let more = quarantined.len() as u64 > ROWS;
    quarantined.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let waiting = allowed(list_mail(app, &visitor.actor, MailState::Waiting, (None, ROWS)).await)?.unwrap_or_default();
    let last = quarantined.last().filter(|_| more);
    let next = last.and_then(|last| next_page("/mail?tab=unreadable", &(last.received_at, last.id)));
    let view = json!({
        "quarantined": quarantined.iter().map(message).collect::<Vec<_>>(),
        "waiting": waiting.iter().map(message).collect::<Vec<_>>(),
        "firstPage": "/mail?tab=unreadable",
        "next": next,
    });
    Ok(("mail/unreadable", Marking::default(), view))
}

fn message(mail: &MailInState) -> Value {
    json!({ "id": mail.id, "receivedAt": mail.received_at, "recipient": mail.recipient, "source": mail.source,
            "since": mail.since, "reason": mail.reason, "attempts": mail.attempts,
            "size": super::files::size(mail.size_bytes) })
}
