//! `GET /outbox/{id}`: what, to whom, each attempt and each report; and taking it back before it is sent.

use crate::app::outbox::{AttemptView, OurMailInFull, cancel_mail, read_our_mail};
use crate::app::people::names_of;
use crate::app::{App, officer_names};
use crate::domain::ids::OutgoingId;
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page, see_other};
use crate::web::mail::explain::step;
use crate::web::mail::{by, our_state};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    done: String,
}

#[get("/outbox/{id:[0-9a-f-]{36}}")]
pub(crate) async fn show(
    app: Data<App>,
    visitor: Visitor,
    id: Path<OutgoingId>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Fault> {
    let read = read_our_mail(&app, &visitor.actor, *id).await?;
    let of_log = read.log.iter().filter_map(|entry| entry.by.get("id")?.as_str()?.parse().ok());
    let officers: Vec<Uuid> = of_log.chain(read.mail.officer_id).collect();
    let names = officer_names(&app, &officers).await?;
    let people: Vec<_> = read.mail.person_id.into_iter().collect();
    let person = names_of(&app, &visitor.actor, &people).await?.into_values().next();
    let steps: Vec<Value> = (1..).zip(&read.log).map(|(n, entry)| step(n, entry, &names)).collect();
    let view = json!({
        "mail": read.mail,
        "adjustments": read.adjustments,
        "state": our_state(&read.mail.state, read.mail.waits_because.as_deref()),
        "by": by(&read.mail, &names),
        "who": person.map(|named| format!("{} ({})", named.full_name, named.reference)),
        "text": read.text.trim(),
        "tries": read.tries.iter().map(attempt).collect::<Vec<_>>(),
        "steps": steps,
        "answersHref": read.answers.map(|contact| format!("/contacts/{contact}")),
        "caseHref": read.mail.case_id.map(|case| format!("/cases/{case}")),
        "done": done(&asked.done, &read),
        "back": { "href": if is_over(&read.mail.state) { "/mail?tab=sent" } else { "/mail?tab=outbox" },
                  "text": if is_over(&read.mail.state) { "Sent" } else { "Outbox" } },
    });
    let page = Page::new("outbox/show", read.mail.subject.clone(), view);
    Ok(Page { area: Area::Mail, marking: read.mail.marking, ..page }.show(&app, &visitor))
}

fn is_over(state: &str) -> bool {
    matches!(state, "sent" | "dead" | "cancelled")
}

fn done(what: &str, read: &OurMailInFull) -> Option<&'static str> {
    match what {
        "queued" if read.mail.state == "queued" => Some("Your mail is in the outbox."),
        "queued" => Some("Your mail left the outbox."),
        "cancelled" => Some("The mail was taken back. It is never sent."),
        _ => None,
    }
}

/// One attempt, in words.
fn attempt(attempt: &AttemptView) -> Value {
    let outcome = match attempt.outcome.as_deref() {
        Some("sent") => "Taken by the server",
        Some("connection") => "The server could not be reached",
        Some("credentials") => "The server did not take our own sign-in",
        Some("greylisted") => "The server asks us to come again later",
        Some("quota") => "The mailbox is full",
        Some("busy") => "The server was busy",
        Some("uncertain") => "The line broke: it is not known whether the server took it",
        Some("refused") => "Refused for good",
        Some(_) => "Not taken",
        None => "Being made, or cut off",
    };
    json!({ "number": attempt.number, "beganAt": attempt.began_at, "outcome": outcome, "code": attempt.code,
            "status": attempt.status, "words": attempt.words })
}

#[post("/outbox/{id:[0-9a-f-]{36}}/cancel")]
pub(crate) async fn cancel(app: Data<App>, id: Path<OutgoingId>, posted: Posted) -> Result<HttpResponse, Fault> {
    cancel_mail(&app, &posted.visitor.actor, *id).await?;
    Ok(see_other(&format!("/outbox/{id}?done=cancelled")))
}
