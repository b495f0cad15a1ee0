//! HTML to the words a reader would see, with quoted blocks marked by `> ` as in plain mail, and what mail programs
//! say with elements of theirs about lines of it.

use super::programs::{Element, element, is_citation};
use super::tokens::{Tag, Token, tokens};
use crate::domain::correspondence::{Hint, HintRole};
use mail_parser::decoders::html::add_html_token;

/// Deeper quotes are marked no deeper: a mark a line must stay small.
const DEEPEST_QUOTE: usize = 10;

/// More hints are not taken: one mail seldom holds ten others.
const MOST_HINTS: usize = 50;

/// The words of `html`. Linear in its length; what is no HTML comes back as it is.
pub fn to_text(html: &str) -> String {
    read(html).0
}

/// The words, and what is said about lines of them, counted from 0.
pub(in crate::mail) fn read(html: &str) -> (String, Vec<Hint>) {
    let mut page = Page { text: String::with_capacity(html.len() / 2), ..Page::default() };
    for token in tokens(html) {
        match token {
            Token::Text(_) if page.hidden > 0 => {}
            Token::Text(text) if text.contains('&') => page.words(&decode_entities(text)),
            Token::Text(text) => page.words(text),
            Token::Open(tag) => page.open(&tag.name.to_ascii_lowercase(), tag),
            Token::Close(name) => page.close(&name.to_ascii_lowercase()),
        }
    }
    page.text.truncate(page.text.trim_end().len());
    page.stretches.extend(page.open_stretches.drain(..).map(|(_, stretch)| stretch));
    let hints = page.stretches.iter().filter_map(|stretch| stretch.hint(&page.text)).collect();
    (page.text, hints)
}

/// From where to where in the text an element reaches, in bytes.
struct Stretch {
    from: usize,
    /// `None`: it was never closed.
    to: Option<usize>,
    role: HintRole,
}

impl Stretch {
    fn hint(&self, text: &str) -> Option<Hint> {
        let inside = text.get(self.from..self.to.unwrap_or(text.len()))?;
        let first_word = inside.find(|character: char| !character.is_whitespace() && character != '>')?;
        let lines = |to: usize| text.get(..to).map_or(0, |before| before.bytes().filter(|byte| *byte == b'\n').count());
        let (first, last) = (lines(self.from + first_word), lines(self.from + inside.trim_end().len()));
        Some(Hint { first, last, role: self.role })
    }
}

#[derive(Default)]
struct Page {
    text: String,
    /// How many elements that are never shown are open.
    hidden: usize,
    preformatted: usize,
    quotes: usize,
    /// Of each block quote that is open: whether it is a citation. Deeper ones all are.
    block_quotes: Vec<bool>,
    /// How many `div` are open.
    divs: usize,
    /// The depth at which each was opened.
    open_stretches: Vec<(usize, Stretch)>,
    stretches: Vec<Stretch>,
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

    fn open(&mut self, name: &str, tag: Tag<'_>) {
        if name == "div" {
            self.divs += 1;
            self.begin_stretch(tag);
        }
        match name {
            "head" | "template" => self.hidden += 1,
            // A body ends a head that was never closed.
            "body" => self.hidden = 0,
            "br" => self.breaks = (self.breaks + 1).min(3),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.at_least(2),
            "blockquote" => {
                self.at_least(1);
                let citation = self.block_quotes.len() >= DEEPEST_QUOTE || is_citation(tag);
                if self.block_quotes.len() < DEEPEST_QUOTE {
                    self.block_quotes.push(citation);
                }
                if citation {
                    self.settle_before_quote();
                    self.quotes += 1;
                }
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

    fn begin_stretch(&mut self, tag: Tag<'_>) {
        let role = match element(tag) {
            Element::Attribution => HintRole::Attribution,
            Element::Head => HintRole::Head,
            Element::Forwarded => HintRole::Forwarded,
            Element::Other => return,
        };
        if self.stretches.len() + self.open_stretches.len() < MOST_HINTS {
            self.open_stretches.push((self.divs, Stretch { from: self.text.len(), to: None, role }));
        }
    }

    fn end_stretch(&mut self) {
        while self.open_stretches.last().is_some_and(|(depth, _)| *depth >= self.divs) {
            if let Some((_, stretch)) = self.open_stretches.pop() {
                self.stretches.push(Stretch { to: Some(self.text.len()), ..stretch });
            }
        }
        self.divs = self.divs.saturating_sub(1);
    }

    fn close(&mut self, name: &str) {
        if name == "div" {
            self.end_stretch();
        }
        match name {
            "head" | "template" => self.hidden = self.hidden.saturating_sub(1),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.at_least(2),
            "blockquote" => {
                // Only as many are remembered as are marked; of more, the outer ones are closed too early, as one.
                if self.block_quotes.pop().unwrap_or(true) {
                    self.quotes = self.quotes.saturating_sub(1);
                }
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
    fn a_block_that_is_only_moved_in_is_no_quote() {
        let indented =
            "<p>I said:</p><blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">my own words</blockquote>";
        assert_eq!(to_text(indented), "I said:\n\nmy own words");
        let cited = "<blockquote class=gmail_quote style=\"border:none\">old</blockquote><blockquote type=cite>older</blockquote>";
        assert_eq!(to_text(cited), "> old\n> older");
        let both = "<blockquote type=cite>a<blockquote style='border:none'>b</blockquote>c</blockquote>d";
        assert_eq!(to_text(both), "> a\n> b\n> c\nd");
    }

    #[test]
    fn what_programs_say_about_lines_is_told() {
        let html = "<div>Yes.</div><div class=\"moz-cite-prefix\">Kirjutas keegi<br>eile:</div>\
            <blockquote>old</blockquote><div><div id='x_divRplyFwdMsg'><b>A:</b> b<br>\nC: d</div></div>";
        let hint = |first, last, role| Hint { first, last, role };
        let (text, hints) = read(html);
        assert_eq!(text, "Yes.\nKirjutas keegi\neile:\n> old\nA: b\nC: d");
        assert_eq!(hints, [hint(1, 2, HintRole::Attribution), hint(4, 5, HintRole::Head)]);
        let (_, unclosed) = read("a<div class=moz-forward-container>b<p>c");
        assert_eq!(unclosed, [hint(1, 3, HintRole::Forwarded)]);
        assert!(read("<div class=gmail_attr></div>x").1.is_empty());
        assert_eq!(read(&"<div class=gmail_attr>x".repeat(1_000)).1.len(), MOST_HINTS);
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
