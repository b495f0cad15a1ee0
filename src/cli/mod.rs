//! Door: the command line. One file a subcommand: its arguments, and one call of a use case or of `boot`.
//!
//! Data go to stdout, messages to stderr. To add a command: a file with `Args` and `pub(super) async fn run(args, cx)`,
//! a variant and a line here.

mod audit;
mod backup;
mod check;
mod client;
mod config;
mod contacts;
mod context;
mod exit;
mod explained;
mod mail;
mod migrate;
mod openapi;
mod output;
mod people;
mod policy;
mod report;
mod restore;
mod serve;
mod user;
mod work;
mod workflow;

pub use exit::{Exit, guarded};
pub use people::people_rows;

use clap::{Parser, Subcommand, ValueEnum};
use context::Context;
use exit::Failure;
use futures_util::future::LocalBoxFuture;
use std::ffi::OsString;
use std::future::ready;
use std::path::PathBuf;

/// Fair, measured and reviewable management of repeat contact.
#[derive(Parser)]
#[command(name = "evenhand", version)]
struct Cli {
    /// The settings file [default: evenhand.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// sqlite://FILE or postgres://… [default: sqlite://evenhand.db]
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// How data are printed
    #[arg(long, global = true, value_enum, default_value_t)]
    output: OutputFormat,
    /// How messages are logged
    #[arg(long, global = true, value_name = "text|json")]
    log: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    #[default]
    Text,
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API, and do the work that waits, until told to stop
    Serve(serve::Args),
    /// Do the work that waits, without serving
    Work,
    /// Bring the database schema up to date
    Migrate,
    /// Find every fault in workflows, forms, rules and templates; needs no database
    Check(check::Args),
    /// What the policy asks, where it works and which tests show it; the registers
    Policy(policy::Args),
    /// Look at the case types
    #[command(subcommand)]
    Workflow(workflow::Command),
    /// Service users
    #[command(subcommand)]
    People(people::Command),
    /// Calls and other contacts from files of other systems
    #[command(subcommand)]
    Contacts(contacts::Command),
    /// Mail: bring it in, look into it
    #[command(subcommand)]
    Mail(mail::Command),
    /// Officers who may sign in
    #[command(subcommand)]
    User(user::Command),
    /// Systems with credentials of their own
    #[command(subcommand)]
    Client(client::Command),
    /// Whether the history is as it was written
    #[command(subcommand)]
    Audit(audit::Command),
    /// Print a report: equality, consistency, conformance
    Report(report::Args),
    /// Copy the database while it is in use
    Backup(backup::Args),
    /// Put a copy in the place of an empty database
    Restore(restore::Args),
    /// The settings in force
    #[command(subcommand)]
    Config(config::Command),
    /// Print the description of the API
    Openapi,
}

/// Runs one command line to its end.
pub async fn run(arguments: Vec<OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(shown) => {
            // Help and version are answers; anything else is a wrong command line.
            let exit = if shown.use_stderr() { Exit::Usage } else { Exit::Done };
            return match shown.print() {
                Ok(()) => exit,
                Err(_) => Exit::Usage,
            };
        }
    };
    let context = Context::new(cli.config, cli.database, cli.log, cli.output);
    match dispatch(cli.command, &context).await {
        Ok(exit) => exit,
        Err(failure) => failure.report(),
    }
}

fn dispatch<'a>(command: Command, cx: &'a Context) -> LocalBoxFuture<'a, Result<Exit, Failure>> {
    match command {
        Command::Serve(args) => Box::pin(serve::run(args, cx)),
        Command::Work => Box::pin(work::run(cx)),
        Command::Migrate => Box::pin(migrate::run(cx)),
        Command::Check(args) => Box::pin(check::run(args, cx)),
        Command::Policy(args) => Box::pin(ready(policy::run(args, cx))),
        Command::Workflow(command) => Box::pin(workflow::run(command, cx)),
        Command::People(command) => Box::pin(people::run(command, cx)),
        Command::Contacts(command) => Box::pin(contacts::run(command, cx)),
        Command::Mail(command) => Box::pin(mail::run(command, cx)),
        Command::User(command) => Box::pin(user::run(command, cx)),
        Command::Client(command) => Box::pin(client::run(command, cx)),
        Command::Audit(command) => Box::pin(audit::run(command, cx)),
        Command::Report(args) => Box::pin(report::run(args, cx)),
        Command::Backup(args) => Box::pin(backup::run(args, cx)),
        Command::Restore(args) => Box::pin(restore::run(args, cx)),
        Command::Config(command) => Box::pin(ready(config::run(command, cx))),
        Command::Openapi => Box::pin(ready(openapi::run(cx))),
    }
}
