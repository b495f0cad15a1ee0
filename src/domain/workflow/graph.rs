//! A workflow as the graph of its steps: what reachability, clocks, proofs and drawings look at.
//!
//! Guards are taken as free, so whatever holds here holds for every input.

use super::model::{Action, By, EffectName, SpecialActor, Target, Timer, TimerAt, Workflow};
use super::model::{Span, State};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(crate) struct Graph<'w> {
    pub(crate) workflow: &'w Workflow,
    pub(crate) steps: Vec<Step<'w>>,
}

/// One way from a state to a state (or to itself), with all that follows at once.
pub(crate) struct Step<'w> {
    pub(crate) from: &'w State,
    pub(crate) to: &'w State,
    pub(crate) cause: Cause<'w>,
    /// Exit, own and entry effects, in that order.
    pub(crate) effects: Vec<EffectName>,
    /// Where the step stands in the file.
    pub(crate) path: String,
}

#[derive(Clone, Copy)]
pub(crate) enum Cause<'w> {
    Action(&'w Action),
    Clock(&'w Timer),
}

/// A state together with what is remembered of the way there.
type Node<'s, M> = (&'s str, M);

impl<'w> Graph<'w> {
    /// Steps to unknown states are left out; naming them is another check's.
    pub(crate) fn of(workflow: &'w Workflow) -> Self {
        let mut graph = Graph { workflow, steps: Vec::new() };
        for from in &workflow.states {
            for action in &from.on {
                let path = format!("states.{}.on.{}", from.id, action.id);
                match &action.target {
                    Target::Stay => graph.add(from, Some(&from.id), Cause::Action(action), &path),
                    Target::To(to) => graph.add(from, Some(to), Cause::Action(action), &path),
                    Target::Choose(choices) => {
                        for choice in choices {
                            graph.add(from, Some(&choice.to), Cause::Action(action), &path);
                        }
                    }
                }
            }
            for (n, timer) in from.after.iter().enumerate() {
                let path = format!("states.{}.after[{n}]", from.id);
                graph.add(from, timer.to.as_ref().or(Some(&from.id)), Cause::Clock(timer), &path);
            }
        }
        graph
    }

    fn add(&mut self, from: &'w State, to: Option<&String>, cause: Cause<'w>, path: &str) {
        let Some(to) = to.and_then(|to| self.workflow.state(to)) else { return };
        let moves = from.id != to.id;
        let own = match cause {
            Cause::Action(action) => &action.effects,
            Cause::Clock(timer) => &timer.effects,
        };
        let mut effects = if moves { from.exit.clone() } else { Vec::new() };
        effects.extend(own);
        effects.extend(if moves { to.entry.as_slice() } else { &[] });
        self.steps.push(Step { from, to, cause, effects, path: path.to_owned() });
    }

    pub(crate) fn initial(&self) -> Option<&'w State> {
        self.workflow.state(&self.workflow.initial)
    }

    /// Every state that some path leads to.
    pub(crate) fn reached(&self) -> BTreeSet<&'w str> {
        let mut reached: BTreeSet<&str> = self.initial().iter().map(|state| state.id.as_str()).collect();
        let mut waiting: Vec<&str> = reached.iter().copied().collect();
        while let Some(at) = waiting.pop() {
            for step in self.steps.iter().filter(|step| step.from.id == at) {
                if reached.insert(&step.to.id) {
                    waiting.push(&step.to.id);
                }
            }
        }
        reached
    }

    /// Explores the product of the graph with a memory, breadth first, and gives the shortest path to a step that is
    /// not allowed. `begin` is the memory on entering the initial state, `advance` that after a step; `None` from
    /// either: not allowed.
    pub(crate) fn shortest_forbidden<M: Copy + Ord>(
        &self,
        begin: Option<M>,
        advance: impl Fn(M, &Step<'w>) -> Option<M>,
    ) -> Option<Vec<&Step<'w>>> {
        let initial = self.initial()?;
        let Some(begin) = begin else { return Some(Vec::new()) };
        let start = (initial.id.as_str(), begin);
        let mut came_by: BTreeMap<Node<'_, M>, Option<(Node<'_, M>, &Step<'w>)>> = BTreeMap::from([(start, None)]);
        let mut waiting = VecDeque::from([start]);
        while let Some(at) = waiting.pop_front() {
            for step in self.steps.iter().filter(|step| step.from.id == at.0) {
                let Some(memory) = advance(at.1, step) else {
                    let mut path = vec![step];
                    let mut back = at;
                    while let Some(Some((before, by))) = came_by.get(&back) {
                        path.push(by);
                        back = *before;
                    }
                    path.reverse();
                    return Some(path);
                };
                let next = (step.to.id.as_str(), memory);
                if let Entry::Vacant(unseen) = came_by.entry(next) {
                    unseen.insert(Some((at, step)));
                    waiting.push_back(next);
                }
            }
        }
        None
    }

    /// The shortest path that ends with a step of this kind.
    pub(crate) fn shortest_to(&self, wanted: impl Fn(&Step<'w>) -> bool) -> Option<Vec<&Step<'w>>> {
        self.shortest_forbidden(Some(()), |(), step| (!wanted(step)).then_some(()))
    }

    /// A path in the workflow's own words: `draft`, `—submit→ submitted`, …
    pub(crate) fn in_words(&self, path: &[&Step<'w>]) -> Vec<String> {
        let start = self.initial().map(|state| state.id.clone());
        start.into_iter().chain(path.iter().map(|step| step.in_words())).collect()
    }
}

impl Step<'_> {
    pub(crate) fn is_clock(&self) -> bool {
        matches!(self.cause, Cause::Clock(_))
    }

    /// The action's name, if it is one.
    pub(crate) fn action(&self) -> Option<&str> {
        match self.cause {
            Cause::Action(action) => Some(&action.id),
            Cause::Clock(_) => None,
        }
    }

    pub(crate) fn taken_by(&self, actor: SpecialActor) -> bool {
        matches!(self.cause, Cause::Action(action) if action.by.contains(&By::Special(actor)))
    }

    pub(crate) fn in_words(&self) -> String {
        format!("—{}→ {}", self.label(), self.to.id)
    }

    /// The action's title, or when the clock strikes.
    pub(crate) fn title(&self) -> String {
        match self.cause {
            Cause::Action(action) => action.title.clone(),
            Cause::Clock(_) => self.label(),
        }
    }

    /// The action's name, or when the clock strikes.
    pub(crate) fn label(&self) -> String {
        match self.cause {
            Cause::Action(action) => action.id.clone(),
            Cause::Clock(timer) => format!("clock: {}", timer.when),
        }
    }
}

impl std::fmt::Display for TimerAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TimerAt::Field(path) => write!(f, "at {}", path.join(".")),
            TimerAt::After(span) => write!(f, "after {span}"),
        }
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Span::WorkingDays(1) => f.write_str("1 working day"),
            Span::WorkingDays(days) => write!(f, "{days} working days"),
            Span::CalendarDays(0) => f.write_str("the same day"),
            Span::CalendarDays(1) => f.write_str("1 day"),
            Span::CalendarDays(days) => write!(f, "{days} days"),
        }
    }
}
