//! `registers/checklist.yaml`: the laws every decision is checked against (R4), each with the question it asks.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    pub version: String,
    pub checks: Vec<Check>,
}

/// One law and what it asks of whoever decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub id: String,
    pub title: String,
    pub question: String,
}

/// The legal checklist.
///
/// # Errors
/// What is wrong with the file, with line and column; an id given twice; a law without a question.
pub fn checklist(text: &str) -> Result<Checklist, String> {
    let file: Checklist = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    for (n, check) in file.checks.iter().enumerate() {
        if file.checks.iter().take(n).any(|earlier| earlier.id == check.id) {
            return Err(format!("`{}` stands here a second time", check.id));
        }
        if !check.question.trim().ends_with('?') {
            return Err(format!("`{}` asks no question", check.id));
        }
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../workflows/registers/checklist.yaml");

    #[test]
    fn every_law_the_policy_names_asks_its_question() {
        let checklist = checklist(SHIPPED).unwrap();
        for law in [
            "Human Rights Act 1998",
            "Equality Act 2010",
            "Crime and Disorder Act 1998",
            "Health and Safety at Work etc. Act 1974",
            "Data Protection Act 2018",
            "Freedom of Information Act 2000",
            "Civil Contingencies Act 2004",
        ] {
            assert!(checklist.checks.iter().any(|check| check.title.contains(law)), "{law}");
        }
        assert!(checklist.checks.iter().any(|check| check.title.contains("Article 14")));
    }

    #[test]
    fn a_law_without_a_question_is_a_fault() {
        let silent = "version: \"1\"\nchecks:\n  - { id: a, title: A, question: Answer this. }\n";
        assert!(checklist(silent).unwrap_err().contains("asks no question"));
        let twice =
            "version: \"1\"\nchecks:\n  - { id: a, title: A, question: B? }\n  - { id: a, title: A, question: C? }\n";
        assert!(checklist(twice).unwrap_err().contains("second time"));
    }
}
