//! `/admin/webhooks`: the receivers, and a form for another.

use super::PLACE;
use super::one::state_of;
use crate::app::webhooks::{EventType, NewWebhook, ShownWebhook, add_webhook, list_webhooks, receivers};
use crate::app::{App, AppError};
use crate::domain::access::System;
use crate::web::admin::table::{Row, Table};
use crate::web::fault::Fault;
use crate::web::form::{FormFault, faults, summary};
use crate::web::frame::{Area, Page};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};

const MOST: u64 = 200;

/// What was typed into the form for a new receiver, and what came of it.
#[derive(Default)]
struct Typed {
    system: String,
    url: String,
    types: Vec<String>,
    areas: String,
    faults: Vec<FormFault>,
    /// Shown once: of which receiver, and the secret.
    secret: Option<(String, String)>,
}

#[get("/admin/webhooks")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    page(&app, &visitor, Typed::default()).await
}

#[post("/admin/webhooks")]
pub(crate) async fn add(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let mut typed = Typed {
        system: posted.text("system").to_owned(),
        url: posted.text("url").to_owned(),
        types: posted.all("types").map(str::to_owned).collect(),
        areas: posted.text("areas").to_owned(),
        ..Typed::default()
    };
    let Ok(system) = typed.system.parse() else {
        typed.faults = vec![FormFault { name: "systemId".to_owned(), message: "Choose a system".to_owned() }];
        return page(&app, &posted.visitor, typed).await;
    };
    let areas = typed.areas.split([',', '\n']).map(str::to_owned).collect();
    let new = NewWebhook { system, url: typed.url.clone(), types: typed.types.clone(), areas };
    match Box::pin(add_webhook(&app, &posted.visitor.actor, new)).await {
        Ok((webhook, secret)) => {
            let shown = Typed { secret: Some((webhook.url, secret)), ..Typed::default() };
            page(&app, &posted.visitor, shown).await
        }
        Err(AppError::Invalid(found)) => {
            typed.faults = faults::of_fields(found);
            page(&app, &posted.visitor, typed).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(app: &App, visitor: &Visitor, typed: Typed) -> Result<HttpResponse, Fault> {
    let all = list_webhooks(app, &visitor.actor, None, MOST).await?;
    let systems = receivers(app, &visitor.actor).await?;
    let mut table = Table::new(
        "Webhooks",
        &["System", "Receiver", "Told of", "State", "Waiting", "Given up"],
        "Nobody is told what happens here. Add a receiver below.",
    );
    table.rows = all.iter().map(row).collect();
    let status = if typed.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let error = |name: &str| {
        let fault = typed.faults.iter().find(|fault| fault.name == name);
        fault.map(|fault| json!({ "text": fault.message }))
    };
    let view = json!({
        "tables": [table],
        "hosts": app.settings.webhooks.allowed,
        "systems": choices(&systems, &typed.system), "types": types(&typed.types),
        "url": typed.url, "areas": typed.areas,
        "systemError": error("systemId"), "urlError": error("url"), "typesError": error("types"),
        "faults": summary(&typed.faults),
        "secret": typed.secret.as_ref().map(|(of, secret)| json!({ "of": of, "secret": secret })),
        "back": { "href": "/admin", "text": "Admin" },
    });
    Ok(Page { area: Area::Admin, status, ..Page::new("admin/webhooks", "Webhooks", view) }.show(app, visitor))
}

fn row(shown: &ShownWebhook) -> Row {
    let types: Vec<&str> = shown.webhook.types.iter().map(|event_type| event_type.title()).collect();
    Row {
        cells: vec![
            shown.system.clone(),
            shown.webhook.url.clone(),
            types.join("; "),
            state_of(&shown.webhook),
            shown.waiting.to_string(),
            shown.dead.to_string(),
        ],
        href: Some(format!("{PLACE}/{}", shown.webhook.id)),
        button: None,
    }
}

fn choices(systems: &[System], chosen: &str) -> Vec<Value> {
    let none = json!({ "value": "", "text": "Choose a system" });
    let item = |system: &System| {
        let id = system.id.to_string();
        json!({ "selected": id == chosen, "value": id, "text": system.name })
    };
    std::iter::once(none).chain(systems.iter().map(item)).collect()
}

fn types(chosen: &[String]) -> Vec<Value> {
    let item = |event_type: EventType| {
        let needed: Vec<&str> = event_type.scopes().iter().map(|scope| scope.as_str()).collect();
        json!({
            "value": event_type.as_str(), "text": event_type.title(),
            "hint": { "text": format!("{event_type}; the system needs {}", needed.join(" or ")) },
            "checked": chosen.iter().any(|name| name == event_type.as_str()),
        })
    };
    EventType::ALL.into_iter().map(item).collect()
}
