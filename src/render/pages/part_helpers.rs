//! What the parts of a page may ask while they are filled: attributes, defaults, text or markup, dates in words.
//!
//! The parts take the options of the GOV.UK and Ministry of Justice components, which come from JavaScript. So these
//! helpers judge a value as JavaScript does: an empty object or list counts as given, `""`, `0`, `false` and null do
//! not; and they tell a missing option from an empty one. All of them work in strict mode too.
//!
//! No helper reads the page's context by itself: it sees only what it is handed.

mod choices;
mod dates;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, ScopedJson,
};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A helper that answers with a value, for use in a condition, as an argument, or (escaped) in the page.
struct Answers(Answer);

type Answer = fn(&Helper) -> Value;

impl HelperDef for Answers {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        Ok(ScopedJson::Derived((self.0)(helper)))
    }
}

/// A helper that writes markup; it escapes by itself what must be escaped.
struct Writes(Write);

type Write = fn(&Helper) -> String;

impl HelperDef for Writes {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let markup = (self.0)(helper);
        if !markup.is_empty() {
            out.write(&markup)?;
        }
        Ok(())
    }
}

const ANSWERS: [(&str, Answer); 26] = [
    ("any", any),
    ("array", array),
    ("both", both),
    ("by-day", dates::by_day),
    ("choice-items", choices::choice_items),
    ("chosen", choices::chosen),
    ("contains", contains),
    ("count-up-to", count_up_to),
    ("date-items", dates::date_items),
    ("default", default),
    ("defined", defined),
    ("describedby", described_by),
    ("extend", extend),
    ("fallback", fallback),
    ("fill-count", fill_count),
    ("given-items", given_items),
    ("is", is),
    ("join", join),
    ("moment", dates::moment),
    ("object", object),
    ("one-based", one_based),
    ("one-of", one_of),
    ("page-items", page_items),
    ("several", several),
    ("some-have", some_have),
    ("spaced", spaced),
];

const WRITES: [(&str, Write); 6] = [
    ("also", also),
    ("attr", attribute),
    ("attr-yes-no", yes_no_attribute),
    ("attrs", attributes),
    ("html-or-text", html_or_text),
    ("i18n", i18n),
];

/// What the helpers are called.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ANSWERS.iter().map(|(name, _)| *name).chain(WRITES.iter().map(|(name, _)| *name))
}

/// Makes the helpers known to a registry.
pub(super) fn register(registry: &mut Handlebars<'static>) {
    for (name, answer) in ANSWERS {
        registry.register_helper(name, Box::new(Answers(answer)));
    }
    for (name, write) in WRITES {
        registry.register_helper(name, Box::new(Writes(write)));
    }
}

/// Makes text safe between tags and inside quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '`' => escaped.push_str("&#96;"),
            other => escaped.push(other),
        }
    }
    escaped
}

// The arguments of a call.

/// The argument at a place, `None` where the option it names is missing (a null is there).
fn given<'a>(helper: &'a Helper, place: usize) -> Option<&'a Value> {
    helper.param(place).filter(|argument| !argument.is_value_missing()).map(|argument| argument.value())
}

/// The argument at a place, null where it is missing.
fn value<'a>(helper: &'a Helper, place: usize) -> &'a Value {
    helper.param(place).map_or(&Value::Null, |argument| argument.value())
}

/// Whether JavaScript would take the value for true.
fn counts(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// The value as it is written in the page, not yet escaped; nothing for null, lists and objects.
fn words(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Bool(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Cow::Borrowed(""),
    }
}

fn field<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.get(name).unwrap_or(&Value::Null)
}

// Answers.

/// `(any a b …)`: whether any of the values counts as given.
fn any(helper: &Helper) -> Value {
    Value::Bool(helper.params().iter().any(|argument| counts(argument.value())))
}

/// `(defined a)`: whether the option is there at all, be it empty or null.
fn defined(helper: &Helper) -> Value {
    Value::Bool(given(helper, 0).is_some())
}

/// `(default a b …)`: the first value that counts as given, else the last.
fn default(helper: &Helper) -> Value {
    let mut arguments = helper.params().iter().map(|argument| argument.value());
    let last = helper.params().last().map_or(&Value::Null, |argument| argument.value());
    arguments.find(|value| counts(value)).unwrap_or(last).clone()
}

