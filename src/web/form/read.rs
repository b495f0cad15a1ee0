//! From the names and values a browser sent to the input of an action.

use super::FormFault;
use super::names::below;
use super::schema::{Kind, fewest, fields_of, kind_of, title};
use crate::app::drafts::Fields;
use crate::web::posted::text;
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What a form says, and what is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Read {
    pub(crate) input: Value,
    pub(crate) faults: Vec<FormFault>,
}

/// Reads the fields of a form. What was left empty is left out, or a fault where it has to be filled in.
pub(crate) fn read(schema: &Value, fields: &Fields) -> Read {
    let mut reader = Reader { fields, faults: Vec::new() };
    let input = reader.group(schema, "", true);
    Read { input: input.unwrap_or_else(|| json!({})), faults: reader.faults }
}

struct Reader<'a> {
    fields: &'a Fields,
    faults: Vec<FormFault>,
}

impl Reader<'_> {
    fn fault(&mut self, name: &str, message: String) {
        self.faults.push(FormFault { name: name.to_owned(), message });
    }

    fn said(&self, name: &str) -> &str {
        text(self.fields, name)
    }

    /// A group whose fields are all empty is not there, unless it has to be.
    fn group(&mut self, schema: &Value, name: &str, required: bool) -> Option<Value> {
        let begun = self.begun(name);
        let mut group = Map::new();
        for (field, of_field, field_required) in fields_of(schema) {
            let field_name = below(name, field);
            if let Some(value) = self.field(of_field, &field_name, field_required && (required || begun)) {
                group.insert(field.to_owned(), value);
            }
        }
        (required || begun || !group.is_empty()).then_some(Value::Object(group))
    }

    /// Whether anything below `name` was filled in.
    fn begun(&self, name: &str) -> bool {
        let prefix = format!("{name}.");
        self.fields.iter().any(|(known, value)| known.starts_with(&prefix) && !value.trim().is_empty())
    }

    fn field(&mut self, schema: &Value, name: &str, required: bool) -> Option<Value> {
        let found = match kind_of(schema) {
            Kind::Group => return self.group(schema, name, required),
            Kind::List(items) => return self.list((schema, items), name, required),
            Kind::AnswerEach(choices, thing, answer) => self.answers(choices, (thing, answer), name),
            Kind::Choices(choices) => self.choices(choices, name),
            Kind::TextList => self.lines(name).map(|lines| json!(lines)),
            Kind::DateList => self.dates(name),
            Kind::Date => return self.date(schema, name, required),
            Kind::Number => return self.number(schema, name, required),
            Kind::YesNo => match self.said(name) {
                "yes" => Some(json!(true)),
                "no" => Some(json!(false)),
                _ => None,
            },
            Kind::Choice(choices) => Some(json!(self.said(name))).filter(|said| choices.contains(said)),
            Kind::Officer | Kind::Area | Kind::Line | Kind::Lines | Kind::Unknown => {
                Some(self.said(name)).filter(|said| !said.is_empty()).map(|said| json!(said))
            }
        };
        // A list that may be empty is there though nothing was chosen.
        let may_be_empty = schema.get("minItems").is_some() && fewest(schema) == 0;
        let found = found.or_else(|| (required && may_be_empty).then(|| json!([])));
        if found.is_none() && required {
            self.fault(name, asked_for(schema));
        }
        self.too_long(schema, name, found.as_ref());
        found
    }

    fn too_long(&mut self, schema: &Value, name: &str, found: Option<&Value>) {
        let most = schema.get("maxLength").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
        let long = found.and_then(Value::as_str).map(|said| said.chars().count());
        if let (Some(most), Some(long)) = (most, long)
            && long > most
        {
            self.fault(name, format!("“{}” must be {most} characters or fewer", title(schema)));
        }
    }

    /// Three boxes, as GOV.UK asks for dates, or one text as a script's calendar fills it in.
    fn date(&mut self, schema: &Value, name: &str, required: bool) -> Option<Value> {
        let parts = ["day", "month", "year"].map(|part| self.said(&format!("{name}-{part}")).to_owned());
        let whole = self.said(name).to_owned();
        if whole.is_empty() && parts.iter().all(String::is_empty) {
            if required {
                self.fault(&format!("{name}-day"), format!("Enter a date for “{}”", title(schema)));
            }
            return None;
        }
        let [day, month, year] = parts;
        let written = if whole.is_empty() { format!("{day}/{month}/{year}") } else { whole };
        match day_of(&written) {
            Some(day) => Some(json!(day.to_string())),
            None => {
                let message = format!("“{}” must be a real date, such as 27 3 2027", title(schema));
                self.fault(&format!("{name}-day"), message);
                None
            }
        }
    }

    fn number(&mut self, schema: &Value, name: &str, required: bool) -> Option<Value> {
        let said = self.said(name).to_owned();
        if said.is_empty() {
            if required {
                self.fault(name, asked_for(schema));
            }
            return None;
        }
        let Ok(number) = said.parse::<i64>() else {
            self.fault(name, format!("“{}” must be a whole number", title(schema)));
            return None;
        };
        let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
        if bound("minimum").is_some_and(|least| number < least) || bound("maximum").is_some_and(|most| number > most) {
            let (least, most) = (bound("minimum").unwrap_or(i64::MIN), bound("maximum").unwrap_or(i64::MAX));
            self.fault(name, format!("“{}” must be between {least} and {most}", title(schema)));
            return None;
        }
        Some(json!(number))
    }

    fn choices(&self, choices: &[Value], name: &str) -> Option<Value> {
        let chosen: Vec<&Value> = choices
            .iter()
            .filter(|choice| self.fields.iter().any(|(known, value)| known == name && choice.as_str() == Some(value)))
            .collect();
        (!chosen.is_empty()).then(|| json!(chosen))
    }

    fn lines(&self, name: &str) -> Option<Vec<String>> {
        let lines = self.said(name).lines().map(str::trim).filter(|line| !line.is_empty());
        Some(lines.map(str::to_owned).collect::<Vec<_>>()).filter(|lines| !lines.is_empty())
    }

    fn dates(&mut self, name: &str) -> Option<Value> {
        let lines = self.lines(name)?;
        let days: Vec<Option<NaiveDate>> = lines.iter().map(|line| day_of(line)).collect();
        if days.iter().any(Option::is_none) {
            self.fault(name, "Enter one real date a line, such as 27/3/2027".to_owned());
        }
        Some(json!(days.into_iter().flatten().collect::<Vec<_>>()))
    }

    fn answers(&self, choices: &[Value], (thing, answer): (&str, &str), name: &str) -> Option<Value> {
        let mut answers = Vec::new();
        for choice in choices.iter().filter_map(Value::as_str) {
            let said = self.said(&below(name, choice));
            if !said.is_empty() {
                answers.push(json!({ thing: choice, answer: said }));
            }
        }
        (!answers.is_empty()).then(|| json!(answers))
    }

    /// Entries that nothing was filled into are passed over.
    fn list(&mut self, (schema, items): (&Value, &Value), name: &str, required: bool) -> Option<Value> {
        let begun: Vec<usize> =
            entries(self.fields, name).into_iter().filter(|n| self.begun(&below(name, &n.to_string()))).collect();
        let mut list = Vec::new();
        for n in begun {
            list.extend(self.group(items, &below(name, &n.to_string()), true));
        }
        if list.len() < fewest(schema) && required {
            self.fault(name, format!("Add at least {} to “{}”", fewest(schema).max(1), title(schema)));
        }
        (required || !list.is_empty()).then_some(Value::Array(list))
    }
}

