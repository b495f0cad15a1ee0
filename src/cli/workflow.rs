//! `evenhand workflow`: look at the case types; needs no database.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::boot;
use crate::domain::workflow::Workflow;
use crate::domain::workflow::diagram;
use serde::Serialize;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// List the case types
    List,
    /// Draw one case type
    Diagram(DiagramArgs),
}

#[derive(clap::Args)]
pub(super) struct DiagramArgs {
    /// The case type: communications-strategy
    key: String,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Mark this state as the present one
    #[arg(long, value_name = "STATE")]
    present: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(super) enum Format {
    #[default]
    Mermaid,
    Svg,
}

pub(super) async fn run(command: Command, cx: &Context) -> Result<Exit, Failure> {
    let catalog = boot::catalog(&cx.config()?)?;
    match command {
        Command::List => {
            let rows: Vec<Row<'_>> = catalog.all().map(|workflow| Row::of(workflow)).collect();
            cx.output.print(&rows, |rows| rows.iter().map(Row::in_words).collect::<Vec<_>>().join("\n"))?;
        }
        Command::Diagram(args) => {
            let unknown = || Failure::new(Exit::NoInput, format!("there is no case type {}", args.key));
            let workflow = catalog.latest(&args.key).ok_or_else(unknown)?;
            let present = args.present.as_deref();
            if let Some(state) = present.filter(|state| workflow.state(state).is_none()) {
                return Err(Failure::new(Exit::NoInput, format!("{} has no state {state}", args.key)));
            }
            let drawn = match args.format {
                Format::Mermaid => diagram::mermaid(workflow, present),
                Format::Svg => diagram::svg(workflow, present),
            };
            cx.output.line(drawn.trim_end())?;
        }
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'w> {
    key: &'w str,
    version: u32,
    title: &'w str,
    states: usize,
    invariants: usize,
    content_hash: &'w str,
}

impl<'w> Row<'w> {
    fn of(workflow: &'w Workflow) -> Self {
        Row {
            key: &workflow.key,
            version: workflow.version,
            title: &workflow.title,
            states: workflow.states.len(),
            invariants: workflow.invariants.len(),
            content_hash: &workflow.content_hash,
        }
    }

    fn in_words(&self) -> String {
        let Row { key, version, title, states, invariants, .. } = self;
        format!("{key} v{version}: {title} ({states} states; invariants proved: {invariants})")
    }
}
