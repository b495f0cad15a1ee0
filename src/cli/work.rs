//! `evenhand work`: the worker alone, beside servers on the same database.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::boot;

pub(super) async fn run(cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    boot::begin(&app).await?;
    cx.output.say("Evenhand works; Ctrl-C stops it after the work in hand.")?;
    boot::work_until_told_to_stop(&cx.config()?, app).await?;
    Ok(Exit::Done)
}
