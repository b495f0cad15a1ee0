//! Callers of the control room: nominated, profiled, said to be somebody on file.

pub(crate) mod find;
pub(crate) mod leave;
pub(crate) mod list;
pub(crate) mod person;
