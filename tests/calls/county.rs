//! A county of made-up calls, through the files of four systems and the reader of files: what was planted is found.

use crate::support::calls::{now, profile, recount};
use chrono::{DateTime, NaiveDate, Utc};
use evenhand::calls_file::CallFile;
use evenhand::demo::county::{County, Parameters};
use evenhand::domain::calls::{CallRow, CallerKey, Direction, ReadRow, SameCall, Seen, SystemKind, caller_key};
use evenhand::domain::contact::Channel;
use std::collections::{BTreeMap, BTreeSet};

struct Kept {
    row: CallRow,
    system: SystemKind,
    precedence: u8,
}

/// Each distinct call to the control room that counts for somebody.
fn distinct(county: &County) -> Vec<(CallerKey, DateTime<Utc>)> {
    let mut by_caller: BTreeMap<CallerKey, Vec<Kept>> = BTreeMap::new();
    for name in ["command-and-control", "call-recorder", "acd", "switchboard-month"] {
        let profile = profile(name);
        for read in CallFile::open(county.file(profile.system), &profile, now()).unwrap() {
            match read.unwrap() {
                (_, ReadRow::Call(row)) if row.direction == Direction::In && row.channel != Channel::Telephone => {
                    let Some(key) = caller_key(&row) else { continue };
                    let (system, precedence) = (profile.system, profile.precedence);
                    by_caller.entry(key).or_default().push(Kept { row: *row, system, precedence });
                }
                (_, ReadRow::Call(_) | ReadRow::Skipped(_)) => {}
                (number, ReadRow::Faulty(faults)) => panic!("{name}, row {number}: {faults:?}"),
            }
        }
    }
    let calls = |(key, kept): (CallerKey, Vec<Kept>)| {
        let mut rows: Vec<Seen<'_>> = Vec::new();
        for Kept { row, system, precedence } in &kept {
            let (started_at, source_ref) = (row.started_at, row.source_ref.as_str());
            rows.push(Seen { started_at, precedence: *precedence, system: *system, source_ref });
        }
        let heads = SameCall::default().group(&rows).into_iter().map(|group| kept[group.head].row.started_at);
        heads.map(|at| (key.clone(), at)).collect::<Vec<_>>()
    };
    by_caller.into_iter().flat_map(calls).collect()
}

fn county(seed: u64, from: &str, until: &str) -> County {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let (from, until) = (day(from), day(until));
    County::new(Parameters { seed, calls: 9_000, callers: 1_200, repeat_callers: 48, from, until }).unwrap()
}

#[test]
fn every_repeat_caller_that_was_planted_is_found_and_nobody_else() {
    for seed in [1, 2, 3] {
        let county = county(seed, "2026-01-01", "2027-01-01");
        let calls = distinct(&county);
        assert_eq!(recount(calls.iter().cloned(), 10, 7), county.truth().repeat_callers, "seed {seed}");
        let nine: BTreeSet<CallerKey> = recount(calls, 9, 7);
        assert!(nine.is_superset(&county.truth().near_misses), "seed {seed}: nine are nine");
    }
}

#[test]
fn a_quarter_of_a_year_without_a_change_of_the_clocks_will_do() {
    let county = county(4, "2026-11-01", "2027-02-01");
    assert_eq!(recount(distinct(&county), 10, 7), county.truth().repeat_callers);
}
