//! Reading a tree by the words a file may use, noting every fault on the way.

use super::yaml::{Node, Scalar, Tree, parse};
use crate::domain::workflow::fault::{Fault, did_you_mean};

/// A node with its path from the top of the file.
#[derive(Clone, Debug)]
pub(crate) struct At<'n> {
    pub(crate) node: &'n Node,
    pub(crate) path: String,
}

impl<'n> At<'n> {
    fn within(&self, key: &str, node: &'n Node) -> At<'n> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        At { node, path }
    }

    fn nth(&self, index: usize, node: &'n Node) -> At<'n> {
        At { node, path: format!("{}[{index}]", self.path) }
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self.node.value, Tree::Map(_))
    }

    pub(crate) fn is_list(&self) -> bool {
        matches!(self.node.value, Tree::List(_))
    }

    pub(crate) fn is_empty_list(&self) -> bool {
        matches!(&self.node.value, Tree::List(items) if items.is_empty())
    }

    pub(crate) fn scalar(&self) -> Option<&'n Scalar> {
        match &self.node.value {
            Tree::Scalar(scalar) => Some(scalar),
            Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// `key:` with nothing behind it, or `null`.
    pub(crate) fn is_nothing(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.plain && matches!(scalar.text.as_str(), "" | "~" | "null"))
    }
}

/// The entries of a map that was read for known words.
pub(crate) struct Fields<'n> {
    entries: Vec<(&'n str, At<'n>)>,
}

impl<'n> Fields<'n> {
    pub(crate) fn get(&self, name: &str) -> Option<&At<'n>> {
        self.entries.iter().find(|(key, _)| *key == name).map(|(_, at)| at)
    }
}

/// One file being read.
pub(crate) struct Reader<'f> {
    pub(crate) file: &'f str,
    pub(crate) faults: Vec<Fault>,
}

impl<'f> Reader<'f> {
    pub(crate) fn new(file: &'f str) -> Self {
        Reader { file, faults: Vec::new() }
    }

    /// The tree of a text; `None`, with one fault noted, where it is not YAML.
    pub(crate) fn parse(&mut self, text: &str) -> Option<Node> {
        match parse(text) {
            Ok(node) => Some(node),
            Err(refused) => {
                let fault = Fault::of_file(self.file, refused.code, refused.message);
                self.faults.push(Fault { line: refused.line, column: refused.column, ..fault });
                None
            }
        }
    }

    pub(crate) fn fault(&mut self, at: &At<'_>, code: &'static str, message: impl Into<String>) {
        self.fault_at((at.node.line, at.node.column), &at.path, code, message.into());
    }

    fn fault_at(&mut self, (line, column): (u32, u32), path: &str, code: &'static str, message: String) {
        let fault = Fault::of_file(self.file, code, message);
        self.faults.push(Fault { line: Some(line), column: Some(column), path: path.to_owned(), ..fault });
    }

    /// A map whose keys the file chooses (`states`, `on`), in its order, without what is written twice.
    pub(crate) fn entries<'n>(&mut self, at: &At<'n>, what: &str) -> Vec<(&'n str, At<'n>)> {
        let Tree::Map(entries) = &at.node.value else {
            self.fault(at, "wrong-shape", format!("{what} has to be a map: `name: …`"));
            return Vec::new();
        };
        let mut read: Vec<(&'n str, At<'n>)> = Vec::with_capacity(entries.len());
        for entry in entries {
            let within = at.within(&entry.key, &entry.value);
            if read.iter().any(|(key, _)| *key == entry.key) {
                let message = format!("`{}` stands here a second time", entry.key);
                self.fault_at((entry.line, entry.column), &within.path, "duplicate-key", message);
            } else {
                read.push((&entry.key, within));
            }
        }
        read
    }

    /// A map of known words; unknown ones are faults with a suggestion. Words with nothing behind them are left out.
    pub(crate) fn fields<'n>(&mut self, at: &At<'n>, what: &str, known: &[&str]) -> Fields<'n> {
        let mut entries = self.entries(at, what);
        let places: Vec<(&str, u32, u32)> = match &at.node.value {
            Tree::Map(raw) => raw.iter().map(|entry| (entry.key.as_str(), entry.line, entry.column)).collect(),
            Tree::Scalar(_) | Tree::List(_) => Vec::new(),
        };
        entries.retain(|(key, within)| {
            if known.contains(key) {
                return !within.is_nothing();
            }
            let place =
                places.iter().find(|(name, _, _)| name == key).map_or((1, 1), |(_, line, column)| (*line, *column));
            let hint = did_you_mean(key, known.iter().copied());
            self.fault_at(place, &within.path, "unknown-key", format!("{what} has no `{key}`{hint}"));
            false
        });
        Fields { entries }
    }

    /// A list, or a single item standing for a list of one.
    pub(crate) fn items<'n>(&mut self, at: &At<'n>) -> Vec<At<'n>> {
        match &at.node.value {
            Tree::List(items) => items.iter().enumerate().map(|(index, node)| at.nth(index, node)).collect(),
            Tree::Scalar(_) | Tree::Map(_) => vec![at.clone()],
        }
    }

    pub(crate) fn text<'n>(&mut self, at: &At<'n>) -> Option<&'n str> {
        let scalar = at.scalar().filter(|scalar| !scalar.text.trim().is_empty());
        if scalar.is_none() {
            self.fault(at, "wrong-shape", "this has to be text");
        }
        scalar.map(|scalar| scalar.text.as_str())
    }

    pub(crate) fn texts<'n>(&mut self, at: &At<'n>) -> Vec<&'n str> {
        self.items(at).iter().filter_map(|item| self.text(item)).collect()
    }

    /// A whole number that is not negative.
    pub(crate) fn whole_number(&mut self, at: &At<'_>) -> Option<u32> {
        let number = at.scalar().filter(|scalar| scalar.plain).and_then(|scalar| scalar.text.parse().ok());
        if number.is_none() {
            self.fault(at, "wrong-shape", "this has to be a whole number");
        }
        number
    }

    /// One of a closed list of words, by its serde name.
    pub(crate) fn word<T: serde::de::DeserializeOwned>(
        &mut self,
        at: &At<'_>,
        code: &'static str,
        what: &str,
        known: &[&str],
    ) -> Option<T> {
        let text = self.text(at)?;
        let parsed = serde_json::from_value(serde_json::Value::String(text.to_owned())).ok();
        if parsed.is_none() {
            let hint = did_you_mean(text, known.iter().copied());
            self.fault(at, code, format!("`{text}` is not {what}{hint}"));
        }
        parsed
    }
}
