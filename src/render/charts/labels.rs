//! Where words stand in a drawing, so that none covers another and none leaves it.
//!
//! A label that belongs to the place `x` (0 to 1) of a plot `w` px wide begins at `x · w + dx`. Two labels in a row
//! only move apart when the plot gets wider, so what fits the narrowest plot fits all. Where `dx` is `−x` of its width
//! a label begins at its place on the left edge, is centred on it in the middle and ends at it on the right edge, so it
//! is never outside.

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
/// Px between a line and the words beside it.
const BESIDE: f64 = 5.0;
/// Px that words beside a line may reach out of the plot: the space on its sides is at least this wide.
const MARGIN: f64 = 26.0;
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

/// Words beside or over an upright line that goes down from them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flag {
    /// Of the line, 0 to 1 of the plot's width.
    pub(super) x: f64,
    /// Px from the line to the start of the words.
    pub(super) dx: f64,
    /// Px.
    pub(super) width: f64,
    /// 0 is the row at the top.
    pub(super) row: usize,
    /// Whether the words stand beside the line and not over it.
    pub(super) beside: bool,
}

impl Flag {
    /// Over the line, never outside the plot.
    fn over(x: f64, width: f64) -> Self {
        Self { x, dx: -x * width, width, row: 0, beside: false }
    }

    /// To the right of the line, or to its left, where the narrowest plot has room; otherwise over it.
    fn beside(x: f64, width: f64, plot: f64) -> Self {
        if x * plot + BESIDE + width <= plot + MARGIN {
            Self { x, dx: BESIDE, width, row: 0, beside: true }
        } else if x * plot - BESIDE - width >= -MARGIN {
            Self { x, dx: -BESIDE - width, width, row: 0, beside: true }
        } else {
            Self::over(x, width)
        }
    }

    fn left(self, plot: f64) -> f64 {
        self.x * plot + self.dx
    }
}

/// Sets words, given as place along and width in order of place, at their lines: of all ways in at most `most` rows
/// the one in which the fewest lines go through words. `None` where there is no way. `plot` is the narrowest.
pub(super) fn flags(words: &[(f64, f64)], plot: f64, most: usize) -> Option<Vec<Flag>> {
    let beside = || words.iter().map(|&(x, width)| Flag::beside(x, width, plot)).collect();
    let over = || words.iter().map(|&(x, width)| Flag::over(x, width)).collect();
    let ways = [in_rows(beside(), plot, most), in_rows(over(), plot, most)];
    let ways = ways.into_iter().flatten().flat_map(|way| [turned(&way), way]);
    ways.min_by_key(|way| crossed(way))
}

/// Each flag in the first row that has room for it.
fn in_rows(mut flags: Vec<Flag>, plot: f64, most: usize) -> Option<Vec<Flag>> {
    let mut ends: Vec<f64> = Vec::new();
    for flag in &mut flags {
        let (left, used) = (flag.left(plot), ends.len());
        match ends.iter_mut().enumerate().find(|(_, end)| **end + APART <= left) {
            Some((row, end)) => {
                *end = left + flag.width;
                flag.row = row;
            }
            None if used < most => {
                flag.row = used;
                ends.push(left + flag.width);
            }
            None => return None,
        }
    }
    Some(flags)
}

/// The same with the rows from the last to the first.
fn turned(flags: &[Flag]) -> Vec<Flag> {
    let last = flags.iter().map(|flag| flag.row).max().unwrap_or(0);
    flags.iter().map(|flag| Flag { row: last - flag.row, ..*flag }).collect()
}

/// How often a line goes down through words in a row below its own; four and nine times as grave on wider plots,
/// where it could be helped.
fn crossed(flags: &[Flag]) -> usize {
    let crosses = |line: &Flag, words: &Flag, plot: f64| {
        let left = words.left(plot);
        line.row < words.row && (left - 2.0..left + words.width + 2.0).contains(&(line.x * plot))
    };
    let graveness = |line: &Flag, words: &Flag| -> usize {
        let crossed = WIDTHS.iter().zip(1..).filter(|(plot, _)| crosses(line, words, **plot));
        crossed.map(|(_, grave)| grave * grave).sum()
    };
    flags.iter().flat_map(|words| flags.iter().map(move |line| graveness(line, words))).sum()
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

    const PLOTS: [f64; 6] = [230.0, 300.0, 480.0, 560.0, 700.0, 900.0];

    fn overlap(flags: &[Flag], plot: f64) -> bool {
        let meet = |a: &Flag, b: &Flag| {
            a.row == b.row && a.left(plot) < b.left(plot) + b.width && b.left(plot) < a.left(plot) + a.width
        };
        flags.iter().enumerate().any(|(place, a)| flags.iter().skip(place + 1).any(|b| meet(a, b)))
    }

    #[test]
    fn words_in_a_row_never_meet_at_any_width_and_stay_inside() {
        for count in 1..13_u8 {
            let at = |n: u8| (f64::from(n) / f64::from(count), 60.0 + f64::from(n % 4) * 30.0);
            let words: Vec<(f64, f64)> = (0..count).map(at).collect();
            let flags = flags(&words, 230.0, 12).unwrap();
            for plot in PLOTS {
                assert!(!overlap(&flags, plot), "{count} at {plot} px");
                let inside =
                    |flag: &Flag| flag.left(plot) >= -MARGIN && flag.left(plot) + flag.width <= plot + MARGIN + 0.001;
                assert!(flags.iter().all(inside), "{count} at {plot} px");
            }
        }
    }

    #[test]
    fn too_many_words_for_the_rows_are_told() {
        assert_eq!(flags(&[(0.5, 100.0); 3], 230.0, 2), None);
        assert_eq!(flags(&[(0.5, 100.0); 3], 230.0, 3).unwrap().len(), 3);
    }

    #[test]
    fn lines_keep_clear_of_words_where_they_can() {
        let early = flags(&[(0.1, 120.0), (0.2, 120.0), (0.3, 120.0)], 230.0, 4).unwrap();
        assert_eq!(crossed(&early), 0);
        let late = flags(&[(0.7, 120.0), (0.8, 120.0), (0.9, 120.0)], 230.0, 4).unwrap();
        assert_eq!(crossed(&late), 0);
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
