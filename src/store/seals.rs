//! Commitments to the whole history: a root hash over the last hash of every stream up to a position.
//!
//! A chain shows that one of its events was changed, but not that its end, or all of it, was taken away. A seal does:
//! it is a Merkle root (as in RFC 6962) over all streams, and over the seal before it and the last entry of the log of
//! who looked. Written down outside of the database, one root vouches for everything that happened before it.

use super::access_log::LastEntry;
use super::{Store, StoreError, Tx, dialect};
use chrono::{DateTime, Utc};
use entities::events;
use entities::seals::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Order, QueryFilter, QueryOrder, QuerySelect,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A commitment to everything up to a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    pub at: DateTime<Utc>,
    pub up_to_position: i64,
    /// Lower-case hex.
    pub root: String,
    /// How many streams there were.
    pub streams: u64,
    /// Up to which entry the access log is sealed; 0 when it was empty or the seal does not name it.
    pub log_position: i64,
}

/// Seals everything that has happened and every look; None when there is neither since the last seal.
pub async fn seal(store: &Store, id: Uuid, now: DateTime<Utc>) -> Result<Option<Seal>, StoreError> {
    let up_to = store.write(async |tx: &Tx| dialect::settled_position(tx).await).await?;
    let log = store.access_log().last().await?;
    let before = latest(store.reader()).await?;
    let sealed = before.as_ref().map_or((0, 0), |seal| (seal.up_to_position, seal.log_position));
    if sealed.0 >= up_to && sealed.1 >= log.position {
        return Ok(None);
    }
    let heads = heads(store.reader(), up_to).await?;
    let before = before.map(|seal| seal.root).unwrap_or_default();
    let root = root(&before, heads.iter().map(|(stream, hash)| (*stream, hash.as_str())), Some(&log));
    let streams = u64::try_from(heads.len()).unwrap_or(u64::MAX);
    let seal = Seal { at: now, up_to_position: up_to, root, streams, log_position: log.position };
    let row = Model {
        id,
        at: now,
        up_to_position: up_to,
        root: seal.root.clone(),
        leaves: i64::try_from(streams).unwrap_or(i64::MAX),
        log_position: Some(log.position),
        log_hash: Some(log.hash),
    };
    store.write(async move |tx: &Tx| insert(tx, row, sealed).await).await?;
    Ok(Some(seal))
}

/// # Errors
/// `StaleVersion` when somebody else sealed meanwhile: the root would not name the seal before it.
async fn insert(tx: &Tx, row: Model, sealed: (i64, i64)) -> Result<(), StoreError> {
    dialect::hold_the_seals(tx).await?;
    if latest(tx).await?.map_or((0, 0), |seal| (seal.up_to_position, seal.log_position)) != sealed {
        return Err(StoreError::StaleVersion);
    }
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// The last seal there is.
pub async fn latest(db: &impl ConnectionTrait) -> Result<Option<Seal>, StoreError> {
    // Two end at the same event when there were only looks between them; a seal that names no log is the older.
    let log = Expr::col(Column::LogPosition).if_null(-1);
    let row = Entity::find().order_by_desc(Column::UpToPosition).order_by(log, Order::Desc).limit(1).one(db).await?;
    Ok(row.map(|row| Seal {
        at: row.at,
        up_to_position: row.up_to_position,
        root: row.root,
        streams: u64::try_from(row.leaves).unwrap_or(0),
        log_position: row.log_position.unwrap_or(0),
    }))
}

/// The last hash of every stream as it stood at a position.
async fn heads(db: &impl ConnectionTrait, up_to: i64) -> Result<BTreeMap<Uuid, String>, StoreError> {
    let mut heads = BTreeMap::new();
    let mut position = 0;
    loop {
        let page: Vec<(i64, Uuid, String)> = events::Entity::find()
            .select_only()
            .columns([events::Column::Position, events::Column::StreamId, events::Column::Hash])
            .filter(events::Column::Position.gt(position))
            .filter(events::Column::Position.lte(up_to))
            .order_by_asc(events::Column::Position)
            .limit(ROWS_A_PAGE)
            .into_tuple()
            .all(db)
            .await?;
        let Some((last, _, _)) = page.last() else { return Ok(heads) };
        position = *last;
        heads.extend(page.into_iter().map(|(_, stream, hash)| (stream, hash)));
    }
}

const ROWS_A_PAGE: u64 = 5_000;

/// The root over the seal before, the streams' last hashes, which come sorted by stream, and the access log's last entry.
pub(super) fn root<'a>(before: &str, heads: impl Iterator<Item = (Uuid, &'a str)>, log: Option<&LastEntry>) -> String {
    let mut level: Vec<[u8; 32]> = heads
        .map(|(stream, hash)| Sha256::new().chain_update([0]).chain_update(stream).chain_update(hash).finalize().into())
        .collect();
    while level.len() > 1 {
        level = level.chunks(2).map(joined).collect();
    }
    let top = level.first().copied().unwrap_or_default();
    let over_streams = Sha256::new().chain_update([2]).chain_update(before).chain_update(top).finalize();
    match log {
        None => hex::encode(over_streams),
        Some(LastEntry { position, hash }) => {
            let over_all = Sha256::new().chain_update([3]).chain_update(over_streams);
            hex::encode(over_all.chain_update(position.to_be_bytes()).chain_update(hash).finalize())
        }
    }
}

/// Two neighbours of one level as one of the next; one without a neighbour goes up as it is.
fn joined(pair: &[[u8; 32]]) -> [u8; 32] {
    match pair {
        [left, right] => Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into(),
        [alone, ..] => *alone,
        [] => [0; 32],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streams(n: u128) -> BTreeMap<Uuid, String> {
        (0..n).map(|n| (Uuid::from_u128(n), format!("hash {n}"))).collect()
    }

    fn root_of(before: &str, streams: &BTreeMap<Uuid, String>) -> String {
        root(before, streams.iter().map(|(stream, hash)| (*stream, hash.as_str())), None)
    }

    #[test]
    fn a_root_vouches_for_the_last_entry_of_the_access_log() {
        let sealed = |position, hash: &str| {
            let log = LastEntry { position, hash: hash.to_owned() };
            root("", std::iter::empty(), Some(&log))
        };
        assert_ne!(sealed(1, "a"), sealed(2, "a"));
        assert_ne!(sealed(1, "a"), sealed(1, "b"));
        assert_ne!(sealed(0, ""), root("", std::iter::empty(), None));
    }

    #[test]
    fn changing_adding_or_taking_away_any_stream_changes_the_root() {
        for n in 1..20 {
            let all = streams(n);
            let root = root_of("", &all);
            assert_ne!(root, root_of("", &streams(n + 1)));
            for stream in all.keys() {
                let mut changed = all.clone();
                changed.insert(*stream, "another hash".to_owned());
                assert_ne!(root, root_of("", &changed));
                changed.remove(stream);
                assert_ne!(root, root_of("", &changed));
            }
        }
    }

    #[test]
    fn a_root_vouches_for_the_seal_before_it() {
        assert_ne!(root_of("", &streams(3)), root_of("earlier", &streams(3)));
    }
}
