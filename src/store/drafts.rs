//! What officers typed into forms and have not sent.

use super::{StoreError, json_without_nul};
use crate::domain::ids::OfficerId;
use chrono::{DateTime, Utc};
use entities::drafts::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

/// The names and values of a form, as it sends them.
pub type Fields = Vec<(String, String)>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub officer: Uuid,
    /// The path of the form.
    pub place: String,
    /// The case, contact, meeting or person it is about.
    pub subject: Option<Uuid>,
    pub fields: Fields,
    pub began_at: DateTime<Utc>,
    pub saved_at: DateTime<Utc>,
}

/// Saves the draft of this officer at this place over an earlier one; when that was begun stays.
pub async fn save(db: &impl ConnectionTrait, id: Uuid, draft: Draft) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(id),
        officer_id: Set(draft.officer),
        place: Set(draft.place),
        subject_id: Set(draft.subject),
        fields: Set(json_without_nul(json!(draft.fields))),
        began_at: Set(draft.began_at),
        saved_at: Set(draft.saved_at),
    };
    let earlier = OnConflict::columns([Column::OfficerId, Column::Place])
        .update_columns([Column::Fields, Column::SavedAt])
        .to_owned();
    Entity::insert(row).on_conflict(earlier).exec_without_returning(db).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, officer: OfficerId, place: &str) -> Result<Option<Draft>, StoreError> {
    let theirs = Entity::find().filter(Column::OfficerId.eq(officer.as_uuid())).filter(Column::Place.eq(place));
    Ok(theirs.one(db).await?.map(read))
}

/// All of an officer's, the latest first.
pub async fn of_officer(db: &impl ConnectionTrait, officer: OfficerId, most: u64) -> Result<Vec<Draft>, StoreError> {
    let theirs = Entity::find().filter(Column::OfficerId.eq(officer.as_uuid()));
    let rows = theirs.order_by_desc(Column::SavedAt).limit(most).all(db).await?;
    Ok(rows.into_iter().map(read).collect())
}

/// What others have saved at the same place since.
pub async fn of_others(
    db: &impl ConnectionTrait,
    officer: OfficerId,
    place: &str,
    since: DateTime<Utc>,
) -> Result<Vec<Draft>, StoreError> {
    let others = Entity::find()
        .filter(Column::Place.eq(place))
        .filter(Column::OfficerId.ne(officer.as_uuid()))
        .filter(Column::SavedAt.gte(since));
    Ok(others.order_by_asc(Column::BeganAt).limit(10).all(db).await?.into_iter().map(read).collect())
}

pub async fn discard(db: &impl ConnectionTrait, officer: OfficerId, place: &str) -> Result<(), StoreError> {
    let theirs = Entity::delete_many().filter(Column::OfficerId.eq(officer.as_uuid()));
    theirs.filter(Column::Place.eq(place)).exec(db).await?;
    Ok(())
}

/// What nobody touched since `before`.
pub async fn forget(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::SavedAt.lt(before)).exec(db).await?;
    Ok(())
}

fn read(row: Model) -> Draft {
    Draft {
        officer: row.officer_id,
        place: row.place,
        subject: row.subject_id,
        // Only this file writes them.
        fields: serde_json::from_value(row.fields).unwrap_or_default(),
        began_at: row.began_at,
        saved_at: row.saved_at,
    }
}
