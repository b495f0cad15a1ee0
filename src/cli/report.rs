//! `evenhand report`: what is on file, counted and laid side by side. Whoever may run this on the server's own database is
//! the administrator; the log of who looked says so.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::app::reports::{Report, ReportName, make_report};
use crate::domain::access::Actor;

#[derive(clap::Args)]
pub(super) struct Args {
    /// equality, consistency or conformance
    #[arg(value_name = "NAME")]
    name: ReportName,
}

pub(super) async fn run(args: Args, cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let report = make_report(&app, &Actor::Software, args.name).await?;
    app.store.close().await;
    cx.output.print(&report, words)?;
    Ok(Exit::Done)
}

fn words(report: &Report) -> String {
    let Report { title, marking, policy_version, made_at, page, pages, evidence, .. } = report;
    let made = made_at.format("%-d %B %Y, %H:%M UTC");
    let content = serde_json::to_string_pretty(&report.content).unwrap_or_default();
    format!(
        "{marking}\n{title}\nMade on {made} under version {policy_version} of the policy\n{evidence}\n\n{content}\n\n\
         {marking} · page {page} of {pages}"
    )
}
