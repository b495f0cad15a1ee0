//! The part of CEL's standard library that a guard may use, with its types.

use super::types::Type;

/// What an argument has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Text,
    Instant,
    /// A number, or text or an instant that holds one.
    Numeric,
    /// Text, a list or an object: something with a size.
    Sized,
    Anything,
}

impl Want {
    pub(super) fn accepts(self, given: &Type) -> bool {
        given.is_open()
            || match self {
                Want::Text => given.is_text(),
                Want::Instant => *given == Type::Instant,
                Want::Numeric => given.is_text() || matches!(given, Type::Int | Type::Number | Type::Instant),
                Want::Sized => given.is_text() || matches!(given, Type::List(_) | Type::Object(_)),
                Want::Anything => true,
            }
    }

    pub(super) fn in_words(self) -> &'static str {
        match self {
            Want::Text => "text",
            Want::Instant => "a point in time",
            Want::Numeric => "a number",
            Want::Sized => "text, a list or an object",
            Want::Anything => "anything",
        }
    }
}

pub(super) struct Overload {
    pub(super) name: &'static str,
    /// What stands before the dot, for a method.
    pub(super) receiver: Option<Want>,
    pub(super) parameters: &'static [Want],
    pub(super) gives: Type,
}

const fn plain(name: &'static str, parameters: &'static [Want], gives: Type) -> Overload {
    Overload { name, receiver: None, parameters, gives }
}

const fn method(name: &'static str, receiver: Want, parameters: &'static [Want], gives: Type) -> Overload {
    Overload { name, receiver: Some(receiver), parameters, gives }
}

pub(super) static ALL: &[Overload] = &[
    plain("size", &[Want::Sized], Type::Int),
    method("size", Want::Sized, &[], Type::Int),
    method("contains", Want::Text, &[Want::Text], Type::Bool),
    method("startsWith", Want::Text, &[Want::Text], Type::Bool),
    method("endsWith", Want::Text, &[Want::Text], Type::Bool),
    method("matches", Want::Text, &[Want::Text], Type::Bool),
    plain("timestamp", &[Want::Text], Type::Instant),
    plain("duration", &[Want::Text], Type::Duration),
    plain("string", &[Want::Anything], Type::Text),
    plain("int", &[Want::Numeric], Type::Int),
    plain("double", &[Want::Numeric], Type::Number),
    method("getFullYear", Want::Instant, &[], Type::Int),
    method("getFullYear", Want::Instant, &[Want::Text], Type::Int),
    method("getMonth", Want::Instant, &[], Type::Int),
    method("getMonth", Want::Instant, &[Want::Text], Type::Int),
    method("getDate", Want::Instant, &[], Type::Int),
    method("getDate", Want::Instant, &[Want::Text], Type::Int),
    method("getDayOfWeek", Want::Instant, &[], Type::Int),
    method("getDayOfWeek", Want::Instant, &[Want::Text], Type::Int),
    method("getHours", Want::Instant, &[], Type::Int),
    method("getHours", Want::Instant, &[Want::Text], Type::Int),
    method("getMinutes", Want::Instant, &[], Type::Int),
    method("getMinutes", Want::Instant, &[Want::Text], Type::Int),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workflow::function::fixture::Fixture;
    use crate::domain::workflow::model::Expression;
    use serde_json::json;

    /// What is declared here has to exist, or a guard would pass the check and never be answered.
    #[test]
    fn every_declared_overload_is_answered_at_run_time() {
        let fixture = Fixture::with(json!({}));
        for overload in ALL {
            let sample = |want: &Want| match want {
                Want::Text | Want::Sized | Want::Anything => match overload.name {
                    "timestamp" => "\"2026-01-01T00:00:00Z\"",
                    "duration" => "\"24h\"",
                    name if name.starts_with("get") => "\"Europe/London\"",
                    _ => "\"ab\"",
                },
                Want::Instant => "now",
                Want::Numeric => "1",
            };
            let arguments: Vec<&str> = overload.parameters.iter().map(sample).collect();
            let receiver = overload.receiver.map(|want| if want == Want::Instant { "now." } else { "\"ab\"." });
            let call = format!("{}{}({})", receiver.unwrap_or_default(), overload.name, arguments.join(", "));
            let holds = format!("string({call}) != \"\"");
            let answer = Expression::compile(&holds).unwrap().evaluate(&fixture.scope());
            assert_eq!(answer, Ok(true), "{call}");
        }
    }
}
