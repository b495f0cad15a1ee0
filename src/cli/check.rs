//! `evenhand check`: Find every fault in workflows, forms, rules and templates.

use super::context::Context;
use super::exit::{Exit, Failure};

#[derive(clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(_args: Args, _cx: &Context) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Software, "`check` is in the making"))
}
