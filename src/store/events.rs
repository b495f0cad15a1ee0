//! What happened: streams of events, appended and never changed.
//!
//! A stream is everything that happened to one thing, numbered 1, 2, 3 …; the unique index on (stream, number) lets
//! only one of two writers win. Every event carries the hash of the one before it in its stream, over which its own is
//! taken: whoever changes an old event has to change all that follow, and the seals notice that too.

use super::canonical::{chained_hash, json_without_nul};
use super::page::once;
use super::{StoreError, Tx, hold};
use crate::domain::access::ActorRef;
use crate::domain::ids::{EventId, Id};
use chrono::{DateTime, SecondsFormat, Utc};
use entities::events::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

pub use super::feed::{Cursor, NotACursor, feed, feed_end};

/// What kind of thing a stream is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    Case,
    Person,
    Contact,
    Mail,
    Meeting,
    Officer,
    Client,
    Delegation,
    Cover,
    Nomination,
    Outgoing,
    Caller,
    /// A month of repeat callers, as it is sent and checked.
    CallerMonth,
    /// Notes, partners, costs and meetings of the programme for repeat callers.
    Programme,
    /// The record of a call by whoever took it.
    Call,
    /// What call takers are told of a number, a person or a place.
    Marker,
    /// The files that policy is made of.
    Policy,
}

/// Something that happened and is not stored yet.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub id: EventId,
    pub at: DateTime<Utc>,
    pub actor: ActorRef,
    /// In the past tense: `signed_off`.
    pub kind: String,
    pub data: Value,
}

/// Events for the end of one stream.
#[derive(Clone, Debug)]
pub struct Append {
    pub stream: Stream,
    pub stream_id: Uuid,
    /// How many events the stream is believed to have; 0 begins it.
    pub expected_seq: i64,
    pub events: Vec<NewEvent>,
}

/// Something that happened, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub id: EventId,
    pub stream: Stream,
    pub stream_id: Uuid,
    /// 1, 2, 3 … within the stream.
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub actor: ActorRef,
    pub kind: String,
    pub data: Value,
}

/// Adds events to the end of a stream that has `expected_seq` of them.
///
/// # Errors
/// `StaleVersion` when the stream has more or fewer: load it again and decide again.
pub async fn append(
    tx: &Tx,
    stream: Stream,
    stream_id: Uuid,
    expected_seq: i64,
    events: Vec<NewEvent>,
) -> Result<Vec<Event>, StoreError> {
    append_many(tx, vec![Append { stream, stream_id, expected_seq, events }]).await
}

/// Adds events to the ends of many streams with as few statements as can be. A stream may be named twice, in order.
///
/// # Errors
/// `StaleVersion` when one of the streams has more or fewer events than expected; none is added then.
pub async fn append_many(tx: &Tx, appends: Vec<Append>) -> Result<Vec<Event>, StoreError> {
    let mut heads = heads(tx, &appends).await?;
    let mut rows = Vec::new();
    let mut stored = Vec::new();
    for append in appends {
        let (mut seq, mut prev_hash) = heads.remove(&append.stream_id).unwrap_or_default();
        if seq != append.expected_seq {
            return Err(StoreError::StaleVersion);
        }
        for event in append.events {
            seq += 1;
            let event = numbered(append.stream, append.stream_id, seq, event);
            let hash = hash(&prev_hash, &event);
            rows.push(row(&event, prev_hash, hash.clone()));
            stored.push(event);
            prev_hash = hash;
        }
        heads.insert(append.stream_id, (seq, prev_hash));
    }
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS_A_STATEMENT));
        let inserted = Entity::insert_many(rows).exec_without_returning(tx).await.map_err(StoreError::from);
        inserted
            .map_err(|error| if let StoreError::Duplicate(_) = error { StoreError::StaleVersion } else { error })?;
        rows = rest;
    }
    Ok(stored)
}

