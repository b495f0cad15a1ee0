//! What the parts of a page may ask while they are filled: attributes, defaults, text or markup, dates in words.
//!
//! The parts take the options of the GOV.UK and Ministry of Justice components, which come from JavaScript. So these
//! helpers judge a value as JavaScript does: an empty object or list counts as given, `""`, `0`, `false` and null do
//! not; and they tell a missing option from an empty one. All of them work in strict mode too.
//!
//! No helper reads the page's context by itself: it sees only what it is handed.

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
    ("by-day", by_day),
    ("choice-items", choice_items),
    ("chosen", chosen),
    ("contains", contains),
    ("count-up-to", count_up_to),
    ("date-items", date_items),
    ("default", default),
    ("defined", defined),
    ("describedby", described_by),
    ("extend", extend),
    ("fallback", fallback),
    ("fill-count", fill_count),
    ("given-items", given_items),
    ("is", is),
    ("join", join),
    ("moment", moment),
    ("object", object),
    ("one-of", one_of),
    ("page-items", page_items),
    ("place", place),
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
fn place(helper: &Helper) -> Value {
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

/// `(by-day messages)`: the messages; the first of each day has the day in `startsDay`.
fn by_day(helper: &Helper) -> Value {
    let mut last = String::new();
    let marked = |message: &Value| {
        let day = words(field(message, "timestamp")).split(['T', ' ']).next().unwrap_or_default().to_owned();
        let mut made = message.as_object().cloned().unwrap_or_default();
        if day != last {
            made.insert("startsDay".to_owned(), Value::String(day.clone()));
            last = day;
        }
        Value::Object(made)
    };
    Value::Array(items_given(value(helper, 0)).map(marked).collect())
}

// Choices: selects, radios and checkboxes.

/// `(chosen marked value wanted)`: whether an option of a select starts out chosen.
fn chosen(helper: &Helper) -> Value {
    Value::Bool(starts_chosen(value(helper, 0), value(helper, 1), value(helper, 2)))
}

/// A choice starts out chosen because it is marked so, or because its value is the wanted one (or among the wanted
/// ones) and it is not marked `false`.
fn starts_chosen(marked: &Value, own: &Value, wanted: &Value) -> bool {
    if counts(marked) {
        return true;
    }
    let named = match wanted {
        Value::Array(several) => several.contains(own),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            counts(wanted) && !own.is_null() && words(own) == words(wanted)
        }
    };
    named && *marked != Value::Bool(false)
}

/// `(choice-items options describedBy)`: the items of radios or checkboxes, each with the id and name it ends with,
/// whether it is `checked`, and `describedBy`: the ids given here, where no fieldset carries them, and its own hint's.
fn choice_items(helper: &Helper) -> Value {
    let options = value(helper, 0);
    let outside = if counts(field(options, "fieldset")) { &Value::Null } else { value(helper, 1) };
    let prefix = match words(field(options, "idPrefix")) {
        own if own.is_empty() => words(field(options, "name")),
        own => own,
    };
    let wanted = options.get("values").unwrap_or_else(|| field(options, "value"));
    let items = field(options, "items").as_array().map(Vec::as_slice).unwrap_or_default();
    let items = items.iter().enumerate().filter(|(_, item)| counts(item));
    let complete = |(index, item): (usize, &Value)| {
        let id = match words(field(item, "id")) {
            own if own.is_empty() => numbered_id(&prefix, index),
            own => own.into_owned(),
        };
        let mut made = item.as_object().cloned().unwrap_or_default();
        if !counts(field(item, "name")) {
            made.insert("name".to_owned(), field(options, "name").clone());
        }
        let checked = starts_chosen(field(item, "checked"), field(item, "value"), wanted);
        made.insert("checked".to_owned(), Value::Bool(checked));
        made.insert("describedBy".to_owned(), Value::String(choice_description(item, &id, outside)));
        made.insert("id".to_owned(), Value::String(id));
        Value::Object(made)
    };
    Value::Array(items.map(complete).collect())
}

/// The id of the item at an index that starts from 0: `prefix`, `prefix-2`, `prefix-3`, …
fn numbered_id(prefix: &str, index: usize) -> String {
    if index == 0 { prefix.to_owned() } else { format!("{prefix}-{}", index.saturating_add(1)) }
}

fn choice_description(item: &Value, id: &str, outside: &Value) -> String {
    let hint = field(item, "hint");
    let hinted = counts(field(hint, "text")) || counts(field(hint, "html"));
    let own_hint = if hinted { format!("{id}-item-hint") } else { String::new() };
    format!("{} {own_hint}", words(outside)).trim().to_owned()
}

// The three fields of a date.

/// `(date-items options)`: the fields of a date input, each with the id, name, label, classes and value it ends with.
fn date_items(helper: &Helper) -> Value {
    let options = value(helper, 0);
    let standard = DATE_PARTS.map(|part| standard_date_item(options, part));
    let own = field(options, "items").as_array().filter(|own| !own.is_empty());
    let items = own.map_or(standard.as_slice(), Vec::as_slice);
    let one_is_wrong = items.iter().any(date_item_is_wrong);
    let error_on_all = counts(field(options, "errorMessage")) && !one_is_wrong;
    let date = DateInput { options, standard: &standard, error_on_all };
    Value::Array(items.iter().filter(|item| counts(item)).map(|item| date.complete(item)).collect())
}

