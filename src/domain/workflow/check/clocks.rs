//! Only a person restricts: no clock and no nomination rule reaches a restrictive state or a restricting effect.
//!
//! Every clock of every workflow is followed through all that happens of itself when it strikes: its effects, what
//! they make a parent or child case do, and the effects of that. A chain of clocks has a last clock, which is looked
//! at like any other; so is a clock of a child case.

use super::names::stands_under;
use super::{Fault, Graph, Subject};
use crate::domain::workflow::graph::{Cause, Step};
use crate::domain::workflow::model::{By, EffectName, SpecialActor, State, StateKind};
use std::collections::BTreeSet;

pub(super) fn check(inspected: &[(&Subject<'_>, &Graph<'_>)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (subject, graph) in inspected {
        faults.extend(opened_by_rule(subject, graph, inspected));
        for step in &graph.steps {
            let (code, who) = if step.is_clock() {
                ("clock-restricts", "a clock")
            } else if step.taken_by(SpecialActor::Rule) {
                ("rule-restricts", "a nomination rule")
            } else {
                continue;
            };
            let mut follow = Follow { inspected, seen: BTreeSet::new(), way: Vec::new() };
            if let Some(what) = follow.step(&subject.workflow.key, step) {
                let way = graph.shortest_to(|other| std::ptr::eq(other, step)).unwrap_or_default();
                let mut counterexample = graph.in_words(&way);
                counterexample.extend(follow.way);
                let message = format!("{who} {what}; only a person's decision may");
                faults.push(Fault { counterexample, ..subject.fault(&step.path, code, message) });
            }
        }
    }
    faults
}

/// A case that a rule opens must not begin restricted.
fn opened_by_rule(subject: &Subject<'_>, graph: &Graph<'_>, inspected: &[(&Subject<'_>, &Graph<'_>)]) -> Option<Fault> {
    let by = &subject.workflow.open.as_ref()?.by;
    let initial = graph.initial().filter(|_| by.contains(&By::Special(SpecialActor::Rule)))?;
    let mut follow = Follow { inspected, seen: BTreeSet::new(), way: Vec::new() };
    let what = follow
        .arrival(&subject.workflow.key, initial)
        .or_else(|| follow.effects(&subject.workflow.key, &initial.entry))?;
    let message = format!("a nomination rule {what}; only a person's decision may");
    let counterexample = graph.in_words(&[]).into_iter().chain(follow.way).collect();
    Some(Fault { counterexample, ..subject.fault("open.by", "rule-restricts", message) })
}

/// Everything that happens of itself once a step is taken.
struct Follow<'i, 's> {
    inspected: &'i [(&'i Subject<'s>, &'i Graph<'i>)],
    seen: BTreeSet<(String, String)>,
    /// What happened in other cases on the way, for the counterexample.
    way: Vec<String>,
}

impl Follow<'_, '_> {
    /// What restricts, in words; `None` where nothing does.
    fn step(&mut self, key: &str, step: &Step<'_>) -> Option<String> {
        self.arrival(key, step.to).filter(|_| moves_or_names(step)).or_else(|| self.effects(key, &step.effects))
    }

    fn arrival(&self, key: &str, to: &State) -> Option<String> {
        (to.kind == StateKind::Restrictive).then(|| format!("leads `{key}` into the restrictive state `{}`", to.id))
    }

    fn effects(&mut self, key: &str, effects: &[EffectName]) -> Option<String> {
        effects.iter().find_map(|effect| {
            if effect.needs_a_person() {
                let what = if effect.restricts() { "restricts" } else { "erases" };
                return Some(format!("{what} by `{}`", effect.as_str()));
            }
            if let Some(action) = effect.acts_on_parent() {
                return self.parents(key, action);
            }
            if *effect == EffectName::LiftStrategy {
                return self.taken("communications-strategy", "lift");
            }
            effect.opens_child().and_then(|child| self.opened(child))
        })
    }

    fn parents(&mut self, key: &str, action: &str) -> Option<String> {
        let child =
            self.inspected.iter().find(|(subject, _)| subject.workflow.key == key).map(|(subject, _)| subject)?;
        let parents = self.inspected.iter().filter(|(subject, _)| stands_under(&child.workflow, &subject.workflow));
        let keys: Vec<String> = parents.map(|(subject, _)| subject.workflow.key.clone()).collect();
        keys.iter().find_map(|parent| self.taken(parent, action))
    }

    /// The action is taken on a case of that workflow, in whatever state it is.
    fn taken(&mut self, key: &str, action: &str) -> Option<String> {
        if !self.seen.insert((key.to_owned(), action.to_owned())) {
            return None;
        }
        let (_, graph) = self.inspected.iter().find(|(subject, _)| subject.workflow.key == key)?;
        let steps = graph.steps.iter().filter(|step| step.action() == Some(action));
        for step in steps.filter(|step| step.taken_by(SpecialActor::ChildCase) || action == "lift") {
            self.way.push(format!("({key}) {} {}", step.from.id, step.in_words()));
            if let Some(what) = self.step(key, step) {
                return Some(what);
            }
            self.way.pop();
        }
        None
    }

    fn opened(&mut self, key: &str) -> Option<String> {
        if !self.seen.insert((key.to_owned(), String::new())) {
            return None;
        }
        let (_, graph) = self.inspected.iter().find(|(subject, _)| subject.workflow.key == key)?;
        let initial = graph.initial()?;
        self.way.push(format!("(opens {key}) {}", initial.id));
        let what = self.arrival(key, initial).or_else(|| self.effects(key, &initial.entry));
        if what.is_none() {
            self.way.pop();
        }
        what
    }
}

/// A clock that only reminds leaves a case where it is, restricted or not.
fn moves_or_names(step: &Step<'_>) -> bool {
    match step.cause {
        Cause::Clock(timer) => timer.to.is_some(),
        Cause::Action(_) => step.from.id != step.to.id || step.from.kind != StateKind::Restrictive,
    }
}
