//! Templates as they are rendered: the layout apart from the page inside it, and parts that are handed everything written
//! into whatever names them.
//!
//! Handlebars copies the data that a part is handed, and everything that is looked up inside one. A page that stood inside
//! its layout was looked up in copies throughout, which took more than all the rest of showing it. What is written is the
//! same either way.

use regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Where the page stands in its layout.
const PLACE: &str = "{{> @partial-block}}";
/// No part is written out inside another deeper than this: one that names itself is left to be refused.
const DEEPEST: usize = 8;

/// The two halves of a layout.
pub(super) fn halves(layout: &str) -> [String; 2] {
    [format!("{layout}/above"), format!("{layout}/below")]
}

/// Changes the templates, by file, and answers the layout of each page that has one, by the page's name.
pub(super) fn write_out(files: &mut BTreeMap<String, String>) -> BTreeMap<String, String> {
    for _time in 0..DEEPEST {
        let before = files.clone();
        for text in files.values_mut() {
            *text = with_parts(text, &before);
        }
        if *files == before {
            break;
        }
    }
    let layouts: Vec<(String, String)> = files
        .iter()
        .filter(|(file, text)| file.starts_with("parts/layout") && text.contains(PLACE))
        .map(|(file, text)| (name_of(file).to_owned(), text.clone()))
        .collect();
    let mut around = BTreeMap::new();
    for (layout, text) in layouts {
        let (opening, closing) = (format!("{{{{#> {layout}}}}}"), format!("{{{{/{layout}}}}}"));
        for (file, page) in files.iter_mut().filter(|(file, _)| file.starts_with("pages/")) {
            let inside = page.trim().strip_prefix(&opening).and_then(|rest| rest.strip_suffix(&closing));
            if let Some(inside) = inside.map(str::to_owned) {
                *page = inside;
                around.insert(file.trim_end_matches(".hbs").to_owned(), layout.clone());
            }
        }
        let (above, below) = text.split_once(PLACE).unwrap_or((&text, ""));
        for (half, text) in halves(&layout).into_iter().zip([above, below]) {
            files.insert(format!("parts/{half}.hbs"), text.to_owned());
        }
    }
    around
}

/// A template with each part in it that is handed all there is.
fn with_parts(text: &str, files: &BTreeMap<String, String>) -> String {
    static HANDED_ALL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\{\{> ([a-z/-]+)(?: this)?\}\}").ok());
    let Some(handed_all) = &*HANDED_ALL else { return text.to_owned() };
    let written = handed_all.replace_all(text, |named: &Captures| {
        let part = files.get(&format!("parts/{}.hbs", &named[1])).filter(|part| !part.contains(PLACE));
        part.map_or_else(|| named[0].to_owned(), |part| part.trim_end().to_owned())
    });
    written.into_owned()
}

fn name_of(file: &str) -> &str {
    file.trim_start_matches("parts/").trim_end_matches(".hbs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_handed_everything_is_written_out_and_the_layout_stands_apart() {
        let mut files = BTreeMap::from(
            [
                ("pages/a.hbs", "{{#> layout}}\n<p>{{> app/b this}}{{> app/c (object x=1)}}</p>\n{{/layout}}\n"),
                ("parts/app/b.hbs", "{{> d}}!\n"),
                ("parts/d.hbs", "{{name}}"),
                ("parts/layout.hbs", "<main>{{> @partial-block}}</main>"),
            ]
            .map(|(file, text)| (file.to_owned(), text.to_owned())),
        );
        let around = write_out(&mut files);
        assert_eq!(around.get("pages/a").map(String::as_str), Some("layout"));
        assert_eq!(files["pages/a.hbs"], "\n<p>{{name}}!{{> app/c (object x=1)}}</p>\n");
        assert_eq!((&*files["parts/layout/above.hbs"], &*files["parts/layout/below.hbs"]), ("<main>", "</main>"));
    }
}
