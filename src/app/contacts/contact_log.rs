//! A person's contacts as a log shows them: newest first, narrowed to one way of contact.

use super::read_contacts::MAY_READ;
use super::view::{ContactView, show_contacts};
use crate::app::people::may_see;
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::contact::Channel;
use crate::domain::ids::{ContactId, PersonId};
use crate::store::contacts::{self, Filter, Order};
use crate::store::people;
use chrono::{DateTime, Utc};

/// At most `most` contacts of the person, over all their records, after the one received at an instant under an id.
///
/// # Errors
/// `Refused`; `NotFound`.
pub async fn contact_log(
    app: &App,
    actor: &Actor,
    (person, channel): (PersonId, Option<Channel>),
    after: Option<(DateTime<Utc>, ContactId)>,
    most: u64,
) -> Result<Vec<ContactView>, AppError> {
    rights::officer_with(actor, &MAY_READ)?;
    let db = app.store.reader();
    let root = people::root(db, person).await?.ok_or(AppError::NotFound)?;
    may_see(db, actor, Some(root)).await?;
    let members = people::members(db, &[root]).await?.into_iter().map(|member| member.id).collect();
    let filter = Filter { people: Some(members), channel, ..Filter::default() };
    let found = contacts::list(db, &filter, Order::NewestFirst(after), most).await?;
    log_reading(app, actor, "contacts-of-person", Some(root.as_uuid())).await?;
    show_contacts(app, found).await
}
