//! A Mermaid flowchart.

use super::{Arrow, Drawing, recorded};
use crate::domain::workflow::model::{State, StateKind};
use std::fmt::Write;

pub(super) fn draw(drawing: &Drawing<'_>) -> String {
    let workflow = drawing.workflow;
    let mut text = String::from("flowchart TB\n");
    let _ = writeln!(text, "  accTitle: {}", one_line(&workflow.title));
    let _ = writeln!(text, "  accDescr {{ {} }}", one_line(&drawing.in_sentences().join(" ")).replace(['{', '}'], ""));
    text.push_str("  start(( ))\n");
    for state in &workflow.states {
        let _ = writeln!(text, "  {}{}", state.id, shape(drawing, state));
    }
    let _ = writeln!(text, "  start --> {}", workflow.initial);
    for arrow in &drawing.arrows {
        if let Some(line) = line(drawing, arrow) {
            let _ = writeln!(text, "  {line}");
        }
    }
    text.push_str("  classDef restrictive stroke-width:2px\n  classDef present stroke-width:4px\n");
    for state in &workflow.states {
        if state.kind == StateKind::Restrictive {
            let _ = writeln!(text, "  class {} restrictive", state.id);
        }
        if drawing.is_present(state) {
            let _ = writeln!(text, "  class {} present", state.id);
        }
    }
    text
}

fn shape(drawing: &Drawing<'_>, state: &State) -> String {
    let mark = if drawing.is_present(state) { "▶ " } else { "" };
    let also = recorded(state);
    let also = if also.is_empty() { String::new() } else { format!("<br/>· {}", escaped(&also.join(" · "))) };
    let label = format!("\"{mark}{}{also}\"", escaped(&state.title));
    match state.kind {
        StateKind::Open => format!("[{label}]"),
        StateKind::Restrictive => format!("{{{{{label}}}}}"),
        StateKind::Final => format!("([{label}])"),
    }
}

fn line(drawing: &Drawing<'_>, arrow: &Arrow) -> Option<String> {
    let from = drawing.workflow.states.get(arrow.from)?;
    let to = drawing.workflow.states.get(arrow.to)?;
    let label = escaped(&arrow.labels.join(" / "));
    let drawn = if arrow.clock { "-.->" } else { "-->" };
    Some(format!("{} {drawn}|\"{label}\"| {}", from.id, to.id))
}

/// Mermaid reads `#quot;` and the like; nothing else ends a quoted label or starts markup.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => safe.push_str("#quot;"),
            '<' => safe.push_str("#lt;"),
            '>' => safe.push_str("#gt;"),
            '#' => safe.push_str("#35;"),
            '`' => safe.push('\''),
            '\n' | '\r' => safe.push(' '),
            _ => safe.push(c),
        }
    }
    safe
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
