//! Callers of the control room: nominated, taken up, profiled, said to be somebody on file.

pub(crate) mod find;
pub(crate) mod keep;
pub(crate) mod leave;
pub(crate) mod list;
pub(crate) mod nominate;
pub(crate) mod person;
pub(crate) mod take_up;
