//! Senders who are not on file: their mail by address, and what people decided about them.
//!
//! Addresses are compared in lower case as the database makes it.

use super::contacts::{self, Contact};
use super::{StoreError, without_nul};
use crate::domain::attribution::Certainty;
use crate::domain::contact::{Channel, Place};
use crate::domain::ids::{ContactId, PersonId};
use crate::store::people::uuids;
use chrono::{DateTime, Utc};
use entities::contacts as rows;
use entities::screener_decisions::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

pub use entities::screener_decisions::Model as DecisionRow;

/// The mail of one sender that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Sender {
    /// Lower case.
    pub address: String,
    pub mails: i64,
    /// Of them, those that were suspected to be feigned.
    pub spoofs: i64,
    /// Of them, those in which something urgent may stand.
    pub flagged: i64,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
}

/// What senders are compared by.
fn address() -> SimpleExpr {
    Func::lower(Expr::col((rows::Entity, rows::Column::Presented))).into()
}

/// Mail that nobody has read whose sender is nobody on file, and about whom nothing is decided.
fn unknown() -> Condition {
    let decided = Query::select()
        .column(Column::Address)
        .from(Entity)
        .and_where(Column::ReversedAt.is_null())
        .and_where(Column::Decision.ne("person"))
        .to_owned();
    of_unknown().add(address().in_subquery(decided).not())
}

fn of_unknown() -> Condition {
    Condition::all()
        .add(rows::Column::Place.eq(Place::Unattributed.as_str()))
        .add(rows::Column::Attribution.eq(Certainty::Unattributed.as_str()))
        .add(rows::Column::Channel.eq(Channel::Email.as_str()))
        .add(rows::Column::Handling.eq(contacts::Handling::Open.as_str()))
        .add(rows::Column::Presented.is_not_null())
}

fn how_many(which: SimpleExpr) -> SimpleExpr {
    Expr::expr(sea_orm::sea_query::CaseStatement::new().case(which, 1).finally(0)).sum()
}

/// Senders, whoever wrote last first, at most `limit`, after the one who wrote last at a time from an address.
pub async fn senders(
    db: &impl ConnectionTrait,
    after: Option<(DateTime<Utc>, String)>,
    limit: u64,
) -> Result<Vec<Sender>, StoreError> {
    let newest = || rows::Column::ReceivedAt.max();
    let spoof = rows::Column::NotCountedBecause.eq("suspected_spoof");
    let mut found = rows::Entity::find()
        .select_only()
        .column_as(address(), "address")
        .column_as(rows::Column::Id.count(), "mails")
        .column_as(how_many(spoof), "spoofs")
        .column_as(how_many(rows::Column::Flagged.eq(true)), "flagged")
        .column_as(rows::Column::ReceivedAt.min(), "first_at")
        .column_as(newest(), "last_at")
        .filter(unknown())
        .group_by(address());
    if let Some((at, last)) = after {
        let same_time = Condition::all().add(newest().eq(at)).add(address().gt(last));
        found = found.having(Condition::any().add(newest().lt(at)).add(same_time));
    }
    let ordered = found.order_by_desc(newest()).order_by_asc(address()).limit(limit);
    Ok(ordered.into_model::<Sender>().all(db).await?)
}

