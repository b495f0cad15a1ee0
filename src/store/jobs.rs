//! Work to be done after the commit that asked for it.
//!
//! A job is written with what caused it and keyed by that cause, so the same work is never queued twice. It is done at
//! least once: whoever claims it holds a lease, and when the lease runs out (a crash, a lost machine) somebody else may
//! claim it. So what a job does must be idempotent. Done is deleted; what cannot be done stays as a dead letter until a
//! person retries it.

use super::canonical::{json_without_nul, without_nul};
use super::{Store, StoreError, Tx, dialect};
use crate::domain::ids::{Id, JobId};
use chrono::{DateTime, Duration, Utc};
use entities::jobs::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Work to queue.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub id: JobId,
    /// Which work: `route_mail`.
    pub kind: String,
    pub payload: Value,
    /// Names the cause: `route_mail/<mail id>`.
    pub key: String,
    /// Not before this.
    pub run_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// Work that was claimed, or that lies dead.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub payload: Value,
    pub key: String,
    pub run_at: DateTime<Utc>,
    /// How often it was begun, this time included.
    pub attempts: i32,
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// Queues work. A job whose key is taken is quietly left out.
pub async fn enqueue(tx: &Tx, jobs: Vec<NewJob>) -> Result<(), StoreError> {
    insert(tx, jobs.into_iter().map(row).collect()).await
}

/// Queues work that the caller begins at once: nobody else gets it before `locked_until`. The keys have to be new.
pub async fn enqueue_claimed(tx: &Tx, jobs: Vec<NewJob>, locked_until: DateTime<Utc>) -> Result<Vec<Job>, StoreError> {
    let claimed = |job: &NewJob| Job {
        id: job.id,
        kind: job.kind.clone(),
        payload: job.payload.clone(),
        key: job.key.clone(),
        run_at: job.run_at,
        attempts: 1,
        last_error: None,
        created_at: job.created_at,
    };
    let in_hand = jobs.iter().map(claimed).collect();
    let running = |job: NewJob| ActiveModel {
        attempts: Set(1),
        state: Set(RUNNING.to_owned()),
        locked_until: Set(Some(locked_until)),
        ..row(job)
    };
    insert(tx, jobs.into_iter().map(running).collect()).await?;
    Ok(in_hand)
}

async fn insert(tx: &Tx, mut rows: Vec<ActiveModel>) -> Result<(), StoreError> {
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS_A_STATEMENT));
        let key_is_taken = OnConflict::column(Column::Key).do_nothing().to_owned();
        Entity::insert_many(rows).on_conflict(key_is_taken).exec_without_returning(tx).await?;
        rows = rest;
    }
    Ok(())
}

/// SQLite binds at most 32,766 values a statement.
const ROWS_A_STATEMENT: usize = 1_000;

/// Takes up to `limit` jobs of these kinds that are due, the longest due first, for `lease`. Two workers never get the
/// same job while the lease of one lasts.
pub async fn claim(
    store: &Store,
    kinds: &[&str],
    limit: u64,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<Vec<Job>, StoreError> {
    let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let claimed = store.write(async move |tx: &Tx| claim_in(tx, kinds, limit, now, lease).await).await;
    claimed.map_err(StoreError::from)
}

async fn claim_in(
    tx: &Tx,
    kinds: Vec<String>,
    limit: u64,
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<Vec<Job>, StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(READY))
        .filter(Column::State.eq(RUNNING))
        .filter(Column::LockedUntil.lte(now))
        .exec(tx)
        .await?;
    let mut due = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(READY))
        .filter(Column::RunAt.lte(now))
        .filter(Column::Kind.is_in(kinds))
        .order_by_asc(Column::RunAt)
        .limit(limit)
        .into_query();
    dialect::skip_what_others_hold(tx, &mut due);
    let claimed = Entity::update_many()
        .col_expr(Column::State, Expr::value(RUNNING))
        .col_expr(Column::LockedUntil, Expr::value(now + lease))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.in_subquery(due))
        .exec_with_returning(tx)
        .await?;
    let mut jobs: Vec<Job> = claimed.into_iter().map(read).collect();
    jobs.sort_by_key(|job| (job.run_at, job.id));
    Ok(jobs)
}