/// Name and width in digits of the parts of a date.
const DATE_PARTS: [(&str, u8); 3] = [("day", 2), ("month", 2), ("year", 4)];

/// The field for a part of a date: the one the options give, else one made from the options' values.
fn standard_date_item(options: &Value, (name, width): (&str, u8)) -> Value {
    if let Some(own) = options.get(name) {
        let mut own = own.clone();
        if let Some(fields) = own.as_object_mut() {
            fields.entry("name").or_insert_with(|| Value::String(name.to_owned()));
        }
        return own;
    }
    let mut made = Map::new();
    made.insert("name".to_owned(), Value::String(name.to_owned()));
    made.insert("classes".to_owned(), Value::String(format!("govuk-input--width-{width}")));
    if let Some(value) = options.get("values").and_then(|values| values.get(name)) {
        made.insert("value".to_owned(), value.clone());
    }
    Value::Object(made)
}

fn date_item_is_wrong(item: &Value) -> bool {
    counts(field(item, "error")) || words(field(item, "classes")).contains("govuk-input--error")
}

/// What all fields of one date input have in common.
struct DateInput<'a> {
    options: &'a Value,
    standard: &'a [Value; 3],
    /// There is an error message, and no field is marked as the wrong one.
    error_on_all: bool,
}

impl DateInput<'_> {
    fn complete(&self, item: &Value) -> Value {
        let own_name = words(field(item, "name"));
        let is_it = |name: &str| !own_name.is_empty() && own_name == name;
        let parts = DATE_PARTS.iter().zip(self.standard);
        let part = parts.into_iter().find(|((name, _), like)| is_it(name) || is_it(&words(field(like, "name"))));
        let name = match words(field(self.options, "namePrefix")) {
            none if none.is_empty() => own_name.clone().into_owned(),
            prefix => format!("{prefix}-{own_name}"),
        };
        let value = item
            .get("value")
            .or_else(|| part.and_then(|(_, like)| like.get("value")))
            .or_else(|| self.options.get("values").and_then(|values| values.get(&name)))
            .unwrap_or(&Value::Null);
        let id = match words(field(item, "id")) {
            none if none.is_empty() => format!("{}-{own_name}", words(field(self.options, "id"))),
            own => own.into_owned(),
        };
        let label = match words(field(item, "label")) {
            none if none.is_empty() => capitalised(&own_name),
            own => own.into_owned(),
        };
        let mut made = item.as_object().cloned().unwrap_or_default();
        let width = part.map_or(2, |((_, width), _)| *width);
        made.insert("value".to_owned(), value.clone());
        for (key, text) in [("classes", self.classes(item, width)), ("id", id), ("name", name), ("label", label)] {
            made.insert(key.to_owned(), Value::String(text));
        }
        Value::Object(made)
    }

    /// The classes of a field, each after a space.
    fn classes(&self, item: &Value, width: u8) -> String {
        let own = words(field(item, "classes"));
        let wrong = date_item_is_wrong(item) || (self.error_on_all && *field(item, "error") != Value::Bool(false));
        let mut classes = String::new();
        if wrong && !own.contains("govuk-input--error") {
            classes.push_str(" govuk-input--error");
        }
        if !own.contains("govuk-input--width-") {
            classes.push_str(&format!(" govuk-input--width-{width}"));
        }
        if !own.is_empty() {
            classes.push(' ');
            classes.push_str(&own);
        }
        classes
    }
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect())
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

// Moments in words.

/// `(moment timestamp kind)`: the date, time or both that an ISO timestamp shows, as it is written there: it is not
/// moved to another time zone. Kinds: `datetime` ("6 June 2019 at 9:12am"), `shortdatetime`, `date`, `shortdate`,
/// `time`. A timestamp without a time shows none. What is no timestamp, and any other kind, is answered as it is.
fn moment(helper: &Helper) -> Value {
    let timestamp = words(value(helper, 0));
    let shown = moment_in_words(&timestamp, &words(value(helper, 1)));
    Value::String(shown.unwrap_or_else(|| timestamp.into_owned()))
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn moment_in_words(timestamp: &str, kind: &str) -> Option<String> {
    let (date, time) = timestamp.split_once(['T', ' ']).unwrap_or((timestamp, ""));
    let mut numbers = date.splitn(3, '-').map(|part| part.parse::<usize>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let long = MONTHS.get(month.checked_sub(1)?)?;
    let short = long.get(..3)?;
    let clock = clock_in_words(time);
    let at = clock.as_ref().map_or_else(String::new, |clock| format!(" at {clock}"));
    match kind {
        "datetime" => Some(format!("{day} {long} {year}{at}")),
        "shortdatetime" => Some(format!("{day} {short} {year}{at}")),
        "date" => Some(format!("{day} {long} {year}")),
        "shortdate" => Some(format!("{day} {short} {year}")),
        "time" => Some(clock.unwrap_or_default()),
        _ => None,
    }
}

/// "9:12am" for `09:12:00Z`, "2pm" for `14:00`.
fn clock_in_words(time: &str) -> Option<String> {
    let mut parts = time.split(':').map(|part| part.get(..2)?.parse::<u8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let half = if hour < 12 { "am" } else { "pm" };
    let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    Some(if minute == 0 { format!("{hour}{half}") } else { format!("{hour}:{minute:02}{half}") })
}
