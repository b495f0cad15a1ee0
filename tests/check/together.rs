//! Faults together: all of them, in the order of the files, each at its place.

use super::seeded::{CONSULTATION, STRATEGY};
use super::{edit, faults_of, shipped};

#[test]
fn the_shipped_policy_is_sound() {
    assert_eq!(faults_of(&shipped()), []);
}

#[test]
fn all_faults_are_reported_together_in_order() {
    let mut sources = shipped();
    edit(&mut sources, STRATEGY, "has(case.data.reviewOn) &&", "has(case.data.reviewOm) &&");
    edit(&mut sources, STRATEGY, "form: sharing\n", "form: shareing\n");
    edit(&mut sources, CONSULTATION, "by: [snt, opt, mash]", "by: [snt, opt, mush]");
    let faults = faults_of(&sources);
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    assert!(["unknown-form", "unknown-role"].iter().all(|code| codes.contains(code)), "{faults:#?}");
    let places: Vec<_> = faults.iter().map(|fault| (&fault.file, fault.line)).collect();
    assert!(places.is_sorted(), "{faults:#?}");
}

#[test]
fn a_fault_in_a_guard_points_at_its_line_and_column() {
    let mut sources = shipped();
    edit(&mut sources, STRATEGY, "open_channels() >= 1", "open_channels() >= \"1\"");
    let line =
        super::file(&mut sources, STRATEGY).text.lines().position(|line| line.contains("open_channels()")).unwrap();
    let faults = faults_of(&sources);
    assert_eq!(faults[0].line, u32::try_from(line + 1).ok());
    assert_eq!(faults[0].column, Some(35), "{faults:?}");
}
