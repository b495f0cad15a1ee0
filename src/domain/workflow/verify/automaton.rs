//! The patterns as automata over what happens at each step.
//!
//! A step happens in three moments: the action or clock, then its effects, then the state entered (or stayed in).
//! Entering the initial state is the last moment of a step that has no other.

use crate::domain::workflow::graph::{Graph, Step};
use crate::domain::workflow::model::{Occurrence, Pattern, State, StateKind};

/// One moment of a step.
#[derive(Clone, Copy)]
enum Moment<'s, 'w> {
    Cause(&'s Step<'w>),
    Effects(&'s Step<'w>),
    In(&'w State),
}

impl Moment<'_, '_> {
    fn is(self, what: &Occurrence) -> bool {
        match (what, self) {
            (Occurrence::Action(action), Moment::Cause(step)) => step.action() == Some(action),
            (Occurrence::Clock, Moment::Cause(step)) => step.is_clock(),
            (Occurrence::Effect(effect), Moment::Effects(step)) => step.effects.contains(effect),
            (Occurrence::State(id), Moment::In(state)) => state.id == *id,
            (Occurrence::Kind(kind), Moment::In(state)) => state.kind == *kind,
            (Occurrence::Any(any), _) => any.iter().any(|one| self.is(one)),
            (
                Occurrence::Action(_)
                | Occurrence::Clock
                | Occurrence::Effect(_)
                | Occurrence::State(_)
                | Occurrence::Kind(_),
                Moment::Cause(_) | Moment::Effects(_) | Moment::In(_),
            ) => false,
        }
    }

    fn is_some(self, what: Option<&Occurrence>) -> bool {
        what.is_some_and(|what| self.is(what))
    }
}

fn moments<'s, 'w>(step: &'s Step<'w>) -> [Moment<'s, 'w>; 3] {
    [Moment::Cause(step), Moment::Effects(step), Moment::In(step.to)]
}

/// The shortest path that breaks an absence, precedence or universality.
pub(super) fn forbidden<'g, 'w>(graph: &'g Graph<'w>, pattern: &Pattern) -> Option<Vec<&'g Step<'w>>> {
    let initial = graph.initial()?;
    let begin = after_moment(pattern, starts(pattern), Moment::In(initial));
    graph.shortest_forbidden(begin, |memory, step| {
        moments(step).into_iter().try_fold(memory, |memory, moment| after_moment(pattern, memory, moment))
    })
}

/// What each automaton remembers: for a precedence, whether `first` has happened; for the others, whether the scope
/// is open.
fn starts(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Absence { since, .. } | Pattern::Universality { since, .. } => since.is_none(),
        Pattern::Precedence { .. } | Pattern::Response { .. } | Pattern::DifferentActor { .. } => false,
    }
}

/// The memory after one more moment; `None`: the pattern is broken here.
fn after_moment(pattern: &Pattern, memory: bool, moment: Moment<'_, '_>) -> Option<bool> {
    match pattern {
        Pattern::Precedence { first, then, since } => {
            let happened = (memory && !moment.is_some(since.as_ref())) || moment.is(first);
            (happened || !moment.is(then)).then_some(happened)
        }
        Pattern::Absence { what, since, until } => {
            let open = memory && !moment.is_some(until.as_ref());
            let broken = open && moment.is(what);
            (!broken).then_some(open || moment.is_some(since.as_ref()))
        }
        Pattern::Universality { what, since, until } => {
            let open = (memory && !moment.is_some(until.as_ref())) || moment.is_some(since.as_ref());
            let broken = open && matches!(moment, Moment::In(_)) && !moment.is(what);
            (!broken).then_some(open)
        }
        Pattern::Response { .. } | Pattern::DifferentActor { .. } => Some(memory),
    }
}

/// The shortest path on which `trigger` is never answered by `then`: a case ends without it, or it has become
/// impossible.
pub(super) fn unanswered<'g, 'w>(
    graph: &'g Graph<'w>,
    trigger: &Occurrence,
    then: &Occurrence,
) -> Option<(String, Vec<&'g Step<'w>>)> {
    let waits = |waiting: bool, moment: Moment<'_, '_>| !moment.is(then) && (waiting || moment.is(trigger));
    let advance = |waiting: bool, step: &Step<'w>| moments(step).into_iter().fold(waiting, waits);
    let initial = graph.initial()?;
    let begin = waits(false, Moment::In(initial));
    let ended = graph.shortest_forbidden(Some(begin), |waiting, step| {
        let waiting = advance(waiting, step);
        (!(waiting && step.to.kind == StateKind::Final)).then_some(waiting)
    });
    if let Some(way) = ended {
        return Some((": the case ends without it".to_owned(), way));
    }
    let hopeful = answerable(graph, advance);
    let stuck = |state: &State| !hopeful.contains(&state.id.as_str());
    let start = if begin && stuck(initial) { None } else { Some(begin) };
    let way = graph.shortest_forbidden(start, |waiting, step| {
        let waiting = advance(waiting, step);
        (!(waiting && stuck(step.to))).then_some(waiting)
    });
    way.map(|way| (": from here it can no longer happen".to_owned(), way))
}

/// The states from which a waiting case can still be answered.
fn answerable<'w>(graph: &Graph<'w>, advance: impl Fn(bool, &Step<'w>) -> bool) -> Vec<&'w str> {
    let mut hopeful: Vec<&str> = Vec::new();
    loop {
        let before = hopeful.len();
        for step in &graph.steps {
            let helps = !advance(true, step) || hopeful.contains(&step.to.id.as_str());
            if helps && !hopeful.contains(&step.from.id.as_str()) {
                hopeful.push(&step.from.id);
            }
        }
        if hopeful.len() == before {
            return hopeful;
        }
    }
}
