//! How often each kind of command was accepted, and refused with which code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<String, BTreeMap<String, u64>>);

impl Tally {
    pub fn count(&mut self, kind: &str, answer: &str) {
        *self.0.entry(kind.to_owned()).or_default().entry(answer.to_owned()).or_default() += 1;
    }

    pub fn add(&mut self, other: &Tally) {
        for (kind, answers) in &other.0 {
            for (answer, count) in answers {
                *self.0.entry(kind.clone()).or_default().entry(answer.clone()).or_default() += count;
            }
        }
    }

    pub fn total(&self) -> u64 {
        self.0.values().flat_map(BTreeMap::values).sum()
    }

    fn accepted(&self, kind: &str) -> bool {
        self.0.get(kind).is_some_and(|answers| answers.contains_key("accepted"))
    }

    fn codes(&self) -> BTreeSet<&str> {
        self.0.values().flat_map(BTreeMap::keys).map(String::as_str).collect()
    }

    /// Of these, what never happened.
    pub fn missing(&self, kinds: &[&str], codes: &[&str]) -> Vec<String> {
        let given = self.codes();
        let never = kinds.iter().filter(|kind| !self.accepted(kind)).map(|kind| format!("“{kind}” was never accepted"));
        let unsaid = codes.iter().filter(|code| !given.contains(*code)).map(|code| format!("“{code}” was never given"));
        never.chain(unsaid).collect()
    }

    /// A line a kind: how often it was accepted, then each refusal.
    pub fn table(&self) -> String {
        let mut table = String::new();
        for (kind, answers) in &self.0 {
            let accepted = answers.get("accepted").copied().unwrap_or(0);
            let refused = answers.iter().filter(|(answer, _)| *answer != "accepted");
            let refused: Vec<String> = refused.map(|(code, count)| format!("{code} {count}")).collect();
            writeln!(table, "{kind:<34}{accepted:>6}   {}", refused.join(", ")).unwrap();
        }
        table
    }
}
