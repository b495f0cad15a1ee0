//! People put on the meeting's list: by a person who says why, or by a rule their contacts reached.
//!
//! A nomination labels nobody. It asks people to look.

mod by_rules;
mod keep_nominations;
mod nominate;
mod read_nominations;
mod withdraw_nominations;

pub(crate) use by_rules::{nominate_by_rules, nominate_regrouped};
pub(crate) use keep_nominations::keep;
pub(crate) use nominate::keep_opening;
pub use nominate::{ManualNomination, nominate};
pub use read_nominations::{ShownNomination, list_nominations, show_nominations};
pub(crate) use withdraw_nominations::withdraw_unfounded;

pub use crate::store::nominations::{Nomination, Source};

/// The case type that a nomination opens.
const NOMINATED: &str = "frequent-service-user";
