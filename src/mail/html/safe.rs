//! HTML that may be shown: no script, no style that covers the page, nothing fetched from elsewhere.

use super::text::to_text;
use ammonia::{Builder, UrlRelative};
use std::{collections::HashSet, sync::LazyLock};

/// Longer HTML is shown as text.
const MOST_HTML: usize = 512 * 1024;
/// A tree builder searches all open elements for many a tag, copies every formatting element left open into every
/// paragraph that follows, and compares each attribute of a tag with all others: beyond these, a small mail could cost
/// minutes and gigabytes.
const DEEPEST: usize = 250;
const MOST_TAGS: usize = 15_000;
const MOST_OPEN_FORMATS: usize = 40;
const MOST_ATTRIBUTES: usize = 200;

const FORMATS: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

const TABLE: [&str; 8] = ["table", "caption", "tbody", "thead", "tfoot", "tr", "td", "th"];
const TABLE_WALLS: [&str; 3] = ["table", "template", "html"];
const WALLS: [&str; 17] = [
    "applet",
    "caption",
    "html",
    "table",
    "td",
    "th",
    "marquee",
    "object",
    "template",
    "svg",
    "math",
    "foreignobject",
    "desc",
    "title",
    "mi",
    "select",
    "button",
];

static POLICY: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut policy = Builder::default();
    policy
        // Pictures, even our own attachments, are shown beside the mail: an address in an `src` is a tracking pixel.
        .rm_tags(["img", "map", "area"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow noreferrer noopener"))
        .rm_generic_attributes(["title", "lang"])
        .strip_comments(true);
    policy
});

/// Sanitised HTML. HTML made to exhaust its reader comes back as plain text in a `<pre>`.
pub fn safe_html(html: &str) -> String {
    if html.len() <= MOST_HTML && is_reasonable(html) {
        return POLICY.clean(html).to_string();
    }
    format!("<pre>{}</pre>", ammonia::clean_text(&to_text(html)))
}

/// Looks at everything that could be a tag to anybody, even in comments, scripts and attributes: where exactly those end
/// is what hostile HTML plays with.
fn is_reasonable(html: &str) -> bool {
    let mut open = Open::default();
    for (n, piece) in pieces(html).enumerate() {
        let (closing, named) = piece.strip_prefix('/').map_or((false, piece), |named| (true, named));
        let end = named.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(named.len());
        let (name, rest) = named.split_at_checked(end).unwrap_or((named, ""));
        if name.is_empty() {
            continue;
        }
        if closing {
            open.close(name)
        } else {
            open.begin(name)
        }
        let attributes = rest.split('>').next().map_or(0, attributes);
        let many = open.elements.len() > DEEPEST || open.formats.len() > MOST_OPEN_FORMATS;
        if many || attributes > MOST_ATTRIBUTES || n > MOST_TAGS {
            return false;
        }
    }
    true
}

/// What stands between one `<` and the next.
fn pieces(html: &str) -> impl Iterator<Item = &str> {
    let mut from = memchr::memchr(b'<', html.as_bytes()).map(|at| at + 1);
    std::iter::from_fn(move || {
        let rest = html.get(from?..)?;
        let length = memchr::memchr(b'<', rest.as_bytes());
        from = length.and_then(|length| Some(from? + length + 1));
        rest.get(..length.unwrap_or(rest.len()))
    })
}

/// What a tree builder may have open, counted rather too high than too low.
#[derive(Default)]
struct Open<'a> {
    elements: Vec<&'a str>,
    formats: Vec<&'a str>,
    /// A drawing or a formula was begun: in there, nothing ends by itself.
    in_another_world: bool,
}

impl<'a> Open<'a> {
    fn begin(&mut self, name: &'a str) {
        if is_one_of(name, &VOID) {
            return;
        }
        if is_one_of(name, &FORMATS) {
            return self.formats.push(name);
        }
        self.in_another_world |= is_one_of(name, &["svg", "math"]);
        let ended = if self.in_another_world { &[] } else { closed_by(name) };
        while self.elements.last().is_some_and(|last| is_one_of(last, ended)) {
            self.elements.pop();
        }
        self.elements.push(name);
    }

