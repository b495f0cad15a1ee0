//! What stands above every tab of the mail room: what to do next, the tabs with how much waits, and whether mail comes in.

use super::words::day;
use crate::app::contacts::{self, Waiting};
use crate::app::mail::{MailboxFolderView, list_mailboxes};
use crate::app::{App, AppError, drafts, outbox};
use crate::domain::access::{Actor, Role};
use crate::domain::calendar::london;
use crate::render::pages::{date_and_time, time_of_day};
use crate::web::visitor::Visitor;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Tabs by the name in the address, with their words.
pub(super) const TABS: [(&str, &str); 7] = [
    ("", "To read"),
    ("held", "Held"),
    ("unknown", "Unknown senders"),
    ("unreadable", "Not readable"),
    ("drafts", "Drafts"),
    ("outbox", "Outbox"),
    ("sent", "Sent"),
];
/// Who looks after what could not be read.
const ROUTERS: [Role; 4] = [Role::PsdStaff, Role::PsdSupervisor, Role::Admin, Role::Auditor];
const SCREENERS: [Role; 5] = [Role::PsdStaff, Role::PsdSupervisor, Role::Spoc, Role::Chair, Role::Auditor];

/// The view of a tab's head.
pub(super) async fn head(app: &App, visitor: &Visitor, tab: &str) -> Result<Value, AppError> {
    let actor = &visitor.actor;
    let waiting = allowed(contacts::what_waits(app, actor).await)?.unwrap_or_default();
    let outbox = allowed(outbox::count_waiting(app, actor).await)?.unwrap_or_default();
    let first = allowed(contacts::first_to_read(app, actor).await)?.flatten();
    let drafts = drafts::my_drafts(app, actor).await?.len() as u64;
    let tabs = TABS.iter().filter(|(name, _)| match *name {
        "unreadable" => visitor.officer.has_any(&ROUTERS),
        "unknown" => visitor.officer.has_any(&SCREENERS),
        _ => true,
    });
    let tabs: Vec<Value> = tabs
        .map(|(name, words)| {
            let count = match *name {
                "" => waiting.to_read,
                "held" => waiting.held,
                "drafts" => drafts,
                "outbox" => outbox,
                _ => 0,
            };
            let text = if count == 0 { (*words).to_owned() } else { format!("{words} ({count})") };
            let href = if name.is_empty() { "/mail".to_owned() } else { format!("/mail?tab={name}") };
            json!({ "text": text, "href": href, "active": *name == tab })
        })
        .collect();
    Ok(json!({
        "headline": headline(waiting),
        "tabs": tabs,
        "nextHref": first.map(|id| format!("/contacts/{id}")),
        "mailboxes": mailboxes(app, actor).await?,
    }))
}

/// What a use case answers, where the reader may ask it at all.
pub(super) fn allowed<T>(answer: Result<T, AppError>) -> Result<Option<T>, AppError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(AppError::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

fn headline(waiting: Waiting) -> String {
    let messages = |n: u64| if n == 1 { "1 message".to_owned() } else { format!("{n} messages") };
    match (waiting.to_read, waiting.held) {
        (0, _) => "Nothing waits to be read.".to_owned(),
        (n, 0) => format!("{} to read.", messages(n)),
        (n, held) if n == held => format!("{} to read, held outside a strategy.", messages(n)),
        (n, held) => format!("{} to read, {held} of them held outside a strategy.", messages(n)),
    }
}

/// When mail was last fetched, and what keeps it from coming.
async fn mailboxes(app: &App, actor: &Actor) -> Result<Option<Value>, AppError> {
    let Some(folders) = allowed(list_mailboxes(app, actor).await)? else { return Ok(None) };
    if folders.is_empty() {
        return Ok(None);
    }
    let now = app.now();
    let late = |folder: &&MailboxFolderView| {
        let unchecked = folder.checked_at.is_none_or(|at| now - at > app.settings.alerts.mailbox_unchecked);
        folder.trouble.is_some() || unchecked
    };
    let troubles: Vec<String> = folders.iter().filter(late).map(|folder| trouble(folder, now)).collect();
    let checked = folders.iter().filter_map(|folder| folder.checked_at).min();
    Ok(Some(json!({ "troubles": troubles, "checked": checked.map(|at| when(at, now)) })))
}

fn trouble(folder: &MailboxFolderView, now: DateTime<Utc>) -> String {
    let name = format!("{} ({})", folder.mailbox, folder.folder);
    let since = match folder.checked_at {
        Some(at) => format!("The mailbox {name} has not been checked since {}", when(at, now)),
        None => format!("The mailbox {name} has never been checked"),
    };
    match &folder.trouble {
        Some(trouble) => format!("{since}: {trouble}"),
        None => since,
    }
}

fn when(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = (now - at).num_minutes();
    match minutes {
        ..=0 => "just now".to_owned(),
        1 => "1 minute ago".to_owned(),
        2..=59 => format!("{minutes} minutes ago"),
        _ if day(at) == day(now) => time_of_day(london::wall_time(at).time()),
        _ => date_and_time(at),
    }
}

/// The sort key that a page goes on after; whatever is no key is the first page. It grants nothing.
pub(crate) fn after<K: DeserializeOwned>(text: &str) -> Option<K> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// The link to the rest of a list, after the last row that is shown.
pub(crate) fn next_page(place: &str, key: &impl Serialize) -> Option<String> {
    let cursor = URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).ok()?);
    let joint = if place.contains('?') { '&' } else { '?' };
    Some(format!("{place}{joint}after={cursor}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_on_where_the_last_ended_and_begins_anew_for_what_is_no_key() {
        let link = next_page("/mail?tab=held", &(3, "x")).unwrap();
        let (_, cursor) = link.split_once("&after=").unwrap();
        assert_eq!(after::<(i32, String)>(cursor), Some((3, "x".to_owned())));
        assert_eq!(after::<(i32, String)>("not a key"), None);
    }
}
