//! How open cases of one version of a case type go on under another: a file that gives every open state a home.
//!
//! A migration changes words and fields, never what a person is subject to: no case comes into a restriction by it,
//! and none out of one. What it does with one case is `domain::case`'s.

use super::{StateKind, Workflow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Read from `workflows/migrations/<key>-<from>-<to>.yaml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// The case type's key.
    pub workflow: String,
    pub from: u32,
    pub to: u32,
    /// Why open cases are not left under the version they opened with.
    pub reason: String,
    /// Where a case in each open state goes on. A state that is not named stays under its name.
    #[serde(default)]
    pub states: BTreeMap<String, String>,
    /// What is done with the case's data, one after the other.
    #[serde(default)]
    pub data: Vec<DataChange>,
}

/// One change to the top level of a case's data.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DataChange {
    /// `rename: { from: old, to: new }`
    Rename { from: String, to: String },
    /// `set: { field: x, value: … }`, where the field is not there.
    Set { field: String, value: Value },
    /// `drop: { field: x, because: … }`
    Drop { field: String, because: String },
}

/// What is wrong with a migration, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum MigrationFault {
    #[error("it is for {found}, not for {expected}")]
    OtherVersions { expected: String, found: String },
    #[error("the reason is empty")]
    NoReason,
    #[error("the state `{state}` has no home in version {to}")]
    NoHome { state: String, to: u32 },
    #[error("version {version} has no state `{state}`")]
    UnknownState { state: String, version: u32 },
    #[error("from `{from}` to `{to}` a case would come into a restriction, or out of one, or end; people decide that")]
    OtherKind { from: String, to: String },
}

impl Migration {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong, with line and column.
    pub fn read(yaml: &str) -> Result<Self, serde_saphyr::Error> {
        serde_saphyr::from_str(yaml)
    }

    /// Where a case in `state` goes on.
    pub fn home<'m>(&'m self, state: &'m str) -> &'m str {
        self.states.get(state).map_or(state, String::as_str)
    }

    /// Every fault of the migration between these two versions.
    pub fn faults(&self, from: &Workflow, to: &Workflow) -> Vec<MigrationFault> {
        let mut faults = Vec::new();
        let named = |key: &str, from: u32, to: u32| format!("{key} from version {from} to {to}");
        let expected = named(&from.key, from.version, to.version);
        let found = named(&self.workflow, self.from, self.to);
        if expected != found || from.key != to.key {
            faults.push(MigrationFault::OtherVersions { expected, found });
        }
        if self.reason.trim().is_empty() {
            faults.push(MigrationFault::NoReason);
        }
        for state in self.states.keys().filter(|state| from.state(state).is_none()) {
            faults.push(MigrationFault::UnknownState { state: state.clone(), version: from.version });
        }
        for state in from.states.iter().filter(|state| state.kind != StateKind::Final) {
            let home = self.home(&state.id);
            match to.state(home) {
                None => faults.push(MigrationFault::NoHome { state: state.id.clone(), to: to.version }),
                Some(there) if there.kind != state.kind => {
                    faults.push(MigrationFault::OtherKind { from: state.id.clone(), to: home.to_owned() });
                }
                Some(_) => {}
            }
        }
        faults
    }

    /// The data as the changes leave it.
    pub fn changed(&self, data: &Value) -> Value {
        let mut data = data.clone();
        let Some(fields) = data.as_object_mut() else { return data };
        for change in &self.data {
            match change {
                DataChange::Rename { from, to } => {
                    if let Some(value) = fields.shift_remove(from) {
                        fields.insert(to.clone(), value);
                    }
                }
                DataChange::Set { field, value } => {
                    fields.entry(field.clone()).or_insert_with(|| value.clone());
                }
                DataChange::Drop { field, .. } => {
                    fields.shift_remove(field);
                }
            }
        }
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FILE: &str = "workflow: w\nfrom: 1\nto: 2\nreason: Renamed by the policy.\nstates: { old: new }\ndata:\n  \
                        - rename: { from: a, to: b }\n  - set: { field: c, value: [] }\n  - drop: { field: d, because: Not asked any more. }\n";

    #[test]
    fn data_is_renamed_set_where_missing_and_dropped_in_order() {
        let migration = Migration::read(FILE).unwrap();
        assert_eq!(migration.changed(&json!({ "a": 1, "d": 2, "e": 3 })), json!({ "e": 3, "b": 1, "c": [] }));
        assert_eq!(migration.changed(&json!({ "c": 4 })), json!({ "c": 4 }));
        assert_eq!((migration.home("old"), migration.home("same")), ("new", "same"));
    }

    #[test]
    fn a_misspelt_key_is_a_fault_with_its_line() {
        assert!(Migration::read("workflow: w\nfrom: 1\nto: 2\nreson: x\n").unwrap_err().to_string().contains("reson"));
    }
}