    /// A closing tag reaches no further than the table or the other world it stands in.
    fn close(&mut self, name: &str) {
        let same = |known: &&str| known.eq_ignore_ascii_case(name);
        if is_one_of(name, &FORMATS) {
            if let Some(at) = self.formats.iter().rposition(same) {
                self.formats.remove(at);
            }
            return;
        }
        let walls: &[&str] = if is_one_of(name, &TABLE) { &TABLE_WALLS } else { &WALLS };
        let reach = self.elements.iter().rev().position(|known| same(known) || is_one_of(known, walls));
        let at = reach.map(|reach| self.elements.len() - 1 - reach);
        if let Some(at) = at.filter(|at| self.elements.get(*at).is_some_and(same)) {
            self.elements.truncate(at);
        }
    }
}

/// The elements that the beginning of this one ends, as HTML lets writers leave out.
fn closed_by(name: &str) -> &'static [&'static str] {
    match name.to_ascii_lowercase().as_str() {
        "p" | "div" | "ul" | "ol" | "table" | "h1" | "h2" | "h3" | "h4" | "hr" => &["p"],
        "li" => &["li", "p"],
        "dt" | "dd" => &["dt", "dd", "p"],
        "td" | "th" => &["td", "th", "p"],
        "tr" => &["tr", "td", "th", "p"],
        "option" => &["option"],
        _ => &[],
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// At least as many as there are: every attribute is preceded by a blank, a slash or a quote.
fn attributes(text: &str) -> usize {
    if text.len() <= MOST_ATTRIBUTES {
        return text.len(); // each takes a byte
    }
    let (mut count, mut quote) = (0, None);
    for byte in text.bytes() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                count += 1;
            }
            (None, b'/') => count += 1,
            (None, _) if byte.is_ascii_whitespace() => count += 1,
            (None, _) => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn nothing_runs_and_nothing_is_fetched() {
        let hostile = "<img src=http://x/p.gif><script>alert(1)</script><a href=\"javascript:x\" onclick=y>t</a>\
            <p style=\"background:url(http://x)\">words</p><iframe src=//x></iframe><form action=//x>f</form>";
        let safe = safe_html(hostile);
        for bad in ["<img", "script", "onclick", "url(", "iframe", "<form", "//x"] {
            assert!(!safe.contains(bad), "{bad} in {safe}");
        }
        assert!(safe.contains("words") && safe.contains('t'));
    }

    #[test]
    fn links_stay_and_say_nothing_about_us() {
        let safe = safe_html("<a href=\"https://example.org/x\">there</a>");
        assert_eq!(safe, "<a href=\"https://example.org/x\" rel=\"nofollow noreferrer noopener\">there</a>");
    }

    #[test]
    fn old_html_that_closes_nothing_is_still_html() {
        let table = format!("<table>{}</table>", "<tr><td>one<td>two".repeat(500));
        let list = format!("<ul>{}</ul>{}", "<li>one<p>two".repeat(500), "<p>three".repeat(500));
        assert!(safe_html(&table).starts_with("<table>"));
        assert!(safe_html(&list).starts_with("<ul>"));
    }

    #[test]
    fn html_built_to_exhaust_a_tree_builder_is_shown_as_text() {
        let copies: String = (0..5_000).map(|n| format!("<b a{n}=1>")).collect::<String>() + &"<p>x".repeat(20_000);
        let deep = "<div>".repeat(100_000) + "words";
        let attributes = format!("<p {}>words</p>", "a=1 ".repeat(100_000));
        let unclosed = "<td><li><p><dd>".repeat(20_000);
        for html in [copies, deep, attributes, unclosed] {
            let started = Instant::now();
            assert!(safe_html(&html).starts_with("<pre>"));
            assert!(started.elapsed() < Duration::from_secs(4));
        }
    }
}
