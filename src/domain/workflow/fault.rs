//! What is wrong with a workflow file, a form, a rule, a register or a template, in words for whoever wrote it.
//!
//! A file's faults are all reported together; nothing stops at the first.

use serde::Serialize;
use std::fmt;

/// One fault, with the place to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub file: String,
    /// Counted from 1; absent where the fault is of the file as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Where in the file's structure: `states.submitted.on.approve.guard[0]`. Empty for the whole file.
    pub path: String,
    /// Stable and kebab-case.
    pub code: &'static str,
    pub message: String,
    /// The shortest way to go wrong, a step each, where a rule over all paths is broken.
    pub counterexample: Vec<String>,
}

impl Fault {
    pub fn of_file(file: &str, code: &'static str, message: impl Into<String>) -> Self {
        Fault {
            file: file.to_owned(),
            line: None,
            column: None,
            path: String::new(),
            code,
            message: message.into(),
            counterexample: Vec::new(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for number in [self.line, self.column].into_iter().flatten() {
            write!(f, ":{number}")?;
        }
        if !self.path.is_empty() {
            write!(f, " {}", self.path)?;
        }
        write!(f, ": {} [{}]", self.message, self.code)?;
        if !self.counterexample.is_empty() {
            write!(f, "\n    {}", self.counterexample.join(" "))?;
        }
        Ok(())
    }
}

/// The known word closest to a misspelt one, if any is close enough to be meant.
pub(crate) fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(word.len()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `; did you mean ‘spoc’?`, or nothing.
pub(crate) fn did_you_mean<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> String {
    nearest(word, known).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}
