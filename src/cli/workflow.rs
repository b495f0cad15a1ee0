//! `evenhand workflow`

use super::context::Context;
use super::exit::{Exit, Failure};

#[derive(clap::Subcommand)]
pub(super) enum Command {}

pub(super) async fn run(command: Command, _cx: &Context) -> Result<Exit, Failure> {
    match command {}
}
