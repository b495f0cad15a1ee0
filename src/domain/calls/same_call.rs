//! Which rows of different systems are one call: the same presented number, begun within so many seconds, one row of
//! each system. Within one system every row is a call, a redial too. `workflows/registers/same-call.yaml`.

use super::SystemKind;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// How far apart in time two systems may see one call begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SameCall {
    /// 0 to 600; exactly so many are still one call.
    pub within_seconds: u32,
}

impl Default for SameCall {
    fn default() -> Self {
        Self { within_seconds: 30 }
    }
}

impl SameCall {
    /// Reads `workflows/registers/same-call.yaml`.
    ///
    /// # Errors
    /// What is wrong with the file, with line and column.
    pub fn read(text: &str) -> Result<Self, String> {
        let read: SameCall = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
        if read.within_seconds > 600 {
            return Err("`within_seconds` is 0 to 600".to_owned());
        }
        Ok(read)
    }

    pub fn within(self) -> Duration {
        Duration::seconds(self.within_seconds.into())
    }

    /// The calls that rows of one number are, in order of their first rows. Whatever order the rows are given in, the
    /// answer is of the same rows.
    ///
    /// Rows are looked at in order of time (then precedence, system, reference). Each joins the earliest call that
    /// began close enough and has no row of its system yet; otherwise it is a call of its own.
    pub fn group(self, rows: &[Seen<'_>]) -> Vec<Group> {
        let mut order: Vec<(usize, &Seen<'_>)> = rows.iter().enumerate().collect();
        order.sort_by_key(|(_, row)| (row.started_at, row.precedence, row.system, row.source_ref));
        let mut calls: Vec<Call> = Vec::new();
        let mut open = 0;
        for (index, row) in order {
            let closed = |call: &&Call| row.started_at - call.began > self.within();
            open += calls.iter().skip(open).take_while(closed).count();
            match calls.iter_mut().skip(open).find(|call| !call.systems.contains(&row.system)) {
                Some(call) => call.join(index, row),
                None => calls.push(Call::begin(index, row)),
            }
        }
        calls.into_iter().map(|call| Group { head: call.head, rows: call.rows }).collect()
    }
}

/// A row, so far as matching looks at it. All of one call to [`SameCall::group`] present the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen<'a> {
    pub started_at: DateTime<Utc>,
    /// Of the row's profile: 1 first.
    pub precedence: u8,
    pub system: SystemKind,
    pub source_ref: &'a str,
}

/// One call. Rows are named by where they stood among the rows given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The row whose time and words stand for the call: of the best precedence.
    pub head: usize,
    /// The head among them, in order of time.
    pub rows: Vec<usize>,
}

struct Call {
    began: DateTime<Utc>,
    head: usize,
    precedence: u8,
    systems: Vec<SystemKind>,
    rows: Vec<usize>,
}

impl Call {
    fn begin(index: usize, row: &Seen<'_>) -> Self {
        Self {
            began: row.started_at,
            head: index,
            precedence: row.precedence,
            systems: vec![row.system],
            rows: vec![index],
        }
    }

