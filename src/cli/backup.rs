//! `evenhand backup`: Copy the database while it is in use.

use super::context::Context;
use super::exit::{Exit, Failure};

#[derive(clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(_args: Args, _cx: &Context) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Software, "`backup` is in the making"))
}