/// The work on these jobs goes on: nobody else gets them before `until`. Those whose lease ran out are left alone.
pub async fn renew(store: &Store, ids: Vec<JobId>, until: DateTime<Utc>) -> Result<(), StoreError> {
    let renewed = store.write(async move |tx: &Tx| {
        for some in ids.chunks(ROWS_A_STATEMENT) {
            Entity::update_many()
                .col_expr(Column::LockedUntil, Expr::value(until))
                .filter(Column::State.eq(RUNNING))
                .filter(Column::Id.is_in(some.iter().map(|id| id.as_uuid())))
                .exec(tx)
                .await?;
        }
        Ok::<_, StoreError>(())
    });
    Ok(renewed.await?)
}

/// The work is done: usually in the same write as its effect.
pub async fn done(db: &impl ConnectionTrait, jobs: &[JobId]) -> Result<(), StoreError> {
    for jobs in jobs.chunks(ROWS_A_STATEMENT) {
        Entity::delete_many().filter(Column::Id.is_in(jobs.iter().map(|id| id.as_uuid()))).exec(db).await?;
    }
    Ok(())
}

/// The work failed for now: try again at `at`. Does nothing when the lease ran out and somebody else has the job.
pub async fn retry_at(db: &impl ConnectionTrait, job: &Job, at: DateTime<Utc>, error: &str) -> Result<(), StoreError> {
    put_down(db, job, READY, at, error).await
}

/// The work may not be done yet: it is due at `at`, and this look at it was no attempt.
pub async fn postpone(db: &impl ConnectionTrait, job: &Job, at: DateTime<Utc>) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(READY))
        .col_expr(Column::RunAt, Expr::value(at))
        .col_expr(Column::LockedUntil, Expr::value(Option::<DateTime<Utc>>::None))
        .col_expr(Column::Attempts, Expr::value(job.attempts.saturating_sub(1)))
        .filter(Column::Id.eq(job.id.as_uuid()))
        .filter(Column::State.eq(RUNNING))
        .filter(Column::Attempts.eq(job.attempts))
        .exec(db)
        .await?;
    Ok(())
}

/// Work of a kind that waits, with keys that begin so, is not due before `until`.
pub async fn put_off(
    db: &impl ConnectionTrait,
    (kind, key_begins): (&str, &str),
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::RunAt, Expr::value(until))
        .filter(Column::Kind.eq(kind))
        .filter(Column::State.eq(READY))
        .filter(Column::RunAt.lt(until))
        .filter(Column::Key.starts_with(key_begins))
        .exec(db)
        .await?;
    Ok(())
}

/// When the next work of a kind that waits, with keys that begin so, is due.
pub async fn first_due(
    db: &impl ConnectionTrait,
    (kind, key_begins): (&str, &str),
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let waiting = Entity::find().filter(Column::Kind.eq(kind)).filter(Column::State.eq(READY));
    let waiting = waiting.filter(Column::Key.starts_with(key_begins)).order_by_asc(Column::RunAt);
    Ok(waiting.one(db).await?.map(|job| job.run_at))
}

/// Jobs that wait for a later time are due at `at`; those in hand or dead stay as they are.
pub async fn bring_forward(db: &impl ConnectionTrait, keys: &[String], at: DateTime<Utc>) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::RunAt, Expr::value(at))
        .filter(Column::State.eq(READY))
        .filter(Column::RunAt.gt(at))
        .filter(Column::Key.is_in(keys.iter().map(String::as_str)))
        .exec(db)
        .await?;
    Ok(())
}

/// The work cannot be done: it becomes a dead letter. Does nothing when somebody else has the job.
pub async fn give_up(db: &impl ConnectionTrait, job: &Job, error: &str) -> Result<(), StoreError> {
    put_down(db, job, DEAD, job.run_at, error).await
}

async fn put_down(
    db: &impl ConnectionTrait,
    job: &Job,
    state: &str,
    run_at: DateTime<Utc>,
    error: &str,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::RunAt, Expr::value(run_at))
        .col_expr(Column::LockedUntil, Expr::value(Option::<DateTime<Utc>>::None))
        .col_expr(Column::LastError, Expr::value(without_nul(error.to_owned())))
        .filter(Column::Id.eq(job.id.as_uuid()))
        .filter(Column::State.eq(RUNNING))
        .filter(Column::Attempts.eq(job.attempts))
        .exec(db)
        .await?;
    Ok(())
}

