//! YAML text as a tree in which every node knows its line and column.
//!
//! Anchors, aliases, tags, directives and second documents are refused: a policy file must read the same to a person
//! as to the program. Size and nesting are bounded, so that no file can exhaust the reader.

use granit_parser::{Event, Parser, ScalarStyle, Span};

/// 1 MiB: a policy file is a few pages.
pub(crate) const MAX_BYTES: usize = 1 << 20;
pub(crate) const MAX_DEPTH: usize = 32;

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) value: Tree,
}

#[derive(Debug)]
pub(crate) enum Tree {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Debug)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    /// Quoted or block text is always text; plain text may be a number or `null`.
    pub(crate) plain: bool,
    /// The column at which the text itself starts, where it stands on one line just as it is read.
    pub(crate) text_column: Option<u32>,
}

#[derive(Debug)]
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
    let mut builder = Builder { source: text, open: Vec::new(), root: None };
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
enum Open {
    List { at: (u32, u32), items: Vec<Node> },
    Map { at: (u32, u32), entries: Vec<Entry>, key: Option<(String, u32, u32)> },
}

struct Builder<'s> {
    source: &'s str,
    open: Vec<Open>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), NotYaml> {
        let at = (number(span.start.line()), number(span.start.col()).saturating_add(1));
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                refuse_anchor_or_tag(at, anchor, tag.is_some())?;
                self.scalar(at, text.into_owned(), style, span)
            }
            Event::SequenceStart(_, anchor, tag) => {
                refuse_anchor_or_tag(at, anchor, tag.is_some())?;
                self.push(at, Open::List { at, items: Vec::new() })
            }
            Event::MappingStart(_, anchor, tag) => {
                refuse_anchor_or_tag(at, anchor, tag.is_some())?;
                self.push(at, Open::Map { at, entries: Vec::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(at),
            Event::Alias(_) => refuse_anchor_or_tag(at, 1, false),
            _ => Ok(()),
        }
    }

    fn push(&mut self, at: (u32, u32), collection: Open) -> Result<(), NotYaml> {
        if self.open.len() >= MAX_DEPTH {
            return Err(not_yaml(at, "nested-too-deep", format!("the file nests more than {MAX_DEPTH} levels deep")));
        }
        if let Some(Open::Map { key: None, .. }) = self.open.last() {
            return Err(not_yaml(at, "yaml-key", "a key has to be plain text".to_owned()));
        }
        self.open.push(collection);
        Ok(())
    }

    fn close(&mut self, at: (u32, u32)) -> Result<(), NotYaml> {
        let node = match self.open.pop() {
            Some(Open::List { at: (line, column), items }) => Node { line, column, value: Tree::List(items) },
            Some(Open::Map { at: (line, column), entries, .. }) => Node { line, column, value: Tree::Map(entries) },
            None => return Ok(()),
        };
        self.settle(at, node)
    }

    fn scalar(&mut self, at: (u32, u32), text: String, style: ScalarStyle, span: Span) -> Result<(), NotYaml> {
        let (line, column) = at;
        if let Some(Open::Map { key: key @ None, .. }) = self.open.last_mut() {
            *key = Some((text, line, column));
            return Ok(());
        }
        let plain = style == ScalarStyle::Plain;
        let written = span.slice(self.source).unwrap_or_default();
        let text_column = match written.find(text.as_str()) {
            Some(offset) if offset <= 1 && !text.contains('\n') => Some(column.saturating_add(number(offset))),
            Some(_) | None => None,
        };
        self.settle(at, Node { line, column, value: Tree::Scalar(Scalar { text, plain, text_column }) })
    }

    /// Puts a finished node where it belongs.
    fn settle(&mut self, at: (u32, u32), node: Node) -> Result<(), NotYaml> {
        match self.open.last_mut() {
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => {
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

fn refuse_anchor_or_tag(at: (u32, u32), anchor: usize, tagged: bool) -> Result<(), NotYaml> {
    if anchor != 0 {
        return Err(not_yaml(at, "yaml-alias", "anchors and aliases (`&`, `*`) are not used here; write it out".into()));
    }
    if tagged {
        return Err(not_yaml(at, "yaml-tag", "tags (`!`) are not used here".to_owned()));
    }
    Ok(())
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
    fn hostile_files_are_refused_with_one_reason() {
        assert_eq!(refusal("a: [1, 2"), ("yaml-syntax", Some(1)));
        assert_eq!(refusal("a: &x [1]\nb: *x"), ("yaml-alias", Some(1)));
        assert_eq!(refusal("a: !!str 1"), ("yaml-tag", Some(1)));
        assert_eq!(refusal("? [a]\n: 1"), ("yaml-key", Some(1)));
        assert_eq!(refusal("a: 1\n---\nb: 2"), ("second-document", Some(3)));
        assert_eq!(refusal(""), ("empty-file", None));
        assert_eq!(refusal(&"[".repeat(40)), ("nested-too-deep", Some(1)));
        assert_eq!(refusal(&"a".repeat(MAX_BYTES + 1)), ("file-too-large", None));
    }
}
