//! `evenhand audit`: whether the history is the one that was written.

use super::context::Context;
use super::exit::{Exit, Failure};
use crate::boot;
use crate::store::seals;
use crate::store::verify::{BrokenPlace, verify};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Walk every chain of events, every seal and the access log; exit 1 at the first broken place
    Verify,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    ok: bool,
    events: u64,
    streams: u64,
    seals: u64,
    accesses: u64,
    /// How many events were disposed of under each retention review.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    disposed: BTreeMap<Uuid, u64>,
    /// Written down elsewhere, it vouches for everything up to there.
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_seal: Option<Seal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<Broken>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Seal {
    at: String,
    up_to_position: i64,
    root: String,
}

#[derive(Serialize)]
struct Broken {
    #[serde(flatten)]
    place: BrokenPlace,
    message: String,
}

pub(super) async fn run(command: Command, cx: &Context) -> Result<Exit, Failure> {
    match command {
        Command::Verify => verify_history(cx).await,
    }
}

async fn verify_history(cx: &Context) -> Result<Exit, Failure> {
    let store = boot::existing_store(&cx.config()?).await?;
    let found = verify(&store).await?;
    let seal = seals::latest(store.reader()).await?;
    store.close().await;
    let found = Found {
        ok: found.broken.is_none(),
        events: found.events,
        streams: found.streams,
        seals: found.seals,
        accesses: found.accesses,
        disposed: found.disposed,
        latest_seal: seal.map(|seal| Seal {
            at: seal.at.to_rfc3339(),
            up_to_position: seal.up_to_position,
            root: seal.root,
        }),
        broken: found.broken.map(|place| Broken { message: place.to_string(), place }),
    };
    cx.output.print(&found, words)?;
    Ok(if found.ok { Exit::Done } else { Exit::Wrong })
}

fn words(found: &Found) -> String {
    let Found { events, streams, seals, accesses, .. } = found;
    if let Some(broken) = &found.broken {
        return format!("The history is broken. The first broken place is {}.", broken.message);
    }
    let seal = match &found.latest_seal {
        Some(seal) => format!("\nThe latest seal, up to position {}: {}", seal.up_to_position, seal.root),
        None => String::new(),
    };
    let disposed = found
        .disposed
        .iter()
        .map(|(review, events)| format!("\nUnder the retention review {review}, {events} events were disposed of."));
    let disposed: String = disposed.collect();
    format!(
        "The history is whole: {events} events in {streams} streams, {seals} seals, {accesses} accesses.{disposed}{seal}"
    )
}
