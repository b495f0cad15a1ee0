//! HTML as a flat run of tags and text, in one pass. No tree, so no nesting can make it slow.

/// One piece of the source, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text with its entities still encoded.
    Text(&'a str),
    Open(Tag<'a>),
    /// The name as written.
    Close(&'a str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    /// Everything between the name and the closing bracket.
    pub(super) attributes: &'a str,
}

pub(super) struct Tokens<'a> {
    rest: &'a str,
}

pub(super) fn tokens(html: &str) -> Tokens<'_> {
    Tokens { rest: html }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while !self.rest.is_empty() {
            let text_length = match self.rest.strip_prefix('<') {
                None => self.rest.find('<').unwrap_or(self.rest.len()),
                Some(after) => match self.markup(after) {
                    Markup::Token(token) => return Some(token),
                    Markup::Nothing => continue,
                    // A bracket that opens nothing is text, up to the next one.
                    Markup::Text => after.find('<').map_or(self.rest.len(), |at| at + 1),
                    Markup::NeverEnds => self.rest.len(),
                },
            };
            return Some(Token::Text(self.take(text_length)));
        }
        None
    }
}

enum Markup<'a> {
    Token(Token<'a>),
    Nothing,
    Text,
    NeverEnds,
}

impl<'a> Tokens<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Reads what follows a `<`.
    fn markup(&mut self, after: &'a str) -> Markup<'a> {
        if let Some(comment) = after.strip_prefix("!--") {
            self.rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            return Markup::Nothing;
        }
        if after.starts_with(['!', '?']) {
            self.rest = after.split_once('>').map_or("", |(_, rest)| rest);
            return Markup::Nothing;
        }
        let (closing, named) = match after.strip_prefix('/') {
            Some(named) => (true, named),
            None => (false, after),
        };
        if !named.starts_with(|character: char| character.is_ascii_alphabetic()) {
            return Markup::Text;
        }
        let Some(end) = end_of_tag(named) else { return Markup::NeverEnds };
        let (inside, rest) = named.split_at_checked(end).unwrap_or((named, ""));
        self.rest = rest.strip_prefix('>').unwrap_or(rest);
        let name_length = inside.find(|character: char| character.is_ascii_whitespace() || character == '/');
        let (name, attributes) = inside.split_at_checked(name_length.unwrap_or(inside.len())).unwrap_or((inside, ""));
        if closing {
            return Markup::Token(Token::Close(name));
        }
        if is_raw(name) {
            self.skip_raw(name);
        }
        Markup::Token(Token::Open(Tag { name, attributes }))
    }

    /// Steps over the content of a script and its like, to its closing tag or the end.
    fn skip_raw(&mut self, name: &str) {
        while let Some(at) = self.rest.find("</") {
            self.take(at);
            let named = self.rest.get(2..2 + name.len());
            if named.is_some_and(|named| named.eq_ignore_ascii_case(name)) {
                return;
            }
            self.take(2);
        }
        self.rest = "";
    }
}

fn is_raw(name: &str) -> bool {
    ["script", "style", "title", "xmp", "noembed"].iter().any(|raw| raw.eq_ignore_ascii_case(name))
}

/// The `>` that ends a tag: not one inside a quoted value.
fn end_of_tag(tag: &str) -> Option<usize> {
    let bytes = tag.as_bytes();
    let mut at = 0;
    let mut after_equals = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return Some(at),
            b'=' => after_equals = true,
            b'"' | b'\'' if after_equals => {
                at += 1 + memchr::memchr(*byte, bytes.get(at + 1..)?)?;
                at += 1;
                after_equals = false;
                continue;
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => after_equals = false,
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_texts_and_comments_come_apart() {
        let found: Vec<_> = tokens("a<b title='x>y'>c</B><!-- <i> --><br/>1 < 2").collect();
        let tag = |name, attributes| Token::Open(Tag { name, attributes });
        let expected = [
            Token::Text("a"),
            tag("b", " title='x>y'"),
            Token::Text("c"),
            Token::Close("B"),
            tag("br", "/"),
            Token::Text("1 "),
            Token::Text("< 2"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_tag_that_never_ends_is_text() {
        assert_eq!(tokens("x<a href=\"y").last(), Some(Token::Text("<a href=\"y")));
    }
}
