//! `evenhand client`: systems with credentials of their own.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::app;
use crate::domain::access::Scope;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Register a system and print its secret, once
    Add {
        name: String,
        /// May be given several times: mail.write, contacts.write, contacts.read, callers.look_up, changes.read, officers.act, officers.act_in_full
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<Scope>,
    },
}

pub(super) async fn run(command: Command, cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let Command::Add { name, scopes } = command;
    let added = app::add_client(&app, name, scopes).await?;
    let data = serde_json::json!({
        "clientId": added.system.id,
        "name": added.system.name,
        "clientSecret": added.secret,
        "scopes": added.system.scopes,
    });
    cx.output.print(&data, |_| format!("client_id {}\nclient_secret {}", added.system.id, added.secret))?;
    cx.output.say("The secret is not kept and cannot be shown again.")?;
    app.store.close().await;
    Ok(Exit::Done)
}
