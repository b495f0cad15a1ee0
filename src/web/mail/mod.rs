//! The mail room: what is to be read, what is held, who is not known, what could not be read, what we write and sent.

pub(crate) mod explain;
pub(crate) mod files;
mod head;
pub(crate) mod list;
mod ours;
mod rows;
pub(crate) mod screener;
mod words;

pub(crate) use ours::by;
pub(crate) use words::{attribution, clauses, due, evidence, flag, found, our_state, question, queue, way};
