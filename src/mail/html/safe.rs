//! HTML that may be shown: no script, no style that covers the page, nothing fetched from elsewhere.

use super::text::to_text;
use super::tokens::{Token, tokens};
use ammonia::{Builder, UrlRelative};
use std::{collections::HashSet, sync::LazyLock};

/// Longer HTML is shown as text.
const MOST_HTML: usize = 2 * 1024 * 1024;
/// A tree builder copies every formatting element left open into every paragraph that follows, and compares each
/// attribute of a tag with all others: beyond these, a small mail could cost minutes and gigabytes.
const MOST_OPEN: usize = 400;
const MOST_OPEN_FORMATS: usize = 60;
const MOST_ATTRIBUTES: usize = 200;

const FORMATS: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements that hold nothing, or that the next of their kind closes.
const NOT_NESTING: [&str; 22] = [
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "area", "base", "br", "col", "embed", "hr", "img",
    "input", "link", "meta", "source", "track", "wbr",
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

fn is_reasonable(html: &str) -> bool {
    let (mut open, mut formats) = (0usize, 0usize);
    for token in tokens(html) {
        match token {
            Token::Text(_) => {}
            Token::Open(tag) => {
                let is_format = is_one_of(tag.name, &FORMATS);
                formats += usize::from(is_format);
                open += usize::from(!is_format && !is_one_of(tag.name, &NOT_NESTING));
                if formats > MOST_OPEN_FORMATS || open > MOST_OPEN || attributes(tag.attributes) > MOST_ATTRIBUTES {
                    return false;
                }
            }
            Token::Close(name) if is_one_of(name, &FORMATS) => formats = formats.saturating_sub(1),
            Token::Close(_) => open = open.saturating_sub(1),
        }
    }
    true
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// At least as many as there are: every attribute is preceded by a blank, a slash or a quote.
fn attributes(text: &str) -> usize {
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
    fn html_built_to_exhaust_a_tree_builder_is_shown_as_text() {
        let copies: String = (0..5_000).map(|n| format!("<b a{n}=1>")).collect::<String>() + &"<p>x".repeat(20_000);
        let deep = "<div>".repeat(100_000) + "words";
        let attributes = format!("<p {}>words</p>", "a=1 ".repeat(100_000));
        for html in [copies, deep, attributes] {
            let started = Instant::now();
            assert!(safe_html(&html).starts_with("<pre>"));
            assert!(started.elapsed() < Duration::from_secs(4));
        }
    }
}
