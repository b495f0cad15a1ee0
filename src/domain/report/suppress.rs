//! Which counts of people a report leaves out, so that nobody can be found in them.
//!
//! A count under five is suppressed, and so is a total under five. Then further counts are, until none of those left out
//! can be computed from the total and the counts that are shown: not even by a reader who knows this rule.

use std::collections::BTreeSet;

/// The smallest count that is shown.
pub const LEAST: u64 = 5;

/// A column of counts as it is shown; `None` where it is suppressed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shown {
    pub total: Option<u64>,
    pub cells: Vec<Option<u64>>,
}

impl Shown {
    /// Which cells are left out.
    pub fn hidden(&self) -> BTreeSet<usize> {
        let left_out = self.cells.iter().enumerate().filter(|(_, cell)| cell.is_none());
        left_out.map(|(place, _)| place).collect()
    }
}

/// The column as it may be shown. Where it counts some of the people of another column, `within` is that column as shown:
/// what is left out there is left out here, or its size could be told from a part of it.
pub fn suppressed(counts: &[u64], within: Option<&Shown>) -> Shown {
    let total: u64 = counts.iter().sum();
    if total < LEAST {
        return Shown { total: None, cells: vec![None; counts.len()] };
    }
    let small = counts.iter().enumerate().filter(|(_, count)| **count < LEAST).map(|(place, _)| place);
    let mut hidden: BTreeSet<usize> = small.chain(within.map(Shown::hidden).unwrap_or_default()).collect();
    if !hidden.is_empty() {
        // In an order that does not look at the counts: the choice itself must not tell them.
        let mut more = (0..counts.len()).rev().filter(|place| !hidden.contains(place)).collect::<Vec<_>>().into_iter();
        while !is_safe(counts, &hidden, within) {
            let Some(next) = more.next() else { break };
            hidden.insert(next);
        }
    }
    let cells = counts.iter().enumerate().map(|(place, count)| (!hidden.contains(&place)).then_some(*count));
    Shown { total: Some(total), cells: cells.collect() }
}

/// Whether what is left out together could be shared out in more ways than one to each place.
fn is_safe(counts: &[u64], hidden: &BTreeSet<usize>, within: Option<&Shown>) -> bool {
    let together: u64 = counts.iter().enumerate().filter(|(place, _)| hidden.contains(place)).map(|(_, n)| n).sum();
    let places = u64::try_from(hidden.len()).unwrap_or(u64::MAX);
    // Four each, or less than five in all, would mean that there is little or nothing to choose.
    if places < 2 || together < LEAST || together == places.saturating_mul(LEAST - 1) {
        return false;
    }
    let most = |place: &usize| within.and_then(|outer| outer.cells.get(*place).copied().flatten()).unwrap_or(together);
    let room: u64 = hidden.iter().map(most).sum();
    hidden.iter().all(|place| {
        let others = room - most(place);
        let (least, most) = (together.saturating_sub(others), most(place).min(together));
        least < most
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn tables(cells: usize, most: u64) -> Vec<Vec<u64>> {
        let mut tables = vec![Vec::new()];
        for _ in 0..cells {
            tables = tables
                .into_iter()
                .flat_map(|table| (0..=most).map(move |n| table.iter().copied().chain([n]).collect::<Vec<u64>>()))
                .collect();
        }
        tables
    }

    /// For each way a column may look, every column that looks so: a suppressed cell has more than one value among them.
    fn assert_nothing_can_be_computed(cells: usize, greatest_total: u64) {
        let mut by_look: BTreeMap<Shown, Vec<Vec<u64>>> = BTreeMap::new();
        for counts in tables(cells, greatest_total) {
            if counts.iter().sum::<u64>() <= greatest_total {
                by_look.entry(suppressed(&counts, None)).or_default().push(counts);
            }
        }
        for (look, columns) in by_look {
            assert!(look.cells.iter().flatten().all(|count| *count >= LEAST), "{look:?}");
            for place in look.hidden() {
                let values: BTreeSet<u64> = columns.iter().map(|column| column[place]).collect();
                assert!(values.len() > 1, "cell {place} of {look:?} can only be {values:?}");
            }
        }
    }

    #[test]
    fn no_suppressed_cell_can_be_computed_by_who_knows_the_rule_and_the_total() {
        assert_nothing_can_be_computed(2, 40);
        assert_nothing_can_be_computed(3, 30);
        assert_nothing_can_be_computed(4, 24);
    }

    #[test]
    fn no_suppressed_cell_can_be_computed_from_the_column_it_is_a_part_of() {
        for outer in tables(3, 9) {
            let shown_outer = suppressed(&outer, None);
            for inner in tables(3, 9) {
                if inner.iter().zip(&outer).any(|(part, whole)| part > whole) {
                    continue;
                }
                let shown = suppressed(&inner, Some(&shown_outer));
                assert!(shown.hidden().is_superset(&shown_outer.hidden()), "{shown_outer:?} {shown:?}");
                let Some(total) = shown.total else { continue };
                let visible: u64 = shown.cells.iter().flatten().sum();
                let hidden: Vec<usize> = shown.hidden().into_iter().collect();
                let most = |place: usize| shown_outer.cells[place].unwrap_or(total - visible);
                for place in &hidden {
                    let others: u64 = hidden.iter().filter(|other| *other != place).map(|other| most(*other)).sum();
                    let least = (total - visible).saturating_sub(others);
                    let most = most(*place).min(total - visible);
                    let everything = hidden.len() == 3;
                    assert!(least < most || everything, "{inner:?} in {outer:?}: {shown_outer:?} {shown:?}");
                }
            }
        }
    }

    #[test]
    fn a_lonely_small_count_takes_another_with_it_and_large_counts_are_shown() {
        let shown = suppressed(&[12, 3, 30, 9], None);
        assert_eq!(shown, Shown { total: Some(54), cells: vec![Some(12), None, Some(30), None] });
        assert_eq!(suppressed(&[12, 30], None).cells, [Some(12), Some(30)]);
        assert_eq!(suppressed(&[1, 3], None), Shown { total: None, cells: vec![None, None] });
    }
}
