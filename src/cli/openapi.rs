//! `evenhand openapi`: the description of the API, as the server gives it.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::boot;

pub(super) fn run(cx: &Context) -> Result<Exit, Failure> {
    cx.output.line(&boot::api_description())?;
    Ok(Exit::Done)
}
