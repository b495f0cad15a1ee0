//! Protective markings (Government Security Classifications): what everything shown, printed or sent bears on top.
//!
//! The one rule: what is made from several things bears the highest of their markings. There is no way here to lower one.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// In order, the lowest first. `SENSITIVE` is a marking inside OFFICIAL, for an enforced need to know.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
pub enum Marking {
    #[default]
    #[serde(rename = "OFFICIAL")]
    Official,
    #[serde(rename = "OFFICIAL-SENSITIVE")]
    OfficialSensitive,
    #[serde(rename = "SECRET")]
    Secret,
    #[serde(rename = "TOP SECRET")]
    TopSecret,
}

impl Marking {
    pub const ALL: [Marking; 4] = [Marking::Official, Marking::OfficialSensitive, Marking::Secret, Marking::TopSecret];

    /// As it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Marking::Official => "OFFICIAL",
            Marking::OfficialSensitive => "OFFICIAL-SENSITIVE",
            Marking::Secret => "SECRET",
            Marking::TopSecret => "TOP SECRET",
        }
    }

    /// The marking of what is made from this and others.
    pub fn with(self, others: impl IntoIterator<Item = Marking>) -> Marking {
        others.into_iter().fold(self, Marking::max)
    }
}

impl fmt::Display for Marking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a protective marking")]
pub struct NotAMarking(pub String);

impl FromStr for Marking {
    type Err = NotAMarking;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Marking::ALL.into_iter().find(|marking| marking.as_str() == text);
        known.ok_or_else(|| NotAMarking(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_several_things_bears_the_highest_of_their_markings() {
        for one in Marking::ALL {
            for other in Marking::ALL {
                let both = one.with([other]);
                assert!(both >= one && both >= other && [one, other].contains(&both), "{one} {other} {both}");
            }
        }
        assert_eq!(Marking::default().with([]), Marking::Official);
    }

    #[test]
    fn a_marking_reads_back_as_it_is_printed() {
        for marking in Marking::ALL {
            assert_eq!(marking.as_str().parse::<Marking>().unwrap(), marking);
            assert_eq!(serde_json::json!(marking), marking.as_str());
        }
        assert!("official".parse::<Marking>().is_err());
    }
}
