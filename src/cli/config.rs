//! `evenhand config check`: the settings in force, secrets not shown.

use super::check::today;
use super::context::Context;
use super::exit::{Exit, Failure};
use crate::boot;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Read all settings, complain, and print what is in force
    Check,
}

pub(super) fn run(Command::Check: Command, cx: &Context) -> Result<Exit, Failure> {
    let config = cx.config()?;
    cx.output.print(&config, |config| {
        let sections = serde_json::to_value(config).unwrap_or_default();
        let sections = sections.as_object().into_iter().flatten();
        let lines = sections.flat_map(|(section, keys)| {
            let keys = keys.as_object().into_iter().flatten();
            keys.map(move |(key, value)| format!("{section}.{key} = {value}")).collect::<Vec<_>>()
        });
        lines.collect::<Vec<_>>().join("\n")
    })?;
    // Faults in the files are `evenhand check`'s to name.
    let policy = boot::catalog(&config).ok().and_then(|catalog| catalog.registers().policy.clone());
    if let Some(warning) = policy.and_then(|policy| policy.warning(today())) {
        cx.output.say(&format!("warning: {warning}"))?;
    }
    Ok(Exit::Done)
}
