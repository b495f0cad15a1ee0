//! Another issuer's public keys, kept: read at first need, read again for an unknown key at most once in five
//! minutes, and the last good ones kept while the issuer cannot be reached.

use super::KeySource;
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration as Wait;
use tokio::sync::Mutex;

/// No more than one reading in this time, whatever tokens arrive.
const BETWEEN_READINGS: Duration = Duration::minutes(5);
/// Keys older than this are read again even if the key is known, so that a withdrawn one is forgotten.
const FRESH_FOR: Duration = Duration::hours(1);
const TIMEOUT: Wait = Wait::from_secs(5);
/// A key set is a few kilobytes; more is not one.
const MOST_BYTES: usize = 256 * 1024;

pub(super) struct KeyCache {
    source: KeySource,
    kept: RwLock<Kept>,
    /// Held while reading, so that one reading serves everybody who waits for it.
    reading: Mutex<()>,
}

#[derive(Default)]
struct Kept {
    keys: Option<JwkSet>,
    good_at: Option<DateTime<Utc>>,
    tried_at: Option<DateTime<Utc>>,
}

impl Kept {
    fn find(&self, kid: &str) -> Option<Jwk> {
        self.keys.as_ref()?.find(kid).cloned()
    }

    /// Whether the keys should be read (again) for the sake of this one, and may be.
    fn wants_reading(&self, kid: &str, now: DateTime<Utc>) -> bool {
        let fresh = self.good_at.is_some_and(|at| now - at < FRESH_FOR);
        let just_tried = self.tried_at.is_some_and(|at| now - at < BETWEEN_READINGS);
        let good = fresh && self.find(kid).is_some();
        !good && !just_tried
    }
}

impl KeyCache {
    pub(super) fn new(source: KeySource) -> Self {
        Self { source, kept: RwLock::default(), reading: Mutex::default() }
    }

    /// The key of this id; `None` when the issuer has none such, or cannot be asked now.
    pub(super) async fn find(&self, kid: &str, now: DateTime<Utc>) -> Option<Jwk> {
        if self.kept().wants_reading(kid, now) {
            let _reading = self.reading.lock().await;
            if self.kept().wants_reading(kid, now) {
                let outcome = read(&self.source).await;
                let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
                kept.tried_at = Some(now);
                match outcome {
                    Ok(keys) => (kept.keys, kept.good_at) = (Some(keys), Some(now)),
                    Err(cause) => tracing::warn!(cause, "an issuer's keys cannot be read; the last good ones are kept"),
                }
            }
        }
        self.kept().find(kid)
    }

    fn kept(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(source: &KeySource) -> Result<JwkSet, String> {
    let bytes = match source {
        KeySource::File(path) => tokio::fs::read(path).await.map_err(|error| error.to_string())?,
        KeySource::Url(url) => download(url).await.map_err(|error| error.to_string())?,
    };
    if bytes.len() > MOST_BYTES {
        return Err("the key set is too large".to_owned());
    }
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

async fn download(url: &str) -> Result<Vec<u8>, reqwest::Error> {
    let client = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).build()?;
    let mut response = client.get(url).send().await?.error_for_status()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_BYTES {
            break;
        }
    }
    Ok(bytes)
}
