//! `evenhand user`: officers who may sign in. Whoever may run this on the server's own database is the administrator.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::app::{self, NewOfficer, OfficerChange, signing_in};
use crate::domain::access::Role;
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Register an officer
    Add {
        /// The name to sign in with, as other issuers give it
        name: String,
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        /// May be given several times
        #[arg(long = "role", value_name = "ROLE", required = true)]
        roles: Vec<Role>,
        /// An area whose callers are theirs, by its key; may be given several times. None: the whole county
        #[arg(long = "area", value_name = "AREA")]
        areas: Vec<String>,
    },
    /// Change an officer's roles, or whether they may sign in
    Set {
        name: String,
        /// The roles from now on; may be given several times
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<Role>,
        /// The areas whose callers are theirs from now on; may be given several times
        #[arg(long = "area", value_name = "AREA", conflicts_with = "all_areas")]
        areas: Vec<String>,
        /// The whole county is theirs from now on
        #[arg(long)]
        all_areas: bool,
        /// They may not sign in any more; what they did stays theirs
        #[arg(long, conflicts_with = "active")]
        inactive: bool,
        #[arg(long)]
        active: bool,
    },
    /// Print a link by which an officer sets a new password, once and within a day
    Link { name: String },
    /// Print a token that names an officer, for a short time
    Token {
        name: String,
        /// 1 to 480
        #[arg(long, default_value_t = 60)]
        minutes: u32,
    },
    /// Who is registered
    List,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    username: String,
    display_name: String,
    roles: Vec<Role>,
    areas: Vec<String>,
    active: bool,
}

/// An officer who was registered just now.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Added {
    #[serde(flatten)]
    officer: Shown,
    sign_in_link: String,
}

pub(super) async fn run(command: Command, cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    match command {
        Command::Add { name, display_name, roles, areas } => {
            let display_name = display_name.unwrap_or_else(|| name.clone());
            let new = NewOfficer { username: name, display_name, roles: roles.into_iter().collect() };
            let areas: BTreeSet<String> = areas.into_iter().collect();
            app::areas_exist(&app, "/areas", &areas)?;
            let mut added = app::add_officer(&app, new).await?;
            if !areas.is_empty() {
                let change = OfficerChange { areas: Some(areas), ..OfficerChange::default() };
                added = app::amend_officer(&app, &added.officer.username, change).await?;
            }
            let link = signing_in::make_sign_in_link(&app, &added.officer.username).await?;
            let shown = Added { officer: added.into(), sign_in_link: link };
            cx.output.print(&shown, |shown| {
                format!(
                    "{}\nTo set their password, once and within a day: {}",
                    line(&shown.officer),
                    shown.sign_in_link
                )
            })?;
        }
        Command::Link { name } => {
            let link = signing_in::make_sign_in_link(&app, &name).await?;
            cx.output.print(&serde_json::json!({ "signInLink": link }), |_| link.clone())?;
        }
        Command::Set { name, roles, areas, all_areas, inactive, active } => {
            let roles = if roles.is_empty() { None } else { Some(roles.into_iter().collect()) };
            let may_sign_in = match (active, inactive) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            };
            let areas = (all_areas || !areas.is_empty()).then(|| areas.into_iter().collect());
            let change = OfficerChange { roles, areas, active: may_sign_in };
            print_one(cx, &app::amend_officer(&app, &name, change).await?.into())?;
        }
        Command::Token { name, minutes } => {
            let token = app::issue_officer_token(&app, &name, minutes).await?;
            cx.output.print(&serde_json::json!({ "token": token, "minutes": minutes }), |_| token.clone())?;
        }
        Command::List => {
            let officers = app::list_officers(&app).await?;
            let officers: Vec<Shown> = officers.into_iter().map(Shown::from).collect();
            cx.output.print(&officers, |officers| officers.iter().map(line).collect::<Vec<_>>().join("\n"))?;
        }
    }
    app.store.close().await;
    Ok(Exit::Done)
}

fn print_one(cx: &Context, officer: &Shown) -> std::io::Result<()> {
    cx.output.print(officer, line)
}

fn line(officer: &Shown) -> String {
    let roles: Vec<&str> = officer.roles.iter().map(|role| role.as_str()).collect();
    let state = if officer.active { "" } else { " (inactive)" };
    let areas = if officer.areas.is_empty() { String::new() } else { format!(" in {}", officer.areas.join(", ")) };
    format!("{} {} [{}]{areas}{state}", officer.id, officer.username, roles.join(", "))
}

impl From<app::RegisteredOfficer> for Shown {
    fn from(registered: app::RegisteredOfficer) -> Self {
        Self {
            id: registered.officer.id.to_string(),
            username: registered.officer.username,
            display_name: registered.officer.display_name,
            roles: registered.officer.roles.into_iter().collect(),
            areas: registered.officer.areas.into_iter().collect(),
            active: registered.active,
        }
    }
}
