//! Calls to the control room as its systems record them: who calls, which rows are one call. Pure.

mod words;

pub use words::{CallerKind, Direction, UnknownWord};

use crate::domain::ids::{CallerId, Id};
use uuid::Uuid;

/// Caller ids are made of caller keys below this name: the same caller is the same id in every import.
const CALLERS: Uuid = Uuid::from_u128(0x6f1c_57f2_35d6_4c0a_9a7e_2d0b_0f5e_a150);

/// The id of the caller of this key.
pub fn caller_id(key: &str) -> CallerId {
    Id::from_uuid(Uuid::new_v5(&CALLERS, key.as_bytes()))
}
