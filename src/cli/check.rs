//! `evenhand check`: find every fault in workflows, forms, rules and templates.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::app::{PolicyReport, check_policy};
use crate::clock::Clock;
use crate::domain::calendar::london::date_of;
use chrono::NaiveDate;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder of case types [default: policy.workflows, or what is shipped in the program]
    #[arg(long, value_name = "DIR")]
    workflows: Option<PathBuf>,
    /// The folder of letters, mails and pages [default: policy.templates]
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
}

pub(super) async fn run(args: Args, cx: &Context) -> Result<Exit, Failure> {
    let policy = cx.config()?.policy;
    for given in [&args.workflows, &args.templates].into_iter().flatten() {
        needs_folder(given)?;
    }
    let workflows = args.workflows.as_deref().or(policy.workflows_folder());
    let templates = args.templates.as_deref().or(policy.templates_folder());
    let report = check_policy(workflows, templates, today());
    for warning in &report.warnings {
        cx.output.say(&format!("warning: {warning}"))?;
    }
    cx.output.print(&report, in_words)?;
    Ok(if report.ok { Exit::Done } else { Exit::Wrong })
}

/// The day it is in London.
pub(super) fn today() -> NaiveDate {
    date_of(Clock::Machine.now())
}

fn needs_folder(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Ok(());
    }
    Err(Failure::new(Exit::NoInput, format!("there is no folder {}", path.display())))
}

fn in_words(report: &PolicyReport) -> String {
    if report.ok {
        return "No fault found.".to_owned();
    }
    let count = report.faults.len();
    let mut lines: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    lines.push(format!("{count} {}.", if count == 1 { "fault" } else { "faults" }));
    lines.join("\n")
}