/// Adds events to the ends of these streams, wherever those are: for facts that do not depend on what happened before.
/// Waits for others who do the same.
///
/// # Errors
/// `StaleVersion` when somebody else [`append`]ed to one of them at the same time: try again.
pub async fn append_next(tx: &Tx, next: Vec<(Stream, Uuid, Vec<NewEvent>)>) -> Result<Vec<Event>, StoreError> {
    let streams: Vec<Uuid> = next.iter().map(|(_, stream_id, _)| *stream_id).collect();
    hold(tx, &streams).await?;
    let mut ends: HashMap<Uuid, i64> = HashMap::new();
    for streams in streams.chunks(ROWS_A_STATEMENT) {
        let found: Vec<(Uuid, i64)> = Entity::find()
            .select_only()
            .column(Column::StreamId)
            .column_as(Column::Seq.max(), "seq")
            .filter(Column::StreamId.is_in(streams.iter().copied()))
            .group_by(Column::StreamId)
            .into_tuple()
            .all(tx)
            .await?;
        ends.extend(found);
    }
    let append = |(stream, stream_id, events): (Stream, Uuid, Vec<NewEvent>)| {
        let end = ends.entry(stream_id).or_default();
        let expected_seq = *end;
        *end += i64::try_from(events.len()).unwrap_or(i64::MAX);
        Append { stream, stream_id, expected_seq, events }
    };
    append_many(tx, next.into_iter().map(append).collect()).await
}

/// SQLite binds at most 32,766 values a statement.
const ROWS_A_STATEMENT: usize = 1_000;

/// Sequence and hash of the event that each stream is expected to end with.
async fn heads(tx: &Tx, appends: &[Append]) -> Result<HashMap<Uuid, (i64, String)>, StoreError> {
    let mut by_seq: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
    for append in appends.iter().filter(|append| append.expected_seq > 0) {
        by_seq.entry(append.expected_seq).or_default().push(append.stream_id);
    }
    let mut heads = HashMap::new();
    for (seq, streams) in by_seq {
        for streams in streams.chunks(ROWS_A_STATEMENT) {
            let found: Vec<(Uuid, String)> = Entity::find()
                .select_only()
                .columns([Column::StreamId, Column::Hash])
                .filter(Column::StreamId.is_in(streams.iter().copied()))
                .filter(Column::Seq.eq(seq))
                .into_tuple()
                .all(tx)
                .await?;
            // Of a stream that is named twice, the first expectation is about what is stored.
            for (stream, hash) in found {
                heads.entry(stream).or_insert((seq, hash));
            }
        }
    }
    Ok(heads)
}

/// The highest position there is; 0 before the first event. On PostgreSQL a lower one may still appear.
pub async fn last_position(db: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let last = Entity::find().select_only().column_as(Column::Position.max(), "position");
    let last: Option<Option<i64>> = last.into_tuple().one(db).await?;
    Ok(last.flatten().unwrap_or(0))
}

/// A stream's events from the first; empty when there is no such stream.
pub async fn load(db: &impl ConnectionTrait, stream_id: Uuid) -> Result<Vec<Event>, StoreError> {
    once("events::load", vec![stream_id], load_after(db, stream_id, 0, u64::MAX)).await
}

/// At most `limit` of a stream's events that follow the one numbered `seq`.
pub async fn load_after(
    db: &impl ConnectionTrait,
    stream_id: Uuid,
    seq: i64,
    limit: u64,
) -> Result<Vec<Event>, StoreError> {
    let mut query = Entity::find().filter(Column::StreamId.eq(stream_id)).filter(Column::Seq.gt(seq));
    if limit < u64::MAX {
        query = query.limit(limit);
    }
    query.order_by_asc(Column::Seq).all(db).await?.into_iter().map(read).collect()
}

