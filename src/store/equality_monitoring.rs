//! What is known of people's characteristics, for equality reports alone.

use super::StoreError;
use super::people::uuids;
use crate::domain::ids::{Id, OfficerId, PersonId};
use crate::domain::person::equality::Answers;
use chrono::{DateTime, Utc};
use entities::equality_monitoring::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

/// What was recorded last of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Monitored {
    pub person: PersonId,
    pub answers: Answers,
    /// 1, 2, 3 …: how often it was recorded.
    pub version: i64,
    pub recorded_by: OfficerId,
    pub recorded_at: DateTime<Utc>,
}

pub async fn find(db: &impl ConnectionTrait, person: PersonId) -> Result<Option<Monitored>, StoreError> {
    Entity::find_by_id(person.as_uuid()).one(db).await?.map(read).transpose()
}

pub async fn of_people(db: &impl ConnectionTrait, people: &[PersonId]) -> Result<Vec<Monitored>, StoreError> {
    let rows = Entity::find().filter(Column::PersonId.is_in(uuids(people))).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// Takes the place of whatever was recorded of the person before.
pub async fn keep(db: &impl ConnectionTrait, monitored: &Monitored) -> Result<(), StoreError> {
    let row = ActiveModel {
        person_id: Set(monitored.person.as_uuid()),
        answers: Set(json!(monitored.answers)),
        version: Set(monitored.version),
        recorded_by: Set(monitored.recorded_by.as_uuid()),
        recorded_at: Set(monitored.recorded_at),
    };
    let changing = [Column::Answers, Column::Version, Column::RecordedBy, Column::RecordedAt];
    let or_update = OnConflict::column(Column::PersonId).update_columns(changing).to_owned();
    Entity::insert(row).on_conflict(or_update).exec_without_returning(db).await?;
    Ok(())
}

fn read(row: Model) -> Result<Monitored, StoreError> {
    let unreadable = |_cause| StoreError::Corrupt { what: "equality monitoring" };
    Ok(Monitored {
        person: Id::from_uuid(row.person_id),
        answers: serde_json::from_value(row.answers).map_err(unreadable)?,
        version: row.version,
        recorded_by: Id::from_uuid(row.recorded_by),
        recorded_at: row.recorded_at,
    })
}
