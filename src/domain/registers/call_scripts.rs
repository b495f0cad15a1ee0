//! `registers/call-scripts.yaml`: what a call taker goes through on a call (R24, policy 6.4).

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallScripts {
    pub version: String,
    pub scripts: Vec<CallScript>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct CallScript {
    /// What a marker names it by.
    pub id: String,
    pub title: String,
    /// Whether its steps stand in every record, or only where a marker names it.
    pub every_call: bool,
    pub steps: Vec<String>,
}

impl CallScripts {
    /// The steps of every call.
    pub fn of_every_call(&self) -> impl Iterator<Item = &String> {
        self.scripts.iter().filter(|script| script.every_call).flat_map(|script| &script.steps)
    }

    /// What a marker on a caller asks for: the script it names, or its own words, a step a line.
    pub fn named_by(&self, words: &str) -> Vec<String> {
        match self.scripts.iter().find(|script| script.id == words.trim()) {
            Some(script) => script.steps.clone(),
            None => steps_of(words),
        }
    }
}

/// A text as steps: a line each.
pub fn steps_of(words: &str) -> Vec<String> {
    words.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The register of call scripts.
///
/// # Errors
/// What is wrong with the file, with line and column; an id given twice; a script without steps.
pub fn call_scripts(text: &str) -> Result<CallScripts, String> {
    let file: CallScripts = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    for (n, script) in file.scripts.iter().enumerate() {
        if file.scripts.iter().take(n).any(|earlier| earlier.id == script.id) {
            return Err(format!("`{}` stands here a second time", script.id));
        }
        if script.steps.iter().all(|step| step.trim().is_empty()) {
            return Err(format!("`{}` has no steps", script.id));
        }
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../workflows/registers/call-scripts.yaml");

    #[test]
    fn a_marker_names_a_script_or_says_its_steps_itself() {
        let register = call_scripts(SHIPPED).unwrap();
        assert!(register.of_every_call().count() >= 1);
        assert_eq!(register.named_by(" repeat-caller ").len(), 3);
        assert_eq!(register.named_by("Ask for Sam.\n\n Ask for the key. "), ["Ask for Sam.", "Ask for the key."]);
    }

    #[test]
    fn a_script_without_steps_is_a_fault() {
        let empty = "version: \"1\"\nscripts:\n  - { id: a, title: A, every_call: true, steps: [] }\n";
        assert!(call_scripts(empty).unwrap_err().contains("no steps"));
        let twice = "version: \"1\"\nscripts:\n  - { id: a, title: A, every_call: true, steps: [b] }\n  - { id: a, title: A, every_call: true, steps: [b] }\n";
        assert!(call_scripts(twice).unwrap_err().contains("second time"));
    }
}
