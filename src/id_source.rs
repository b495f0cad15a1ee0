//! New ids. Random in life, countable in tests.

use crate::domain::ids::Id;
use chrono::{DateTime, Utc};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use uuid::{Builder, Uuid};

#[derive(Clone, Debug)]
pub enum IdSource {
    Random,
    /// The same ids in the same order on every run with the same start.
    Counting(Arc<AtomicU64>),
}

impl IdSource {
    pub fn counting(start: u64) -> Self {
        IdSource::Counting(Arc::new(AtomicU64::new(start)))
    }

    /// A new id that sorts by `now` (UUID v7).
    pub fn next<T>(&self, now: DateTime<Utc>) -> Id<T> {
        Id::from_uuid(match self {
            IdSource::Random => {
                let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
                Builder::from_unix_timestamp_millis(millis, &random_bytes()).into_uuid()
            }
            IdSource::Counting(counter) => {
                let n = u128::from(counter.fetch_add(1, Ordering::Relaxed));
                let millis = u128::try_from(now.timestamp_millis()).unwrap_or(0);
                Uuid::from_u128((millis << 80) | (0x7 << 76) | (0b10 << 62) | n)
            }
        })
    }
}

fn random_bytes() -> [u8; 10] {
    let mut bytes = [0; 10];
    if getrandom::fill(&mut bytes).is_err() {
        // The machine has no randomness to give: fall back to the process' own v7 generator, unique within it.
        #[expect(clippy::disallowed_methods, reason = "there is no other source left")]
        let fallback = Uuid::now_v7();
        for (byte, other) in bytes.iter_mut().zip(fallback.as_bytes().iter().skip(6)) {
            *byte = *other;
        }
    }
    bytes
}

/// 32 random bytes that nobody can guess, for keys and credentials.
///
/// # Errors
/// When the machine has no randomness to give: then there must be no secret at all.
pub fn random_secret() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
