//! Requests with an Idempotency-Key, and the answers they got.
//!
//! A request first *reserves* its key, in a commit of its own. Every write done on its behalf then marks the key as
//! *acted on* in the same transaction (see [`acting_for`]), so that after a crash the key tells the truth: reserved
//! means nothing was done and the request may run again; acted on means it must never run again. Last, the *answer* is
//! kept, unless it says that something of ours failed: what failed a moment ago says nothing about later, so only that
//! the request did something is kept then. A reservation left behind by a crash is taken over after a while; a slow first request that is still running
//! then finds its reservation gone and its write is undone.

use super::{StoreError, Tx};
use chrono::{DateTime, Duration, Utc};
use entities::idempotency_keys::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, UpdateMany};
use serde_json::{Value, json};

/// How long a reservation is honoured without an answer. Longer than any write may take.
pub const RESERVED_FOR: Duration = Duration::minutes(2);

const RESERVED: i32 = 0;
const ACTED_ON: i32 = 1;
/// It did something and ended without an answer worth keeping.
const WITHOUT_ANSWER: i32 = 2;
/// An answer of this status or above says that something of ours failed.
const FAILED: i32 = 500;

/// A key held by one run of one request.
#[derive(Clone, Debug)]
pub struct Reservation {
    scope: String,
    key: String,
    /// Tells this run from a later one that took the key over.
    reserved_at: DateTime<Utc>,
}

/// The answer a request got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// What is known of a key.
#[derive(Clone, Debug)]
pub enum Known {
    /// Nothing: it is ours now.
    New(Reservation),
    /// It was used for another request.
    Mismatch,
    /// Its first request is still being carried out, or stopped so lately that nobody can say.
    InProgress,
    /// Its request did something, perhaps not all of it, and no answer was kept.
    AnswerLost,
    Answered(KeptAnswer),
}

/// Reserves `key` for a request, or says what became of its first use. `scope` names the caller.
pub async fn reserve(
    tx: &Tx,
    scope: &str,
    key: &str,
    request_sha256: &str,
    now: DateTime<Utc>,
) -> Result<Known, StoreError> {
    let row = ActiveModel {
        scope: Set(scope.to_owned()),
        key: Set(key.to_owned()),
        request_sha256: Set(request_sha256.to_owned()),
        status: Set(RESERVED),
        headers: Set(json!({})),
        body: Set(String::new()),
        created_at: Set(now),
    };
    let keep_first = OnConflict::columns([Column::Scope, Column::Key]).do_nothing().to_owned();
    let inserted = Entity::insert(row).on_conflict(keep_first).exec_without_returning(tx).await?;
    let reservation = Reservation { scope: scope.to_owned(), key: key.to_owned(), reserved_at: now };
    if inserted == 1 {
        return Ok(Known::New(reservation));
    }
    let found = Entity::find_by_id((scope.to_owned(), key.to_owned())).one(tx).await?;
    let Some(found) = found else { return Ok(Known::InProgress) };
    let first = Reservation { reserved_at: found.created_at, ..reservation.clone() };
    match found.status {
        _ if found.request_sha256 != request_sha256 => Ok(Known::Mismatch),
        RESERVED | ACTED_ON if now - found.created_at < RESERVED_FOR => Ok(Known::InProgress),
        ACTED_ON | WITHOUT_ANSWER | FAILED.. => Ok(Known::AnswerLost),
        RESERVED => {
            let anew = ActiveModel { created_at: Set(now), ..Default::default() };
            let taken = first.row(RESERVED).set(anew).exec(tx).await?;
            Ok(if taken.rows_affected == 1 { Known::New(reservation) } else { Known::InProgress })
        }
        _ => Ok(Known::Answered(read(found))),
    }
}

/// Keeps the answer of a request; of one that failed on our side, only that it did something. Does nothing when somebody
/// took the key over.
pub async fn keep_answer(tx: &Tx, reservation: &Reservation, answer: KeptAnswer) -> Result<(), StoreError> {
    if i32::from(answer.status) >= FAILED {
        let ended = ActiveModel { status: Set(WITHOUT_ANSWER), ..Default::default() };
        reservation.row_in([RESERVED, ACTED_ON]).set(ended).exec(tx).await?;
        return Ok(());
    }
    let headers: serde_json::Map<String, Value> =
        answer.headers.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
    let kept = ActiveModel {
        status: Set(i32::from(answer.status)),
        headers: Set(Value::Object(headers)),
        body: Set(answer.body),
        ..Default::default()
    };
    reservation.row_in([RESERVED, ACTED_ON]).set(kept).exec(tx).await?;
    Ok(())
}

/// Gives a key back whose request did nothing. Says whether it did nothing: a key that was acted on stays.
pub async fn release(tx: &Tx, reservation: &Reservation) -> Result<bool, StoreError> {
    let released = Entity::delete_many()
        .filter(Column::Scope.eq(&reservation.scope))
        .filter(Column::Key.eq(&reservation.key))
        .filter(Column::CreatedAt.eq(reservation.reserved_at))
        .filter(Column::Status.eq(RESERVED))
        .exec(tx)
        .await?;
    Ok(released.rows_affected == 1)
}

/// Forgets keys first used before `before`.
pub async fn forget(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(Entity::delete_many().filter(Column::CreatedAt.lt(before)).exec(db).await?.rows_affected)
}

tokio::task_local! {
    static ACTING_FOR: Reservation;
}

/// Every write asked for inside `work` marks the key as acted on, in its own transaction.
pub fn acting_for<F: Future>(reservation: Reservation, work: F) -> impl Future<Output = F::Output> {
    ACTING_FOR.scope(reservation, work)
}

/// The key that a write asked for here and now must mark.
pub(super) fn current() -> Option<Reservation> {
    ACTING_FOR.try_with(Clone::clone).ok()
}

impl Reservation {
    /// # Errors
    /// `StaleVersion` when the key was taken over: this run came too late and must do nothing.
    pub(super) async fn mark_acted_on(&self, tx: &Tx) -> Result<(), StoreError> {
        let acted_on = ActiveModel { status: Set(ACTED_ON), ..Default::default() };
        let marked = self.row_in([RESERVED, ACTED_ON]).set(acted_on).exec(tx).await?;
        if marked.rows_affected == 1 { Ok(()) } else { Err(StoreError::StaleVersion) }
    }

    fn row(&self, status: i32) -> UpdateMany<Entity> {
        self.row_in([status])
    }

    fn row_in(&self, statuses: impl IntoIterator<Item = i32>) -> UpdateMany<Entity> {
        Entity::update_many()
            .filter(Column::Scope.eq(&self.scope))
            .filter(Column::Key.eq(&self.key))
            .filter(Column::CreatedAt.eq(self.reserved_at))
            .filter(Column::Status.is_in(statuses))
    }
}

fn read(row: Model) -> KeptAnswer {
    let headers = row.headers.as_object().into_iter().flatten();
    let headers = headers.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    KeptAnswer { status: u16::try_from(row.status).unwrap_or(500), headers: headers.collect(), body: row.body }
}
