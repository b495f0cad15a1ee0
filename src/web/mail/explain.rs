//! `GET /mail/{id}`: what the gateway did with a message, step by step; and routing it again.

use crate::app::mail::{Explanation, LogEntry, explain_mail, reroute_mail};
use crate::app::{App, officer_names};
use crate::domain::ids::MailId;
use crate::render::pages::choice;
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

#[get("/mail/{id:[0-9a-f-]{36}}")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<MailId>) -> Result<HttpResponse, Fault> {
    let mail = explain_mail(&app, &visitor.actor, *id).await?;
    let ids = mail.log.iter().filter_map(|entry| entry.by.get("id")?.as_str()?.parse().ok());
    let names = officer_names(&app, &ids.collect::<Vec<Uuid>>()).await?;
    let steps: Vec<Value> = (1..).zip(&mail.log).map(|(n, entry)| step(n, entry, &names)).collect();
    let view = json!({
        "mail": mail,
        "adjustments": mail.adjustments,
        "state": state(&mail.state),
        "size": super::files::size(mail.size_bytes),
        "steps": steps,
        "mayReroute": mail.state == "quarantined",
        "contactHref": mail.contact.as_ref().map(|contact| format!("/contacts/{}", contact.id)),
        "back": back(&mail),
    });
    let page = Page::new("mail/explain", "What happened to a message", view);
    Ok(Page { area: Area::Mail, marking: mail.marking, ..page }.show(&app, &visitor))
}

fn back(mail: &Explanation) -> Value {
    match &mail.contact {
        Some(contact) => json!({ "href": format!("/contacts/{}", contact.id), "text": "The message" }),
        None => json!({ "href": "/mail?tab=unreadable", "text": "Not readable" }),
    }
}

fn state(state: &str) -> &'static str {
    match state {
        "waiting" => "It waits to be understood.",
        "routed" => "It was understood and lies with whom it is from.",
        "unattributed" => "It was understood; nobody on file is known to be its sender.",
        "automatic" => "It was understood as a machine’s or a list’s, and filed.",
        "quarantined" => "It could not be understood. It is kept as it came, and nothing of it is lost.",
        "failed" => "Understanding it failed; it is tried again.",
        _ => "It is kept.",
    }
}

/// One step as a page tells it.
pub(crate) fn step(n: usize, entry: &LogEntry, names: &BTreeMap<Uuid, String>) -> Value {
    let id = entry.by.get("id").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
    let by = match (id.and_then(|id| names.get(&id)), entry.by.get("kind").and_then(Value::as_str)) {
        (Some(name), _) => name.clone(),
        (None, Some("software")) | (None, None) => "the software".to_owned(),
        (None, Some("clock")) => "the clock".to_owned(),
        (None, Some(_)) => "another system".to_owned(),
    };
    let decision = if entry.decision.contains(' ') { entry.decision.clone() } else { choice(&entry.decision) };
    json!({
        "n": n,
        "title": title(&entry.step),
        "decision": decision,
        "by": by,
        "at": entry.at,
        "took": entry.duration_micros.map(took),
        "evidence": serde_json::to_string_pretty(&entry.evidence).unwrap_or_default(),
    })
}

fn took(micros: u64) -> String {
    match micros {
        0..1_000 => "less than a millisecond".to_owned(),
        1_000..2_000 => "1 millisecond".to_owned(),
        2_000..1_000_000 => format!("{} milliseconds", micros / 1_000),
        1_000_000..2_000_000 => "1 second".to_owned(),
        _ => format!("{} seconds", micros / 1_000_000),
    }
}

/// What a step of a message of theirs or of ours is called.
fn title(step: &str) -> String {
    let known = [
        ("kept", "Kept as it came"),
        ("delivered", "Delivered"),
        ("waiting", "Waits"),
        ("read", "Its words were read"),
        ("kind", "Person or machine"),
        ("sender", "Who sent it"),
        ("thread", "What it answers"),
        ("report", "A report about a mail of ours"),
        ("attribution", "Whose it is"),
        ("flags", "What may be urgent in it"),
        ("verdict", "Measured against the limits"),
        ("place", "Where it was put"),
        ("quarantined", "It could not be understood"),
        ("task_opened", "Somebody was asked"),
        ("task_done", "It was done"),
        ("acknowledged", "Its receipt was acknowledged"),
        ("not_acknowledged", "Its receipt was not acknowledged"),
        ("attributed", "A person said whose it is"),
        ("triaged", "A person changed its flags"),
        ("handled", "A person read it"),
        ("replied", "A person answered it"),
        ("reply_taken_back", "The answer was taken back"),
        ("sender_screened", "A person decided about the sender"),
        ("screening_reversed", "The decision about the sender was taken back"),
        ("queued", "Written, and put into the outbox"),
        ("waits", "Waits"),
        ("begun", "An attempt to send it began"),
        ("sent", "Taken by the receiving server"),
        ("failed", "Not taken; it is tried again"),
        ("uncertain", "It is not known whether it was taken; it is tried again"),
        ("given_up", "Given up"),
        ("cancelled", "Taken back"),
        ("delivery_reported", "A report about its delivery came back"),
    ];
    known.iter().find(|(code, _)| *code == step).map_or_else(|| choice(step), |(_, words)| (*words).to_owned())
}

#[post("/mail/{id:[0-9a-f-]{36}}/reroute")]
pub(crate) async fn reroute(app: Data<App>, id: Path<MailId>, posted: Posted) -> Result<HttpResponse, Fault> {
    Box::pin(reroute_mail(&app, &posted.visitor.actor, *id)).await?;
    Ok(see_other(&format!("/mail/{id}")))
}
