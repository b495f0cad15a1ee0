//! London's offset from UTC, by looking it up: the time zone data take ten times as long to ask, and measuring a long
//! history asks tens of thousands of times.

use chrono::{DateTime, Duration, Offset, TimeZone, Utc};
use chrono_tz::Europe::London;
use std::sync::LazyLock;

/// About three days.
const BLOCK_SECONDS: i64 = 1 << 18;
/// Offsets are an hour at most, so an instant and its wall time are in one block or near its edge.
const MARGIN_SECONDS: i64 = 2 * 3600;
/// Blocks from 1970 to 2100.
const BLOCKS: i64 = 131 * 366 * 86_400 / BLOCK_SECONDS;

/// The offset of each block in seconds, where it is the same throughout the block and its margins. Clocks change months
/// apart, so the same at both ends is the same throughout.
static OFFSETS: LazyLock<Vec<Option<i32>>> = LazyLock::new(|| (0..BLOCKS).map(of_block).collect());

fn of_block(block: i64) -> Option<i32> {
    let first = at(block * BLOCK_SECONDS - MARGIN_SECONDS)?;
    let last = at((block + 1) * BLOCK_SECONDS + MARGIN_SECONDS)?;
    (first == last).then_some(first)
}

fn at(seconds: i64) -> Option<i32> {
    let instant: DateTime<Utc> = DateTime::from_timestamp(seconds, 0)?;
    Some(London.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc())
}

/// The offset at a time, whether it is meant in UTC or on the wall; `None` near a change of the clocks and outside the
/// years kept.
pub(super) fn plain(seconds: i64) -> Option<Duration> {
    let block = usize::try_from(seconds.div_euclid(BLOCK_SECONDS)).ok()?;
    OFFSETS.get(block).copied().flatten().map(|offset| Duration::seconds(i64::from(offset)))
}
