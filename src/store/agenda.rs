//! What was prepared for items of a meeting's agenda, and who declared an interest in them.

use super::{StoreError, json_without_nul, without_nul};
use crate::domain::ids::{CaseId, OfficerId};
use entities::{declared_interests, item_preparations};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

pub use entities::declared_interests::Model as Interest;
pub use entities::item_preparations::Model as Preparation;

/// What was prepared for these cases.
pub async fn preparations(db: &impl ConnectionTrait, cases: &[Uuid]) -> Result<Vec<Preparation>, StoreError> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let theirs = item_preparations::Column::CaseId.is_in(cases.iter().copied());
    Ok(item_preparations::Entity::find().filter(theirs).all(db).await?)
}

/// Saves what was prepared over what was there.
pub async fn prepare(db: &impl ConnectionTrait, prepared: Preparation) -> Result<(), StoreError> {
    use item_preparations::Column as C;
    let prepared =
        Preparation { summary: without_nul(prepared.summary), input: json_without_nul(prepared.input), ..prepared };
    let changing = [C::Summary, C::Outcome, C::Input, C::PreparedBy, C::PreparedAt];
    let or_update = OnConflict::column(C::CaseId).update_columns(changing).to_owned();
    let row = prepared.into_active_model().reset_all();
    item_preparations::Entity::insert(row).on_conflict(or_update).exec_without_returning(db).await?;
    Ok(())
}

/// Nothing is prepared for the case's next item.
pub async fn unprepare(db: &impl ConnectionTrait, case: CaseId) -> Result<(), StoreError> {
    item_preparations::Entity::delete_by_id(case.as_uuid()).exec(db).await?;
    Ok(())
}

pub async fn declare(db: &impl ConnectionTrait, interest: Interest) -> Result<(), StoreError> {
    let interest = Interest { name: without_nul(interest.name), reason: without_nul(interest.reason), ..interest };
    declared_interests::Entity::insert(interest.into_active_model().reset_all()).exec_without_returning(db).await?;
    Ok(())
}

/// Declared before a meeting's items, the earliest first.
pub async fn interests(db: &impl ConnectionTrait, meeting: Uuid) -> Result<Vec<Interest>, StoreError> {
    let of_meeting = declared_interests::Entity::find().filter(declared_interests::Column::MeetingId.eq(meeting));
    Ok(of_meeting.order_by_asc(declared_interests::Column::DeclaredAt).all(db).await?)
}

/// The cases an officer declared an interest in, at any meeting.
pub async fn cases_of_interest(db: &impl ConnectionTrait, officer: OfficerId) -> Result<Vec<Uuid>, StoreError> {
    let theirs = declared_interests::Column::OfficerId.eq(officer.as_uuid());
    let rows = declared_interests::Entity::find().filter(theirs).all(db).await?;
    Ok(rows.into_iter().map(|row| row.case_id).collect())
}
