//! The whole job, told over HTTP with the tokens of different people.

mod cast;
mod forms;
mod from_mail_to_measured_strategy;
mod history;
mod refusals_on_the_way;
mod through_a_system;
