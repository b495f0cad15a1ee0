//! What a case type is made of, as text: read from files, kept by the database for every version a case is pinned to.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A file as it was found.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// As faults name it.
    pub file: String,
    /// The name other files use: `communications-strategy`, `harm_test`, `letters/notice`.
    pub name: String,
    pub text: String,
}

impl SourceFile {
    /// The name with all that follows it in the file's: `letters/notice.html.hbs`. Unlike the name, it is of one file.
    pub fn full_name(&self) -> String {
        let file_name = self.file.rsplit(['/', '\\']).next().unwrap_or_default();
        let extension = file_name.find('.').and_then(|dot| file_name.get(dot..)).unwrap_or_default();
        format!("{}{extension}", self.name)
    }
}

/// Everything that is checked together.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub workflows: Vec<SourceFile>,
    pub forms: Vec<SourceFile>,
    pub templates: Vec<SourceFile>,
    /// `policy`, `bank-holidays`.
    pub registers: Vec<SourceFile>,
    /// Nomination rules.
    pub rules: Vec<SourceFile>,
    /// How open cases of an older version go on under the latest.
    pub migrations: Vec<SourceFile>,
    /// How other systems write down their calls.
    pub imports: Vec<SourceFile>,
}

/// One case type with all it refers to: enough to build it again, years later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bundle {
    pub key: String,
    pub version: u32,
    pub definition: String,
    /// By name.
    pub forms: BTreeMap<String, String>,
    /// By full name: a letter is a subject, a text and a page.
    pub templates: BTreeMap<String, String>,
}

impl Bundle {
    /// SHA-256 in hex over the definition, its forms and its templates. The same text gives the same hash on every
    /// machine.
    pub fn content_hash(&self) -> String {
        let mut hasher = Sha256::new();
        feed(&mut hasher, &self.definition);
        for part in [&self.forms, &self.templates] {
            hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            for (name, text) in part {
                feed(&mut hasher, name);
                feed(&mut hasher, text);
            }
        }
        hex::encode(hasher.finalize())
    }
}

/// Length first, so that no two different bundles feed the same bytes.
fn feed(hasher: &mut Sha256, text: &str) {
    hasher.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
    hasher.update(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_covers_definition_forms_and_templates() {
        let map = |name: &str, text: &str| BTreeMap::from([(name.to_owned(), text.to_owned())]);
        let bundle = Bundle {
            key: "k".to_owned(),
            version: 1,
            definition: "states:".to_owned(),
            forms: map("a", "{}"),
            templates: map("letters/a", "Dear"),
        };
        let other_form = Bundle { forms: map("a", "{ }"), ..bundle.clone() };
        let other_template = Bundle { templates: map("letters/a", "Hello"), ..bundle.clone() };
        let moved = Bundle { forms: bundle.templates.clone(), templates: bundle.forms.clone(), ..bundle.clone() };
        for changed in [other_form, other_template, moved] {
            assert_ne!(changed.content_hash(), bundle.content_hash());
        }
        assert_eq!(bundle.content_hash().len(), 64);
    }
}
