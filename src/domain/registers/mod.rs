//! Dated registers kept beside the workflows, in reading order: the policy in force, the law that decisions cite, what
//! each of them is checked against, how calls are categorised, graded and gone through, where to read on, the days nobody
//! works, the areas of the county, when two systems saw one call, who stands on a month's table, and the programme.
//!
//! They change in files, by the process that approves the policy; nobody who works cases can change one. What a
//! decision was taken under is kept with it: see [`VersionsInForce`].

mod areas;
mod bank_holidays;
mod call_categories;
mod call_grading;
mod call_scripts;
mod calls_programme;
mod checklist;
mod legislation;
mod links;
mod policy;
mod repeat_callers_month;

pub use areas::{Area, Areas, Unit, areas};
pub use bank_holidays::bank_holidays;
pub use call_categories::{CallCategories, CallCategory, call_categories};
pub use call_grading::{CallGrade, CallGrading, call_grading};
pub use call_scripts::{CallScript, CallScripts, call_scripts, steps_of};
pub use calls_programme::{AgendaPart, Aim, Measure, MeetingKind, Partner, Programme, calls_programme};
pub use checklist::{Check, Checklist, checklist};
pub use legislation::{Consent, Enactment, Legislation, Limitation, Offence, legislation};
pub use links::{Link, Links, links};
pub use policy::{PolicyEntry, policy};
pub use repeat_callers_month::{MonthRule, repeat_callers_month};

use crate::domain::calendar::WorkingCalendar;
use crate::domain::calls::SameCall;
use crate::domain::workflow::{Fault, SourceFile};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The registers whose texts a decision is taken under.
const CITED: [&str; 4] = ["policy", "legislation", "checklist", "areas"];

/// Everything that was read, and as it was read. A register that is not there is empty.
#[derive(Debug, Default)]
pub struct Registers {
    pub policy: Option<PolicyEntry>,
    pub legislation: Legislation,
    pub checklist: Checklist,
    pub links: Links,
    pub call_categories: CallCategories,
    pub call_grading: CallGrading,
    pub call_scripts: CallScripts,
    pub calendar: Arc<WorkingCalendar>,
    pub same_call: SameCall,
    pub areas: Arc<Areas>,
    pub repeat_callers_month: Option<MonthRule>,
    pub calls_programme: Option<Programme>,
    /// Every register file there was.
    pub texts: Vec<RegisterText>,
    pub in_force: VersionsInForce,
}

/// A register, word for word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterText {
    /// `legislation`.
    pub name: String,
    pub text: String,
    /// SHA-256 of the text, in hex.
    pub content_hash: String,
}

/// What was in force at a moment, as the events of that moment keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionsInForce {
    pub policy: Option<String>,
    pub legislation: Option<String>,
    /// Content hashes of the registers, by name: under which their texts are kept.
    pub registers: BTreeMap<String, String>,
}

impl Registers {
    /// Reads the registers among `files`; what is wrong with one is added to `faults`.
    pub fn read(files: &[SourceFile], faults: &mut Vec<Fault>) -> Self {
        let policy = read(files, "policy", |text| policy(text).map(Some), faults);
        let legislation = read(files, "legislation", legislation, faults);
        let texts: Vec<RegisterText> = files.iter().map(RegisterText::of).collect();
        let cited = texts.iter().filter(|register| CITED.contains(&register.name.as_str()));
        let in_force = VersionsInForce {
            policy: policy.as_ref().map(|policy| policy.version.clone()),
            legislation: Some(legislation.version.clone()).filter(|version| !version.is_empty()),
            registers: cited.map(|register| (register.name.clone(), register.content_hash.clone())).collect(),
        };
        Self {
            checklist: read(files, "checklist", checklist, faults),
            links: read(files, "links", links, faults),
            call_categories: read(files, "call-categories", call_categories, faults),
            call_grading: read(files, "call-grading", call_grading, faults),
            call_scripts: read(files, "call-scripts", call_scripts, faults),
            calendar: Arc::new(read(files, "bank-holidays", bank_holidays, faults)),
            same_call: read(files, "same-call", SameCall::read, faults),
            areas: Arc::new(read(files, "areas", areas, faults)),
            repeat_callers_month: read(
                files,
                "repeat-callers-month",
                |text| repeat_callers_month(text).map(Some),
                faults,
            ),
            calls_programme: read(files, "calls-programme", |text| calls_programme(text).map(Some), faults),
            policy,
            legislation,
            texts,
            in_force,
        }
    }
}

impl RegisterText {
    fn of(file: &SourceFile) -> Self {
        Self { name: file.name.clone(), text: file.text.clone(), content_hash: content_hash(&file.text) }
    }
}

/// SHA-256 of a text, in hex: what it is kept under.
pub fn content_hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn read<T: Default>(
    files: &[SourceFile],
    name: &str,
    read: impl Fn(&str) -> Result<T, String>,
    faults: &mut Vec<Fault>,
) -> T {
    let Some(file) = files.iter().find(|file| file.name == name) else { return T::default() };
    read(&file.text).unwrap_or_else(|message| {
        faults.push(Fault::of_file(&file.file, "register", message));
        T::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> SourceFile {
        SourceFile { file: format!("workflows/registers/{name}.yaml"), name: name.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn what_is_in_force_names_versions_and_texts() {
        let law = "version: \"7\"\nenactments: []\n";
        let mut faults = Vec::new();
        let registers = Registers::read(&[file("legislation", law), file("links", "links: []\n")], &mut faults);
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(registers.in_force.legislation.as_deref(), Some("7"));
        assert_eq!(registers.in_force.policy, None);
        let cited: Vec<&String> = registers.in_force.registers.keys().collect();
        assert_eq!(cited, ["legislation"], "a list of links decides nothing");
        assert_eq!(registers.texts.len(), 2);
    }

    #[test]
    fn another_word_is_another_text() {
        let hash = |text: &str| RegisterText::of(&file("legislation", text)).content_hash;
        assert_ne!(hash("version: \"1\"\n"), hash("version: \"1\" \n"));
        assert_eq!(hash("version: \"1\"\n"), hash("version: \"1\"\n"));
    }
}
