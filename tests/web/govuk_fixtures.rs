//! The parts of a page write what the components of the GOV.UK and Ministry of Justice design systems write: each
//! fixture is a component's options and the markup its own template makes of them.
//!
//! Only white space that no reader sees and the spelling of entities may differ. A fixture that cannot pass stands in
//! `SKIPPED` with its reason; one that passes may not stand there.

use handlebars::Handlebars;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Component, fixture and why it is not met. `docs/frontend-parts.md` says the same to readers.
const SKIPPED: &[(&str, &str, &str)] = &[(
    "moj/badge",
    "with label",
    "the component writes an empty aria-label whatever the label is; a span may have none, so the part writes none",
)];

/// At least so many of a hundred fixtures must pass, of each component and of all.
const LEAST_OF_EACH: usize = 80;
const LEAST_OF_ALL: usize = 95;

/// Pieces that several parts share; their fixtures are those of the parts.
const PIECES: [&str; 5] = [
    "govuk/field-head",
    "govuk/legend",
    "govuk/pagination-next",
    "govuk/summary-list-action",
    "moj/side-navigation-list",
];

struct Fixture {
    /// `govuk/button`.
    component: String,
    name: String,
    options: Value,
    html: String,
}

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

/// The names of the files with an ending in the folders of both design systems: `govuk/button`.
fn names(below: &str, ending: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for system in ["govuk", "moj"] {
        for entry in fs::read_dir(folder(below).join(system)).expect("the folder is there") {
            let file = entry.expect("the folder can be read").file_name();
            let name = file.to_str().and_then(|file| file.strip_suffix(ending)).expect("the file has the ending");
            names.insert(format!("{system}/{name}"));
        }
    }
    names
}

fn fixtures() -> Vec<Fixture> {
    let mut all = Vec::new();
    for component in names("tests/fixtures", ".json") {
        let text = fs::read_to_string(folder("tests/fixtures").join(format!("{component}.json"))).unwrap();
        let read: Vec<Value> = serde_json::from_str(&text).expect("fixtures are JSON");
        all.extend(read.into_iter().map(|fixture| Fixture {
            component: component.clone(),
            name: fixture["name"].as_str().expect("a fixture has a name").to_owned(),
            options: fixture["options"].clone(),
            html: fixture["html"].as_str().expect("a fixture has markup").to_owned(),
        }));
    }
    all
}

fn skipped(fixture: &Fixture) -> bool {
    SKIPPED.iter().any(|(component, name, _)| *component == fixture.component && *name == fixture.name)
}

/// `None` where the part writes what it should, else both.
fn difference(registry: &Handlebars<'_>, fixture: &Fixture) -> Option<String> {
    let expected = seen(&fixture.html);
    match registry.render(&fixture.component, &fixture.options) {
        Ok(written) if seen(&written) == expected => None,
        Ok(written) => Some(format!("  wrote    {}\n  expected {expected}", seen(&written))),
        Err(fault) => Some(format!("  {fault}")),
    }
}

#[test]
fn the_parts_write_what_the_components_write() {
    let registry = evenhand::render::pages::bare_registry();
    let (mut figures, mut faults) = (BTreeMap::<String, (usize, usize)>::new(), Vec::new());
    for fixture in fixtures() {
        let (passed, all) = figures.entry(fixture.component.clone()).or_default();
        *all += 1;
        match (difference(&registry, &fixture), skipped(&fixture)) {
            (None, false) => *passed += 1,
            (Some(_), true) => {}
            (None, true) => {
                faults.push(format!("{}: {} passes; take it off the list", fixture.component, fixture.name))
            }
            (Some(how), false) => faults.push(format!("{}: {}\n{how}", fixture.component, fixture.name)),
        }
    }
    for (component, (passed, all)) in &figures {
        println!("{component} {passed}/{all}");
        if passed * 100 < all * LEAST_OF_EACH {
            faults.push(format!("{component}: too few pass, {passed} of {all}"));
        }
    }
    let (passed, all) = figures.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!("all {passed}/{all}");
    assert!(faults.is_empty(), "{}\n{} faults", faults.join("\n"), faults.len());
    assert!(passed * 100 >= all * LEAST_OF_ALL, "{passed} of {all} pass");
}

#[test]
fn every_part_has_fixtures() {
    let mut parts = names("templates/parts", ".hbs");
    parts.retain(|name| !PIECES.contains(&name.as_str()));
    assert_eq!(parts, names("tests/fixtures", ".json"));
}

