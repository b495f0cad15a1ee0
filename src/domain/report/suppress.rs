//! Which counts of people a report leaves out, so that nobody can be found in them.
//!
//! A count is small under five, and so is what it leaves of the wider count it is a part of. Where one count of a column is
//! small, all of the column's are left out; a small total is left out too. Cruder than hiding a few, and nothing that is left
//! out can be computed: not from what is shown, nor by a reader who knows this rule.

/// The smallest count that is shown, and the smallest rest of a wider one.
pub const LEAST: u64 = 5;

/// A column of counts as it is shown; `None` where it is suppressed. Its cells are all shown, or none is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shown {
    pub total: Option<u64>,
    pub cells: Vec<Option<u64>>,
}

/// A column that another one counts a part of: what it counts, and what of that is shown.
#[derive(Clone, Copy, Debug)]
pub struct Wider<'a> {
    pub counts: &'a [u64],
    pub shown: &'a Shown,
}

/// The column as it may be shown.
pub fn suppressed(counts: &[u64], within: Option<Wider<'_>>) -> Shown {
    let total: u64 = counts.iter().sum();
    let is_small = |count: u64, of: Option<u64>| count < LEAST || of.is_some_and(|of| of.saturating_sub(count) < LEAST);
    let of_place = |place: usize| within.and_then(|wider| wider.counts.get(place).copied());
    // What is left out of the wider column is left out here: a part would tell how large it is at least.
    let wider_hides = within.is_some_and(|wider| wider.shown.cells.contains(&None));
    let hides = wider_hides || counts.iter().enumerate().any(|(place, count)| is_small(*count, of_place(place)));
    let wider_total = within.map(|wider| wider.counts.iter().sum());
    let hides_total = within.is_some_and(|wider| wider.shown.total.is_none()) || is_small(total, wider_total);
    Shown {
        total: (!hides_total).then_some(total),
        cells: counts.iter().map(|count| (!hides).then_some(*count)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Every column of so many cells that are at most these.
    fn columns(most: &[u64]) -> Vec<Vec<u64>> {
        most.iter().fold(vec![Vec::new()], |columns, most| {
            let longer = |column: Vec<u64>| (0..=*most).map(move |n| column.iter().copied().chain([n]).collect());
            columns.into_iter().flat_map(longer).collect()
        })
    }

    /// The columns of one table, the widest first, each a part of the one before, and how they are shown.
    fn shown(columns: &[&Vec<u64>]) -> Vec<Shown> {
        let mut looks: Vec<Shown> = Vec::new();
        for (place, counts) in columns.iter().enumerate() {
            let wider = place.checked_sub(1).map(|wider| Wider { counts: columns[wider], shown: &looks[wider] });
            let look = suppressed(counts, wider);
            looks.push(look);
        }
        looks
    }

    /// What every table of one look has in each place, totals last, of each column.
    #[derive(Default)]
    struct Possible(BTreeMap<Vec<Shown>, Vec<Vec<BTreeSet<u64>>>>);

    impl Possible {
        fn take(&mut self, table: &[&Vec<u64>]) {
            let places = table[0].len() + 1;
            let values = self.0.entry(shown(table)).or_insert_with(|| vec![vec![BTreeSet::new(); places]; table.len()]);
            for (values, counts) in values.iter_mut().zip(table) {
                let with_total = counts.iter().copied().chain([counts.iter().sum()]);
                values.iter_mut().zip(with_total).for_each(|(values, count)| {
                    values.insert(count);
                });
            }
        }

        /// Whatever is left out has two values at least among the tables that would be published in the same way.
        fn assert_nothing_can_be_computed(&self) {
            for (looks, values) in &self.0 {
                for (look, values) in looks.iter().zip(values) {
                    for (place, shown) in look.cells.iter().chain([&look.total]).enumerate() {
                        let values = &values[place];
                        assert!(shown.is_some() || values.len() > 1, "{place} of {look:?} in {looks:?}: {values:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_suppressed_can_be_computed_by_who_knows_the_rule_and_the_total() {
        for (cells, greatest_total) in [(1, 40), (2, 40), (3, 30), (4, 24)] {
            let mut possible = Possible::default();
            let all = columns(&vec![greatest_total; cells]).into_iter();
            all.filter(|counts| counts.iter().sum::<u64>() <= greatest_total)
                .for_each(|counts| possible.take(&[&counts]));
            possible.assert_nothing_can_be_computed();
        }
    }

    #[test]
    fn nothing_suppressed_can_be_computed_from_a_column_and_another_that_is_a_part_of_it() {
        for (cells, greatest_total) in [(1, 30), (2, 26), (3, 16)] {
            let mut possible = Possible::default();
            let wide = columns(&vec![greatest_total; cells]).into_iter();
            for outer in wide.filter(|counts| counts.iter().sum::<u64>() <= greatest_total) {
                columns(&outer).iter().for_each(|inner| possible.take(&[&outer, inner]));
            }
            possible.assert_nothing_can_be_computed();
        }
    }

    #[test]
    fn nothing_suppressed_can_be_computed_from_a_part_of_a_part() {
        let (mut possible, greatest_total) = (Possible::default(), 21);
        for outer in
            columns(&[greatest_total; 2]).into_iter().filter(|counts| counts.iter().sum::<u64>() <= greatest_total)
        {
            for inner in columns(&outer) {
                columns(&inner).iter().for_each(|innermost| possible.take(&[&outer, &inner, innermost]));
            }
        }
        possible.assert_nothing_can_be_computed();
    }

    #[test]
    fn one_small_count_takes_its_column_with_it_and_large_counts_are_shown() {
        let shown = suppressed(&[12, 3, 30, 9], None);
        assert_eq!(shown, Shown { total: Some(54), cells: vec![None; 4] });
        assert_eq!(suppressed(&[12, 30], None), Shown { total: Some(42), cells: vec![Some(12), Some(30)] });
        assert_eq!(suppressed(&[1, 3], None), Shown { total: None, cells: vec![None, None] });
    }

    #[test]
    fn a_small_rest_of_a_wider_count_is_as_telling_as_a_small_count() {
        let counts = [12, 30];
        let within =
            |inner: &[u64]| suppressed(inner, Some(Wider { counts: &counts, shown: &suppressed(&counts, None) }));
        assert_eq!(within(&[7, 25]), Shown { total: Some(32), cells: vec![Some(7), Some(25)] });
        assert_eq!(within(&[8, 20]), Shown { total: Some(28), cells: vec![None, None] });
        assert_eq!(within(&[12, 27]), Shown { total: None, cells: vec![None, None] });
    }
}