/// The newest mail of each of these senders that waits, by address.
pub async fn newest_of(db: &impl ConnectionTrait, senders: &[Sender]) -> Result<HashMap<String, Contact>, StoreError> {
    let addresses: Vec<String> = senders.iter().map(|sender| sender.address.clone()).collect();
    let times: Vec<DateTime<Utc>> = senders.iter().map(|sender| sender.last_at).collect();
    let which = of_unknown().add(address().is_in(addresses)).add(rows::Column::ReceivedAt.is_in(times));
    let ids: Vec<(String, Uuid)> = rows::Entity::find()
        .select_only()
        .column_as(address(), "address")
        .column(rows::Column::Id)
        .filter(which)
        .order_by_asc(rows::Column::ReceivedAt)
        .order_by_asc(rows::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let newest: HashMap<String, Uuid> = ids.into_iter().collect();
    let mut by_id: HashMap<Uuid, Contact> = HashMap::new();
    let ids: Vec<ContactId> = newest.values().copied().map(ContactId::from_uuid).collect();
    for contact in contacts::with_ids(db, &ids).await? {
        by_id.insert(contact.id.as_uuid(), contact);
    }
    Ok(newest.into_iter().filter_map(|(address, id)| Some((address, by_id.remove(&id)?))).collect())
}

/// The mail of one sender that waits, the oldest first, at most `limit`.
pub async fn mail_of(db: &impl ConnectionTrait, sender: &str, limit: u64) -> Result<Vec<Contact>, StoreError> {
    let ids: Vec<Uuid> = rows::Entity::find()
        .select_only()
        .column(rows::Column::Id)
        .filter(of_unknown().add(address().eq(sender)))
        .order_by_asc(rows::Column::ReceivedAt)
        .order_by_asc(rows::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    let mut found = contacts::with_ids(db, &ids.into_iter().map(ContactId::from_uuid).collect::<Vec<_>>()).await?;
    found.sort_by_key(|contact| (contact.received_at, contact.id));
    Ok(found)
}

/// The decisions in force about these addresses, by address.
pub async fn in_force(
    db: &impl ConnectionTrait,
    addresses: &[String],
) -> Result<HashMap<String, DecisionRow>, StoreError> {
    if addresses.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().filter(Column::ReversedAt.is_null());
    let rows = rows.filter(Column::Address.is_in(addresses.to_vec())).order_by_asc(Column::DecidedAt);
    Ok(rows.all(db).await?.into_iter().map(|row| (row.address.clone(), row)).collect())
}

pub async fn insert(tx: &impl ConnectionTrait, row: DecisionRow) -> Result<(), StoreError> {
    let row = DecisionRow { reason: without_nul(row.reason), ..row };
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<DecisionRow>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// The decision is in force no longer.
pub async fn reverse(
    tx: &impl ConnectionTrait,
    id: Uuid,
    (by, at): (Uuid, DateTime<Utc>),
    reason: &str,
) -> Result<(), StoreError> {
    let reversed = ActiveModel {
        reversed_by: Set(Some(by)),
        reversed_at: Set(Some(at)),
        reversal_reason: Set(Some(without_nul(reason.to_owned()))),
        ..Default::default()
    };
    Entity::update_many().set(reversed).filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// Decisions about none of the `hidden` people, reversed ones too, the newest first, at most `limit`, after the one made
/// at a time under an id.
pub async fn decisions(
    db: &impl ConnectionTrait,
    (hidden, after): (&[PersonId], Option<(DateTime<Utc>, Uuid)>),
    limit: u64,
) -> Result<Vec<DecisionRow>, StoreError> {
    let mut found = Entity::find();
    if !hidden.is_empty() {
        let of_others = Condition::any().add(Column::PersonId.is_null()).add(Column::PersonId.is_not_in(uuids(hidden)));
        found = found.filter(of_others);
    }
    if let Some((at, id)) = after {
        let same_time = Condition::all().add(Column::DecidedAt.eq(at)).add(Column::Id.lt(id));
        found = found.filter(Condition::any().add(Column::DecidedAt.lt(at)).add(same_time));
    }
    Ok(found.order_by_desc(Column::DecidedAt).order_by_desc(Column::Id).limit(limit).all(db).await?)
}

/// The contacts a decision was about.
pub fn contacts_of(row: &DecisionRow) -> Vec<ContactId> {
    let ids = row.contacts.as_array().into_iter().flatten().filter_map(Value::as_str);
    ids.filter_map(|id| id.parse().ok()).collect()
}
