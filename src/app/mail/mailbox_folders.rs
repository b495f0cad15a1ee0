//! How far the mailboxes that we read over IMAP are read, and what stands in the way.

use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::of;
use crate::store::mailbox_folders::{self, FolderRow};
use crate::store::tasks::{self, NewTask};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::fmt;

/// How far a folder is read. UIDs grow as long as its UIDVALIDITY stays (RFC 3501 §2.3.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pub uid_validity: u32,
    /// The highest UID that is kept, or left behind.
    pub kept: u32,
    /// The highest UID that was marked or moved afterwards.
    pub settled: u32,
    /// Messages that could not be taken out of the folder and still lie there.
    pub left_behind: u32,
}

/// A folder of a mailbox, by the names of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderName {
    pub mailbox: String,
    pub folder: String,
}

impl fmt::Display for FolderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.mailbox, self.folder)
    }
}

/// Where reading stopped; the beginning for a folder that was never read.
///
/// # Errors
/// What the store says.
pub async fn folder_position(app: &App, name: &FolderName) -> Result<Position, AppError> {
    let row = mailbox_folders::find(app.store.reader(), &name.mailbox, &name.folder).await?;
    let number = |number: i64| u32::try_from(number).unwrap_or_default();
    Ok(row.map_or_else(Position::default, |row| Position {
        uid_validity: number(row.uid_validity),
        kept: number(row.kept_uid),
        settled: number(row.settled_uid),
        left_behind: number(row.left_behind),
    }))
}

/// Notes how far a folder is read; `checked`: all there is in it is kept.
///
/// # Errors
/// What the store says.
pub async fn note_position(
    app: &App,
    name: &FolderName,
    position: Position,
    checked: Option<DateTime<Utc>>,
) -> Result<(), AppError> {
    let name = name.clone();
    let written = app.store.write(async move |tx| {
        let known = mailbox_folders::find(tx, &name.mailbox, &name.folder).await?;
        let known = known.unwrap_or_else(|| mailbox_folders::unread(&name.mailbox, &name.folder));
        let row = FolderRow {
            uid_validity: i64::from(position.uid_validity),
            kept_uid: i64::from(position.kept),
            settled_uid: i64::from(position.settled),
            left_behind: i64::from(position.left_behind),
            checked_at: checked.or(known.checked_at),
            trouble: None,
            trouble_since: None,
            ..known
        };
        mailbox_folders::put(tx, row).await?;
        Ok::<_, AppError>(())
    });
    Ok(written.await?)
}

/// Notes why a folder cannot be read at present.
///
/// # Errors
/// What the store says.
pub async fn note_trouble(app: &App, name: &FolderName, why: String) -> Result<(), AppError> {
    let (name, now) = (name.clone(), app.now());
    let written = app.store.write(async move |tx| {
        mailbox_folders::trouble(tx, (&name.mailbox, &name.folder), &why, now).await?;
        Ok::<_, AppError>(())
    });
    Ok(written.await?)
}

/// Asks the department to look at a message that cannot be taken out of its folder. Once a message.
///
/// # Errors
/// What the store says.
pub async fn ask_to_fetch_by_hand(
    app: &App,
    name: &FolderName,
    (uid_validity, uid): (u32, u32),
    why: &str,
) -> Result<(), AppError> {
    let FolderName { mailbox, folder } = name;
    let asked = NewTask {
        id: app.new_id::<of::Event>().as_uuid(),
        kind: "fetch_by_hand",
        title: format!(
            "A message in {folder} of the mailbox {mailbox} (UID {uid}) {why}; take it from the mailbox by hand"
        ),
        role: Some(Role::PsdStaff.as_str().to_owned()),
        officer: None,
        case: None,
        contact: None,
        person: None,
        due_at: None,
        created_at: app.now(),
        cause: format!("mailbox:{mailbox}/{folder}/{uid_validity}/{uid}"),
    };
    let written = app.store.write(async move |tx| {
        tasks::create(tx, vec![asked]).await?;
        Ok::<_, AppError>(())
    });
    Ok(written.await?)
}

/// The folders of the settings, each with when all there is in it was last seen to be kept; for one that never was, since
/// when it has not been.
///
/// # Errors
/// What the store says.
pub(super) async fn last_seen(app: &App) -> Result<Vec<(FolderName, DateTime<Utc>)>, AppError> {
    let rows = mailbox_folders::list(app.store.reader()).await?;
    let mut seen = Vec::with_capacity(app.settings.folders.len());
    for name in &app.settings.folders {
        let row = rows.iter().find(|row| row.mailbox == name.mailbox && row.folder == name.folder);
        match row.and_then(|row| row.checked_at.or(row.trouble_since)) {
            Some(at) => seen.push((name.clone(), at)),
            None => note_trouble(app, name, "it has not been read yet".to_owned()).await?,
        }
    }
    Ok(seen)
}

/// A folder that we read, as it stands.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MailboxFolder)]
pub struct MailboxFolderView {
    /// As in the settings.
    #[schema(example = "psd")]
    pub mailbox: String,
    #[schema(example = "INBOX")]
    pub folder: String,
    /// When it was last seen that everything in it is kept; absent: never yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<DateTime<Utc>>,
    /// Messages that could not be taken out of the folder and still lie there.
    pub left_behind: i64,
    /// Why it cannot be read at present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble_since: Option<DateTime<Utc>>,
}

/// Every folder that was ever read.
///
/// # Errors
/// `named-person-required`; `wrong-role`.
pub async fn list_mailboxes(app: &App, actor: &Actor) -> Result<Vec<MailboxFolderView>, AppError> {
    rights::software_or_officer(actor, &[Role::Admin, Role::PsdStaff, Role::PsdSupervisor, Role::Auditor])?;
    let rows = mailbox_folders::list(app.store.reader()).await?;
    let view = |row: FolderRow| MailboxFolderView {
        mailbox: row.mailbox,
        folder: row.folder,
        checked_at: row.checked_at,
        left_behind: row.left_behind,
        trouble: row.trouble,
        trouble_since: row.trouble_since,
    };
    Ok(rows.into_iter().map(view).collect())
}
