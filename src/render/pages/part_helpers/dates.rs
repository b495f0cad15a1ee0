//! The three fields of a date input, and moments in words.

use super::{counts, field, items_given, value, words};
use handlebars::Helper;
use serde_json::{Map, Value};

/// `(date-items options)`: the fields of a date input, each with the id, name, label, classes and value it ends with.
pub(super) fn date_items(helper: &Helper) -> Value {
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

/// `(by-day messages)`: the messages; the first of each day has the day in `startsDay`.
pub(super) fn by_day(helper: &Helper) -> Value {
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

/// `(moment timestamp kind)`: the date, time or both that an ISO timestamp shows, as it is written there: it is not
/// moved to another time zone. Kinds: `datetime` ("6 June 2019 at 9:12am"), `shortdatetime`, `date`, `shortdate`,
/// `time`. A timestamp without a time shows none. What is no timestamp, and any other kind, is answered as it is.
pub(super) fn moment(helper: &Helper) -> Value {
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
