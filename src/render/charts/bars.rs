//! Bars that lie, one group under another: the label of a group above its bars, the number of a bar at its end.

use super::svg::{Anchor, At, Gutter, Said, Span, Svg, real};

/// Px.
const LABEL: f64 = 20.0;
const BAR: f64 = 16.0;
const BETWEEN_BARS: f64 = 4.0;
const BETWEEN_GROUPS: f64 = 14.0;

/// Bars under one label.
pub(super) struct Group {
    pub(super) label: String,
    pub(super) bars: Vec<Bar>,
}

/// One bar.
pub(super) struct Bar {
    /// Of the longest bar, 0 to 1.
    pub(super) share: f64,
    /// At its end.
    pub(super) words: String,
    pub(super) look: Look,
}

/// How a bar is told from its neighbour without its colour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Solid,
    Hatched,
}

/// The drawing.
pub(super) fn draw(said: &Said<'_>, groups: &[Group], gutter: Gutter) -> String {
    let heights = groups.iter().map(|group| LABEL + (BAR + BETWEEN_BARS) * real(group.bars.len()) + BETWEEN_GROUPS);
    let height = heights.sum::<f64>() - BETWEEN_GROUPS + BETWEEN_BARS;
    let bars = groups.iter().map(|group| group.bars.len() + 1).sum::<usize>();
    let mut svg = Svg::open(said, height, gutter, 1_024 + bars * 360);
    let pattern = format!("{}-p", said.id);
    if groups.iter().flat_map(|group| &group.bars).any(|bar| bar.look == Look::Hatched) {
        svg.hatching(&pattern);
    }
    let mut top = 0.0;
    for group in groups {
        let at = At { x: 0.0, dx: 0.0, y: top + 14.0, anchor: Anchor::Start };
        svg.words("bar-label", at, &group.label);
        top += LABEL;
        let start = top;
        for bar in &group.bars {
            draw_bar(&mut svg, bar, top, &pattern);
            top += BAR + BETWEEN_BARS;
        }
        svg.line("axis", Span { from: 0.0, to: 0.0, top: start - 2.0, bottom: top - 2.0 });
        top += BETWEEN_GROUPS;
    }
    svg.close()
}

fn draw_bar(svg: &mut Svg, bar: &Bar, top: f64, pattern: &str) {
    let span = Span { from: 0.0, to: bar.share, top, bottom: top + BAR };
    if bar.share > 0.0 {
        match bar.look {
            Look::Solid => svg.rect("after", span),
            Look::Hatched => svg.rect_filled("before", span, pattern),
        }
    }
    let at = At { x: bar.share, dx: 8.0, y: top + 13.0, anchor: Anchor::Start };
    svg.words("bar-words", at, &bar.words);
}

/// A part of a whole, 0 to 1; 0 where there is no whole.
pub(super) fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(label: &str, bars: Vec<(f64, Look)>) -> Group {
        let bars = bars.into_iter().map(|(share, look)| Bar { share, words: format!("{share}"), look });
        Group { label: label.to_owned(), bars: bars.collect() }
    }

    #[test]
    fn a_bar_of_nothing_has_its_number_and_no_shape() {
        let said = Said { id: "b", title: "T", description: "D" };
        let svg = draw(
            &said,
            &[group("One", vec![(1.0, Look::Solid)]), group("Two", vec![(0.0, Look::Solid)])],
            Gutter::Number,
        );
        assert_eq!(svg.matches("app-chart__after").count(), 1);
        assert_eq!(svg.matches("app-chart__bar-words").count(), 2);
        assert!(!svg.contains("<pattern"));
    }

    #[test]
    fn hatching_is_named_for_its_chart() {
        let said = Said { id: "b7", title: "T", description: "D" };
        let svg = draw(&said, &[group("One", vec![(1.0, Look::Hatched), (0.5, Look::Solid)])], Gutter::Words);
        assert!(svg.contains("<pattern id=\"b7-p\"") && svg.contains("fill=\"url(#b7-p)\""));
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert!(share(3.0, 0.0).abs() < f64::EPSILON);
        assert!((share(1.0, 4.0) - 0.25).abs() < f64::EPSILON);
    }
}
