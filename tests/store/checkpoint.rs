//! SQLite's write-ahead log is copied beside the work, and begins anew while writes go on without pause.

use super::event;
use crate::support::TestDatabase;
use evenhand::store::events::{Stream, append, load};
use evenhand::store::{StoreError, Tx};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long the log is. It is not opened: closing it would give up the locks of this process.
fn bytes(file: &Path) -> u64 {
    std::fs::metadata(file.with_extension("db-wal")).unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_begins_anew_while_writes_go_on_and_nothing_is_lost() {
    let database = TestDatabase::sqlite();
    let (store, file) = (database.store().await, database.file());
    let words = "Made up. ".repeat(450);
    let began = Instant::now();
    let (mut last, mut most, mut commits, mut anew) = (0, 0, 0_u128, 0);
    while anew < 2 {
        commits += 1;
        let case = Uuid::from_u128(commits);
        let events = (0..400).map(|n| event("noted", json!({ "words": words, "n": n }))).collect();
        let written = store.write(async move |tx: &Tx| append(tx, Stream::Case, case, 0, events).await.map(drop));
        written.await.map_err(StoreError::from).unwrap();
        let now = bytes(&file);
        anew += u32::from(now < last);
        (last, most) = (now, most.max(now));
        assert!(began.elapsed() < Duration::from_secs(120), "{commits} commits, {last} bytes, at most {most}");
    }
    assert!(most > 16_000_000, "it was copied after {most} bytes");
    for case in 1..=commits {
        assert_eq!(load(store.reader(), Uuid::from_u128(case)).await.unwrap().len(), 400);
    }
    store.close().await;
    assert!(!file.with_extension("db-wal").exists(), "the last to leave copies the rest");
}
