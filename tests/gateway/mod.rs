//! The doors through which servers hand mail over.

mod lmtp;
mod session;
