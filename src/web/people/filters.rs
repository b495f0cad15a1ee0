//! What a list of people is asked for in its address, and how it says so again.

use crate::app::people::{PeopleOrder, PeoplePlace, PeopleWanted, Searched, Turn, WantedState};
use crate::domain::contact::Channel;
use crate::domain::person::{IdentifierKind, normalise};
use crate::render::pages::choice;
use serde::Deserialize;
use serde_json::{Value, json};

/// Fewer digits are no telephone number.
const FEWEST_DIGITS: usize = 7;

/// The part of the address after `?`. What is empty was not asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filters {
    q: String,
    state: String,
    spoc: String,
    over: String,
    strategy: String,
    channel: String,
    sort: String,
    after: String,
    before: String,
}

impl Filters {
    /// Of the fields of a form.
    pub(super) fn of(text: impl Fn(&str) -> String) -> Self {
        Self {
            q: text("q"),
            state: text("state"),
            spoc: text("spoc"),
            over: text("over"),
            strategy: text("strategy"),
            channel: text("channel"),
            ..Self::default()
        }
    }

    pub(super) fn wanted(&self) -> PeopleWanted {
        let q = self.q.trim();
        PeopleWanted {
            searched: (!q.is_empty()).then(|| recognised(q)),
            state: match self.state.as_str() {
                "" => None,
                "none" => Some(WantedState::NoOpenCase),
                state => Some(WantedState::In(state.to_owned())),
            },
            spoc: self.spoc.parse().ok(),
            over_threshold: self.over == "yes",
            restricted: match self.strategy.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            channel: self.channel.parse().ok(),
        }
    }

    pub(super) fn order(&self) -> PeopleOrder {
        match self.sort.as_str() {
            "-reference" => PeopleOrder::ReferenceLastFirst,
            "contacts" => PeopleOrder::FewestContacts,
            "-contacts" => PeopleOrder::MostContacts,
            _ => PeopleOrder::Reference,
        }
    }

    pub(super) fn turn(&self) -> Turn {
        let place = |text: &str| serde_json::from_str::<PeoplePlace>(text).ok();
        match (place(&self.after), place(&self.before)) {
            (Some(after), _) => Turn::After(after),
            (None, Some(before)) => Turn::Before(before),
            (None, None) => Turn::First,
        }
    }

    pub(super) fn sorted_by(&self) -> &str {
        &self.sort
    }

    pub(super) fn searched_for(&self) -> &str {
        self.q.trim()
    }

    /// Whether the list is narrowed at all.
    pub(super) fn narrows(&self) -> bool {
        self.given().iter().any(|(_, value)| !value.is_empty())
    }

    fn given(&self) -> [(&'static str, &str); 6] {
        [
            ("q", self.q.trim()),
            ("state", &self.state),
            ("spoc", &self.spoc),
            ("over", &self.over),
            ("strategy", &self.strategy),
            ("channel", &self.channel),
        ]
    }

    /// What narrows the list, as hidden fields of a form.
    pub(super) fn hidden(&self) -> Vec<Value> {
        let given = self.given().into_iter().filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| json!({ "name": name, "value": value })).collect()
    }

