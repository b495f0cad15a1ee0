//! Handing events over to the receivers of other systems: signed (Standard Webhooks 1.0.0), and only where they may go.
//! What is told to whom, and when it is tried again, is not here.

mod line;
mod sign;

pub use line::{Fault, Letter, Line};
pub use sign::{Secret, SigningFault, signatures};
