//! Pages from templates: `templates/pages/**` with the parts of `templates/parts/**`, all of them parsed at the start.
//!
//! Parts take the option JSON of the GOV.UK and MoJ components, where what is absent is left out; so nothing is strict here,
//! unlike letters. Everything is escaped; what is already HTML is a part's `html` option, which only templates and this
//! program fill.

mod part_helpers;
mod words;
mod written_out;

pub use words::{choice, date_and_time, time_of_day};

use super::{Embedded, RenderError, TemplateFault};
use handlebars::{Context, Handlebars};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

const FOLDERS: [&str; 2] = ["pages/", "parts/"];

/// Every page and part there is.
#[derive(Default)]
pub(super) struct Pages {
    registry: Handlebars<'static>,
    /// The layout around a page, by the page's name.
    around: BTreeMap<String, String>,
}

impl Pages {
    /// Those this program was built with, and in their place or beside them those of `folder`.
    ///
    /// # Errors
    /// Every template that does not parse or cannot be read.
    pub(super) fn load(folder: Option<&Path>) -> Result<Self, Vec<TemplateFault>> {
        let mut files = embedded();
        if let Some(folder) = folder {
            for below in FOLDERS {
                // A force need not have pages of its own.
                let read = read_folder(folder, &folder.join(below), &mut files);
                read.map_err(|error| vec![TemplateFault { file: below.to_owned(), message: error.to_string() }])?;
            }
        }
        let around = written_out::write_out(&mut files);
        let (registry, faults) = registry(&files);
        if faults.is_empty() { Ok(Self { registry, around }) } else { Err(faults) }
    }

    /// A page's HTML.
    ///
    /// # Errors
    /// A page there is not, or a part that is handed what it cannot take.
    pub(super) fn render(&self, name: &str, context: Value) -> Result<String, RenderError> {
        let mut all = Context::null();
        *all.data_mut() = context;
        let render = |name: &str, all: &Context| {
            let rendered = self.registry.render_with_context(name, all);
            rendered.map_err(|source| RenderError { name: name.to_owned(), source })
        };
        let page = render(name, &all)?;
        let Some(layout) = self.around.get(name) else { return Ok(page) };
        let [above, below] = written_out::halves(layout);
        Ok([render(&above, &all)?, page, render(&below, &all)?].concat())
    }
}

/// Every part under its name below `templates/parts` (`govuk/button`), and nothing else: for tests of the parts themselves.
pub fn bare_registry() -> Handlebars<'static> {
    let parts = embedded().into_iter().filter(|(file, _)| file.starts_with("parts/"));
    registry(&parts.collect()).0
}

fn embedded() -> BTreeMap<String, String> {
    let ours = Embedded::iter().filter(|name| FOLDERS.iter().any(|folder| name.starts_with(folder)));
    let read = ours.filter_map(|name| {
        let file = Embedded::get(&name)?;
        Some((name.to_string(), String::from_utf8_lossy(&file.data).into_owned()))
    });
    read.collect()
}

fn read_folder(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else if path.extension().is_some_and(|end| end == "hbs")
            && let Ok(name) = path.strip_prefix(root)
        {
            files.insert(name.to_string_lossy().into_owned(), fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

fn registry(files: &BTreeMap<String, String>) -> (Handlebars<'static>, Vec<TemplateFault>) {
    let mut registry = Handlebars::new();
    registry.set_prevent_indent(true);
    registry.register_escape_fn(part_helpers::escape);
    part_helpers::register(&mut registry);
    words::register(&mut registry);
    let mut faults = Vec::new();
    for (file, template) in files {
        let name = file.trim_end_matches(".hbs");
        let name = name.strip_prefix("parts/").unwrap_or(name);
        if let Err(error) = registry.register_template_string(name, template) {
            faults.push(TemplateFault { file: file.clone(), message: error.to_string() });
        }
    }
    (registry, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_and_part_parses() {
        let faults = Pages::load(None).err().unwrap_or_default();
        assert!(faults.is_empty(), "{faults:?}");
    }

    /// A template that names no part there is would only fail when it is shown.
    #[test]
    fn every_part_that_a_template_names_is_there() {
        let files = embedded();
        let registry = registry(&files).0;
        let mut missing = Vec::new();
        for (file, template) in &files {
            for opening in ["{{> ", "{{#> "] {
                for rest in template.split(opening).skip(1) {
                    let name = rest.split([' ', '}', '\n']).next().unwrap_or_default();
                    let inline = template.contains(&format!("{{{{#*inline \"{name}\"}}}}"));
                    let slot = file.starts_with("parts/") && !name.contains('/');
                    if !name.starts_with(['(', '@']) && !inline && !slot && !registry.has_template(name) {
                        missing.push(format!("{file}: {name}"));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }

    /// A field of a page that is called like a helper would call it, and show nothing.
    #[test]
    fn no_template_names_a_field_like_a_helper() {
        let mut found = Vec::new();
        for (file, template) in embedded() {
            for name in part_helpers::names().chain(["date", "datetime", "choice", "plural"]) {
                found.extend(template.contains(&format!("{{{{{name}}}}}")).then(|| format!("{file}: {name}")));
            }
        }
        assert!(found.is_empty(), "{found:?}");
    }

    /// What the content security policy forbids, or would be done behind the reader's back.
    #[test]
    fn no_template_has_styles_or_scripts_of_its_own() {
        let forbidden =
            [" style=\"", "<style", "<script>", " onclick=", " onload=", "hx-on", "hx-live", "js:", "hx-boost"];
        let mut found = Vec::new();
        for (file, template) in embedded() {
            found.extend(forbidden.iter().filter(|bad| template.contains(**bad)).map(|bad| format!("{file}: {bad}")));
        }
        assert!(found.is_empty(), "{found:?}");
    }
}
