//! The small words of the language: names, spans of time, effects.

use super::read::{At, Reader};
use crate::domain::workflow::fault::did_you_mean;
use crate::domain::workflow::model::{EffectName, Span};
use serde_json::Value;

/// `in_force` → `In force`: what a state or action is called where the file gives no title.
pub(super) fn title_of(id: &str) -> String {
    let mut spaced = id.replace('_', " ");
    if let Some(first) = spaced.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    spaced
}

pub(super) fn effects() -> Vec<&'static str> {
    EffectName::ALL.iter().map(|effect| effect.as_str()).collect()
}

pub(super) fn effect(word: &str) -> Option<EffectName> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}

pub(super) fn meant_effect(word: &str) -> String {
    did_you_mean(word, effects())
}

/// `10 working days`, `1 working day`, `90 days`, `90 calendar days`, `same day`.
pub(super) fn span(text: &str) -> Option<Span> {
    if text.trim() == "same day" {
        return Some(Span::CalendarDays(0));
    }
    let (number, unit) = text.trim().split_once(' ')?;
    let number: u32 = number.parse().ok()?;
    match unit.trim() {
        "working day" | "working days" => Some(Span::WorkingDays(number)),
        "day" | "days" | "calendar day" | "calendar days" => Some(Span::CalendarDays(number)),
        _ => None,
    }
}

impl Reader<'_> {
    pub(super) fn span(&mut self, at: &At<'_>) -> Option<Span> {
        let read = span(self.text(at)?);
        if read.is_none() {
            self.fault(at, "not-a-span", "a time is written `10 working days` or `90 days`");
        }
        read
    }

    /// States and actions are named in lower case with underscores, so that they read the same in YAML, API and address.
    pub(super) fn plain_name(&mut self, name: &str, at: &At<'_>) {
        if !is_name(name, '_') {
            let message = format!("`{name}` is not a name: lower-case letters, digits and underscores, a letter first");
            self.fault(at, "bad-name", message);
        }
    }

    pub(super) fn kebab(&mut self, at: &At<'_>) -> Option<String> {
        let text = self.text(at)?;
        if !is_name(text, '-') {
            let message = format!("`{text}` is not a name: lower-case letters, digits and hyphens, a letter first");
            self.fault(at, "bad-name", message);
        }
        Some(text.to_owned())
    }

    pub(super) fn workflow_key(&mut self, at: &At<'_>) -> Option<String> {
        self.kebab(at)
    }
}

fn is_name(text: &str, separator: char) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_number_and_a_unit() {
        assert_eq!(span("10 working days"), Some(Span::WorkingDays(10)));
        assert_eq!(span("1 working day"), Some(Span::WorkingDays(1)));
        assert_eq!(span("90 days"), Some(Span::CalendarDays(90)));
        assert_eq!(span("90 calendar days"), Some(Span::CalendarDays(90)));
        assert_eq!(span("same day"), Some(Span::CalendarDays(0)));
        assert_eq!(span("soon"), None);
        assert_eq!(span("-1 days"), None);
        assert_eq!(span("3 months"), None);
    }

    #[test]
    fn every_effect_is_known_by_its_word() {
        for known in EffectName::ALL {
            assert_eq!(effect(known.as_str()), Some(known));
        }
        assert_eq!(effect("restrict_everybody"), None);
    }
}
