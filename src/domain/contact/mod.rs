//! A contact: one act of getting in touch, by any channel, as a fact.

mod channel;

pub use channel::{Channel, UnknownChannel};
