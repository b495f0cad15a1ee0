//! The `invariants` of a workflow file.

use super::read::{At, Reader};
use super::words;
use crate::domain::workflow::model::{Invariant, Occurrence, Pattern};

const PATTERNS: &[&str] = &["absence", "precedence", "response", "universality", "different_actor"];
const OCCURRENCES: &[&str] = &["action", "state", "kind", "effect", "any"];

impl Reader<'_> {
    pub(super) fn invariants(&mut self, at: &At<'_>) -> Vec<Invariant> {
        let items = self.items(at);
        items.iter().filter_map(|item| self.invariant(item)).collect()
    }

    fn invariant(&mut self, at: &At<'_>) -> Option<Invariant> {
        let known: Vec<&str> = ["id", "says", "policy"].iter().chain(PATTERNS).copied().collect();
        let fields = self.fields(at, "an invariant", &known);
        let (Some(id), Some(says)) = (fields.get("id"), fields.get("says")) else {
            self.fault(at, "missing-key", "an invariant needs `id`, and `says`: the rule in a sentence");
            return None;
        };
        let id = self.text(id)?.to_owned();
        let says = self.text(says)?.to_owned();
        let policy = self.optional_text(fields.get("policy"));
        let mut patterns = PATTERNS.iter().filter_map(|name| fields.get(name).map(|at| (*name, at)));
        let (Some((name, pattern)), None) = (patterns.next(), patterns.next()) else {
            self.fault(at, "wrong-shape", format!("an invariant has exactly one of {}", PATTERNS.join(", ")));
            return None;
        };
        let pattern = self.pattern(name, pattern)?;
        Some(Invariant { id, says, policy, pattern })
    }

    fn pattern(&mut self, name: &str, at: &At<'_>) -> Option<Pattern> {
        match name {
            "absence" => {
                let [what, since, until] = self.parts(at, "`absence`", ["what", "since", "until"]);
                Some(Pattern::Absence { what: self.needed(at, "what", what)?, since, until })
            }
            "universality" => {
                let [what, since, until] = self.parts(at, "`universality`", ["what", "since", "until"]);
                Some(Pattern::Universality { what: self.needed(at, "what", what)?, since, until })
            }
            "precedence" => {
                let [first, then, since] = self.parts(at, "`precedence`", ["first", "then", "since"]);
                let (first, then) = (self.needed(at, "first", first), self.needed(at, "then", then));
                Some(Pattern::Precedence { first: first?, then: then?, since })
            }
            "response" => {
                let [trigger, then] = self.parts(at, "`response`", ["trigger", "then"]);
                let (trigger, then) = (self.needed(at, "trigger", trigger), self.needed(at, "then", then));
                Some(Pattern::Response { trigger: trigger?, then: then? })
            }
            _ => self.different_actor(at),
        }
    }

    /// `[[edit, submit], approve]`: nobody who took one of the first takes the second.
    fn different_actor(&mut self, at: &At<'_>) -> Option<Pattern> {
        let items = if at.is_list() { self.items(at) } else { Vec::new() };
        let [first, second] = items.as_slice() else {
            self.fault(at, "wrong-shape", "`different_actor` is written `[[first, actions], second]`");
            return None;
        };
        let first = self.owned_texts(Some(first));
        Some(Pattern::DifferentActor { first, second: self.text(second)?.to_owned() })
    }

    fn parts<const N: usize>(&mut self, at: &At<'_>, what: &str, names: [&str; N]) -> [Option<Occurrence>; N] {
        let fields = self.fields(at, what, &names);
        names.map(|name| fields.get(name).and_then(|at| self.occurrence(at)))
    }

    fn needed(&mut self, at: &At<'_>, name: &str, read: Option<Occurrence>) -> Option<Occurrence> {
        if read.is_none() {
            self.fault(at, "missing-key", format!("this needs `{name}`: an action, or `{{state: …}}`"));
        }
        read
    }

    /// `approve`, `clock`, `{state: shared}`, `{kind: restrictive}`, `{effect: put_limits_in_force}`, `{any: [approve, refuse]}`.
    fn occurrence(&mut self, at: &At<'_>) -> Option<Occurrence> {
        if !at.is_map() {
            let text = self.text(at)?;
            return Some(if text == "clock" { Occurrence::Clock } else { Occurrence::Action(text.to_owned()) });
        }
        let fields = self.fields(at, "an occurrence", OCCURRENCES);
        let mut said = OCCURRENCES.iter().filter_map(|name| fields.get(name).map(|at| (*name, at)));
        let (Some((name, value)), None) = (said.next(), said.next()) else {
            self.fault(at, "wrong-shape", format!("an occurrence has exactly one of {}", OCCURRENCES.join(", ")));
            return None;
        };
        match name {
            "action" => Some(Occurrence::Action(self.text(value)?.to_owned())),
            "state" => Some(Occurrence::State(self.text(value)?.to_owned())),
            "kind" => self.kind(value).map(Occurrence::Kind),
            "any" => {
                let items = self.items(value);
                Some(Occurrence::Any(items.iter().filter_map(|item| self.occurrence(item)).collect()))
            }
            _ => {
                let known = words::effects();
                self.word(value, "unknown-effect", "an effect", &known).map(Occurrence::Effect)
            }
        }
    }
}
