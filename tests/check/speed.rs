//! How long the whole of the shipped policy takes to check. The figure is printed; `cargo bench --bench decide` and
//! `docs/performance.md` have the one that counts, of an optimised build: under a second.

use super::{faults_of, shipped};
use crate::support::database::say;
use std::time::Instant;

#[test]
fn every_shipped_file_is_checked_and_the_time_it_takes_is_told() {
    let sources = shipped();
    let began = Instant::now();
    assert_eq!(faults_of(&sources), []);
    let files = [&sources.workflows, &sources.forms, &sources.templates, &sources.registers, &sources.rules];
    let count: usize = files.iter().map(|files| files.len()).sum();
    say(&format!("{count} policy files checked in {:.0} ms, unoptimised", began.elapsed().as_secs_f64() * 1000.0));
}
