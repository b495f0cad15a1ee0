//! Import profiles, and a second opinion on who is a repeat caller.

use chrono::{DateTime, Duration, Utc};
use evenhand::domain::calendar::london;
use evenhand::domain::calls::{CallerKey, Profile};
use std::collections::{BTreeMap, BTreeSet};

/// A shipped profile.
pub fn profile(name: &str) -> Profile {
    let file = format!("{}/workflows/imports/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    let yaml = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    Profile::read(name, &yaml).unwrap_or_else(|faults| panic!("{file}: {faults:#?}"))
}

/// Later than every call in the files of these tests.
pub fn now() -> DateTime<Utc> {
    "2027-06-01T12:00:00Z".parse().unwrap_or_default()
}

/// Who made so many calls or more in so many London days that end with one of them; a call exactly so many days old is
/// out. Each call once: rows of several systems are matched before. Counted by hand, without the rules' code.
pub fn recount(
    calls: impl IntoIterator<Item = (CallerKey, DateTime<Utc>)>,
    at_least: usize,
    days: i64,
) -> BTreeSet<CallerKey> {
    let mut by_caller: BTreeMap<CallerKey, Vec<DateTime<Utc>>> = BTreeMap::new();
    for (caller, at) in calls {
        by_caller.entry(caller).or_default().push(at);
    }
    let reaches = |times: &mut Vec<DateTime<Utc>>| {
        times.sort_unstable();
        let mut first = 0;
        times.iter().enumerate().any(|(nth, at)| {
            let opens = london::instant_of(london::wall_time(*at) - Duration::days(days));
            // In the hour that comes twice a window opens earlier than the one before it did.
            while first > 0 && times.get(first - 1).is_some_and(|earlier| *earlier > opens) {
                first -= 1;
            }
            while times.get(first).is_some_and(|earlier| *earlier <= opens) {
                first += 1;
            }
            nth + 1 - first >= at_least
        })
    };
    by_caller.into_iter().filter_map(|(caller, mut times)| reaches(&mut times).then_some(caller)).collect()
}
