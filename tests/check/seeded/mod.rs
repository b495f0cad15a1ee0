//! Seeded faults: edits of the shipped files, each of which would let the policy down. Each is found, with its file,
//! line, path and code, and with the shortest way to go wrong where there is one.
//!
//! An edit is placed by the words of the line that the fault points at, so that a line added above moves nothing here.

mod callers;
mod conditions;
mod deadlines;
mod decisions;
mod endings;
mod neighbours;
mod promises;
mod restrictions;
mod words;

use super::{add, edit, faults_of, file, remove, shipped};
use evenhand::catalog::Catalog;
use evenhand::domain::workflow::{Fault, Sources};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::OnceLock;

pub const STRATEGY: &str = "communications-strategy.yaml";
pub const USER: &str = "frequent-service-user.yaml";
pub const CONSULTATION: &str = "consultation.yaml";
pub const ORDER: &str = "enforcement-order.yaml";
pub const JOINT: &str = "joint-problem-solving.yaml";
pub const REFERRAL: &str = "out-of-county-referral.yaml";
pub const APPEAL: &str = "appeal.yaml";
pub const WARNING: &str = "warning.yaml";
pub const RETENTION: &str = "retention-review.yaml";
pub const OFFENCES: &str = "offence-consideration.yaml";
pub const CALLER: &str = "vulnerable-repeat-caller.yaml";

/// One thing done to the files.
pub enum Edit {
    /// In this file, words that stand there once become these.
    In(&'static str, &'static str, &'static str),
    Without(&'static str),
    /// The same file a second time, elsewhere.
    Again(&'static str, &'static str),
    With(&'static str, &'static str),
}

pub struct Seeded {
    pub name: &'static str,
    pub edits: &'static [Edit],
    pub found: Found,
}

/// What has to be among the answers, once.
pub struct Found {
    pub file: &'static str,
    pub code: &'static str,
    pub path: &'static str,
    /// The words of the line it points at.
    pub line: &'static str,
    /// Part of the sentence.
    pub says: &'static str,
    /// The counterexample, joined by spaces; empty where no path goes wrong.
    pub way: &'static str,
}

impl Seeded {
    fn sources(&self) -> Sources {
        let mut sources = shipped();
        for one in self.edits {
            match one {
                Edit::In(file, from, to) => edit(&mut sources, file, from, to),
                Edit::Without(file) => remove(&mut sources, file),
                Edit::Again(of, path) => {
                    let text = file(&mut sources, of).text.clone();
                    add(&mut sources, path, &text);
                }
                Edit::With(path, text) => add(&mut sources, path, text),
            }
        }
        sources
    }

    fn is_found_in(&self, answer: &Answer) -> bool {
        let Found { file, code, path, line, says, way } = self.found;
        let (fault, counterexample) = (&answer.fault, answer.fault.counterexample.join(" "));
        let place = (fault.file.ends_with(file), fault.code, fault.path.as_str(), answer.line.as_str());
        place == (true, code, path, line) && fault.message.contains(says) && counterexample == way
    }
}

/// A fault with the words of the line it points at.
#[derive(Debug)]
struct Answer {
    fault: Fault,
    line: String,
}

fn all() -> Vec<&'static Seeded> {
    let rooms = [
        decisions::ALL,
        promises::ALL,
        restrictions::ALL,
        endings::ALL,
        deadlines::ALL,
        conditions::ALL,
        words::ALL,
        neighbours::ALL,
        callers::ALL,
    ];
    rooms.into_iter().flatten().collect()
}

fn answers(seeded: &Seeded) -> Vec<Answer> {
    let mut sources = seeded.sources();
    let faults = faults_of(&sources);
    let mut words = |fault: &Fault| {
        let text = super::files(&mut sources).find(|file| file.file == fault.file).map(|file| file.text.clone());
        let number = fault.line.and_then(|line| usize::try_from(line).ok()).filter(|line| *line > 0);
        let text = text.unwrap_or_default();
        number.and_then(|line| text.lines().nth(line - 1)).unwrap_or_default().trim().to_owned()
    };
    faults.into_iter().map(|fault| Answer { line: words(&fault), fault }).collect()
}

/// What each edit is answered with; asked once, on two threads.
fn asked() -> &'static Vec<(&'static Seeded, Vec<Answer>)> {
    static ASKED: OnceLock<Vec<(&'static Seeded, Vec<Answer>)>> = OnceLock::new();
    ASKED.get_or_init(|| {
        let all = all();
        let (one, other) = all.split_at(all.len() / 2);
        let ask = |half: &[&'static Seeded]| half.iter().map(|seeded| (*seeded, answers(seeded))).collect::<Vec<_>>();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| ask(other));
            let mut asked = ask(one);
            asked.extend(second.join().unwrap());
            asked
        })
    })
}

#[test]
fn every_seeded_fault_is_found_where_it_is_with_the_shortest_way_to_go_wrong() {
    let is_found = |(seeded, answers): &&(&'static Seeded, Vec<Answer>)| {
        answers.iter().filter(|answer| seeded.is_found_in(answer)).count() == 1
    };
    let missed: Vec<_> = asked().iter().filter(|one| !is_found(one)).map(|(one, found)| (one.name, found)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(all().len() >= 30);
}

#[test]
fn the_seeded_faults_as_a_table() {
    let mut table = String::new();
    for (n, (seeded, answers)) in (1..).zip(asked()) {
        let Found { file, code, path, line, way, .. } = seeded.found;
        writeln!(table, "{n}. {}\n    {code}  {file}  {path}\n    at: {line}", seeded.name).unwrap();
        if !way.is_empty() {
            writeln!(table, "    way: {way}").unwrap();
        }
        let others: BTreeSet<&str> =
            answers.iter().filter(|one| !seeded.is_found_in(one)).map(|one| one.fault.code).collect();
        if !others.is_empty() {
            writeln!(table, "    and with it: {}", others.into_iter().collect::<Vec<_>>().join(" ")).unwrap();
        }
    }
    insta::assert_snapshot!("seeded_faults", table);
}

#[test]
fn each_invariant_that_a_shipped_file_declares_is_broken_by_one_of_the_edits() {
    let catalog = Catalog::embedded().unwrap();
    let is_broken = |key: &str, id: &str| {
        let says = format!("{id}: ");
        all().iter().any(|seeded| {
            seeded.found.code == "broken-invariant"
                && seeded.found.file == format!("{key}.yaml")
                && seeded.found.says.starts_with(&says)
        })
    };
    let declared = catalog.all().flat_map(|workflow| workflow.invariants.iter().map(|one| (&workflow.key, &one.id)));
    let unbroken: Vec<_> = declared.filter(|(key, id)| !is_broken(key, id)).collect();
    assert_eq!(unbroken, Vec::<(&String, &String)>::new(), "an invariant that no test breaks may hold by chance");
}
