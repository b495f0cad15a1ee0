//! A stand-alone SVG. Only presentation attributes, so that it shows under the strictest content security policy.

use super::layout::{HEIGHT, Layout, MARGIN, WIDTH, lay_out, measure};
use super::{Arrow, Drawing, recorded};
use crate::domain::workflow::model::{State, StateKind};
use std::fmt::Write;

const INK: &str = "#0b0c0c";
const PAPER: &str = "#ffffff";

pub(super) fn draw(drawing: &Drawing<'_>) -> String {
    let layout = lay_out(drawing);
    let key = &drawing.workflow.key;
    let (width, height) = (layout.width, layout.height);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\" aria-labelledby=\"{key}-title {key}-desc\" \
         font-family=\"Arial, sans-serif\" font-size=\"14\" fill=\"{INK}\">\n"
    );
    let _ = writeln!(svg, "<title id=\"{key}-title\">{}</title>", escaped(&drawing.workflow.title));
    let _ = writeln!(svg, "<desc id=\"{key}-desc\">{}</desc>", escaped(&drawing.in_sentences().join(" ")));
    let _ = writeln!(
        svg,
        "<defs><marker id=\"{key}-tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" \
         markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 L10 5 L0 10 z\"/></marker></defs>"
    );
    let _ = writeln!(svg, "<rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"{PAPER}\"/>");
    start(&mut svg, drawing, &layout);
    let mut taken = Taken::by_states(&layout);
    for (n, arrow) in drawing.arrows.iter().enumerate() {
        if let Some(label) = draw_arrow(&mut svg, drawing, &layout, (n, arrow)) {
            write_label(&mut svg, arrow, taken.free_place(label, arrow));
        }
    }
    for (state, centre) in drawing.workflow.states.iter().zip(&layout.centres) {
        draw_state(&mut svg, drawing, state, *centre);
    }
    svg.push_str("</svg>\n");
    svg
}

fn start(svg: &mut String, drawing: &Drawing<'_>, layout: &Layout) {
    let initial = drawing.workflow.states.iter().position(|state| state.id == drawing.workflow.initial);
    if let Some((x, y)) = initial.and_then(|initial| layout.centres.get(initial)) {
        let top = y - HEIGHT / 2.0;
        let _ = writeln!(svg, "<circle cx=\"{x:.0}\" cy=\"{:.0}\" r=\"8\"/>", top - 36.0);
        let key = &drawing.workflow.key;
        let (from, to) = (top - 28.0, top - 1.0);
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.0} {from:.0} L{x:.0} {to:.0}\" stroke=\"{INK}\" fill=\"none\" marker-end=\"url(#{key}-tip)\"/>"
        );
    }
}

