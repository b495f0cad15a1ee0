//! `evenhand migrate`: the schema forward. Opening the database does the same; this does it and nothing else.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::boot;

pub(super) async fn run(cx: &Context) -> Result<Exit, Failure> {
    let config = cx.config()?;
    boot::store(&config).await?.close().await;
    cx.output.say("The schema is up to date.")?;
    Ok(Exit::Done)
}
