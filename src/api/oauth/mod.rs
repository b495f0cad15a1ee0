//! Tokens for systems, and the keys to check them with.

pub(crate) mod jwks;
pub(crate) mod token;
