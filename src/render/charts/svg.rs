//! SVG text. Places along are shares of the plot's width (0 to 1, written as percentages), places down are px from
//! the top: a chart is as wide as the page lets it be, and its words keep their size.

use std::fmt::Write;

/// A drawing under way. Colours, dashes and sizes come by class from `static/charts.css`.
pub(super) struct Svg {
    text: String,
}

/// Where words stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    /// 0 to 1 of the plot's width.
    pub(super) x: f64,
    /// Px to the right of that.
    pub(super) dx: f64,
    /// The baseline, px from the top.
    pub(super) y: f64,
    pub(super) anchor: Anchor,
}

/// Which part of the words stands at their place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Px from the top of the drawing, and shares of the plot's width.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// The space beside a plot for the numbers of its axis and of its last value: padding that the stylesheet gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gutter {
    /// 28 px on both sides: two digits.
    Slim,
    /// 44 px on both sides: four digits.
    Middling,
    /// 64 px on both sides: more digits.
    Broad,
    /// 84 px on the right: bars with a number at their ends.
    Number,
    /// 150 px on the right: bars with a few words at their ends.
    Words,
}

impl Gutter {
    /// The least that holds a number of so many letters at 14 px.
    pub(super) fn holding(letters: usize) -> Self {
        match letters {
            0..=2 => Gutter::Slim,
            3..=5 => Gutter::Middling,
            _ => Gutter::Broad,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Gutter::Slim => "slim",
            Gutter::Middling => "middling",
            Gutter::Broad => "broad",
            Gutter::Number => "number",
            Gutter::Words => "words",
        }
    }

    /// Px on the left and on the right.
    fn sides(self) -> (f64, f64) {
        match self {
            Gutter::Slim => (28.0, 28.0),
            Gutter::Middling => (44.0, 44.0),
            Gutter::Broad => (64.0, 64.0),
            Gutter::Number => (1.0, 84.0),
            Gutter::Words => (1.0, 150.0),
        }
    }

    /// Px on the left.
    pub(super) fn left(self) -> f64 {
        self.sides().0
    }

    /// The width of the plot in a drawing `width` px wide.
    pub(super) fn plot_width(self, width: f64) -> f64 {
        let (left, right) = self.sides();
        width - left - right
    }
}

/// What a drawing says to those who do not see it.
pub(super) struct Said<'a> {
    /// The start of each id: unique on the page.
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
}

impl Svg {
    /// Opens a drawing `height` px high. `capacity` is a guess at its length in bytes.
    pub(super) fn open(said: &Said<'_>, height: f64, gutter: Gutter, capacity: usize) -> Self {
        let mut text = String::with_capacity(capacity);
        let id = escaped(said.id);
        let (title, description) = (escaped(said.title), escaped(said.description));
        let _written = write!(
            text,
            "<svg class=\"app-chart app-chart--{}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" width=\"100%\" \
             height=\"{height:.0}\" focusable=\"false\"><title id=\"{id}-t\">{title}</title>\
             <desc id=\"{id}-d\">{description}</desc>",
            gutter.class(),
        );
        Self { text }
    }

    pub(super) fn close(mut self) -> String {
        self.text.push_str("</svg>");
        self.text
    }

    /// A pattern of slanting lines that shapes can be filled with, as `url(#{id})`.
    pub(super) fn hatching(&mut self, id: &str) {
        let id = escaped(id);
        let _written = write!(
            self.text,
            "<defs><pattern id=\"{id}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><rect class=\"app-chart__hatch-ground\" width=\"6\" height=\"6\"/>\
             <line class=\"app-chart__hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs>"
        );
    }

    pub(super) fn rect(&mut self, class: &str, span: Span) {
        self.rect_filled(class, span, "");
    }

    /// Like `rect`, with a pattern from `hatching` where `pattern` is not empty.
    pub(super) fn rect_filled(&mut self, class: &str, span: Span, pattern: &str) {
        let _written = write!(
            self.text,
            "<rect class=\"app-chart__{class}\" x=\"{:.3}%\" y=\"{:.1}\" width=\"{:.3}%\" height=\"{:.1}\"",
            span.from * 100.0,
            span.top,
            (span.to - span.from) * 100.0,
            span.bottom - span.top,
        );
        if !pattern.is_empty() {
            let _written = write!(self.text, " fill=\"url(#{})\"", escaped(pattern));
        }
        self.text.push_str("/>");
    }

    /// From the span's left top to its right bottom.
    pub(super) fn line(&mut self, class: &str, span: Span) {
        let _written = write!(
            self.text,
            "<line class=\"app-chart__{class}\" x1=\"{:.3}%\" y1=\"{:.1}\" x2=\"{:.3}%\" y2=\"{:.1}\"/>",
            span.from * 100.0,
            span.top,
            span.to * 100.0,
            span.bottom,
        );
    }

    pub(super) fn circle(&mut self, class: &str, x: f64, y: f64) {
        let _written = write!(
            self.text,
            "<circle class=\"app-chart__{class}\" cx=\"{:.3}%\" cy=\"{y:.1}\" r=\"4.5\"/>",
            x * 100.0
        );
    }

    /// A square of 9 px about a point.
    pub(super) fn square(&mut self, class: &str, x: f64, y: f64) {
        let _written = write!(
            self.text,
            "<rect class=\"app-chart__{class}\" x=\"{:.3}%\" y=\"{:.1}\" width=\"9\" height=\"9\" \
             transform=\"translate(-4.5 -4.5)\"/>",
            x * 100.0,
            y
        );
    }

    pub(super) fn words(&mut self, class: &str, at: At, words: &str) {
        let anchor = match at.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let _written = write!(
            self.text,
            "<text class=\"app-chart__{class}\" x=\"{:.3}%\" y=\"{:.1}\" dx=\"{:.1}\"{anchor}>{}</text>",
            at.x * 100.0,
            at.y,
            at.dx,
            escaped(words)
        );
    }
}

/// Text that is safe between tags and in attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A number of things, for arithmetic; more than four thousand million count as that many.
pub(super) fn real(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_open_a_tag_or_leave_an_attribute() {
        assert_eq!(escaped("<a b=\"c\" d='e'>&"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
    }

    #[test]
    fn a_drawing_names_its_title_and_description() {
        let said = Said { id: "c1", title: "A & B", description: "Two <b>" };
        let svg = Svg::open(&said, 100.0, Gutter::Slim, 512).close();
        assert!(svg.starts_with("<svg class=\"app-chart app-chart--slim\" role=\"img\" aria-labelledby=\"c1-t c1-d\""));
        assert!(svg.contains("<title id=\"c1-t\">A &amp; B</title><desc id=\"c1-d\">Two &lt;b&gt;</desc>"));
        assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
    }
}
