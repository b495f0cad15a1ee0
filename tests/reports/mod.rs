//! Reports: what they say of what is on file, and what they leave out.

mod decisions;
mod equality;
