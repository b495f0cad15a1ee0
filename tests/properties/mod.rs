//! Invariants over histories that nobody thought of: sequences of 40 commands against a real database, checked on its
//! events and rows after every command.
//!
//! Most commands are steps that `actions_now` offers, with their forms filled in; some are by the wrong person, in the
//! wrong state, in the wrong words or too late. A command is one number, read against what the database holds when its
//! turn comes. So a failing sequence is made shorter by leaving numbers out and running again on a fresh database
//! (proptest's own shrinking would want the commands themselves, which exist only against a state); what remains is
//! printed, with what each command did, and repeats under the same seed.
//!
//! Every command goes through one of two doors (`door`): the functions of `app`, or the API over HTTP.
//!
//! How many sequences run: `EVENHAND_PROPERTY_SEQUENCES`, `256` for 256 on SQLite and an eighth of it on PostgreSQL;
//! over HTTP a quarter of the first and all of the second. Without it, few enough that the whole suite stays quick. From
//! 256 on, the run also asks that every expected kind of command was accepted and every expected refusal given at least
//! once.
#![expect(clippy::large_futures, reason = "a test's own futures may be as large as they like")]

mod arrival;
mod casework;
mod desk_door;
mod door;
mod expected;
mod forms;
mod grading;
mod history;
mod invariants;
mod looks;
mod mailroom;
mod markings;
mod measure;
mod offences;
mod orders;
mod other_cases;
mod planted;
mod retention;
mod rng;
mod run;
mod snapshot;
mod tally;
mod world;
