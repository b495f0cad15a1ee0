//! Whether the history is the one that was written: every chain, every seal, the access log.

use super::access_log::LastEntry;
use super::disposal::{Account, Unaccounted};
use super::{Store, StoreError, access_log, dialect, events, seals};
use entities::access_log as access_log_rows;
use entities::events as event_rows;
use entities::seals as seal_rows;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use uuid::Uuid;

/// What was walked, and where the walk stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    pub events: u64,
    pub streams: u64,
    pub seals: u64,
    pub accesses: u64,
    /// How many of the events were disposed of under each retention review.
    pub disposed: BTreeMap<Uuid, u64>,
    /// The first place in the events, the seals or the access log that is not as it was written.
    pub broken: Option<BrokenPlace>,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "in", rename_all = "snake_case")]
pub enum BrokenPlace {
    Event { position: i64, stream_id: Option<Uuid>, seq: Option<i64>, why: &'static str },
    Seal { up_to_position: i64, why: &'static str },
    AccessLog { position: i64, why: &'static str },
}

impl BrokenPlace {
    fn of(event: Unaccounted) -> Self {
        let Unaccounted { stream_id, seq, position, why } = event;
        BrokenPlace::Event { position, stream_id: Some(stream_id), seq: Some(seq), why }
    }
}

impl fmt::Display for BrokenPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BrokenPlace::Event { position, stream_id: Some(stream_id), seq: Some(seq), why } => {
                write!(f, "event {seq} of stream {stream_id}, at position {position}: {why}")
            }
            BrokenPlace::Event { position, why, .. } => write!(f, "the event at position {position}: {why}"),
            BrokenPlace::Seal { up_to_position, why } => write!(f, "the seal up to position {up_to_position}: {why}"),
            BrokenPlace::AccessLog { position, why } => write!(f, "access log entry {position}: {why}"),
        }
    }
}

/// Walks the whole history as it stands now, up to the first broken place. Reading may go on meanwhile, and writing.
///
/// # Errors
/// `Unavailable` when the database cannot be reached: nothing is known then.
pub async fn verify(store: &Store) -> Result<Verification, StoreError> {
    let mut found = Verification::default();
    let snapshot = dialect::snapshot(store.reader()).await?;
    let mut seals = seal_rows::Entity::find().all(&snapshot).await?;
    seals.sort_by_key(|seal| (seal.up_to_position, seal.log_position));
    let mut sealed: VecDeque<SealedLog> = seals.iter().filter_map(SealedLog::of).collect();
    found.broken = verify_events(&snapshot, seals, &mut found).await?;
    drop(snapshot);
    if found.broken.is_none() {
        // Every entry that a seal names was there before the seal was, so it is in this later look.
        let snapshot = dialect::snapshot(store.access_log().reader()).await?;
        found.broken = verify_accesses(&snapshot, &mut sealed, &mut found).await?;
    }
    Ok(found)
}

async fn verify_events(
    db: &impl ConnectionTrait,
    seals: Vec<seal_rows::Model>,
    found: &mut Verification,
) -> Result<Option<BrokenPlace>, StoreError> {
    let mut history = History { seals: seals.into(), ..History::default() };
    let mut position = i64::MIN;
    loop {
        let page = event_rows::Entity::find()
            .filter(event_rows::Column::Position.gt(position))
            .order_by_asc(event_rows::Column::Position)
            .limit(ROWS_A_PAGE)
            .into_query();
        let rows = db.query_all(&page).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            position = row.try_get("", "position")?;
            let Ok(event) = event_rows::Model::from_query_result(&row, "") else {
                return Ok(Some(BrokenPlace::Event { position, stream_id: None, seq: None, why: UNREADABLE }));
            };
            if let Some(broken) = history.take(&event) {
                return Ok(Some(broken));
            }
            found.events += 1;
        }
    }
    let broken = history.check_seals_before(i64::MAX).or_else(|| history.disposals.check().map(BrokenPlace::of));
    found.disposed = history.disposals.disposed();
    found.streams = u64::try_from(history.heads.len()).unwrap_or(u64::MAX);
    found.seals = history.seals_checked;
    Ok(broken)
}

/// What a seal says of the access log.
struct SealedLog {
    up_to_position: i64,
    last: LastEntry,
}

impl SealedLog {
    fn of(seal: &seal_rows::Model) -> Option<Self> {
        let last = LastEntry { position: seal.log_position?, hash: seal.log_hash.clone().unwrap_or_default() };
        Some(Self { up_to_position: seal.up_to_position, last })
    }

