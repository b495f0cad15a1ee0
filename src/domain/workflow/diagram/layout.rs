//! Where everything goes: layers by distance from the start, ordered so that arrows cross little.

use super::Drawing;

/// Sizes in pixels at 100 %.
pub(super) const WIDTH: f64 = 190.0;
pub(super) const HEIGHT: f64 = 64.0;
const GAP_X: f64 = 46.0;
const GAP_Y: f64 = 84.0;
/// Room on both sides for arrows that pass by layers.
pub(super) const MARGIN: f64 = 170.0;
pub(super) const TOP: f64 = 70.0;

pub(super) struct Layout {
    /// The centre of each state, in the order of the file.
    pub(super) centres: Vec<(f64, f64)>,
    /// The layer of each state.
    pub(super) layers: Vec<usize>,
    pub(super) width: f64,
    pub(super) height: f64,
}

pub(super) fn lay_out(drawing: &Drawing<'_>) -> Layout {
    let layers = distances(drawing);
    let depth = layers.iter().max().map_or(0, |deepest| deepest + 1);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); depth];
    for (state, layer) in layers.iter().enumerate() {
        if let Some(row) = rows.get_mut(*layer) {
            row.push(state);
        }
    }
    let widest = rows.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let inner = measure(widest) * (WIDTH + GAP_X) - GAP_X;
    let mut centres = vec![(0.0, 0.0); layers.len()];
    for (layer, row) in rows.iter_mut().enumerate() {
        order(row, drawing, &layers, &centres);
        let span = measure(row.len()) * (WIDTH + GAP_X) - GAP_X;
        let left = MARGIN + (inner - span) / 2.0;
        for (place, state) in row.iter().enumerate() {
            let x = left + measure(place) * (WIDTH + GAP_X) + WIDTH / 2.0;
            let y = TOP + measure(layer) * (HEIGHT + GAP_Y) + HEIGHT / 2.0;
            if let Some(centre) = centres.get_mut(*state) {
                *centre = (x, y);
            }
        }
    }
    let height = TOP + measure(depth) * (HEIGHT + GAP_Y) - GAP_Y + 30.0;
    Layout { centres, layers, width: inner + 2.0 * MARGIN, height }
}

/// Steps from the initial state; what is not reached comes last.
fn distances(drawing: &Drawing<'_>) -> Vec<usize> {
    let states = &drawing.workflow.states;
    let mut known: Vec<Option<usize>> =
        states.iter().map(|state| (state.id == drawing.workflow.initial).then_some(0)).collect();
    loop {
        let mut changed = false;
        for arrow in &drawing.arrows {
            let from = known.get(arrow.from).copied().flatten();
            if let (Some(from), Some(to)) = (from, known.get_mut(arrow.to))
                && to.is_none_or(|to| to > from + 1)
            {
                *to = Some(from + 1);
                changed = true;
            }
        }
        if !changed {
            let deepest = known.iter().flatten().max().copied().unwrap_or_default();
            return known.into_iter().map(|layer| layer.unwrap_or(deepest + 1)).collect();
        }
    }
}

/// Each state under the middle of the states above that lead to it.
fn order(row: &mut [usize], drawing: &Drawing<'_>, layers: &[usize], centres: &[(f64, f64)]) {
    let middle = |state: usize| {
        let own = layers.get(state).copied().unwrap_or_default();
        let above = drawing.arrows.iter().filter(|arrow| arrow.to == state);
        let above = above.filter(|arrow| layers.get(arrow.from).is_some_and(|layer| *layer < own));
        let xs: Vec<f64> = above.filter_map(|arrow| centres.get(arrow.from)).map(|(x, _)| *x).collect();
        if xs.is_empty() { 0.0 } else { xs.iter().sum::<f64>() / measure(xs.len()) }
    };
    row.sort_by(|a, b| middle(*a).total_cmp(&middle(*b)));
}

pub(super) fn measure(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
