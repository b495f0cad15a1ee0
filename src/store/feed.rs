//! All streams as one, for whoever keeps up with what happens.

use super::events::{Event, read};
use super::{StoreError, dialect};
use sea_orm::ConnectionTrait;
use std::fmt;
use std::str::FromStr;

/// Where a follower of all streams has got to. Prints as an opaque text; [`Cursor::START`] is before everything.
///
/// A position alone would not do on PostgreSQL: positions are given out as rows are written, but rows appear as
/// transactions commit, so a row with a lower position can appear after one with a higher was already shown. So each
/// row keeps the id of the transaction that wrote it, the feed goes by (transaction, position), and it shows only rows
/// of transactions older than the oldest that is still running (`pg_snapshot_xmin`): whatever appears later sorts
/// after everything shown. A long transaction anywhere in the PostgreSQL cluster holds the feed back; it loses nothing.
/// SQLite has one writer at a time, so there the position says it all and the transaction is always 0, as it is for rows
/// that came out of a backup: those are older than anything that was written after, and follow one another by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    pub(super) transaction: i64,
    pub(super) position: i64,
}

impl Cursor {
    pub const START: Cursor = Cursor { transaction: 0, position: 0 };
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.transaction, self.position)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("this is not a cursor of the feed")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (transaction, position) = text.split_once('-').ok_or(NotACursor)?;
        let number = |digits: &str| digits.parse().ok().filter(|number| *number >= 0).ok_or(NotACursor);
        Ok(Cursor { transaction: number(transaction)?, position: number(position)? })
    }
}

/// At most `limit` events of all streams that follow `after`, in the order of the feed, each with its cursor. What is
/// not shown yet will be shown later; nothing is skipped, and nothing is shown twice to whoever goes on from the last
/// cursor.
pub async fn feed(db: &impl ConnectionTrait, after: Cursor, limit: u64) -> Result<Vec<(Cursor, Event)>, StoreError> {
    let rows = dialect::feed(db, after, limit).await?;
    rows.into_iter().map(|(cursor, row)| Ok((cursor, read(row)?))).collect()
}

/// Where the feed ends now: whoever goes on from there is shown what comes after, and what is not shown yet.
pub async fn feed_end(db: &impl ConnectionTrait) -> Result<Cursor, StoreError> {
    dialect::feed_end(db).await
}
