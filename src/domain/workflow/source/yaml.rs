//! YAML text as a tree in which every node knows its line and column.
//!
//! Tags, directives and second documents are refused: a policy file must read the same to a person as to the program.
//! An anchor may be repeated by its alias, which then stands for a copy. Size, nesting and the number of nodes are
//! bounded, so that no file can exhaust the reader.

use granit_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::BTreeMap;

/// 1 MiB: a policy file is a few pages.
pub(crate) const MAX_BYTES: usize = 1 << 20;
pub(crate) const MAX_DEPTH: usize = 32;
/// Aliases written out.
pub(crate) const MAX_NODES: usize = 20_000;

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) value: Tree,
}

#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    /// Quoted or block text is always text; plain text may be a number or `null`.
    pub(crate) plain: bool,
    /// The column at which the text itself starts, where it stands on one line just as it is read.
    pub(crate) text_column: Option<u32>,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) value: Node,
}

/// Why a text could not be read as YAML at all.
#[derive(Debug)]
pub(crate) struct NotYaml {
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// # Errors
/// The first thing that makes the text unreadable: YAML syntax, or one of the bounds and bans above.
pub(crate) fn parse(text: &str) -> Result<Node, NotYaml> {
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes; at most {MAX_BYTES} are read", text.len());
        return Err(NotYaml { line: None, column: None, code: "file-too-large", message });
    }
    let options = granit_parser::options! { emit_comments: false, disallow_directives: true };
    let mut builder = Builder { source: text, open: Vec::new(), root: None, anchored: BTreeMap::new(), nodes: 0 };
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => builder.take(event, span)?,
            Err(error) => {
                let mark = error.marker();
                return Err(NotYaml {
                    line: Some(number(mark.line())),
                    column: Some(number(mark.col()).saturating_add(1)),
                    code: "yaml-syntax",
                    message: format!("this is not YAML: {}", error.info()),
                });
            }
        }
    }
    let empty = || NotYaml { line: None, column: None, code: "empty-file", message: "the file is empty".to_owned() };
    builder.root.ok_or_else(empty)
}

/// A collection that has been opened and not yet closed.
struct Open {
    at: (u32, u32),
    anchor: usize,
    held: Held,
}

enum Held {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<(String, u32, u32)> },
}

struct Builder<'s> {
    source: &'s str,
    open: Vec<Open>,
    root: Option<Node>,
    anchored: BTreeMap<usize, Node>,
    nodes: usize,
}

impl Builder<'_> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the rest are stream and document marks; the library may add more"
    )]
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), NotYaml> {
        let at = (number(span.start.line()), number(span.start.col()).saturating_add(1));
        match event {
            Event::Scalar(.., Some(_)) | Event::SequenceStart(.., Some(_)) | Event::MappingStart(.., Some(_)) => {
                Err(not_yaml(at, "yaml-tag", "tags (`!`) are not used here".to_owned()))
            }
            Event::Scalar(text, style, anchor, None) => self.scalar(at, text.into_owned(), (style, span), anchor),
            Event::SequenceStart(_, anchor, None) => self.push(Open { at, anchor, held: Held::List(Vec::new()) }),
            Event::MappingStart(_, anchor, None) => {
                self.push(Open { at, anchor, held: Held::Map { entries: Vec::new(), key: None } })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(at),
            Event::Alias(anchor) => self.alias(at, anchor),
            _ => Ok(()),
        }
    }

    fn alias(&mut self, at: (u32, u32), anchor: usize) -> Result<(), NotYaml> {
        if self.awaits_key() {
            return Err(not_yaml(at, "yaml-key", "a key has to be plain text".to_owned()));
        }
        let Some(node) = self.anchored.get(&anchor) else {
            return Err(not_yaml(at, "yaml-alias", "this alias stands for something around it".to_owned()));
        };
        let (copies, node) = (size(node), node.clone());
        self.count(at, copies)?;
        self.settle(at, node)
    }

    fn count(&mut self, at: (u32, u32), more: usize) -> Result<(), NotYaml> {
        self.nodes = self.nodes.saturating_add(more);
        if self.nodes > MAX_NODES {
            let message = format!("the file holds more than {MAX_NODES} things, aliases written out");
            return Err(not_yaml(at, "file-too-large", message));
        }
        Ok(())
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { held: Held::Map { key: None, .. }, .. }))
    }

    fn push(&mut self, collection: Open) -> Result<(), NotYaml> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("the file nests more than {MAX_DEPTH} levels deep");
            return Err(not_yaml(collection.at, "nested-too-deep", message));
        }
        if self.awaits_key() {
            return Err(not_yaml(collection.at, "yaml-key", "a key has to be plain text".to_owned()));
        }
        self.open.push(collection);
        Ok(())
    }

    fn close(&mut self, at: (u32, u32)) -> Result<(), NotYaml> {
        let Some(Open { at: (line, column), anchor, held }) = self.open.pop() else { return Ok(()) };
        let value = match held {
            Held::List(items) => Tree::List(items),
            Held::Map { entries, .. } => Tree::Map(entries),
        };
        self.finish(at, anchor, Node { line, column, value })
    }

    fn scalar(
        &mut self,
        at: (u32, u32),
        text: String,
        read: (ScalarStyle, Span),
        anchor: usize,
    ) -> Result<(), NotYaml> {
        let (line, column) = at;
        if let Some(Open { held: Held::Map { key: key @ None, .. }, .. }) = self.open.last_mut() {
            *key = Some((text, line, column));
            return Ok(());
        }
        let (style, span) = read;
        let written = span.slice(self.source).unwrap_or_default();
        let text_column = match written.find(text.as_str()) {
            Some(offset) if offset <= 1 && !text.contains('\n') => Some(column.saturating_add(number(offset))),
            Some(_) | None => None,
        };
        let scalar = Scalar { text, plain: style == ScalarStyle::Plain, text_column };
        self.finish(at, anchor, Node { line, column, value: Tree::Scalar(scalar) })
    }

    fn finish(&mut self, at: (u32, u32), anchor: usize, node: Node) -> Result<(), NotYaml> {
        self.count(at, 1)?;
        if anchor != 0 {
            self.anchored.insert(anchor, node.clone());
        }
        self.settle(at, node)
    }

    /// Puts a finished node where it belongs.
    fn settle(&mut self, at: (u32, u32), node: Node) -> Result<(), NotYaml> {
        match self.open.last_mut().map(|open| &mut open.held) {
            Some(Held::List(items)) => items.push(node),
            Some(Held::Map { entries, key }) => {
                if let Some((key, line, column)) = key.take() {
                    entries.push(Entry { key, line, column, value: node });
                }
            }
            None if self.root.is_none() => self.root = Some(node),
            None => return Err(not_yaml(at, "second-document", "the file holds more than one document".to_owned())),
        }
        Ok(())
    }
}

