//! HTML to the words a reader would see, with quoted blocks marked by `> ` as in plain mail.

use super::tokens::{Token, tokens};
use mail_parser::decoders::html::add_html_token;

/// Deeper quotes are marked no deeper: a mark a line must stay small.
const DEEPEST_QUOTE: usize = 10;

/// The words of `html`. Linear in its length; what is no HTML comes back as it is.
pub fn to_text(html: &str) -> String {
    let mut page = Page { text: String::with_capacity(html.len() / 2), ..Page::default() };
    for token in tokens(html) {
        match token {
            Token::Text(_) if page.hidden > 0 => {}
            Token::Text(text) if text.contains('&') => page.words(&decode_entities(text)),
            Token::Text(text) => page.words(text),
            Token::Open(tag) => page.open(&tag.name.to_ascii_lowercase()),
            Token::Close(name) => page.close(&name.to_ascii_lowercase()),
        }
    }
    page.text.truncate(page.text.trim_end().len());
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    /// How many elements that are never shown are open.
    hidden: usize,
    preformatted: usize,
    quotes: usize,
    /// A blank is owed before the next word.
    blank: bool,
    /// Line breaks owed before the next word.
    breaks: usize,
}

impl Page {
    fn words(&mut self, text: &str) {
        if self.preformatted > 0 {
            for (n, line) in text.split('\n').enumerate() {
                if n > 0 {
                    self.breaks += 1;
                }
                if !line.trim().is_empty() {
                    self.settle();
                    self.text.push_str(line.trim_end_matches('\r'));
                }
            }
            return;
        }
        if text.starts_with(is_blank) {
            self.blank = true;
        }
        for word in text.split(is_blank).filter(|word| !word.is_empty()) {
            self.settle();
            self.text.push_str(word);
            self.blank = true;
        }
        if !text.ends_with(is_blank) && !text.is_empty() {
            self.blank = false;
        }
    }

    /// Writes the breaks or the blank that are owed.
    fn settle(&mut self) {
        if self.breaks > 0 || self.text.is_empty() {
            let mark = ">".repeat(self.quotes.min(DEEPEST_QUOTE));
            for n in 0..self.breaks {
                if !self.text.is_empty() {
                    self.text.push('\n');
                    if n + 1 < self.breaks {
                        self.text.push_str(&mark);
                    }
                }
            }
            self.text.push_str(&mark);
            if !mark.is_empty() {
                self.text.push(' ');
            }
        } else if self.blank {
            self.text.push(' ');
        }
        self.breaks = 0;
        self.blank = false;
    }

    fn at_least(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
    }

    fn open(&mut self, name: &str) {
        match name {
            "head" | "template" => self.hidden += 1,
            // A body ends a head that was never closed.
            "body" => self.hidden = 0,
            "br" => self.breaks = (self.breaks + 1).min(3),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.at_least(2),
            "blockquote" => {
                self.at_least(1);
                self.settle_before_quote();
                self.quotes += 1;
            }
            "li" => {
                self.at_least(1);
                self.words("- ");
            }
            "td" | "th" => self.blank = true,
            "pre" => {
                self.at_least(1);
                self.preformatted += 1;
            }
            "hr" => {
                self.at_least(1);
                self.words("________________________________");
                self.at_least(1);
            }
            _ if is_block(name) => self.at_least(1),
            _ => {}
        }
    }

    /// Breaks owed from outside a quote are written before the mark deepens.
    fn settle_before_quote(&mut self) {
        while self.breaks > 1 && !self.text.is_empty() {
            self.text.push('\n');
            self.breaks -= 1;
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "head" | "template" => self.hidden = self.hidden.saturating_sub(1),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.at_least(2),
            "blockquote" => {
                self.quotes = self.quotes.saturating_sub(1);
                self.at_least(1);
            }
            "pre" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.at_least(1);
            }
            _ if is_block(name) => self.at_least(1),
            _ => {}
        }
    }
}

fn is_blank(character: char) -> bool {
    character.is_ascii_whitespace() || character == '\u{a0}'
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "tr"
            | "table"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "aside"
            | "nav"
            | "form"
            | "fieldset"
            | "address"
            | "center"
            | "figure"
            | "caption"
            | "body"
    )
}

/// `&amp;`, `&#233;`, `&#x2013;`; what is no entity stays.
pub(super) fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.bytes().take(33).position(|byte| byte == b';');
        let entity = end.and_then(|end| after.get(..end)).filter(|entity| is_entity(entity));
        match entity {
            Some(entity) => {
                push_entity(entity, &mut out);
                rest = after.get(entity.len() + 1..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn is_entity(text: &str) -> bool {
    !text.is_empty() && text.strip_prefix('#').unwrap_or(text).bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn push_entity(entity: &str, out: &mut String) {
    let number = entity.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    });
    match number {
        // 128–159 mean the Windows characters, as every browser reads them.
        Some(code @ 128..=159) => {
            let byte = [u8::try_from(code).unwrap_or(b'?')];
            out.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0);
        }
        Some(0) => out.push(char::REPLACEMENT_CHARACTER),
        Some(code) => out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
        None => add_html_token(out, format!("&{entity};").as_bytes(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_break_lines_and_blanks_collapse() {
        assert_eq!(to_text("<p>One\n two</p><p>three<br>four</p>"), "One two\n\nthree\nfour");
        assert_eq!(to_text("<div>a</div><div>b</div>"), "a\nb");
        assert_eq!(to_text("a<b>b</b> c&nbsp;&nbsp;d"), "ab c d");
        assert_eq!(to_text("<ul><li>x<li>y</ul>"), "- x\n- y");
    }

    #[test]
    fn scripts_styles_and_heads_are_not_words() {
        let html = "<html><head><title>t</title><style>p{}</style></head><body>x<script>1<2</script>y</body>";
        assert_eq!(to_text(html), "xy");
    }

    #[test]
    fn quoted_blocks_are_marked_line_by_line() {
        assert_eq!(
            to_text("<p>new</p><blockquote>old<br><blockquote>older</blockquote></blockquote>after"),
            "new\n\n> old\n>> older\nafter"
        );
    }

    #[test]
    fn entities_become_characters() {
        assert_eq!(to_text("&lt;b&gt; &eacute;&#233;&#xe9; &#150; &nosuch; AT&T &"), "<b> ééé – &nosuch; AT&T &");
    }

    #[test]
    fn preformatted_text_keeps_its_lines() {
        assert_eq!(to_text("<pre>a  b\n c</pre>d"), "a  b\n c\nd");
    }
}
