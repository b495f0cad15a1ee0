//! Which requirement works where, for whoever signs in.

use crate::app::{AppError, rights};
use crate::domain::access::Actor;
use crate::domain::traceability::{Coverage, coverage};

/// Every requirement and invariant with its places and tests.
///
/// # Errors
/// `named-person-required`.
pub fn read_coverage(actor: &Actor) -> Result<Coverage, AppError> {
    rights::liaison(actor)?;
    coverage().map_err(|fault| AppError::broken("reading what the policy asks", fault))
}
