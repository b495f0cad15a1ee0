//! The whole job, told over HTTP with the tokens of different people.

mod alerts;
mod appeals;
mod both_sides;
mod broken_glass;
pub mod caller_forms;
pub mod cast;
mod clocks;
mod complained_about;
mod disposal;
mod disposal_vouched;
pub mod forms;
mod from_import_to_report;
mod from_mail_to_measured_strategy;
mod harm_test;
mod history;
mod in_charge;
mod meetings;
mod notices;
mod orders;
pub mod refusals_on_the_way;
mod standing_in;
mod through_a_system;
mod versions;
mod vulnerable_caller;
mod warnings;
