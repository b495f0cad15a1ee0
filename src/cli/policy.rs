//! `evenhand policy`: what the policy asks and where it works; the registers.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::boot;
use crate::domain::registers::RegisterText;
use crate::domain::traceability;
use serde::Serialize;

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Every requirement and invariant: works, or not yet
    Coverage,
    /// The dated registers; with a name, its text
    Registers(RegisterArgs),
}

#[derive(clap::Args)]
struct RegisterArgs {
    /// The register: legislation
    name: Option<String>,
}

/// Without a subcommand: the page `docs/policy.md`.
pub(super) fn run(args: Args, cx: &Context) -> Result<Exit, Failure> {
    match args.command {
        Some(Command::Registers(RegisterArgs { name })) => return registers(name, cx),
        Some(Command::Coverage) => cx.output.print(&coverage()?, traceability::Coverage::table)?,
        None => cx.output.print(&coverage()?, |coverage| coverage.page().trim_end().to_owned())?,
    }
    Ok(Exit::Done)
}

fn coverage() -> Result<traceability::Coverage, Failure> {
    traceability::coverage().map_err(|fault| Failure::new(Exit::Data, fault))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    name: String,
    content_hash: String,
    text: String,
}

impl From<&RegisterText> for Row {
    fn from(register: &RegisterText) -> Self {
        let RegisterText { name, text, content_hash } = register.clone();
        Self { name, content_hash, text }
    }
}

fn registers(name: Option<String>, cx: &Context) -> Result<Exit, Failure> {
    let catalog = boot::catalog(&cx.config()?)?;
    let mut rows: Vec<Row> = catalog.registers().texts.iter().map(Row::from).collect();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    let Some(name) = name else {
        let line = |row: &Row| format!("{:<16} {}", row.name, row.content_hash);
        cx.output.print(&rows, |rows| rows.iter().map(line).collect::<Vec<_>>().join("\n"))?;
        return Ok(Exit::Done);
    };
    let unknown = || Failure::new(Exit::NoInput, format!("there is no register {name}"));
    let row = rows.into_iter().find(|row| row.name == name).ok_or_else(unknown)?;
    cx.output.print(&row, |row| row.text.trim_end().to_owned())?;
    Ok(Exit::Done)
}
