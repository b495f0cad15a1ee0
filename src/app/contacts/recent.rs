//! How often a person got in touch lately, and how much of it was outside their strategy: what a decision about limits rests
//! on.

use super::read_contacts::MAY_READ;
use crate::app::people::may_see;
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::{Actor, Scope};
use crate::domain::contact::Channel;
use crate::domain::ids::PersonId;
use crate::store::contacts::{self, Since};
use crate::store::people;
use chrono::Duration;
use serde::Serialize;
use std::collections::BTreeMap;

/// Contacts that count, by people only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecentContacts {
    pub last_7_days: u64,
    pub last_28_days: u64,
    /// Of the last 28 days, those outside the limits that bound then.
    pub outside_28_days: u64,
    /// Of the last 28 days, by channel; the most used first.
    pub channels: Vec<(Channel, u64)>,
}

/// Over all records that are this person. The reading is logged.
///
/// # Errors
/// `Refused`; `NotFound`.
pub async fn recent_contacts(app: &App, actor: &Actor, person: PersonId) -> Result<RecentContacts, AppError> {
    rights::system_or_officer(actor, Scope::ContactsRead, &MAY_READ)?;
    let db = app.store.reader();
    let root = people::root(db, person).await?.ok_or(AppError::NotFound)?;
    may_see(db, actor, Some(root)).await?;
    let now = app.now();
    let since = Since { person: root, from: now - Duration::days(28) };
    let mut found = contacts::later(db, &[since]).await?;
    found.retain(|contact| contact.not_counted.is_none() && contact.received_at <= now);
    let mut recent = RecentContacts::default();
    let mut channels: BTreeMap<Channel, u64> = BTreeMap::new();
    for contact in &found {
        recent.last_28_days += 1;
        recent.last_7_days += u64::from(contact.received_at > now - Duration::days(7));
        let outside = contact.verdict.as_ref().is_some_and(|verdict| verdict.kinds.is_breach());
        recent.outside_28_days += u64::from(outside);
        *channels.entry(contact.channel).or_default() += 1;
    }
    recent.channels = channels.into_iter().collect();
    recent.channels.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    log_reading(app, actor, "contacts-of-person", Some(root.as_uuid())).await?;
    Ok(recent)
}