/// `(fallback a b)`: `a` where it is there at all, be it empty; else `b`.
fn fallback(helper: &Helper) -> Value {
    given(helper, 0).unwrap_or_else(|| value(helper, 1)).clone()
}

/// `(join a b …)`: the values written one after the other.
fn join(helper: &Helper) -> Value {
    Value::String(helper.params().iter().map(|argument| words(argument.value())).collect())
}

/// `(object key=value …)`: an object of the arguments; a missing one is left out.
fn object(helper: &Helper) -> Value {
    let mut made = Map::new();
    add_arguments(&mut made, helper);
    Value::Object(made)
}

/// `(extend base key=value …)`: a copy of `base` in which the arguments replace what it had; a missing one is removed.
fn extend(helper: &Helper) -> Value {
    let mut made = value(helper, 0).as_object().cloned().unwrap_or_default();
    add_arguments(&mut made, helper);
    Value::Object(made)
}

fn add_arguments(made: &mut Map<String, Value>, helper: &Helper) {
    for (name, argument) in helper.hash() {
        if argument.is_value_missing() {
            made.remove(*name);
        } else {
            made.insert((*name).to_owned(), argument.value().clone());
        }
    }
}

/// `(array a b …)`: a list of the arguments.
fn array(helper: &Helper) -> Value {
    Value::Array(helper.params().iter().map(|argument| argument.value().clone()).collect())
}

/// `(spaced a b …)`: the values that count as given, with a space between two.
fn spaced(helper: &Helper) -> Value {
    let given = helper.params().iter().map(|argument| argument.value()).filter(|value| counts(value));
    Value::String(given.map(words).collect::<Vec<_>>().join(" "))
}

/// `(both a b)`: whether both values count as given.
fn both(helper: &Helper) -> Value {
    Value::Bool(counts(value(helper, 0)) && counts(value(helper, 1)))
}

/// `(contains text part)`: whether the text has the part in it.
fn contains(helper: &Helper) -> Value {
    Value::Bool(words(value(helper, 0)).contains(words(value(helper, 1)).as_ref()))
}

/// `(place index)`: the place, from 1, of the item at an index that starts from 0.
fn one_based(helper: &Helper) -> Value {
    Value::from(value(helper, 0).as_u64().unwrap_or_default().saturating_add(1))
}

/// `(one-of value a b …)`: the value where it is among the others, else the first of them.
fn one_of(helper: &Helper) -> Value {
    let wanted = words(value(helper, 0));
    let mut allowed = helper.params().iter().skip(1).map(|argument| argument.value());
    allowed.find(|value| words(value) == wanted).unwrap_or_else(|| value(helper, 1)).clone()
}

/// `(count-up-to count limit more)`: the count; from the limit on the limit with `more` after it; nothing for zero
/// and what is no number.
fn count_up_to(helper: &Helper) -> Value {
    let count = words(value(helper, 0)).trim().parse::<u64>().unwrap_or_default();
    let limit = value(helper, 1).as_u64().unwrap_or(u64::MAX);
    Value::String(match count {
        0 => String::new(),
        many if many >= limit => format!("{limit}{}", words(value(helper, 2))),
        few => few.to_string(),
    })
}

/// `(is a b)`: whether both are written the same way; nothing is the same as null.
fn is(helper: &Helper) -> Value {
    let (one, other) = (value(helper, 0), value(helper, 1));
    Value::Bool(!one.is_null() && words(one) == words(other))
}

/// `(describedby given id hint error)`: the ids that describe a field: those given, then its hint and its error
/// message where there are any. Null for none.
fn described_by(helper: &Helper) -> Value {
    let id = words(value(helper, 1));
    let mut ids = Vec::with_capacity(3);
    if counts(value(helper, 0)) {
        ids.push(words(value(helper, 0)).into_owned());
    }
    if counts(value(helper, 2)) {
        ids.push(format!("{id}-hint"));
    }
    if counts(value(helper, 3)) {
        ids.push(format!("{id}-error"));
    }
    if ids.is_empty() { Value::Null } else { Value::String(ids.join(" ")) }
}

/// `(fill-count text count)`: the text with `%{count}` replaced.
fn fill_count(helper: &Helper) -> Value {
    Value::String(words(value(helper, 0)).replacen("%{count}", &words(value(helper, 1)), 1))
}

