//! `evenhand workflow`: look at the case types; move open cases to a new version of one.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::app::cases::{Migrate, MigrationPlan, migrate_cases};
use crate::boot;
use crate::domain::access::Actor;
use crate::domain::workflow::Workflow;
use crate::domain::workflow::diagram;
use serde::Serialize;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// List the case types
    List,
    /// Draw one case type
    Diagram(DiagramArgs),
    /// Show what moving the open cases of one version to the latest would do; with --yes, do it
    Migrate(MigrateArgs),
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

#[derive(clap::Args)]
pub(super) struct MigrateArgs {
    /// The case type: communications-strategy
    key: String,
    /// The version whose open cases are moved
    #[arg(long, value_name = "VERSION")]
    from: u32,
    /// The latest version
    #[arg(long, value_name = "VERSION")]
    to: u32,
    /// Do it: all cases, or none where one has no home
    #[arg(long)]
    yes: bool,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(super) enum Format {
    #[default]
    Mermaid,
    Svg,
}

pub(super) async fn run(command: Command, cx: &Context) -> Result<Exit, Failure> {
    match command {
        Command::List | Command::Diagram(_) => look(command, cx),
        Command::Migrate(args) => migrate(args, cx).await,
    }
}

async fn migrate(args: MigrateArgs, cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let what = if args.yes { Migrate::Do } else { Migrate::Show };
    let plan = migrate_cases(&app, &Actor::Software, (args.key, args.from, args.to), what).await;
    app.store.close().await;
    let plan = plan?;
    cx.output.print(&plan, in_words)?;
    Ok(if plan.is_sound() { Exit::Done } else { Exit::Wrong })
}

fn in_words(plan: &MigrationPlan) -> String {
    let MigrationPlan { workflow, from, to, reason, .. } = plan;
    let mut text = format!("{workflow}, version {from} to {to}: {reason}\n");
    for fault in &plan.faults {
        text.push_str(&format!("fault: {fault}\n"));
    }
    for case in &plan.cases {
        let refused = case.refused.as_ref().map(|why| format!(" REFUSED: {why}")).unwrap_or_default();
        text.push_str(&format!("{} {} → {}{refused}\n", case.id, case.from, case.to));
    }
    let done = match (plan.migrated, plan.is_sound()) {
        (true, _) => "migrated",
        (false, true) => "nothing was changed; --yes does it",
        (false, false) => "nothing was changed: every case has to have a home",
    };
    text.push_str(&format!("{} open cases: {done}", plan.cases.len()));
    text
}

fn look(command: Command, cx: &Context) -> Result<Exit, Failure> {
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
        Command::Migrate(_) => {}
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