#[test]
fn every_skipped_fixture_exists_and_has_a_reason() {
    let all = fixtures();
    for (component, name, reason) in SKIPPED {
        assert!(
            all.iter().any(|fixture| fixture.component == *component && fixture.name == *name),
            "{component}: {name}"
        );
        assert!(!reason.is_empty(), "{component}: {name}");
    }
}

#[test]
fn strict_pages_may_leave_options_out() {
    let mut registry = evenhand::render::pages::bare_registry();
    registry.set_strict_mode(true);
    let strict: Vec<_> =
        fixtures().iter().filter_map(|one| registry.render(&one.component, &one.options).err()).collect();
    assert!(strict.is_empty(), "{strict:#?}");
}

#[test]
fn text_is_never_taken_for_markup() {
    let registry = evenhand::render::pages::bare_registry();
    for fixture in fixtures() {
        let hostile = with_hostile_text(&fixture.options);
        let written = registry.render(&fixture.component, &hostile).expect("a part renders whatever the text");
        assert!(!written.contains("<i>'\""), "{}: {}\n{written}", fixture.component, fixture.name);
    }
}

/// The options with markup put into every text, except where markup is asked for: `html` and attributes as a string.
fn with_hostile_text(options: &Value) -> Value {
    match options {
        Value::String(text) => Value::String(format!("{text}<i>'\"")),
        Value::Array(list) => Value::Array(list.iter().map(with_hostile_text).collect()),
        Value::Object(fields) => {
            let one = |(key, value): (&String, &Value)| {
                let markup = key.to_lowercase().ends_with("html") || key == "slots";
                let markup = markup || (key.to_lowercase().ends_with("attributes") && value.is_string());
                (key.clone(), if markup { value.clone() } else { with_hostile_text(value) })
            };
            Value::Object(fields.iter().map(one).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => options.clone(),
    }
}

#[test]
fn a_textarea_keeps_its_lines_as_they_are() {
    let mut registry = evenhand::render::pages::bare_registry();
    registry.register_template_string("page", "<div>\n    {{> govuk/textarea}}\n</div>").unwrap();
    let written = registry.render("page", &json!({"name": "words", "value": "one\n  two\nthree"})).unwrap();
    assert!(written.contains(">one\n  two\nthree</textarea>"), "{written}");
}

/// A page that is filled with the data, strict as pages are.
fn page(template: &str, data: &Value) -> String {
    let mut registry = evenhand::render::pages::bare_registry();
    registry.set_strict_mode(true);
    registry.register_template_string("page", template).expect("the page can be read");
    seen(&registry.render("page", data).expect("the page can be filled"))
}

#[test]
fn a_page_names_options_in_place() {
    let template = r#"{{#each people}}{{> govuk/input (object name="reason" label=(object text=name))}}{{/each}}"#;
    let written =
        page(template, &json!({"people": [{"name": "A & B", "id": "none", "classes": "none"}], "id": "none"}));
    let label = r#"<label class="govuk-label" for="reason">A &amp; B</label>"#;
    let input = r#"<input class="govuk-input" id="reason" name="reason" type="text">"#;
    assert_eq!(written, format!(r#"<div class="govuk-form-group">{label}{input}</div>"#));
}

#[test]
fn a_block_stands_in_for_markup_and_blocks_nest() {
    let template = r#"{{#> govuk/details (object summaryText="Outer")}}<p>{{../words}}</p>
        {{#> govuk/details (object summaryText="Inner" id="inner")}}{{@root.words}}{{/govuk/details}}
        {{> govuk/inset-text (object text="plain")}}{{/govuk/details}}"#;
    let written = page(template, &json!({"words": "<said>"}));
    let summary = |name: &str| {
        let text = format!(r#"<span class="govuk-details__summary-text">{name}</span>"#);
        format!(r#"<summary class="govuk-details__summary">{text}</summary>"#)
    };
    let inner = format!(r#"{}<div class="govuk-details__text">&lt;said&gt;</div>"#, summary("Inner"));
    let inner = format!(r#"<details id="inner" class="govuk-details">{inner}</details>"#);
    let body = format!(r#"<p>&lt;said&gt;</p>{inner}<div class="govuk-inset-text">plain</div>"#);
    let body = format!(r#"{}<div class="govuk-details__text">{body}</div>"#, summary("Outer"));
    assert_eq!(written, format!(r#"<details class="govuk-details">{body}</details>"#));
}

#[test]
fn a_filter_stands_beside_its_results() {
    let template = r#"{{#> moj/filter-layout (object classes="app-people")}}
        {{#*inline "filter"}}<p>{{@root.filter}}</p>{{/inline}}
        {{#*inline "results"}}{{> govuk/tag (object text=@root.count)}}{{/inline}}{{/moj/filter-layout}}"#;
    let written = page(template, &json!({"filter": "Active", "count": 12, "classes": "none"}));
    let filter = r#"<div class="moj-filter-layout__filter"><p>Active</p></div>"#;
    let results = r#"<div class="moj-filter-layout__content"><strong class="govuk-tag">12</strong></div>"#;
    assert_eq!(written, format!(r#"<div class="moj-filter-layout app-people">{filter}{results}</div>"#));
}

#[test]
fn a_day_without_a_time_shows_none() {
    let written = page(
        r#"{{moment "2026-11-21" "datetime"}}, {{moment "2026-07-01T00:30:00+01:00" "datetime"}}, {{moment "soon" "date"}}"#,
        &json!({}),
    );
    assert_eq!(written, "21 November 2026, 1 July 2026 at 12:30am, soon");
}

#[test]
fn parts_hand_on_a_context_and_style_nothing() {
    for name in names("templates/parts", ".hbs") {
        let text = fs::read_to_string(folder("templates/parts").join(format!("{name}.hbs"))).unwrap();
        assert!(!text.contains("style=") && !text.contains("<script"), "{name}");
        assert!(!text.contains("{{{"), "{name}: markup goes through html-or-text");
        for call in text.split("{{> ").skip(1).filter_map(|rest| rest.split("}}").next()) {
            let (_, context) = call.split_once(' ').unwrap_or((call, ""));
            let bare = context.split('(').next().unwrap_or_default();
            assert!(!context.is_empty(), "{name}: {call} gets the caller's options");
            assert!(!bare.contains('='), "{name}: {call}: a named argument is seen by every part below");
        }
    }
}

// What a reader sees of markup.

/// Elements that stand in a line of text, so that a space beside them is seen.
const INLINE: [&str; 8] = ["a", "b", "code", "em", "i", "span", "strong", "time"];

/// The markup without the white space that is not seen, one spelling for each entity.
fn seen(markup: &str) -> String {
    let mut out = String::new();
    let mut rest = markup;
    let mut before = String::new();
    while !rest.is_empty() {
        let (text, from_tag) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        let (markup, after) = from_tag.split_at(tag_end(from_tag));
        let tag = tag(markup);
        let raw = before.starts_with("<textarea");
        out.push_str(&if raw { entities(text) } else { entities(&visible_text(&before, text, &tag)) });
        out.push_str(&entities(&tag));
        rest = after;
        before = tag;
    }
    out
}

/// Text between two tags: no space at the edges, except beside an inline element that is its sibling.
fn visible_text(before: &str, text: &str, after: &str) -> String {
    let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return words;
    }
    if text.starts_with(char::is_whitespace) && before.starts_with("</") && is_inline(before) {
        words.insert(0, ' ');
    }
    if text.ends_with(char::is_whitespace) && !after.starts_with("</") && is_inline(after) {
        words.push(' ');
    }
    words
}

fn is_inline(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']).split([' ', '>']).next().unwrap_or_default();
    INLINE.contains(&name)
}

/// Where the tag that the markup starts with ends; `>` in a quoted attribute does not end it.
fn tag_end(markup: &str) -> usize {
    let mut quoted = false;
    for (place, letter) in markup.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '>' if !quoted => return place + 1,
            _ => {}
        }
    }
    markup.len()
}

/// The tag with one space between its attributes and between the classes of an element.
fn tag(markup: &str) -> String {
    let mut out = String::new();
    for (place, part) in markup.split('"').enumerate() {
        if place % 2 == 0 {
            let words = part.split_whitespace().collect::<Vec<_>>().join(" ");
            let words = words.replace(" >", ">").replace("/>", ">").trim_end().to_owned();
            let starts_attribute = place > 0 && !words.is_empty() && words != ">";
            out.push_str(if starts_attribute { " " } else { "" });
            out.push_str(&words);
        } else {
            let class = out.ends_with(" class=");
            let value = if class { part.split_whitespace().collect::<Vec<_>>().join(" ") } else { part.to_owned() };
            out.push_str(&format!("\"{value}\""));
        }
    }
    out
}

fn entities(markup: &str) -> String {
    let spellings =
        [("&#x27;", "&#39;"), ("&apos;", "&#39;"), ("&#x3D;", "="), ("&#x60;", "&#96;"), ("&#34;", "&quot;")];
    spellings.iter().fold(markup.to_owned(), |text, (one, other)| text.replace(one, other))
}
