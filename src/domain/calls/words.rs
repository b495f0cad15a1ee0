//! The words a call is described with, as data, API and pages say them.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Whether somebody called us, or we them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    In,
    Out,
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::In => "in",
            Direction::Out => "out",
        }
    }
}

/// Who calls: a person, a business or another body, or nobody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallerKind {
    Individual,
    Organisation,
    Unknown,
}

impl CallerKind {
    pub fn as_str(self) -> &'static str {
        match self {
            CallerKind::Individual => "individual",
            CallerKind::Organisation => "organisation",
            CallerKind::Unknown => "unknown",
        }
    }
}

/// A word that is none of these.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not known here")]
pub struct UnknownWord(pub String);

impl FromStr for Direction {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Direction::In, Direction::Out];
        all.into_iter().find(|one| one.as_str() == text).ok_or_else(|| UnknownWord(text.to_owned()))
    }
}

impl FromStr for CallerKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [CallerKind::Individual, CallerKind::Organisation, CallerKind::Unknown];
        all.into_iter().find(|one| one.as_str() == text).ok_or_else(|| UnknownWord(text.to_owned()))
    }
}