// Lists.

/// `(given-items list)`: the items that count as given; none where there is no list, so that strict pages can loop.
fn given_items(helper: &Helper) -> Value {
    Value::Array(items_given(value(helper, 0)).cloned().collect())
}

/// `(several list)`: whether more than one item counts as given.
fn several(helper: &Helper) -> Value {
    Value::Bool(items_given(value(helper, 0)).nth(1).is_some())
}

fn items_given(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten().filter(|item| counts(item))
}

/// `(some-have list "key" "inner key")`: whether an item has something in the list below both keys.
fn some_have(helper: &Helper) -> Value {
    let (key, inner) = (words(value(helper, 1)), words(value(helper, 2)));
    let below = |item: &Value| field(field(item, &key), &inner).as_array().is_some_and(|list| !list.is_empty());
    Value::Bool(items_given(value(helper, 0)).any(below))
}

/// `(page-items items)`: the items of a results page's pagination as the plain pagination takes them.
fn page_items(helper: &Helper) -> Value {
    let page = |item: &Value| {
        let mut made = Map::new();
        if words(field(item, "type")) == "dots" || counts(field(item, "ellipsis")) {
            made.insert("ellipsis".to_owned(), Value::Bool(true));
            return Value::Object(made);
        }
        for (name, other) in [("number", "text"), ("current", "selected")] {
            let named = field(item, name);
            made.insert(name.to_owned(), if counts(named) { named } else { field(item, other) }.clone());
        }
        made.insert("href".to_owned(), field(item, "href").clone());
        Value::Object(made)
    };
    Value::Array(items_given(value(helper, 0)).map(page).collect())
}

// Markup.

/// `{{also classes}}`: a space and the escaped value where it counts as given, else nothing.
fn also(helper: &Helper) -> String {
    let value = value(helper, 0);
    if counts(value) { format!(" {}", escape(&words(value))) } else { String::new() }
}

/// `{{html-or-text html text}}`: the trimmed markup where there is any, else the escaped text. Markup is written as it
/// is: only a template or the program may make it.
fn html_or_text(helper: &Helper) -> String {
    let html = value(helper, 0);
    if counts(html) { words(html).trim().to_owned() } else { escape(&words(value(helper, 1))) }
}

/// `{{attr "name" value}}`: the attribute; nothing for a missing value, null and `false`; the bare name for `true`.
fn attribute(helper: &Helper) -> String {
    optional_attribute(&words(value(helper, 0)), value(helper, 1))
}

fn optional_attribute(name: &str, value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => format!(" {}", escape(name)),
        Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            format!(" {}=\"{}\"", escape(name), escape(&words(value)))
        }
    }
}

/// `{{attr-yes-no "name" value}}`: the attribute with `true` or `false`; nothing where the value is neither.
fn yes_no_attribute(helper: &Helper) -> String {
    value(helper, 1).as_bool().map_or_else(String::new, |yes| format!(" {}=\"{yes}\"", words(value(helper, 0))))
}

/// `{{attrs attributes}}`: the attributes of an object, in its order; one given as `{value, optional: true}` is left
/// out where it has no value. A string is markup and written as it is.
fn attributes(helper: &Helper) -> String {
    match value(helper, 0) {
        Value::String(markup) => markup.clone(),
        Value::Object(several) => several.iter().map(|(name, value)| one_attribute(name, value)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => String::new(),
    }
}

fn one_attribute(name: &str, given: &Value) -> String {
    let value = if given.is_object() { field(given, "value") } else { given };
    if *field(given, "optional") == Value::Bool(true) {
        return optional_attribute(name, value);
    }
    format!(" {}=\"{}\"", escape(name), escape(&words(value)))
}

/// `{{i18n "key" message}}`: the data attribute with a component's message, or one for each plural rule of an object.
fn i18n(helper: &Helper) -> String {
    let key = words(value(helper, 0));
    let message = value(helper, 1);
    if let Some(messages) = message.as_object() {
        let one = |(rule, message): (&String, &Value)| {
            format!(" data-i18n.{key}.{}=\"{}\"", escape(rule), escape(&words(message)))
        };
        return messages.iter().map(one).collect();
    }
    if counts(message) { format!(" data-i18n.{key}=\"{}\"", escape(&words(message))) } else { String::new() }
}
