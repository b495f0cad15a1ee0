//! `GET /live`: what changes while a page is open, as server-sent events. Counts change in place and are never read out; that
//! somebody else is writing at the same place is a sentence.

use super::drafts::sentence;
use super::fault::Fault;
use super::frame::place_of_ours;
use super::visitor::Visitor;
use crate::app::desk::{self, Counts};
use crate::app::{App, AppError, drafts};
use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpResponse, get};
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(5);
/// After so many looks the browser asks anew: so every session is checked again, and a server that is told to stop does.
const LOOKS: u32 = 60;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    place: String,
}

struct Following {
    app: App,
    visitor: Visitor,
    place: String,
    looks: u32,
    told: Option<(Counts, Option<String>)>,
}

#[get("/live")]
pub(crate) async fn follow(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, Fault> {
    let place = place_of_ours(&asked.place).to_owned();
    let following = Following { app: app.get_ref().clone(), visitor, place, looks: 0, told: None };
    let events = stream::unfold(following, |mut following| async move {
        let event = following.next().await?;
        Some((Ok::<Bytes, Infallible>(event), following))
    });
    Ok(HttpResponse::Ok().content_type("text/event-stream").streaming(events))
}

impl Following {
    /// The next event; `None` ends the stream, and the browser asks again.
    async fn next(&mut self) -> Option<Bytes> {
        if self.looks > 0 {
            tokio::time::sleep(EVERY).await;
        }
        if self.looks >= LOOKS {
            return None;
        }
        self.looks += 1;
        let found = self.look().await.ok()?;
        if self.told.as_ref() == Some(&found) {
            return Some(Bytes::from_static(b": still here\n\n"));
        }
        let (counts, presence) = &found;
        let presence = json!({ "sentence": presence });
        let event = format!("event: counts\ndata: {}\n\nevent: presence\ndata: {presence}\n\n", json!(counts));
        self.told = Some(found);
        Some(Bytes::from(event))
    }

    async fn look(&self) -> Result<(Counts, Option<String>), AppError> {
        let counts = desk::counts(&self.app, &self.visitor.actor).await?;
        let others = drafts::others_writing(&self.app, &self.visitor.actor, &self.place).await?;
        Ok((counts, sentence(&others)))
    }
}
