//! Officers a person complained about, who neither see nor decide anything about them.

use super::people::uuids;
use super::{StoreError, without_nul};
use crate::domain::ids::{Id, OfficerId, PersonId};
use chrono::{DateTime, Utc};
use entities::complaints_about::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintAbout {
    pub person: PersonId,
    pub officer: OfficerId,
    /// The complaint's own reference, where it has one.
    pub reference: Option<String>,
    pub recorded_at: DateTime<Utc>,
}

pub async fn of_people(db: &impl ConnectionTrait, people: &[PersonId]) -> Result<Vec<ComplaintAbout>, StoreError> {
    let rows = Entity::find().filter(Column::PersonId.is_in(uuids(people))).order_by_asc(Column::RecordedAt);
    let complaint = |row: entities::complaints_about::Model| ComplaintAbout {
        person: Id::from_uuid(row.person_id),
        officer: Id::from_uuid(row.officer_id),
        reference: row.reference,
        recorded_at: row.recorded_at,
    };
    Ok(rows.all(db).await?.into_iter().map(complaint).collect())
}

/// Recording the same complaint twice keeps the first.
pub async fn insert(db: &impl ConnectionTrait, complaint: &ComplaintAbout) -> Result<(), StoreError> {
    let row = ActiveModel {
        person_id: Set(complaint.person.as_uuid()),
        officer_id: Set(complaint.officer.as_uuid()),
        reference: Set(complaint.reference.clone().map(without_nul)),
        recorded_at: Set(complaint.recorded_at),
    };
    let keep_first = OnConflict::columns([Column::PersonId, Column::OfficerId]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(keep_first).exec_without_returning(db).await?;
    Ok(())
}
