//! What was sent of a month of repeat callers, what units did with it, and who checked it.

use super::{StoreError, without_nul};
use crate::domain::ids::{Id, MonthCheckId, MonthSendingId, OfficerId};
use chrono::{DateTime, Utc};
use entities::{month_checks, month_sendings};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// A table that was sent to a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    pub id: MonthSendingId,
    /// `2026-05`.
    pub month: String,
    /// `opt` or `snt`.
    pub team: String,
    /// `None`: of the whole county.
    pub area: Option<String>,
    pub note: Option<String>,
    /// Of the table as a CSV file, in hex.
    pub content_sha256: String,
    pub callers: u64,
    pub sent: (OfficerId, DateTime<Utc>),
    pub receipt: Option<(OfficerId, DateTime<Utc>)>,
    pub action: Option<Action>,
}

/// What a unit did with a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub words: String,
    pub by: OfficerId,
    pub at: DateTime<Utc>,
}

/// That a month was looked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub id: MonthCheckId,
    pub month: String,
    pub area: Option<String>,
    pub found: String,
    pub by: OfficerId,
    pub at: DateTime<Utc>,
}

pub async fn insert_sending(db: &impl ConnectionTrait, sending: &Sending) -> Result<(), StoreError> {
    let row = month_sendings::ActiveModel {
        id: Set(sending.id.as_uuid()),
        month: Set(sending.month.clone()),
        team: Set(sending.team.clone()),
        area: Set(sending.area.clone().map(without_nul)),
        note: Set(sending.note.clone().map(without_nul)),
        content_sha256: Set(sending.content_sha256.clone()),
        callers: Set(i64::try_from(sending.callers).unwrap_or(i64::MAX)),
        sent_by: Set(sending.sent.0.as_uuid()),
        sent_at: Set(sending.sent.1),
        receipt_by: Set(None),
        receipt_at: Set(None),
        action: Set(None),
        action_by: Set(None),
        action_at: Set(None),
    };
    month_sendings::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

pub async fn find_sending(db: &impl ConnectionTrait, id: MonthSendingId) -> Result<Option<Sending>, StoreError> {
    Ok(month_sendings::Entity::find_by_id(id.as_uuid()).one(db).await?.map(read_sending))
}

/// What was sent of a month, the oldest first; of every month where none is named.
pub async fn sendings(db: &impl ConnectionTrait, month: Option<&str>) -> Result<Vec<Sending>, StoreError> {
    let mut query = month_sendings::Entity::find().order_by_asc(month_sendings::Column::Id);
    if let Some(month) = month {
        query = query.filter(month_sendings::Column::Month.eq(month));
    }
    Ok(query.all(db).await?.into_iter().map(read_sending).collect())
}

/// What no unit has said that it has, the oldest first.
pub async fn without_receipt(db: &impl ConnectionTrait) -> Result<Vec<Sending>, StoreError> {
    let waiting = month_sendings::Entity::find().filter(month_sendings::Column::ReceiptAt.is_null());
    let rows = waiting.order_by_asc(month_sendings::Column::Id).all(db).await?;
    Ok(rows.into_iter().map(read_sending).collect())
}

/// The unit has it. A second receipt changes nothing; `false` then.
pub async fn set_receipt(
    db: &impl ConnectionTrait,
    id: MonthSendingId,
    (by, at): (OfficerId, DateTime<Utc>),
) -> Result<bool, StoreError> {
    use month_sendings::Column as C;
    let change = month_sendings::ActiveModel {
        receipt_by: Set(Some(by.as_uuid())),
        receipt_at: Set(Some(at)),
        ..Default::default()
    };
    let waiting = month_sendings::Entity::update_many().filter(C::Id.eq(id.as_uuid())).filter(C::ReceiptAt.is_null());
    Ok(waiting.set(change).exec(db).await?.rows_affected == 1)
}

/// What the unit did; the last one stands, and the history keeps each.
pub async fn set_action(db: &impl ConnectionTrait, id: MonthSendingId, action: &Action) -> Result<(), StoreError> {
    let change = month_sendings::ActiveModel {
        action: Set(Some(without_nul(action.words.clone()))),
        action_by: Set(Some(action.by.as_uuid())),
        action_at: Set(Some(action.at)),
        ..Default::default()
    };
    let this = month_sendings::Entity::update_many().filter(month_sendings::Column::Id.eq(id.as_uuid()));
    this.set(change).exec(db).await?;
    Ok(())
}

pub async fn insert_check(db: &impl ConnectionTrait, check: &Check) -> Result<(), StoreError> {
    let row = month_checks::ActiveModel {
        id: Set(check.id.as_uuid()),
        month: Set(check.month.clone()),
        area: Set(check.area.clone().map(without_nul)),
        found: Set(without_nul(check.found.clone())),
        checked_by: Set(check.by.as_uuid()),
        checked_at: Set(check.at),
    };
    month_checks::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Checks of a month, the oldest first; of every month where none is named.
pub async fn checks(db: &impl ConnectionTrait, month: Option<&str>) -> Result<Vec<Check>, StoreError> {
    let mut query = month_checks::Entity::find().order_by_asc(month_checks::Column::Id);
    if let Some(month) = month {
        query = query.filter(month_checks::Column::Month.eq(month));
    }
    let check = |row: month_checks::Model| Check {
        id: Id::from_uuid(row.id),
        month: row.month,
        area: row.area,
        found: row.found,
        by: Id::from_uuid(row.checked_by),
        at: row.checked_at,
    };
    Ok(query.all(db).await?.into_iter().map(check).collect())
}

fn read_sending(row: month_sendings::Model) -> Sending {
    let action = match (row.action, row.action_by, row.action_at) {
        (Some(words), Some(by), Some(at)) => Some(Action { words, by: Id::from_uuid(by), at }),
        (Some(_) | None, _, _) => None,
    };
    Sending {
        id: Id::from_uuid(row.id),
        month: row.month,
        team: row.team,
        area: row.area,
        note: row.note,
        content_sha256: row.content_sha256,
        callers: u64::try_from(row.callers).unwrap_or(0),
        sent: (Id::from_uuid(row.sent_by), row.sent_at),
        receipt: row.receipt_by.zip(row.receipt_at).map(|(by, at)| (Id::from_uuid(by), at)),
        action,
    }
}