/// What to do at a field that was left empty.
fn asked_for(schema: &Value) -> String {
    let verb = match kind_of(schema) {
        Kind::Choice(_) | Kind::Choices(_) | Kind::YesNo | Kind::Officer | Kind::Area => "Select",
        Kind::Group
        | Kind::Date
        | Kind::Number
        | Kind::Line
        | Kind::Lines
        | Kind::TextList
        | Kind::DateList
        | Kind::AnswerEach(..)
        | Kind::List(_)
        | Kind::Unknown => "Enter",
    };
    format!("{verb} an answer to “{}”", title(schema))
}

/// `27/3/2027`, `27 3 2027`, `27 March 2027`, `2027-03-27`.
fn day_of(written: &str) -> Option<NaiveDate> {
    let plain = written.trim().replace(['/', '.', '-'], " ");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let formats = ["%d %m %Y", "%Y %m %d", "%d %B %Y", "%d %b %Y"];
    let day = formats.iter().find_map(|format| NaiveDate::parse_from_str(&plain, format).ok())?;
    // A year of two digits is a year of the first century.
    (day >= NaiveDate::from_ymd_opt(1900, 1, 1)?).then_some(day)
}

/// The numbers of the entries a list was sent with, in order.
pub(super) fn entries(fields: &Fields, name: &str) -> BTreeSet<usize> {
    let prefix = format!("{name}.");
    let below = fields.iter().filter_map(|(known, _)| known.strip_prefix(&prefix));
    below.filter_map(|rest| rest.split('.').next()?.parse().ok()).filter(|n: &usize| *n < 1000).collect()
}

