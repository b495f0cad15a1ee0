//! Meetings and the items on their agendas.

use crate::domain::ids::{CaseId, MeetingId, PersonId};
use crate::store::StoreError;
use crate::store::people::uuids;
use chrono::{DateTime, NaiveDate, Utc};
use entities::{meeting_items, meetings};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use std::collections::BTreeMap;
use uuid::Uuid;

pub use entities::meeting_items::Model as ItemRow;
pub use entities::meetings::Model as MeetingRow;

pub async fn find(db: &impl ConnectionTrait, id: MeetingId) -> Result<Option<MeetingRow>, StoreError> {
    Ok(meetings::Entity::find_by_id(id.as_uuid()).one(db).await?)
}

/// Meetings before `before`, newest first, at most `limit`.
pub async fn list(
    db: &impl ConnectionTrait,
    before: Option<NaiveDate>,
    limit: u64,
) -> Result<Vec<MeetingRow>, StoreError> {
    let mut found = meetings::Entity::find();
    if let Some(before) = before {
        found = found.filter(meetings::Column::HeldOn.lt(before));
    }
    Ok(found.order_by_desc(meetings::Column::HeldOn).limit(limit).all(db).await?)
}

/// The dates of all meetings that were opened, oldest first.
pub async fn held_dates(db: &impl ConnectionTrait) -> Result<Vec<NaiveDate>, StoreError> {
    let held = meetings::Entity::find().filter(meetings::Column::OpenedAt.is_not_null());
    let dates = held.order_by_asc(meetings::Column::HeldOn).select_only().column(meetings::Column::HeldOn);
    Ok(dates.into_tuple().all(db).await?)
}

/// A meeting on `date`, if one is planned, open or closed.
pub async fn on_date(db: &impl ConnectionTrait, date: NaiveDate) -> Result<Option<MeetingRow>, StoreError> {
    Ok(meetings::Entity::find().filter(meetings::Column::HeldOn.eq(date)).one(db).await?)
}

/// The first meeting not yet held, on or after `date`.
pub async fn next_planned(db: &impl ConnectionTrait, date: NaiveDate) -> Result<Option<MeetingRow>, StoreError> {
    let planned = meetings::Entity::find().filter(meetings::Column::State.eq("planned"));
    let next = planned.filter(meetings::Column::HeldOn.gte(date)).order_by_asc(meetings::Column::HeldOn);
    Ok(next.one(db).await?)
}

/// The meeting that is being held.
pub async fn open(db: &impl ConnectionTrait) -> Result<Option<MeetingRow>, StoreError> {
    Ok(meetings::Entity::find().filter(meetings::Column::State.eq("open")).one(db).await?)
}

/// Writes the meeting as it now stands.
pub async fn save(tx: &impl ConnectionTrait, meeting: MeetingRow) -> Result<(), StoreError> {
    use meetings::Column as C;
    let changing = [C::HeldOn, C::State, C::ChairId, C::Attendees, C::OpenedAt, C::ClosedAt, C::Version].to_vec();
    let or_update = OnConflict::column(C::Id).update_columns(changing).to_owned();
    let row = meeting.into_active_model().reset_all();
    meetings::Entity::insert(row).on_conflict(or_update).exec_without_returning(tx).await?;
    Ok(())
}

/// The agenda in order.
pub async fn items(db: &impl ConnectionTrait, meeting: MeetingId) -> Result<Vec<ItemRow>, StoreError> {
    let items = meeting_items::Entity::find().filter(meeting_items::Column::MeetingId.eq(meeting.as_uuid()));
    Ok(items.order_by_asc(meeting_items::Column::N).all(db).await?)
}

pub async fn item(db: &impl ConnectionTrait, meeting: MeetingId, n: i32) -> Result<Option<ItemRow>, StoreError> {
    let items = meeting_items::Entity::find().filter(meeting_items::Column::MeetingId.eq(meeting.as_uuid()));
    Ok(items.filter(meeting_items::Column::N.eq(n)).one(db).await?)
}

/// Puts items on the agenda.
pub async fn add_items(tx: &impl ConnectionTrait, items: Vec<ItemRow>) -> Result<(), StoreError> {
    if items.is_empty() {
        return Ok(());
    }
    let rows = items.into_iter().map(|item| item.into_active_model().reset_all());
    meeting_items::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes what was decided on an item.
pub async fn save_item(tx: &impl ConnectionTrait, item: ItemRow) -> Result<(), StoreError> {
    meeting_items::Entity::update(item.into_active_model().reset_all()).exec(tx).await?;
    Ok(())
}

/// The meetings a case was discussed at, newest first.
pub async fn items_of_case(db: &impl ConnectionTrait, case: CaseId) -> Result<Vec<ItemRow>, StoreError> {
    let items = meeting_items::Entity::find().filter(meeting_items::Column::CaseId.eq(case.as_uuid()));
    Ok(items.order_by_desc(meeting_items::Column::Id).all(db).await?)
}

/// How many contacts of each of these people counted since an instant, by any channel; nobody without one is in it.
pub async fn contacts_of_people_since(
    db: &impl ConnectionTrait,
    people: &[PersonId],
    since: DateTime<Utc>,
) -> Result<BTreeMap<Uuid, i64>, StoreError> {
    use entities::contacts::Column as C;
    let mut counts = BTreeMap::new();
    for some in people.chunks(1000) {
        let counted = entities::contacts::Entity::find()
            .filter(C::CountsForId.is_in(uuids(some)))
            .filter(C::Counted.eq(true))
            .filter(C::ReceivedAt.gt(since))
            .select_only()
            .column(C::CountsForId)
            .column_as(C::Id.count(), "number")
            .group_by(C::CountsForId);
        let rows: Vec<(Option<Uuid>, i64)> = counted.into_tuple().all(db).await?;
        counts.extend(rows.into_iter().filter_map(|(person, number)| Some((person?, number))));
    }
    Ok(counts)
}
