//! Markers: what a call taker is told of a number, a person or a place.

use crate::domain::ids::{CallerId, PersonId};
use crate::domain::person::{UnknownWord, fold_name};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What a marker says (policy 6.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkerKind {
    /// Something about a number.
    Telephone,
    /// Something about a place or a thing: a dog, a key safe, a weapon.
    Object,
    /// What was agreed to do when they call, a step a line.
    ResponsePlan,
    /// The id of a script of the register, or steps, one a line.
    CallScript,
}

impl MarkerKind {
    pub const ALL: [MarkerKind; 4] =
        [MarkerKind::Telephone, MarkerKind::Object, MarkerKind::ResponsePlan, MarkerKind::CallScript];

    pub fn as_str(self) -> &'static str {
        match self {
            MarkerKind::Telephone => "telephone",
            MarkerKind::Object => "object",
            MarkerKind::ResponsePlan => "response_plan",
            MarkerKind::CallScript => "call_script",
        }
    }
}

impl FromStr for MarkerKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = MarkerKind::ALL.into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| UnknownWord { word: text.to_owned(), what: "a kind of marker" })
    }
}

/// What a marker is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkedOn {
    Caller(CallerId),
    Person(PersonId),
    /// An address, as it was written.
    Place(String),
}

impl MarkedOn {
    /// On a number, on a person, or on one of these places.
    pub fn is_told_by(&self, places: &[String]) -> bool {
        match self {
            MarkedOn::Place(marked) => places.iter().any(|place| fold_name(place) == fold_name(marked)),
            MarkedOn::Caller(_) | MarkedOn::Person(_) => true,
        }
    }
}
