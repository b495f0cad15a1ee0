//! What whoever coordinates wants the next to know. Notes are added and never changed.

use super::{StoreError, without_nul};
use crate::domain::ids::{CallerId, DeskNoteId, Id, OfficerId};
use chrono::{DateTime, Utc};
use entities::desk_notes::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskNote {
    pub id: DeskNoteId,
    /// `None`: about the work as a whole.
    pub caller: Option<CallerId>,
    pub words: String,
    pub by: OfficerId,
    pub at: DateTime<Utc>,
}

pub async fn insert(db: &impl ConnectionTrait, note: &DeskNote) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(note.id.as_uuid()),
        caller_id: Set(note.caller.map(CallerId::as_uuid)),
        words: Set(without_nul(note.words.clone())),
        written_by: Set(note.by.as_uuid()),
        written_at: Set(note.at),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Of the work as a whole, newest first.
pub async fn of_the_work(db: &impl ConnectionTrait, most: u64) -> Result<Vec<DeskNote>, StoreError> {
    let notes = Entity::find().filter(Column::CallerId.is_null()).order_by_desc(Column::Id).limit(most);
    Ok(notes.all(db).await?.into_iter().map(read).collect())
}

/// About one caller, newest first.
pub async fn of_caller(db: &impl ConnectionTrait, caller: CallerId, most: u64) -> Result<Vec<DeskNote>, StoreError> {
    let notes = Entity::find().filter(Column::CallerId.eq(caller.as_uuid())).order_by_desc(Column::Id).limit(most);
    Ok(notes.all(db).await?.into_iter().map(read).collect())
}

fn read(row: Model) -> DeskNote {
    DeskNote {
        id: Id::from_uuid(row.id),
        caller: row.caller_id.map(Id::from_uuid),
        words: row.words,
        by: Id::from_uuid(row.written_by),
        at: row.written_at,
    }
}