fn draw_state(svg: &mut String, drawing: &Drawing<'_>, state: &State, (x, y): (f64, f64)) {
    let present = drawing.is_present(state);
    let stroke = if present { 5 } else { 2 };
    let (left, top) = (x - WIDTH / 2.0, y - HEIGHT / 2.0);
    let paint = format!("fill=\"{PAPER}\" stroke=\"{INK}\" stroke-width=\"{stroke}\"");
    match state.kind {
        StateKind::Open => {
            let _ =
                writeln!(svg, "<rect x=\"{left:.0}\" y=\"{top:.0}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" {paint}/>");
        }
        StateKind::Restrictive => {
            let (right, bottom, dent) = (left + WIDTH, top + HEIGHT, 18.0);
            let _ = writeln!(
                svg,
                "<polygon points=\"{:.0},{top:.0} {:.0},{top:.0} {right:.0},{y:.0} {:.0},{bottom:.0} {:.0},{bottom:.0} \
                 {left:.0},{y:.0}\" {paint}/>",
                left + dent,
                right - dent,
                right - dent,
                left + dent
            );
        }
        StateKind::Final => {
            let round = HEIGHT / 2.0;
            let _ = writeln!(
                svg,
                "<rect x=\"{left:.0}\" y=\"{top:.0}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"{round}\" {paint}/>"
            );
        }
    }
    let mark = if present { "▶ " } else { "" };
    let mut lines = wrapped(&format!("{mark}{}", state.title), 24);
    let also = recorded(state);
    if !also.is_empty() && lines.len() < 3 {
        lines.push(format!("+ {} more here", also.len()));
    }
    let first = y + 5.0 - (measure(lines.len()) - 1.0) * 8.5;
    for (n, line) in lines.iter().enumerate() {
        let at = first + measure(n) * 17.0;
        let _ = writeln!(svg, "<text x=\"{x:.0}\" y=\"{at:.0}\" text-anchor=\"middle\">{}</text>", escaped(line));
    }
}

/// Draws the curve; answers where its label would best be.
fn draw_arrow(
    svg: &mut String,
    drawing: &Drawing<'_>,
    layout: &Layout,
    (n, arrow): (usize, &Arrow),
) -> Option<(f64, f64)> {
    let (from, to) = (layout.centres.get(arrow.from)?, layout.centres.get(arrow.to)?);
    let (above, below) = (layout.layers.get(arrow.from)?, layout.layers.get(arrow.to)?);
    let (curve, label) = if *below == above + 1 { down(*from, *to, n) } else { around(*from, *to, n, layout) };
    let dash = if arrow.clock { " stroke-dasharray=\"6 5\"" } else { "" };
    let key = &drawing.workflow.key;
    let _ = writeln!(
        svg,
        "<path d=\"{curve}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1.5\"{dash} marker-end=\"url(#{key}-tip)\"/>"
    );
    Some(label)
}

fn label_lines(arrow: &Arrow) -> Vec<String> {
    arrow.labels.iter().flat_map(|label| wrapped(label, 26)).collect()
}

/// With a halo, so that an arrow passing under it does not strike it through.
fn write_label(svg: &mut String, arrow: &Arrow, (x, middle): (f64, f64)) {
    let lines = label_lines(arrow);
    for (n, line) in lines.iter().enumerate() {
        let y = middle + measure(n) * 14.0 - (measure(lines.len()) - 1.0) * 7.0;
        let _ = writeln!(
            svg,
            "<text x=\"{x:.0}\" y=\"{y:.0}\" text-anchor=\"middle\" font-size=\"12\" stroke=\"{PAPER}\" \
             stroke-width=\"4\" paint-order=\"stroke\">{}</text>",
            escaped(line)
        );
    }
}

/// What is written on already: left, top, right, bottom.
struct Taken(Vec<[f64; 4]>);

impl Taken {
    fn by_states(layout: &Layout) -> Self {
        let (x, y) = (WIDTH / 2.0 + 3.0, HEIGHT / 2.0 + 3.0);
        Taken(layout.centres.iter().map(|centre| [centre.0 - x, centre.1 - y, centre.0 + x, centre.1 + y]).collect())
    }

    /// The place wanted, or one a little above or below that is free.
    fn free_place(&mut self, (x, y): (f64, f64), arrow: &Arrow) -> (f64, f64) {
        let lines = label_lines(arrow);
        let half_width = measure(lines.iter().map(|line| line.chars().count()).max().unwrap_or_default()) * 3.3;
        let half_height = measure(lines.len()) * 7.0;
        let boxed = |y: f64| [x - half_width, y - half_height - 5.0, x + half_width, y + half_height - 3.0];
        let nudges = [0.0, 13.0, -13.0, 26.0, -26.0, 39.0, -39.0, 52.0, -52.0];
        let free =
            nudges.iter().map(|nudge| y + nudge).find(|y| !self.0.iter().any(|taken| overlap(taken, &boxed(*y))));
        let y = free.unwrap_or(y);
        self.0.push(boxed(y));
        (x, y)
    }
}

fn overlap([left, top, right, bottom]: &[f64; 4], other: &[f64; 4]) -> bool {
    let [other_left, other_top, other_right, other_bottom] = other;
    left < other_right && other_left < right && top < other_bottom && other_top < bottom
}

/// To the next layer: a gentle curve between the layers.
fn down(from: (f64, f64), to: (f64, f64), n: usize) -> (String, (f64, f64)) {
    let (start, end) = (from.1 + HEIGHT / 2.0, to.1 - HEIGHT / 2.0 - 1.0);
    let half = f64::midpoint(start, end);
    let curve =
        format!("M{:.0} {start:.0} C{:.0} {half:.0} {:.0} {half:.0} {:.0} {end:.0}", from.0, from.0, to.0, to.0);
    // Labels of neighbouring arrows take turns, nearer to their target.
    let share = if n.is_multiple_of(2) { 0.5 } else { 0.72 };
    (curve, (from.0 + (to.0 - from.0) * share, start + (end - start) * share + 4.0))
}

/// Back, sideways or past a layer: round the side, each arrow on a track of its own.
fn around(from: (f64, f64), to: (f64, f64), n: usize, layout: &Layout) -> (String, (f64, f64)) {
    let rightwards = f64::midpoint(from.0, to.0) >= layout.width / 2.0;
    let side = if rightwards { 1.0 } else { -1.0 };
    let (start, end) = (from.0 + side * WIDTH / 2.0, to.0 + side * (WIDTH / 2.0 + 1.0));
    let outermost = if rightwards { start.max(end) } else { start.min(end) };
    let track = 44.0 + measure(n % 5) * 22.0;
    let bend = (outermost + side * track).clamp(MARGIN * 0.2, layout.width - MARGIN * 0.2);
    let curve =
        format!("M{start:.0} {:.0} C{bend:.0} {:.0} {bend:.0} {:.0} {end:.0} {:.0}", from.1, from.1, to.1, to.1);
    let middle = (f64::midpoint(start, end) + 3.0 * bend) / 4.0;
    let y = f64::midpoint(from.1, to.1) + measure(n % 3) * 15.0 - 15.0;
    (curve, (middle, y))
}

/// Lines of at most so many characters, broken between words.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < most => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