    fn join(&mut self, index: usize, row: &Seen<'_>) {
        if row.precedence < self.precedence {
            (self.head, self.precedence) = (index, row.precedence);
        }
        self.systems.push(row.system);
        self.rows.push(index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    const SHIPPED: &str = include_str!("../../../workflows/registers/same-call.yaml");
    const CAD: SystemKind = SystemKind::CommandAndControl;
    const RECORDER: SystemKind = SystemKind::CallRecorder;
    const ACD: SystemKind = SystemKind::Acd;

    fn seen(system: SystemKind, micros: i64, source_ref: &str) -> Seen<'_> {
        let start: DateTime<Utc> = "2026-06-01T10:00:00Z".parse().unwrap();
        let precedence = u8::try_from(SystemKind::ALL.iter().position(|known| *known == system).unwrap()).unwrap() + 1;
        Seen { started_at: start + Duration::microseconds(micros), precedence, system, source_ref }
    }

    fn refs(rows: &[Seen<'_>]) -> Vec<Vec<String>> {
        let group = |group: Group| group.rows.iter().map(|row| rows[*row].source_ref.to_owned()).collect();
        SameCall::default().group(rows).into_iter().map(group).collect()
    }

    const SECOND: i64 = 1_000_000;

    #[test]
    fn within_one_system_every_row_is_a_call_redials_too() {
        let rows = [seen(CAD, 0, "a"), seen(CAD, 0, "b"), seen(CAD, 5 * SECOND, "c")];
        assert_eq!(refs(&rows), [["a"], ["b"], ["c"]]);
    }

    #[test]
    fn two_or_three_systems_see_one_call_and_the_best_precedence_speaks_for_it() {
        let rows = [seen(ACD, 0, "acd"), seen(RECORDER, 4 * SECOND, "rec"), seen(CAD, 29 * SECOND, "cad")];
        assert_eq!(refs(&rows), [["acd", "rec", "cad"]]);
        assert_eq!(SameCall::default().group(&rows)[0].head, 2);
        assert_eq!(refs(&rows[..2]), [["acd", "rec"]]);
        assert_eq!(SameCall::default().group(&rows[..2])[0].head, 1);
    }

    #[test]
    fn exactly_thirty_seconds_are_one_call_and_a_microsecond_more_is_another() {
        assert_eq!(refs(&[seen(CAD, 0, "a"), seen(ACD, 30 * SECOND, "b")]), [["a", "b"]]);
        assert_eq!(refs(&[seen(CAD, 0, "a"), seen(ACD, 30 * SECOND + 1, "b")]), [["a"], ["b"]]);
    }

    #[test]
    fn a_redial_pairs_off_with_the_other_systems_redial_one_to_one() {
        let rows = [
            seen(CAD, 0, "a1"),
            seen(RECORDER, 2 * SECOND, "b1"),
            seen(CAD, 10 * SECOND, "a2"),
            seen(RECORDER, 12 * SECOND, "b2"),
            seen(RECORDER, 20 * SECOND, "b3"),
        ];
        assert_eq!(refs(&rows), [vec!["a1", "b1"], vec!["a2", "b2"], vec!["b3"]]);
    }

    #[test]
    fn the_shipped_register_says_thirty_and_nonsense_is_a_fault() {
        assert_eq!(SameCall::read(SHIPPED), Ok(SameCall::default()));
        assert!(SameCall::read("within_seconds: 601\n").unwrap_err().contains("0 to 600"));
        assert!(SameCall::read("within: 30\n").is_err());
        assert_eq!(SameCall { within_seconds: 0 }.group(&[seen(CAD, 0, "a"), seen(ACD, 1, "b")]).len(), 2);
    }

    fn rows() -> impl Strategy<Value = Vec<(usize, i64)>> {
        proptest::collection::vec((0..4_usize, 0..90_i64), 0..24)
    }

    /// By head, the rows of each call.
    fn by_head(rows: &[Seen<'_>]) -> BTreeMap<String, BTreeSet<String>> {
        let name = |row: &usize| rows[*row].source_ref.to_owned();
        let groups = SameCall::default().group(rows).into_iter();
        groups.map(|group| (name(&group.head), group.rows.iter().map(name).collect())).collect()
    }

    proptest! {
        #[test]
        fn the_order_rows_are_given_in_changes_nothing(made in rows(), turn in 0..24_usize, back in any::<bool>()) {
            let names: Vec<String> = (0..made.len()).map(|n| format!("r{n:02}")).collect();
            let mut rows: Vec<Seen<'_>> = made.iter().zip(&names)
                .map(|((system, at), name)| seen(SystemKind::ALL[*system], at * SECOND, name)).collect();
            let expected = by_head(&rows);
            let middle = turn.min(rows.len());
            rows.rotate_left(middle);
            if back {
                rows.reverse();
            }
            prop_assert_eq!(by_head(&rows), expected);
        }

        #[test]
        fn each_row_is_in_one_call_with_one_row_a_system_at_most_and_near_its_first(made in rows()) {
            let names: Vec<String> = (0..made.len()).map(|n| format!("r{n:02}")).collect();
            let rows: Vec<Seen<'_>> = made.iter().zip(&names)
                .map(|((system, at), name)| seen(SystemKind::ALL[*system], at * SECOND, name)).collect();
            let groups = SameCall::default().group(&rows);
            let mut all: Vec<usize> = groups.iter().flat_map(|group| group.rows.clone()).collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..rows.len()).collect::<Vec<_>>());
            for group in groups {
                let systems: BTreeSet<SystemKind> = group.rows.iter().map(|row| rows[*row].system).collect();
                prop_assert_eq!(systems.len(), group.rows.len());
                let first = rows[group.rows[0]].started_at;
                prop_assert!(group.rows.iter().all(|row| rows[*row].started_at - first <= Duration::seconds(30)));
                prop_assert!(group.rows.iter().all(|row| rows[*row].precedence >= rows[group.head].precedence));
            }
        }
    }
}
