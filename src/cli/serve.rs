//! `evenhand serve`: API and worker, until SIGTERM or Ctrl-C.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::app::App;
use crate::boot;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Fill an empty database with a made-up force, and print a sign-in for each role
    #[arg(long)]
    demo: bool,
    /// Leave the work to `evenhand work`
    #[arg(long)]
    no_worker: bool,
}

pub(super) async fn run(args: Args, cx: &Context) -> Result<Exit, Failure> {
    let listen = args.listen.map(|address| ("server.listen", address));
    // Nobody sets up an app to try things out.
    let no_code = args.demo.then(|| ("pages.require_code", "false".to_owned()));
    let config = cx.config_with(listen.into_iter().chain(no_code).collect())?;
    let app = boot::app(&config).await?;
    boot::begin(&app).await?;
    let server = boot::Server::bind(&config, app.clone())?;
    if args.demo {
        Box::pin(demonstrate(&app, cx)).await?;
    }
    cx.output.say(&format!("Evenhand listens on http://{}", server.address()))?;
    if !crate::app::has_officers(&app).await? {
        cx.output.say("There are no officers yet. Make the first administrator in another terminal:")?;
        cx.output.say("  evenhand user add NAME --display-name \"Full Name\" --role admin")?;
        cx.output.say("It prints a link that opens here and sets their password.")?;
    }
    let worker = if args.no_worker { boot::Worker::Elsewhere } else { boot::Worker::Here };
    server.run_until_told_to_stop(worker).await?;
    Ok(Exit::Done)
}

async fn demonstrate(app: &App, cx: &Context) -> Result<(), Failure> {
    cx.output.say("Making up a force: sixty people, twelve weeks of mail and calls, meetings, strategies …")?;
    let sign_ins = Box::pin(boot::demonstrate(app)).await?;
    cx.output
        .say(&format!("To see the pages, sign in as any of these with the password “{}”.", boot::DEMO_PASSWORD))?;
    cx.output.say("One token a role, good for eight hours; send it as `Authorization: Bearer …`:")?;
    for sign_in in sign_ins {
        cx.output.say(&format!("  {:<22} {:<28} {}", sign_in.role.as_str(), sign_in.username, sign_in.token))?;
    }
    Ok(())
}
