//! `evenhand restore`: Put a copy in the place of an empty database.

use super::context::Context;
use super::exit::{Exit, Failure};

#[derive(clap::Args)]
pub(super) struct Args {}

pub(super) async fn run(_args: Args, _cx: &Context) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Software, "`restore` is in the making"))
}