/// When a worker for these kinds next has something to do: the earliest due time or end of a lease. None: nothing waits.
pub async fn next_due(db: &impl ConnectionTrait, kinds: &[&str]) -> Result<Option<DateTime<Utc>>, StoreError> {
    let of_kinds = || Entity::find().select_only().filter(Column::Kind.is_in(kinds.iter().copied()));
    let earliest = async |column: Column, state: &str| -> Result<Option<DateTime<Utc>>, StoreError> {
        let query = of_kinds().column(column).filter(Column::State.eq(state)).order_by_asc(column).limit(1);
        let found: Option<Option<DateTime<Utc>>> = query.into_tuple().one(db).await?;
        Ok(found.flatten())
    };
    let ready = earliest(Column::RunAt, READY).await?;
    let running = earliest(Column::LockedUntil, RUNNING).await?;
    Ok(ready.into_iter().chain(running).min())
}

/// The job of this key, waiting, in hand or dead.
pub async fn with_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<Job>, StoreError> {
    Ok(Entity::find().filter(Column::Key.eq(key)).one(db).await?.map(read))
}

/// The jobs of these keys, by key.
pub async fn with_keys(db: &impl ConnectionTrait, keys: &[String]) -> Result<BTreeMap<String, Job>, StoreError> {
    let mut found = BTreeMap::new();
    for some in keys.chunks(ROWS_A_STATEMENT) {
        let rows = Entity::find().filter(Column::Key.is_in(some.iter().map(String::as_str))).all(db).await?;
        found.extend(rows.into_iter().map(|row| (row.key.clone(), read(row))));
    }
    Ok(found)
}

/// How many jobs of this kind are not done and not dead, and since when the oldest of them waits.
pub async fn backlog(db: &impl ConnectionTrait, kind: &str) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
    let found: Option<(i64, Option<DateTime<Utc>>)> = Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "jobs")
        .column_as(Column::CreatedAt.min(), "oldest")
        .filter(Column::Kind.eq(kind))
        .filter(Column::State.ne(DEAD))
        .into_tuple()
        .one(db)
        .await?;
    let (count, oldest) = found.unwrap_or_default();
    Ok((u64::try_from(count).unwrap_or_default(), oldest))
}

/// How many jobs of these kinds are not done and not dead.
pub async fn unfinished(db: &impl ConnectionTrait, kinds: &[&str]) -> Result<u64, StoreError> {
    let unfinished = Entity::find().filter(Column::Kind.is_in(kinds.iter().copied())).filter(Column::State.ne(DEAD));
    Ok(unfinished.count(db).await?)
}

/// The dead letters, the oldest first.
pub async fn dead_letters(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Job>, StoreError> {
    let dead = Entity::find().filter(Column::State.eq(DEAD)).order_by_asc(Column::CreatedAt).limit(limit);
    Ok(dead.all(db).await?.into_iter().map(read).collect())
}

/// Gives dead letters another life from `now`, with their attempts forgotten; says how many there were.
pub async fn revive(tx: &Tx, jobs: &[JobId], now: DateTime<Utc>) -> Result<u64, StoreError> {
    let revived = Entity::update_many()
        .col_expr(Column::State, Expr::value(READY))
        .col_expr(Column::RunAt, Expr::value(now))
        .col_expr(Column::Attempts, Expr::value(0))
        .filter(Column::State.eq(DEAD))
        .filter(Column::Id.is_in(jobs.iter().map(|id| id.as_uuid())))
        .exec(tx)
        .await?;
    Ok(revived.rows_affected)
}

const READY: &str = "ready";
const RUNNING: &str = "running";
const DEAD: &str = "dead";

fn row(job: NewJob) -> ActiveModel {
    ActiveModel {
        id: Set(job.id.as_uuid()),
        kind: Set(job.kind),
        payload: Set(json_without_nul(job.payload)),
        key: Set(job.key),
        run_at: Set(job.run_at),
        attempts: Set(0),
        state: Set(READY.to_owned()),
        locked_until: Set(None),
        last_error: Set(None),
        created_at: Set(job.created_at),
    }
}

fn read(row: Model) -> Job {
    let Model { id, kind, payload, key, run_at, attempts, last_error, created_at, .. } = row;
    Job { id: Id::from_uuid(id), kind, payload, key, run_at, attempts, last_error, created_at }
}
