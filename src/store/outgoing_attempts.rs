//! The attempts to hand our mails over, one after the other.

use crate::domain::ids::OutgoingId;
use crate::store::{StoreError, without_nul};
use chrono::{DateTime, Utc};
use entities::outgoing_attempts::{Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

pub use entities::outgoing_attempts::Model as AttemptRow;

/// How an attempt ended.
#[derive(Clone, Debug, Default)]
pub struct Ended {
    /// `sent`, or the class of the failure.
    pub outcome: String,
    pub code: Option<u16>,
    pub status: Option<String>,
    pub words: Option<String>,
    pub gave_up: bool,
}

/// An attempt begins.
pub async fn begin(
    tx: &impl ConnectionTrait,
    (mail, number): (OutgoingId, i32),
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = AttemptRow {
        outgoing_id: mail.as_uuid(),
        number,
        began_at: at,
        ended_at: None,
        outcome: None,
        code: None,
        status: None,
        words: None,
        gave_up: false,
    };
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    Ok(())
}

/// It ended so.
pub async fn end(
    tx: &impl ConnectionTrait,
    (mail, number): (OutgoingId, i32),
    (ended, at): (Ended, DateTime<Utc>),
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(at))
        .col_expr(Column::Outcome, Expr::value(ended.outcome))
        .col_expr(Column::Code, Expr::value(ended.code.map(i32::from)))
        .col_expr(Column::Status, Expr::value(ended.status))
        .col_expr(Column::Words, Expr::value(ended.words.map(without_nul)))
        .col_expr(Column::GaveUp, Expr::value(ended.gave_up))
        .filter(Column::OutgoingId.eq(mail.as_uuid()))
        .filter(Column::Number.eq(number))
        .exec(tx)
        .await?;
    Ok(())
}

/// After the attempts so far the mail was given up.
pub async fn gave_up(tx: &impl ConnectionTrait, mail: OutgoingId) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::GaveUp, Expr::value(true))
        .filter(Column::OutgoingId.eq(mail.as_uuid()))
        .exec(tx)
        .await?;
    Ok(())
}

/// The attempts of these mails, the oldest first.
pub async fn of(db: &impl ConnectionTrait, mails: &[Uuid]) -> Result<Vec<AttemptRow>, StoreError> {
    let mut found = Vec::new();
    for some in mails.chunks(5_000) {
        let theirs = Entity::find().filter(Column::OutgoingId.is_in(some.iter().copied()));
        found.extend(theirs.order_by_asc(Column::OutgoingId).order_by_asc(Column::Number).all(db).await?);
    }
    Ok(found)
}
