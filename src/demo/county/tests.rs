//! What a made-up county keeps to: the same every time, whoever was planted found, nobody else.

use super::*;
use crate::domain::calls::{Layout, Profile, ReadRow, read_row};
use chrono::{DateTime, Utc};
use std::io::Read;

fn small() -> County {
    let day = |text: &str| text.parse().unwrap();
    let (from, until) = (day("2026-01-01"), day("2027-01-01"));
    County::new(Parameters { seed: 7, calls: 12_000, callers: 1_500, repeat_callers: 40, from, until }).unwrap()
}

fn text(county: &County, system: SystemKind) -> String {
    let mut text = String::new();
    county.file(system).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_same_seed_is_the_same_county_and_another_is_another() {
    let county = small();
    let again = small();
    let other = County::new(Parameters { seed: 8, ..county.parameters }).unwrap();
    for system in SystemKind::ALL.into_iter().filter(|system| *system != SystemKind::CallTaker) {
        let written = text(&county, system);
        assert_eq!(written, text(&again, system));
        assert_ne!(written, text(&other, system));
        assert_eq!(written, county.csv(system).collect::<String>());
    }
    assert_eq!((county.truth(), county.truth().repeat_callers.len()), (again.truth(), 40));
}

#[test]
fn rows_are_in_order_of_time_and_every_call_is_in_some_system() {
    let county = small();
    let mut calls = BTreeSet::new();
    for system in SystemKind::ALL {
        let rows: Vec<Entry> = county.rows(system).collect();
        assert!(rows.is_sorted_by_key(|row| row.at), "{system}");
        assert!(rows.iter().all(|row| (county.begins..county.ends).contains(&row.at)), "{system}");
        let made = rows.iter().filter(|row| row.kind == rows::Kind::Call);
        calls.extend(made.map(|row| row.call));
    }
    assert_eq!(calls.len() as u64, county.parameters.calls);
}

fn read(county: &County, name: &str) -> Vec<ReadRow> {
    let yaml = std::fs::read_to_string(format!("{}/workflows/imports/{name}.yaml", env!("CARGO_MANIFEST_DIR")));
    let profile = Profile::read(name, &yaml.unwrap()).unwrap();
    let text = text(county, profile.system);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let layout = Layout::of(&profile, &headings.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    let now = "2027-06-01T00:00:00Z".parse().unwrap();
    let row = |record: csv::StringRecord| read_row(&profile, &layout, &record.iter().collect::<Vec<_>>(), now);
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn no_clock_time_that_was_left_out_is_written_and_the_hour_that_comes_twice_comes_twice() {
    let county = small();
    let rows = read(&county, "command-and-control");
    let twice = |row: &&ReadRow| matches!(row, ReadRow::Call(row) if row.hour_came_twice);
    assert!(rows.iter().all(|row| !matches!(row, ReadRow::Faulty(_))));
    let hour = "2026-10-25T00:00:00Z".parse::<DateTime<Utc>>().unwrap().timestamp();
    let passes = [hour, hour + 3_600];
    let busy = County::new(Parameters { calls: 60_000, callers: 8_000, ..county.parameters }).unwrap();
    for pass in passes {
        let called = busy.rows(SystemKind::CommandAndControl).any(|row| (pass..pass + 3_600).contains(&row.at));
        assert!(called, "{pass}");
    }
    let rows = read(&busy, "command-and-control");
    assert!(rows.iter().filter(twice).count() > 1);
}

#[test]
fn a_county_that_contradicts_itself_is_none() {
    let parameters = small().parameters;
    let none = |parameters| County::new(parameters).unwrap_err();
    assert!(matches!(none(Parameters { callers: 50, ..parameters }), NoCounty::Callers { .. }));
    assert!(matches!(none(Parameters { calls: 10, ..parameters }), NoCounty::TooFewCalls { .. }));
    assert!(matches!(none(Parameters { calls: 1_000_000, ..parameters }), NoCounty::TooManyCalls { .. }));
    assert_eq!(none(Parameters { until: parameters.from, ..parameters }), NoCounty::Days);
}
