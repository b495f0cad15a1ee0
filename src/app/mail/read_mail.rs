//! A kept message as it is read: what is new, what is quoted, its HTML made safe, and its attachments.

use super::inspect_mail::inspect_in_time;
use super::route_mail::MAY_REROUTE;
use crate::app::contacts::MAY_READ;
use crate::app::people::may_see;
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::MailId;
use crate::mail::extract;
use crate::mail::inspect::{AttachedFile, Inspection};
use crate::store::{contacts, mails};

/// # Errors
/// `wrong-role`; `NotFound`, also where its person complained about the reader.
pub async fn read_mail(app: &App, actor: &Actor, id: MailId) -> Result<Inspection, AppError> {
    let raw = raw_of(app, actor, id).await?;
    let settings = app.settings.clone();
    let read = move || {
        let (addresses, domain) = (settings.our_addresses.clone(), settings.message_id_domain.clone());
        inspect_in_time(raw, addresses, domain, settings.time_per_mail)
    };
    tokio::task::spawn_blocking(read).await.map_err(|broken| AppError::broken("reading a mail", broken))
}

/// The bytes of the `n`th attachment, from 0, and what it is called.
///
/// # Errors
/// As for reading the mail; `NotFound` where there are fewer.
pub async fn read_attachment(
    app: &App,
    actor: &Actor,
    id: MailId,
    n: usize,
) -> Result<(AttachedFile, Vec<u8>), AppError> {
    let file = read_mail(app, actor, id).await?.attachments.into_iter().nth(n).ok_or(AppError::NotFound)?;
    let raw = mails::raw(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    let taken_out = tokio::task::spawn_blocking(move || extract::attachment(&raw, n)).await;
    let bytes = taken_out.map_err(|broken| AppError::broken("taking an attachment out", broken))?;
    Ok((file, bytes.ok_or(AppError::NotFound)?))
}

/// The bytes, for whoever may read the contact they became; of what became none, for whoever routes mail.
async fn raw_of(app: &App, actor: &Actor, id: MailId) -> Result<Vec<u8>, AppError> {
    let officer = rights::named_person(actor)?;
    let db = app.store.reader();
    let contact = contacts::of_mail(db, id).await?;
    let routers: Vec<Role> =
        MAY_REROUTE.into_iter().filter(|role| *role != Role::Admin).chain([Role::Auditor]).collect();
    let readers = if contact.is_some() { MAY_READ.to_vec() } else { routers };
    if !officer.has_any(&readers) {
        return Err(rights::wrong_role(&readers));
    }
    may_see(db, actor, contact.and_then(|contact| contact.person)).await?;
    let raw = mails::raw(db, id).await?.ok_or(AppError::NotFound)?;
    log_reading(app, actor, "mail", Some(id.as_uuid())).await?;
    Ok(raw)
}
