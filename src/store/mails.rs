//! Messages as they were taken in, and where each went.

use crate::domain::ids::MailId;
use crate::store::StoreError;
use chrono::{DateTime, Utc};
use entities::{mail_bodies, mail_deliveries, mail_routes, mails};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::BTreeMap;
use uuid::Uuid;

pub use entities::mail_deliveries::Model as DeliveryRow;
pub use entities::mail_routes::Model as RouteRow;
pub use entities::mails::Model as MailRow;

/// A message to be kept, with its bytes.
#[derive(Clone, Debug)]
pub struct NewMail {
    pub row: MailRow,
    pub raw: Vec<u8>,
}

/// Keeps one message. `false` where the same bytes are kept already: nothing was written then.
pub async fn keep(tx: &impl ConnectionTrait, mail: NewMail) -> Result<bool, StoreError> {
    let id = mail.row.id;
    let once = OnConflict::column(mails::Column::Sha256).do_nothing().to_owned();
    let row = mail.row.into_active_model().reset_all();
    let written = mails::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
    if written == 0 {
        return Ok(false);
    }
    let body = mail_bodies::ActiveModel { mail_id: Set(id), raw: Set(mail.raw) };
    mail_bodies::Entity::insert(body).exec_without_returning(tx).await?;
    Ok(true)
}

/// Notes the addresses that messages were delivered to. One that is noted already stays as it was first.
pub async fn add_deliveries(tx: &impl ConnectionTrait, deliveries: Vec<DeliveryRow>) -> Result<(), StoreError> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let columns = [mail_deliveries::Column::MailId, mail_deliveries::Column::Recipient];
    let once = OnConflict::columns(columns).do_nothing().to_owned();
    let rows = deliveries.into_iter().map(|delivery| delivery.into_active_model().reset_all());
    let insert = mail_deliveries::Entity::insert_many(rows).on_conflict(once);
    insert.exec_without_returning(tx).await?;
    Ok(())
}

/// Where a message was delivered to, the first delivery first.
pub async fn deliveries(db: &impl ConnectionTrait, id: MailId) -> Result<Vec<DeliveryRow>, StoreError> {
    let rows = mail_deliveries::Entity::find().filter(mail_deliveries::Column::MailId.eq(id.as_uuid()));
    let ordered = rows.order_by_asc(mail_deliveries::Column::ReceivedAt);
    Ok(ordered.order_by_asc(mail_deliveries::Column::Recipient).all(db).await?)
}

/// Keeps many messages, whose hashes are known to be new and to differ, in one statement a table.
pub async fn keep_many(tx: &impl ConnectionTrait, mails: Vec<NewMail>) -> Result<(), StoreError> {
    if mails.is_empty() {
        return Ok(());
    }
    let (rows, bodies): (Vec<_>, Vec<_>) = mails
        .into_iter()
        .map(|mail| {
            let body = mail_bodies::ActiveModel { mail_id: Set(mail.row.id), raw: Set(mail.raw) };
            (mail.row.into_active_model().reset_all(), body)
        })
        .unzip();
    mails::Entity::insert_many(rows).exec_without_returning(tx).await?;
    mail_bodies::Entity::insert_many(bodies).exec_without_returning(tx).await?;
    Ok(())
}

/// The ids of those of these hashes that are kept.
pub async fn known(db: &impl ConnectionTrait, hashes: Vec<String>) -> Result<BTreeMap<String, MailId>, StoreError> {
    if hashes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let kept = mails::Entity::find().filter(mails::Column::Sha256.is_in(hashes)).select_only();
    let pairs: Vec<(String, Uuid)> =
        kept.column(mails::Column::Sha256).column(mails::Column::Id).into_tuple().all(db).await?;
    Ok(pairs.into_iter().map(|(hash, id)| (hash, MailId::from_uuid(id))).collect())
}

pub async fn find(db: &impl ConnectionTrait, id: MailId) -> Result<Option<MailRow>, StoreError> {
    Ok(mails::Entity::find_by_id(id.as_uuid()).one(db).await?)
}

/// The bytes of one message.
pub async fn raw(db: &impl ConnectionTrait, id: MailId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(mail_bodies::Entity::find_by_id(id.as_uuid()).one(db).await?.map(|body| body.raw))
}

/// A kept message with what routing needs of it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct KeptMail {
    pub id: Uuid,
    pub received_at: DateTime<Utc>,
    pub recipient: String,
    /// The door it first came by.
    pub source: String,
    pub raw: Vec<u8>,
}

/// The messages with these ids, bytes and all.
pub async fn with_raw(db: &impl ConnectionTrait, ids: &[MailId]) -> Result<Vec<KeptMail>, StoreError> {
    let ids = ids.iter().map(|id| id.as_uuid());
    let found = mails::Entity::find()
        .filter(mails::Column::Id.is_in(ids))
        .join(
            sea_orm::JoinType::InnerJoin,
            mails::Entity::belongs_to(mail_bodies::Entity)
                .from(mails::Column::Id)
                .to(mail_bodies::Column::MailId)
                .into(),
        )
        .select_only()
        .column(mails::Column::Id)
        .column(mails::Column::ReceivedAt)
        .column(mails::Column::Recipient)
        .column(mails::Column::Source)
        .column(mail_bodies::Column::Raw);
    Ok(found.into_model::<KeptMail>().all(db).await?)
}

