//! A service user: the ways to recognise them, and which records turned out to be one person.

pub mod equality;

mod group;
mod identifier;

pub use group::{LiveMerge, roots};
pub use identifier::{Confidence, HolderRole, IdentifierKind, NotAnIdentifier, UnknownWord, fold_name, normalise};
