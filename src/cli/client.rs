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
        /// May be given several times: mail.write, contacts.write, contacts.read, calls.import, callers.look_up, callers.read, caller_months.read, area_referrals.read, nominations.read, referrals.read, changes.read, officers.act, officers.act_in_full
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<Scope>,
        /// An area of the register whose callers it reads of; may be given several times. None: the whole county
        #[arg(long = "area", value_name = "AREA")]
        areas: Vec<String>,
    },
}

pub(super) async fn run(command: Command, cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let Command::Add { name, scopes, areas } = command;
    let added = app::add_client_of_areas(&app, name, scopes, areas).await?;
    let data = serde_json::json!({
        "clientId": added.system.id,
        "name": added.system.name,
        "clientSecret": added.secret,
        "scopes": added.system.scopes,
        "areas": added.system.areas,
    });
    cx.output.print(&data, |_| format!("client_id {}\nclient_secret {}", added.system.id, added.secret))?;
    cx.output.say("The secret is not kept and cannot be shown again.")?;
    app.store.close().await;
    Ok(Exit::Done)
}