/// The newest step of each of these messages' ways; a message that was never routed is absent.
pub async fn newest_routes(
    db: &impl ConnectionTrait,
    ids: &[MailId],
) -> Result<BTreeMap<MailId, RouteRow>, StoreError> {
    let ids = ids.iter().map(|id| id.as_uuid());
    let rows = mail_routes::Entity::find().filter(mail_routes::Column::MailId.is_in(ids));
    let ordered = rows.order_by_asc(mail_routes::Column::Seq).all(db).await?;
    Ok(ordered.into_iter().map(|row| (MailId::from_uuid(row.mail_id), row)).collect())
}

/// Every step of one message's way, in order.
pub async fn routes(db: &impl ConnectionTrait, id: MailId) -> Result<Vec<RouteRow>, StoreError> {
    let rows = mail_routes::Entity::find().filter(mail_routes::Column::MailId.eq(id.as_uuid()));
    Ok(rows.order_by_asc(mail_routes::Column::Seq).all(db).await?)
}

/// Writes steps, in one statement.
pub async fn add_routes(tx: &impl ConnectionTrait, routes: Vec<RouteRow>) -> Result<(), StoreError> {
    if routes.is_empty() {
        return Ok(());
    }
    let rows = routes.into_iter().map(|route| route.into_active_model().reset_all());
    mail_routes::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// How many of the messages ended in each state.
pub async fn count_by_state(db: &impl ConnectionTrait, ids: &[MailId]) -> Result<BTreeMap<String, usize>, StoreError> {
    let mut counts = BTreeMap::new();
    for chunk in ids.chunks(500) {
        for route in newest_routes(db, chunk).await?.into_values() {
            *counts.entry(route.state).or_default() += 1;
        }
    }
    Ok(counts)
}

/// A message that waits to be routed, or that could not be.
#[derive(Clone, Debug, FromQueryResult)]
pub struct InState {
    pub id: Uuid,
    pub received_at: DateTime<Utc>,
    pub recipient: String,
    pub source: String,
    pub size_bytes: i64,
}

/// Messages whose newest step says `state`, or, for none, that have no step yet; the oldest first, at most `limit`, after
/// the one received at a time under an id.
pub async fn in_state(
    db: &impl ConnectionTrait,
    state: Option<&str>,
    after: Option<(DateTime<Utc>, MailId)>,
    limit: u64,
) -> Result<Vec<InState>, StoreError> {
    let mut found = mails::Entity::find().filter(lies(state));
    if let Some((at, id)) = after {
        let same_time = Condition::all().add(mails::Column::ReceivedAt.eq(at)).add(mails::Column::Id.gt(id.as_uuid()));
        found = found.filter(Condition::any().add(mails::Column::ReceivedAt.gt(at)).add(same_time));
    }
    let ordered = found.order_by_asc(mails::Column::ReceivedAt).order_by_asc(mails::Column::Id).limit(limit);
    Ok(ordered.into_model::<InState>().all(db).await?)
}

/// How many messages lie so, and since when the first of them does: received where none was routed, else quarantined.
pub async fn count_in_state(
    db: &impl ConnectionTrait,
    state: &str,
) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
    let newest = mail_routes::Entity::find().filter(mail_routes::Column::State.eq(state)).filter(is_newest());
    let of_state = newest.select_only().column_as(mail_routes::Column::At.min(), "since");
    let of_state = of_state.column_as(mail_routes::Column::Id.count(), "mails");
    let found: Option<(Option<DateTime<Utc>>, i64)> = of_state.into_tuple().one(db).await?;
    let (since, count) = found.unwrap_or_default();
    Ok((u64::try_from(count).unwrap_or_default(), since))
}

/// No later step of the same message.
fn is_newest() -> SimpleExpr {
    let later = Query::select()
        .expr(Expr::value(1))
        .from_as(mail_routes::Entity, "later")
        .and_where(
            Expr::col(("later", mail_routes::Column::MailId))
                .equals((mail_routes::Entity, mail_routes::Column::MailId)),
        )
        .and_where(
            Expr::col(("later", mail_routes::Column::Seq))
                .gt(Expr::col((mail_routes::Entity, mail_routes::Column::Seq))),
        )
        .to_owned();
    Expr::exists(later).not()
}

fn lies(state: Option<&str>) -> SimpleExpr {
    let mut steps = Query::select();
    steps.expr(Expr::value(1)).from(mail_routes::Entity).and_where(
        Expr::col((mail_routes::Entity, mail_routes::Column::MailId)).equals((mails::Entity, mails::Column::Id)),
    );
    match state {
        None => Expr::exists(steps).not(),
        Some(state) => {
            let of_state = Expr::col((mail_routes::Entity, mail_routes::Column::State)).eq(state);
            steps.and_where(of_state).and_where(is_newest());
            Expr::exists(steps)
        }
    }
}