    /// The same list at `path` but for what `changed` says; an empty text takes a filter away.
    pub(super) fn href(&self, path: &str, changed: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let kept = self.given().into_iter().chain([("sort", self.sort.as_str())]);
        for (name, value) in kept.filter(|(name, _)| !changed.iter().any(|(other, _)| other == name)) {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        for (name, value) in changed.iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    pub(super) fn turned_to(&self, turn: &str, place: &PeoplePlace) -> String {
        self.href("/people", &[(turn, &json!(place).to_string())])
    }

    /// The column heads that sort: where each leads, and how the list is sorted by it now.
    pub(super) fn sorting(&self) -> Value {
        let head = |up: &str, down: &str, order: (PeopleOrder, PeopleOrder), first: &str| {
            let now = self.order();
            let (aria, next) = match () {
                () if now == order.0 => ("ascending", down),
                () if now == order.1 => ("descending", up),
                () => ("none", first),
            };
            json!({ "aria": aria, "href": self.href("/people", &[("sort", next)]) })
        };
        json!({
            "reference": head("reference", "-reference", (PeopleOrder::Reference, PeopleOrder::ReferenceLastFirst), "reference"),
            "contacts": head("contacts", "-contacts", (PeopleOrder::FewestContacts, PeopleOrder::MostContacts), "-contacts"),
        })
    }

    /// The fields of the filter, as the parts take them; `states` and `spocs` are code and words each.
    pub(super) fn fields(&self, states: &[(String, String)], spocs: &[(String, String)]) -> Value {
        let select = |id: &str, label: &str, chosen: &str, choices: Vec<(String, String)>| {
            let any = [(String::new(), "Any".to_owned())];
            let item = |(value, text): (String, String)| {
                let selected = value == chosen;
                json!({ "value": value, "text": text, "selected": selected })
            };
            let items: Vec<Value> = any.into_iter().chain(choices).map(item).collect();
            json!({ "id": id, "name": id, "label": { "text": label, "classes": "govuk-label--s" },
                    "items": items, "classes": "app-filter__select" })
        };
        let states = states.iter().cloned().chain([("none".to_owned(), "No open case".to_owned())]).collect();
        let yes_no = |yes: &str, no: &str| vec![("yes".to_owned(), yes.to_owned()), ("no".to_owned(), no.to_owned())];
        let channels = Channel::ALL.iter().map(|one| (one.as_str().to_owned(), choice(one.as_str()))).collect();
        json!({
            "state": select("state", "Their case", &self.state, states),
            "spoc": select("spoc", "Single point of contact", &self.spoc, spocs.to_vec()),
            "strategy": select("strategy", "Strategy in force", &self.strategy, yes_no("Yes", "No")),
            "channel": select("channel", "In contact in 28 days by", &self.channel, channels),
            "over": { "idPrefix": "over", "name": "over", "classes": "govuk-checkboxes--small",
                      "items": [{ "value": "yes", "text": "Only over a threshold", "checked": self.over == "yes" }] },
        })
    }

    /// What narrows the list, in words, each with the address of the list without it.
    pub(super) fn chosen(&self, states: &[(String, String)], spocs: &[(String, String)]) -> Vec<Value> {
        let words_of = |choices: &[(String, String)], code: &str| {
            choices.iter().find(|(known, _)| known == code).map_or_else(|| choice(code), |(_, words)| words.clone())
        };
        let says = |(name, value): (&'static str, &str)| match name {
            "q" => format!("Search: {value}"),
            "state" if value == "none" => "No open case".to_owned(),
            "state" => words_of(states, value),
            "spoc" => words_of(spocs, value),
            "over" => "Over a threshold".to_owned(),
            "strategy" if value == "yes" => "Strategy in force".to_owned(),
            "strategy" => "No strategy in force".to_owned(),
            _ => choice(value),
        };
        let given = self.given().into_iter().filter(|(_, value)| !value.is_empty());
        given
            .map(|(name, value)| json!({ "text": says((name, value)), "href": self.href("/people", &[(name, "")]) }))
            .collect()
    }
}

/// An address or a number where it is written as one; otherwise a part of a name, or a reference.
fn recognised(q: &str) -> Searched {
    let identifier = |kind| Searched { identifier: Some((kind, q.to_owned())), text: None };
    if q.contains('@') && normalise(IdentifierKind::Email, q).is_ok() {
        return identifier(IdentifierKind::Email);
    }
    let dialled = q.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '.'));
    let digits = q.chars().filter(char::is_ascii_digit).count();
    if dialled && digits >= FEWEST_DIGITS && normalise(IdentifierKind::Telephone, q).is_ok() {
        return identifier(IdentifierKind::Telephone);
    }
    Searched { text: Some(q.to_owned()), identifier: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_a_number_are_recognised_as_what_they_are() {
        let kind = |q: &str| recognised(q).identifier.map(|(kind, _)| kind);
        assert_eq!(kind("person.one@mail.example"), Some(IdentifierKind::Email));
        assert_eq!(kind("07700 900123"), Some(IdentifierKind::Telephone));
        assert_eq!(kind("+44 (0)7700 900123"), Some(IdentifierKind::Telephone));
        for text in ["Person One", "FSU-0042", "0042", "@", "O'Neill-Smith"] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn a_filter_taken_away_leaves_the_others() {
        let filters = Filters { q: "a b".into(), over: "yes".into(), sort: "-contacts".into(), ..Filters::default() };
        assert_eq!(filters.href("/people", &[("q", "")]), "/people?over=yes&sort=-contacts");
        assert_eq!(filters.href("/people", &[]), "/people?q=a+b&over=yes&sort=-contacts");
        assert_eq!(Filters::default().href("/people", &[]), "/people");
    }
}