impl Stream {
    pub const ALL: [Stream; 17] = [
        Stream::Case,
        Stream::Person,
        Stream::Contact,
        Stream::Mail,
        Stream::Meeting,
        Stream::Officer,
        Stream::Client,
        Stream::Delegation,
        Stream::Cover,
        Stream::Nomination,
        Stream::Outgoing,
        Stream::Caller,
        Stream::CallerMonth,
        Stream::Programme,
        Stream::Call,
        Stream::Marker,
        Stream::Policy,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Stream::Case => "case",
            Stream::Person => "person",
            Stream::Contact => "contact",
            Stream::Mail => "mail",
            Stream::Meeting => "meeting",
            Stream::Officer => "officer",
            Stream::Client => "client",
            Stream::Delegation => "delegation",
            Stream::Cover => "cover",
            Stream::Nomination => "nomination",
            Stream::Outgoing => "outgoing",
            Stream::Caller => "caller",
            Stream::CallerMonth => "caller_month",
            Stream::Programme => "programme",
            Stream::Call => "call",
            Stream::Marker => "marker",
            Stream::Policy => "policy",
        }
    }
}

fn numbered(stream: Stream, stream_id: Uuid, seq: i64, event: NewEvent) -> Event {
    let NewEvent { id, at, actor, kind, data } = event;
    Event { id, stream, stream_id, seq, at, actor, kind, data: json_without_nul(data) }
}

fn hash(prev_hash: &str, event: &Event) -> String {
    let actor = json!(event.actor);
    hash_of(
        prev_hash,
        &Hashed {
            id: event.id.as_uuid(),
            stream: event.stream.as_str(),
            stream_id: event.stream_id,
            seq: event.seq,
            at: event.at,
            actor: &actor,
            kind: &event.kind,
            data: &event.data,
        },
    )
}

/// The hash that a stored event must have if it follows one with `prev_hash`.
pub(super) fn hash_of_row(prev_hash: &str, row: &Model) -> String {
    hash_of(
        prev_hash,
        &Hashed {
            id: row.id,
            stream: &row.stream,
            stream_id: row.stream_id,
            seq: row.seq,
            at: row.at,
            actor: &row.actor,
            kind: &row.kind,
            data: &row.data,
        },
    )
}

/// All that an event's hash vouches for.
struct Hashed<'a> {
    id: Uuid,
    stream: &'a str,
    stream_id: Uuid,
    seq: i64,
    at: DateTime<Utc>,
    actor: &'a Value,
    kind: &'a str,
    data: &'a Value,
}

fn hash_of(prev_hash: &str, event: &Hashed<'_>) -> String {
    chained_hash(
        prev_hash,
        &json!({
            "id": event.id,
            "stream": event.stream,
            "stream_id": event.stream_id,
            "seq": event.seq,
            "at": event.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "actor": event.actor,
            "kind": event.kind,
            "data": event.data,
        }),
    )
}

fn row(event: &Event, prev_hash: String, hash: String) -> ActiveModel {
    ActiveModel {
        position: sea_orm::ActiveValue::NotSet,
        id: Set(event.id.as_uuid()),
        stream: Set(event.stream.as_str().to_owned()),
        stream_id: Set(event.stream_id),
        seq: Set(event.seq),
        at: Set(event.at),
        actor: Set(json!(event.actor)),
        kind: Set(event.kind.clone()),
        data: Set(event.data.clone()),
        prev_hash: Set(prev_hash),
        hash: Set(hash),
    }
}

pub(super) fn read(row: Model) -> Result<Event, StoreError> {
    let corrupt = StoreError::Corrupt { what: "an event" };
    let stream = Stream::ALL.into_iter().find(|stream| stream.as_str() == row.stream).ok_or(corrupt)?;
    let actor =
        serde_json::from_value(row.actor).map_err(|_unreadable| StoreError::Corrupt { what: "an event's actor" })?;
    let Model { id, stream_id, seq, at, kind, data, .. } = row;
    Ok(Event { id: Id::from_uuid(id), stream, stream_id, seq, at, actor, kind, data })
}
