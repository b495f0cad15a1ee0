//! Whose call it is, so far as the call itself says: a presented number, or a name together with a place.
//!
//! A key is no person. It tells calls of one line, or of one name at one place, from all others; who that is, people say.

use super::CallRow;
use crate::domain::ids::{CallerId, Id};
use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// Caller ids are made of caller keys below this name.
const CALLERS: Uuid = Uuid::from_u128(0x6f1c_57f2_35d6_4c0a_9a7e_2d0b_0f5e_a150);

/// `tel:+44…` or `who:<name>|<place>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallerKey(String);

impl CallerKey {
    /// The key of a number that [`crate::domain::person::normalise`] has read.
    pub fn of_number(number: &str) -> Self {
        Self(format!("tel:{number}"))
    }

    /// The key of a name at a place; `None` where either has neither letter nor digit.
    pub fn of_name_and_place(name: &str, place: &str) -> Option<Self> {
        let (name, place) = (comparable_name(name), comparable_name(place));
        (!name.is_empty() && !place.is_empty()).then(|| Self(format!("who:{name}|{place}")))
    }

    /// The key of whoever calls: the number before all, else the name at the place. `None`: nobody can be told from it.
    pub fn of(number: Option<&str>, name: Option<&str>, place: Option<&str>) -> Option<Self> {
        match number {
            Some(number) => Some(Self::of_number(number)),
            None => Self::of_name_and_place(name?, place?),
        }
    }

    /// A key as it was kept.
    pub fn from_kept(text: String) -> Self {
        Self(text)
    }

    /// The id of the caller: made of the key, so that it is the same in every import.
    pub fn id(&self) -> CallerId {
        Id::from_uuid(Uuid::new_v5(&CALLERS, self.0.as_bytes()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of a key that is one.
    pub fn number(&self) -> Option<&str> {
        self.0.strip_prefix("tel:")
    }
}

impl fmt::Display for CallerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose call this is. `None`: it counts for nobody, and reports say how many such calls there were.
pub fn caller_key(row: &CallRow) -> Option<CallerKey> {
    CallerKey::of(row.number.as_deref(), row.caller_name.as_deref(), row.location.as_deref())
}

/// A name or a place for comparing: lower case, letters and digits, one space between words. Apostrophes vanish, every
/// other sign parts words.
pub fn comparable_name(text: &str) -> String {
    let mut comparable = String::with_capacity(text.len());
    let mut gap = false;
    for letter in text.nfkc().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            if gap && !comparable.is_empty() {
                comparable.push(' ');
            }
            gap = false;
            comparable.push(letter);
        } else if !matches!(letter, '\'' | '’' | '‘' | '`') {
            gap = true;
        }
    }
    comparable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_form_however_it_was_typed() {
        for written in ["O'NEILL, Ann", "o’neill   ann", " Oneill-Ann. ", "Ｏ'Neill Ann"] {
            assert_eq!(comparable_name(written), "oneill ann", "{written}");
        }
        assert_eq!(comparable_name("Flat 2/14 Example Rd"), "flat 2 14 example rd");
        assert_eq!(comparable_name("-- , !"), "");
    }

    #[test]
    fn a_number_comes_before_a_name_and_a_name_needs_a_place() {
        let row = |number: Option<&str>, name: Option<&str>, place: Option<&str>| {
            let text = |given: Option<&str>| given.map(str::to_owned);
            let row =
                CallRow { number: text(number), caller_name: text(name), ..crate::domain::calls::row_for_tests() };
            caller_key(&CallRow { location: text(place), ..row }).map(|key| key.to_string())
        };
        let number = Some("+441632960123");
        assert_eq!(row(number, Some("Ann"), Some("Here")).as_deref(), Some("tel:+441632960123"));
        assert_eq!(
            row(None, Some("Ann Example"), Some("1 Made-up Way")).as_deref(),
            Some("who:ann example|1 made up way")
        );
        assert_eq!(row(None, Some("Ann Example"), None), None);
        assert_eq!(row(None, None, Some("Here")), None);
        assert_eq!(row(None, Some("?"), Some("Here")), None);
    }
}
