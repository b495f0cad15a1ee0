//! Whom to ask at partner agencies.

use super::{StoreError, without_nul};
use crate::domain::ids::{Id, OfficerId, PartnerContactId};
use chrono::{DateTime, Utc};
use entities::partner_contacts::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerContact {
    pub id: PartnerContactId,
    /// A key of the register of the programme.
    pub partner: String,
    pub name: String,
    pub post: Option<String>,
    /// A number, an address, a desk.
    pub reached_by: String,
    pub note: Option<String>,
    pub added: (OfficerId, DateTime<Utc>),
    pub ended_at: Option<DateTime<Utc>>,
}

pub async fn insert(db: &impl ConnectionTrait, contact: &PartnerContact) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(contact.id.as_uuid()),
        partner: Set(contact.partner.clone()),
        name: Set(without_nul(contact.name.clone())),
        post: Set(contact.post.clone().map(without_nul)),
        reached_by: Set(without_nul(contact.reached_by.clone())),
        note: Set(contact.note.clone().map(without_nul)),
        added_by: Set(contact.added.0.as_uuid()),
        added_at: Set(contact.added.1),
        ended_by: Set(None),
        ended_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Those that are in use, by partner and name.
pub async fn in_use(db: &impl ConnectionTrait) -> Result<Vec<PartnerContact>, StoreError> {
    let found = Entity::find().filter(Column::EndedAt.is_null()).order_by_asc(Column::Partner);
    Ok(found.order_by_asc(Column::Name).order_by_asc(Column::Id).all(db).await?.into_iter().map(read).collect())
}

pub async fn find(db: &impl ConnectionTrait, id: PartnerContactId) -> Result<Option<PartnerContact>, StoreError> {
    Ok(Entity::find_by_id(id.as_uuid()).one(db).await?.map(read))
}

/// They are asked no more. `false` where they were not before.
pub async fn end(
    db: &impl ConnectionTrait,
    id: PartnerContactId,
    (by, at): (OfficerId, DateTime<Utc>),
) -> Result<bool, StoreError> {
    let change = ActiveModel { ended_by: Set(Some(by.as_uuid())), ended_at: Set(Some(at)), ..Default::default() };
    let used = Entity::update_many().filter(Column::Id.eq(id.as_uuid())).filter(Column::EndedAt.is_null());
    Ok(used.set(change).exec(db).await?.rows_affected == 1)
}

fn read(row: Model) -> PartnerContact {
    PartnerContact {
        id: Id::from_uuid(row.id),
        partner: row.partner,
        name: row.name,
        post: row.post,
        reached_by: row.reached_by,
        note: row.note,
        added: (Id::from_uuid(row.added_by), row.added_at),
        ended_at: row.ended_at,
    }
}
