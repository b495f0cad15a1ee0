//! SQLite's write-ahead log is copied beside the work, and begins anew while writes go on without pause.

use super::event;
use crate::support::TestDatabase;
use evenhand::store::events::{Stream, append, load};
use evenhand::store::{StoreError, Tx};
use serde_json::json;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Pages in the log, by its index (sqlite.org/walformat.html §2.1).
fn pages(file: &Path) -> u32 {
    let mut head = [0; 20];
    std::fs::File::open(file.with_extension("db-shm")).unwrap().read_exact(&mut head).unwrap();
    u32::from_ne_bytes(head[16..20].try_into().unwrap())
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
        let now = pages(&file);
        anew += u32::from(now < last);
        (last, most) = (now, most.max(now));
        assert!(began.elapsed() < Duration::from_secs(120), "{commits} commits, {last} pages, at most {most}");
    }
    assert!(most >= 4_000, "it was copied after {most} pages");
    for case in 1..=commits {
        assert_eq!(load(store.reader(), Uuid::from_u128(case)).await.unwrap().len(), 400);
    }
    store.close().await;
    assert!(!file.with_extension("db-wal").exists(), "the last to leave copies the rest");
}
