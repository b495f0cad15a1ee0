//! Cases of every type: one page that says where a case stands and what comes next, and one form for whatever may be done
//! with it. What may be done comes from the same function that decides it.

pub(crate) mod act;
pub(crate) mod open;
pub(crate) mod person;
pub(crate) mod show;
mod timeline;

pub(crate) use show::{buttons, name_of, next_step, person_of};
pub(crate) use timeline::timeline;
