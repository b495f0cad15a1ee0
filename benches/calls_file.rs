//! How many rows a second a file of calls is read at, a profile each, on one core; the aim is 150,000. Beside it how long
//! a county's year of a million calls takes to be made up, and what memory reading it holds.
//!
//! `cargo bench --bench calls_file` (`EVENHAND_BENCH_CALLS=100000` for fewer)
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark stops where it fails, and prints its table"
)]

use chrono::{DateTime, Utc};
use evenhand::calls_file::CallFile;
use evenhand::catalog::Catalog;
use evenhand::demo::county::{County, Parameters};
use evenhand::domain::calls::{Profile, ReadRow};
use std::io::Read;
use std::time::Instant;

const ROUNDS: usize = 5;
/// Calls of the file that is read again and again, held in memory.
const HELD: u64 = 200_000;

fn main() {
    let calls = std::env::var("EVENHAND_BENCH_CALLS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000_u64);
    let catalog = Catalog::embedded().unwrap_or_else(|faults| panic!("{faults:#?}"));
    let now = DateTime::from_timestamp(1_830_000_000, 0).unwrap();
    let from = "2026-01-01".parse().unwrap();
    let year = Parameters::year(1, from);

    println!("rows read a second from memory, median of {ROUNDS} rounds (worst – best)\n");
    println!("{:>20} {:>9} {:>7} {:>26} {:>9}", "profile", "rows", "MB", "rows/s", "MB/s");
    let held = County::new(Parameters { calls: HELD.min(calls), callers: 30_000, ..year }).unwrap();
    for profile in catalog.import_profiles().iter() {
        let mut bytes = Vec::new();
        held.file(profile.system).read_to_end(&mut bytes).unwrap();
        let mut rates = Vec::new();
        let mut rows = 0;
        for _ in 0..ROUNDS {
            let began = Instant::now();
            rows = read(&bytes[..], profile, now).0;
            rates.push(rows as f64 / began.elapsed().as_secs_f64());
        }
        rates.sort_by(f64::total_cmp);
        let (worst, median, best) = (rates[0], rates[ROUNDS / 2], rates[ROUNDS - 1]);
        let megabytes = bytes.len() as f64 / 1e6;
        let speed = median * megabytes / rows as f64;
        println!(
            "{:>20} {rows:>9} {megabytes:>7.1} {:>26} {speed:>9.1}",
            profile.profile,
            format!("{median:.0} ({worst:.0} – {best:.0})")
        );
    }

    println!("\n{calls} calls of a year, made up and read as they are made\n");
    println!("{:>20} {:>9} {:>10} {:>10} {:>9}", "profile", "rows", "made s", "read s", "held kB");
    let callers = u32::try_from(calls / 10).unwrap().max(5_000);
    let county = County::new(Parameters { calls, callers, ..year }).unwrap();
    for profile in catalog.import_profiles().iter() {
        let began = Instant::now();
        let bytes = std::io::copy(&mut county.file(profile.system), &mut std::io::sink()).unwrap();
        let made = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let (rows, held) = read(county.file(profile.system), profile, now);
        let both = began.elapsed().as_secs_f64();
        assert!(bytes > 0);
        println!("{:>20} {rows:>9} {made:>10.2} {both:>10.2} {:>9.0}", profile.profile, held as f64 / 1e3);
    }
}

/// Rows, none of them faulty, and the most memory that was held.
fn read(file: impl Read, profile: &Profile, now: DateTime<Utc>) -> (u64, usize) {
    let mut file = CallFile::open(file, profile, now).unwrap();
    let (mut rows, mut held) = (0, 0);
    while let Some(row) = file.next() {
        let (number, row) = row.unwrap();
        assert!(!matches!(row, ReadRow::Faulty(_)), "row {number}: {row:?}");
        rows += 1;
        held = held.max(file.held_bytes());
    }
    (rows, held)
}
