//! The policy itself: the files it is made of and what changed in them, its registers, its review.

mod changed_files;
mod read_coverage;
mod read_registers;
mod review;

pub(crate) use changed_files::under_the_policy;
pub use changed_files::{ChangedFile, keep_registers, list_changed_files, record_changed_files};
pub use read_coverage::read_coverage;
pub use read_registers::{KeptText, RegisterSummary, RegisterView, find_register, list_registers};
pub use review::{ask_for_review, review_warning};