/// How many nodes a tree has.
fn size(node: &Node) -> usize {
    match &node.value {
        Tree::Scalar(_) => 1,
        Tree::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Tree::Map(entries) => 1 + entries.iter().map(|entry| size(&entry.value)).sum::<usize>(),
    }
}

fn not_yaml((line, column): (u32, u32), code: &'static str, message: String) -> NotYaml {
    NotYaml { line: Some(line), column: Some(column), code, message }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> (&'static str, Option<u32>) {
        let refused = parse(text).unwrap_err();
        (refused.code, refused.line)
    }

    #[test]
    fn every_node_knows_where_it_stands() {
        let root = parse("a: 1\nb:\n  - c: \"x > 1\"\n").unwrap();
        let Tree::Map(entries) = &root.value else { panic!("a map") };
        assert_eq!((entries[1].key.as_str(), entries[1].line), ("b", 2));
        let Tree::List(items) = &entries[1].value.value else { panic!("a list") };
        let Tree::Map(inner) = &items[0].value else { panic!("a map") };
        let Tree::Scalar(scalar) = &inner[0].value.value else { panic!("a scalar") };
        assert_eq!((inner[0].value.line, scalar.text_column, scalar.plain), (3, Some(9), false));
    }

    #[test]
    fn an_alias_stands_for_a_copy() {
        let root = parse("a: &x { by: spoc }\nb: *x\n").unwrap();
        let Tree::Map(entries) = &root.value else { panic!("a map") };
        let [first, second] = entries.as_slice() else { panic!("two entries") };
        let Tree::Map(copy) = &second.value.value else { panic!("a map") };
        assert_eq!((first.key.as_str(), second.key.as_str(), copy[0].key.as_str()), ("a", "b", "by"));
    }

    #[test]
    fn aliases_of_aliases_do_not_grow_without_bound() {
        let mut laughs = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n".to_owned();
        for level in 1..30 {
            let before = format!("*a{}, ", level - 1).repeat(9);
            laughs.push_str(&format!("a{level}: &a{level} [{before}]\n"));
        }
        assert_eq!(refusal(&laughs).0, "file-too-large");
    }

    #[test]
    fn hostile_files_are_refused_with_one_reason() {
        assert_eq!(refusal("a: [1, 2"), ("yaml-syntax", Some(1)));
        assert_eq!(refusal("a: !!str 1"), ("yaml-tag", Some(1)));
        assert_eq!(refusal("? [a]\n: 1"), ("yaml-key", Some(1)));
        assert_eq!(refusal("a: 1\n---\nb: 2"), ("second-document", Some(3)));
        assert_eq!(refusal(""), ("empty-file", None));
        assert_eq!(refusal(&format!("{}{}", "[".repeat(40), "]".repeat(40))), ("nested-too-deep", Some(1)));
        assert_eq!(refusal(&"a".repeat(MAX_BYTES + 1)), ("file-too-large", None));
    }
}
