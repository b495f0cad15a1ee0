//! How far the folders that we read over IMAP are read.

use super::{StoreError, without_nul};
use chrono::{DateTime, Utc};
use entities::mailbox_folders::{Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder};

pub use entities::mailbox_folders::Model as FolderRow;

pub async fn find(db: &impl ConnectionTrait, mailbox: &str, folder: &str) -> Result<Option<FolderRow>, StoreError> {
    Ok(Entity::find_by_id((mailbox.to_owned(), folder.to_owned())).one(db).await?)
}

/// Every folder that was ever read, by mailbox and name.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<FolderRow>, StoreError> {
    Ok(Entity::find().order_by_asc(Column::Mailbox).order_by_asc(Column::Folder).all(db).await?)
}

/// Notes how far a folder is read, and that it can be.
pub async fn put(tx: &impl ConnectionTrait, row: FolderRow) -> Result<(), StoreError> {
    let key = OnConflict::columns([Column::Mailbox, Column::Folder])
        .update_columns([
            Column::UidValidity,
            Column::KeptUid,
            Column::SettledUid,
            Column::LeftBehind,
            Column::CheckedAt,
            Column::Trouble,
            Column::TroubleSince,
        ])
        .to_owned();
    Entity::insert(row.into_active_model().reset_all()).on_conflict(key).exec_without_returning(tx).await?;
    Ok(())
}

/// Notes why a folder cannot be read; since when, where it is in trouble already, stays.
pub async fn trouble(
    tx: &impl ConnectionTrait,
    (mailbox, folder): (&str, &str),
    why: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let known = find(tx, mailbox, folder).await?;
    let since = known.as_ref().and_then(|row| row.trouble_since).unwrap_or(at);
    let row = known.unwrap_or_else(|| unread(mailbox, folder));
    put(tx, FolderRow { trouble: Some(without_nul(why.to_owned())), trouble_since: Some(since), ..row }).await
}

/// A folder that was never opened.
pub fn unread(mailbox: &str, folder: &str) -> FolderRow {
    FolderRow {
        mailbox: mailbox.to_owned(),
        folder: folder.to_owned(),
        uid_validity: 0,
        kept_uid: 0,
        settled_uid: 0,
        left_behind: 0,
        checked_at: None,
        trouble: None,
        trouble_since: None,
    }
}
