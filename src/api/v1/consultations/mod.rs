//! Consultations: what a liaison officer at SNT, OPT or MASH sees and answers.

pub(crate) mod answer;
pub(crate) mod list;
