//! `evenhand backup`: copy the database while it is in use.

use super::context::Context;
use super::exit::{Exit, Failure};
use super::restore::{Copy, copy_words};
use crate::boot;
use crate::store::backup::backup;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The file to write; one that is there is replaced once the new one is whole
    file: PathBuf,
}

pub(super) async fn run(args: Args, cx: &Context) -> Result<Exit, Failure> {
    let store = boot::existing_store(&cx.config()?).await?;
    let copied = backup(&store, &args.file).await;
    store.close().await;
    let copy = Copy::of(&args.file, copied?);
    cx.output.print(&copy, |copy| copy_words("Backed up", copy))?;
    Ok(Exit::Done)
}
