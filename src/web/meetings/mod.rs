//! The weekly meeting: what is planned, one meeting's agenda, one screen a person, minutes.

pub(crate) mod agenda;
pub(crate) mod interest;
pub(crate) mod list;
pub(crate) mod minutes;
pub(crate) mod person;
pub(crate) mod prepare;
pub(crate) mod record;
