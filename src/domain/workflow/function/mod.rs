//! The named questions a guard can ask: each one small function over the scope, declared here with its types.
//!
//! Where a thought would make an expression long, it gets a name here instead.

mod address;
mod areas;
mod channels;
mod consultations;
mod dates;
mod harm_test;
mod law;
mod record;
mod retention;

#[cfg(test)]
pub(crate) mod fixture;

pub(crate) use channels::is_window;
pub(crate) use dates::parse_date;
pub use record::OPTIONS;

use crate::domain::workflow::scope::Scope;
use chrono::{DateTime, Utc};

/// A value that goes in or comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Datum {
    Bool(bool),
    Int(i64),
    Text(String),
    Texts(Vec<String>),
    Instant(DateTime<Utc>),
}

/// The type of a parameter or an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Int,
    Text,
    Texts,
    Instant,
    /// An ISO date, or an instant standing for its London date.
    Date,
    /// Text naming a channel.
    Channel,
    /// Text naming channels.
    Channels,
    /// `24h`, `7d`.
    Window,
    /// Dotted paths in the case's data.
    Paths,
}

/// An answer, or why there is none: in words, without personal data.
pub(crate) type Answer = Result<Datum, String>;

pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [(&'static str, Kind)],
    pub(crate) gives: Kind,
    run: fn(&Scope<'_>, &Arguments<'_>) -> Answer,
}

impl Function {
    pub(crate) fn answer(&self, scope: &Scope<'_>, arguments: &[Datum]) -> Answer {
        if arguments.len() != self.parameters.len() {
            return Err(format!("it takes {} arguments, not {}", self.parameters.len(), arguments.len()));
        }
        (self.run)(scope, &Arguments(arguments))
    }
}

pub(crate) fn named(name: &str) -> Option<&'static Function> {
    ALL.iter().find(|function| function.name == name)
}

const fn function(
    name: &'static str,
    parameters: &'static [(&'static str, Kind)],
    gives: Kind,
    run: fn(&Scope<'_>, &Arguments<'_>) -> Answer,
) -> Function {
    Function { name, parameters, gives, run }
}

/// The whole table, in reading order.
pub(crate) static ALL: &[Function] = &[
    function("open_channels", &[], Kind::Int, channels::open_channels),
    function("blocked_channels", &[], Kind::Texts, channels::blocked_channels),
    function("has_tried_alternatives", &[("channel", Kind::Channel)], Kind::Bool, channels::has_tried_alternatives),
    function("limits_well_formed", &[], Kind::Bool, channels::limits_well_formed),
    function("emergency_untouched", &[], Kind::Bool, channels::emergency_untouched),
    function("rights_untouched", &[], Kind::Bool, channels::rights_untouched),
    function(
        "contacts_in",
        &[("window", Kind::Window), ("channels", Kind::Channels)],
        Kind::Int,
        channels::contacts_in,
    ),
    function("consultations_settled", &[("units", Kind::Texts)], Kind::Bool, consultations::consultations_settled),
    function("harm_test_covers_text", &[], Kind::Bool, harm_test::harm_test_covers_text),
    function("notice_complete", &[], Kind::Bool, harm_test::notice_complete),
    function(
        "address_confirmed",
        &[("method", Kind::Text), ("address", Kind::Text)],
        Kind::Bool,
        address::address_confirmed,
    ),
    function("filled", &[("paths", Kind::Paths)], Kind::Bool, record::filled),
    function("every_option_considered", &[], Kind::Bool, record::every_option_considered),
    function("reviewed_case", &[], Kind::Text, retention::reviewed_case),
    function("held_by", &[("what", Kind::Text)], Kind::Bool, retention::held_by),
    function("recorded_holds", &[], Kind::Int, retention::recorded_holds),
    function("is_held", &[("kind", Kind::Text), ("reference", Kind::Text)], Kind::Bool, retention::is_held),
    function("age_on", &[("date", Kind::Date)], Kind::Int, dates::age_on),
    function("working_days", &[("days", Kind::Int)], Kind::Instant, dates::working_days),
    function("date_in_london", &[("instant", Kind::Date)], Kind::Text, dates::date_in_london),
    function("is_before", &[("date", Kind::Date), ("other", Kind::Date)], Kind::Bool, dates::is_before),
    function("days_between", &[("from", Kind::Date), ("to", Kind::Date)], Kind::Int, dates::days_between),
    function(
        "working_days_between",
        &[("from", Kind::Date), ("to", Kind::Date)],
        Kind::Int,
        dates::working_days_between,
    ),
    function(
        "within_months",
        &[("from", Kind::Date), ("to", Kind::Date), ("months", Kind::Int)],
        Kind::Bool,
        dates::within_months,
    ),
    function("in_force", &[("law", Kind::Text), ("date", Kind::Date)], Kind::Bool, law::in_force),
    function("limited", &[("law", Kind::Text)], Kind::Bool, law::limited),
    function(
        "limitation_on",
        &[("law", Kind::Text), ("offence", Kind::Date), ("evidence", Kind::Date)],
        Kind::Text,
        law::limitation_on,
    ),
    function("every_offence_considered", &[], Kind::Bool, law::every_offence_considered),
    function("area_known", &[("area", Kind::Text)], Kind::Bool, areas::area_known),
    function("area_of", &[("location", Kind::Text)], Kind::Text, areas::area_of),
];

/// The arguments of one call, taken out by position and type.
pub(crate) struct Arguments<'a>(&'a [Datum]);

impl Arguments<'_> {
    fn text(&self, position: usize) -> Result<&str, String> {
        match self.0.get(position) {
            Some(Datum::Text(text)) => Ok(text),
            Some(Datum::Bool(_) | Datum::Int(_) | Datum::Texts(_) | Datum::Instant(_)) | None => {
                Err(wrong(position, "text"))
            }
        }
    }

    fn texts(&self, position: usize) -> Result<&[String], String> {
        match self.0.get(position) {
            Some(Datum::Texts(texts)) => Ok(texts),
            Some(Datum::Bool(_) | Datum::Int(_) | Datum::Text(_) | Datum::Instant(_)) | None => {
                Err(wrong(position, "a list of text"))
            }
        }
    }

    fn int(&self, position: usize) -> Result<i64, String> {
        match self.0.get(position) {
            Some(Datum::Int(number)) => Ok(*number),
            Some(Datum::Bool(_) | Datum::Text(_) | Datum::Texts(_) | Datum::Instant(_)) | None => {
                Err(wrong(position, "a whole number"))
            }
        }
    }
}

fn wrong(position: usize, wanted: &str) -> String {
    format!("argument {} has to be {wanted}", position + 1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_function_is_in_the_reference() {
        let reference = include_str!("../../../../docs/workflow-language.md");
        for function in super::ALL {
            assert!(reference.contains(&format!("`{}(", function.name)), "{}", function.name);
        }
    }
}