    fn broken(&self) -> BrokenPlace {
        BrokenPlace::Seal { up_to_position: self.up_to_position, why: LOG_IS_NOT_WHAT_WAS_SEALED }
    }
}

async fn verify_accesses(
    db: &impl ConnectionTrait,
    sealed: &mut VecDeque<SealedLog>,
    found: &mut Verification,
) -> Result<Option<BrokenPlace>, StoreError> {
    // Sealed while it was empty: nothing to find.
    while sealed.pop_front_if(|seal| seal.last == LastEntry::default()).is_some() {}
    let mut position = i64::MIN;
    let mut prev_hash = String::new();
    loop {
        let page = access_log_rows::Entity::find()
            .filter(access_log_rows::Column::Position.gt(position))
            .order_by_asc(access_log_rows::Column::Position)
            .limit(ROWS_A_PAGE)
            .into_query();
        let rows = db.query_all(&page).await?;
        if rows.is_empty() {
            return Ok(sealed.front().map(SealedLog::broken));
        }
        for row in rows {
            position = row.try_get("", "position")?;
            let broken = |why| Ok(Some(BrokenPlace::AccessLog { position, why }));
            let Ok(entry) = access_log_rows::Model::from_query_result(&row, "") else { return broken(UNREADABLE) };
            if entry.prev_hash != prev_hash {
                return broken(NOT_THE_NEXT);
            }
            if entry.hash != access_log::hash_of_row(&prev_hash, &entry) {
                return broken(CHANGED);
            }
            prev_hash = entry.hash;
            found.accesses += 1;
            let here = LastEntry { position, hash: prev_hash.clone() };
            while sealed.pop_front_if(|seal| seal.last == here).is_some() {}
            if let Some(passed) = sealed.front().filter(|seal| seal.last.position <= position) {
                return Ok(Some(passed.broken()));
            }
        }
    }
}

const ROWS_A_PAGE: u64 = 1_000;

const UNREADABLE: &str = "it cannot be read";
const NOT_THE_NEXT: &str = "it does not follow the one before it; one was taken away, added or changed";
const CHANGED: &str = "it is not what was written";
const LOG_IS_NOT_WHAT_WAS_SEALED: &str =
    "the access log is not what was sealed; its end, or all of it, was taken away or is another's";
const NOT_WHAT_WAS_SEALED: &str = "the streams are not what was sealed; something was taken away, added or changed";

/// The streams as far as they were walked, and the seals not reached yet.
#[derive(Default)]
struct History {
    heads: BTreeMap<Uuid, Head>,
    seals: VecDeque<seal_rows::Model>,
    seals_checked: u64,
    last_root: String,
    disposals: Account,
}

struct Head {
    seq: i64,
    hash: String,
}

impl History {
    fn take(&mut self, event: &event_rows::Model) -> Option<BrokenPlace> {
        if let Some(broken) = self.check_seals_before(event.position) {
            return Some(broken);
        }
        let (seq, prev_hash) = self.heads.get(&event.stream_id).map_or((0, ""), |head| (head.seq, &head.hash));
        let why = if event.seq != seq + 1 || event.prev_hash != prev_hash {
            NOT_THE_NEXT
        } else if event.hash != events::hash_of_row(prev_hash, event) && !self.disposals.lost(event) {
            CHANGED
        } else {
            self.disposals.take(event);
            self.heads.insert(event.stream_id, Head { seq: event.seq, hash: event.hash.clone() });
            return None;
        };
        let (stream_id, seq) = (Some(event.stream_id), Some(event.seq));
        Some(BrokenPlace::Event { position: event.position, stream_id, seq, why })
    }

    /// Every seal that ends before `position` must vouch for the streams as they stand.
    fn check_seals_before(&mut self, position: i64) -> Option<BrokenPlace> {
        while self.seals.front().is_some_and(|seal| seal.up_to_position < position) {
            let seal = self.seals.pop_front()?;
            let heads = self.heads.iter().map(|(stream, head)| (*stream, head.hash.as_str()));
            let log = SealedLog::of(&seal).map(|sealed| sealed.last);
            if seal.root != seals::root(&self.last_root, heads, log.as_ref()) {
                let up_to_position = seal.up_to_position;
                return Some(BrokenPlace::Seal { up_to_position, why: NOT_WHAT_WAS_SEALED });
            }
            self.last_root = seal.root;
            self.seals_checked += 1;
        }
        None
    }
}