/// Does what the buttons `add` and `remove` of a list ask for; `None` where neither was pressed.
pub(crate) fn change_lists(fields: &Fields) -> Option<Fields> {
    let added = text(fields, "add").to_owned();
    let removed = text(fields, "remove").to_owned();
    let mut changed: Fields = fields.iter().filter(|(name, _)| name != "add" && name != "remove").cloned().collect();
    if !added.is_empty() {
        let next = entries(&changed, &added).last().map_or(0, |last| last + 1);
        // Something to draw the entry from, though nothing is in it yet.
        changed.push((format!("{added}.{next}."), String::new()));
        return Some(changed);
    }
    if !removed.is_empty() {
        let prefix = format!("{removed}.");
        changed.retain(|(name, _)| !name.starts_with(&prefix));
        return Some(changed);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(said: &[(&str, &str)]) -> Fields {
        said.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn limits() -> Value {
        json!({ "type": "object", "required": ["limits"], "properties": { "limits": { "type": "array", "title": "Limits",
            "minItems": 1, "items": { "type": "object", "required": ["channel", "allowed"], "properties": {
                "channel": { "type": "string", "title": "Channel", "enum": ["email", "letter"] },
                "allowed": { "type": "boolean", "title": "May be used" },
                "max": { "type": "integer", "title": "At most", "minimum": 0, "maximum": 10 },
                "days": { "type": "array", "title": "Days", "items": { "type": "string", "enum": ["Mon", "Tue"] } },
            } } } } })
    }

    #[test]
    fn a_list_is_read_entry_by_entry_and_what_is_empty_is_left_out() {
        let said = fields(&[
            ("limits.0.channel", "email"),
            ("limits.0.allowed", "yes"),
            ("limits.0.max", "2"),
            ("limits.0.days", "Mon"),
            ("limits.0.days", "Tue"),
            ("limits.1.channel", ""),
            ("limits.3.channel", "letter"),
            ("limits.3.allowed", "no"),
        ]);
        let Read { input, faults } = read(&limits(), &said);
        assert_eq!(faults, []);
        assert_eq!(
            input,
            json!({ "limits": [{ "channel": "email", "allowed": true, "max": 2, "days": ["Mon", "Tue"] },
                               { "channel": "letter", "allowed": false }] })
        );
    }

    #[test]
    fn what_is_missing_or_wrong_is_said_at_its_field() {
        let said = fields(&[("limits.0.channel", "post"), ("limits.0.allowed", "yes"), ("limits.0.max", "eleven")]);
        let names: Vec<String> = read(&limits(), &said).faults.into_iter().map(|fault| fault.name).collect();
        assert_eq!(names, ["limits.0.channel", "limits.0.max"]);
        let empty = read(&limits(), &fields(&[]));
        assert_eq!(empty.faults[0].name, "limits");
    }

    #[test]
    fn dates_are_taken_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2027, 3, 7);
        for written in ["7 3 2027", "07/03/2027", "7 March 2027", "7 mar 2027", "2027-03-07", "7.3.2027"] {
            assert_eq!(day_of(written), day, "{written}");
        }
        for wrong in ["30 2 2027", "7 3 27", "tomorrow", ""] {
            assert_eq!(day_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_list_grows_and_shrinks_by_buttons() {
        let said = fields(&[("limits.0.channel", "email"), ("add", "limits")]);
        let grown = change_lists(&said).unwrap();
        assert_eq!(entries(&grown, "limits"), BTreeSet::from([0, 1]));
        let mut less = grown;
        less.push(("remove".to_owned(), "limits.0".to_owned()));
        let shrunk = change_lists(&less).unwrap();
        assert_eq!(entries(&shrunk, "limits"), BTreeSet::from([1]));
        assert_eq!(change_lists(&shrunk), None);
    }
}
