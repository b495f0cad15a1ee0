//! Where words stand in a drawing, so that none covers another and none leaves it.
//!
//! A label that belongs to the place `x` (0 to 1) of a plot `w` px wide begins at `x · (w − its width)`: it begins at
//! its place on the left edge, is centred on it in the middle and ends at it on the right edge, so it is never
//! outside. Two labels in a row only move apart when the plot gets wider, so what fits the narrowest plot fits all.

use std::borrow::Cow;

/// The narrowest drawing words are set for, px: a page of 320 px without its margins.
pub(super) const NARROWEST: f64 = 290.0;
/// Px between the baselines of two rows of words.
pub(super) const ROW: f64 = 18.0;
/// Px that words reach above and below their baseline.
const ASCENT: f64 = 12.0;
const DESCENT: f64 = 4.0;
/// Px kept free between two labels.
const APART: f64 = 8.0;
/// Widths of plots (px) for which a label is kept clear of what is drawn: telephone, column, page.
const WIDTHS: [f64; 3] = [230.0, 560.0, 860.0];

/// A place for words, px within the plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Area {
    fn of(place: Place, width: f64, plot: f64) -> Self {
        let left = place.x * (plot - width);
        Self { left, right: left + width, top: place.y - ASCENT, bottom: place.y + DESCENT }
    }

    fn meets(self, other: Area) -> bool {
        self.left < other.right + APART
            && other.left < self.right + APART
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// Where a label may stand: its share of the plot's width, and its baseline in px from the top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// The width of words in px at 14 px, a little more than Arial needs, so that other system fonts fit too.
pub(super) fn text_width(words: &str) -> f64 {
    let width = |letter: char| match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 4.1,
        ' ' | 'f' | 't' | 'r' | 'I' | '(' | ')' | '-' => 5.0,
        'm' | 'w' | 'M' | 'W' | '%' => 12.4,
        'A'..='Z' => 10.4,
        letter if letter.is_ascii() => 8.1,
        _ => 14.0,
    };
    words.chars().map(width).sum()
}

/// The words, or as many of their letters as fit with an ellipsis.
pub(super) fn shortened(words: &str, most: f64) -> Cow<'_, str> {
    if text_width(words) <= most {
        return Cow::Borrowed(words);
    }
    let mut kept = String::new();
    for letter in words.chars() {
        kept.push(letter);
        if text_width(&kept) + text_width("…") > most {
            kept.pop();
            break;
        }
    }
    Cow::Owned(format!("{}…", kept.trim_end()))
}

/// The row (0 is the first) for each label, given as place along and width in order of place; `None` where they need
/// more than `most` rows.
pub(super) fn rows(labels: &[(f64, f64)], plot: f64, most: usize) -> Option<Vec<usize>> {
    let mut ends: Vec<f64> = Vec::new();
    let mut rows = Vec::with_capacity(labels.len());
    for &(x, width) in labels {
        let left = x * (plot - width);
        let used = ends.len();
        match ends.iter_mut().enumerate().find(|(_, end)| **end + APART <= left) {
            Some((row, end)) => {
                *end = left + width;
                rows.push(row);
            }
            None if used < most => {
                rows.push(used);
                ends.push(left + width);
            }
            None => return None,
        }
    }
    Some(rows)
}

/// Labels set in a panel so far.
#[derive(Debug)]
pub(super) struct Placed {
    plot: f64,
    taken: Vec<Area>,
}

impl Placed {
    /// No label yet, in a plot that is `plot` px wide at its narrowest.
    pub(super) fn none(plot: f64) -> Self {
        Self { plot, taken: Vec::new() }
    }

    /// The candidate that covers the fewest things drawn, the first of equals; `None` where each would meet a label.
    /// `covers(area, plot)` counts what an area covers in a plot of so many px.
    pub(super) fn place(
        &mut self,
        width: f64,
        candidates: &[Place],
        covers: impl Fn(Area, f64) -> usize,
    ) -> Option<Place> {
        let free = |place: &&Place| {
            let area = Area::of(**place, width, self.plot);
            area.left >= 0.0 && !self.taken.iter().any(|taken| taken.meets(area))
        };
        let covered = |place: &&Place| -> usize {
            WIDTHS.iter().map(|plot| covers(Area::of(**place, width, *plot), *plot)).sum()
        };
        let best = candidates.iter().filter(free).min_by_key(covered).copied()?;
        self.taken.push(Area::of(best, width, self.plot));
        Some(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlap(labels: &[(f64, f64)], rows: &[usize], plot: f64) -> bool {
        let areas: Vec<(usize, f64, f64)> = labels
            .iter()
            .zip(rows)
            .map(|(&(x, width), &row)| (row, x * (plot - width), x * (plot - width) + width))
            .collect();
        areas
            .iter()
            .enumerate()
            .any(|(place, a)| areas.iter().skip(place + 1).any(|b| a.0 == b.0 && a.1 < b.2 && b.1 < a.2))
    }

    #[test]
    fn labels_in_a_row_never_meet_at_any_width_and_stay_inside() {
        let labels: Vec<(f64, f64)> = (0..12).map(|n| (f64::from(n) / 11.0, 60.0 + f64::from(n % 4) * 30.0)).collect();
        let rows = rows(&labels, 230.0, 12).unwrap();
        for plot in [230.0, 300.0, 480.0, 560.0, 700.0, 900.0] {
            assert!(!overlap(&labels, &rows, plot), "at {plot} px");
            assert!(labels.iter().all(|(x, width)| x * (plot - width) >= 0.0 && x * (plot - width) + width <= plot));
        }
    }

    #[test]
    fn too_many_labels_for_the_rows_are_told() {
        assert_eq!(rows(&[(0.5, 100.0); 3], 230.0, 2), None);
        assert_eq!(rows(&[(0.5, 100.0); 3], 230.0, 3), Some(vec![0, 1, 2]));
    }

    #[test]
    fn long_words_end_in_an_ellipsis() {
        let words = "Strategy varied after the appeal of 24 October";
        let short = shortened(words, 150.0);
        assert!(text_width(&short) <= 150.0 && short.ends_with('…'), "{short}");
        assert_eq!(shortened("Ended", 150.0), "Ended");
    }

    #[test]
    fn a_label_goes_where_it_covers_least() {
        let mut placed = Placed::none(230.0);
        let candidates = [Place { x: 0.0, y: 50.0 }, Place { x: 1.0, y: 50.0 }];
        let covers = |area: Area, _: f64| usize::from(area.left < 10.0);
        assert_eq!(placed.place(100.0, &candidates, covers), candidates.get(1).copied());
        assert_eq!(placed.place(100.0, &candidates, covers), candidates.first().copied());
        assert_eq!(placed.place(100.0, &candidates, covers), None);
    }
}
