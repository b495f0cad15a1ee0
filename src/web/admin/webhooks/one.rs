//! `/admin/webhooks/{id}`: one receiver, what it was told, and what can be done about it.

use super::PLACE;
use crate::app::webhooks::{
    Attempt, Delivery, DeliveryState, Webhook, end_webhook, find_webhook, list_deliveries, replay_dead,
    replay_delivery, rotate_secret,
};
use crate::app::{App, AppError};
use crate::domain::ids::WebhookId;
use crate::render::pages::{choice, date_and_time};
use crate::web::admin::table::{Button, Row, Table};
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::json;

const MOST: u64 = 100;

#[get("/admin/webhooks/{id}")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<String>) -> Result<HttpResponse, Fault> {
    page(&app, &visitor, named(&id)?, None).await
}

async fn page(app: &App, visitor: &Visitor, id: WebhookId, secret: Option<String>) -> Result<HttpResponse, Fault> {
    let shown = find_webhook(app, &visitor.actor, id).await?;
    let open = shown.webhook.ended_at.is_none();
    let mut tables = Vec::new();
    for (state, caption, empty) in [
        (DeliveryState::Dead, "Given up", "Nothing was given up."),
        (DeliveryState::Waiting, "Waiting", "Nothing waits."),
        (DeliveryState::Delivered, "Taken", "Nothing was taken in the last 30 days."),
    ] {
        let found = list_deliveries(app, &visitor.actor, (id, Some(state)), (None, MOST)).await?;
        let mut table = Table::new(caption, &["Event", "Type", "Made", "Attempts", "Next"], empty);
        table.rows = found.iter().map(|delivery| row(delivery, open)).collect();
        tables.push(table);
    }
    let webhook = shown.webhook;
    let view = json!({
        "id": id, "system": shown.system, "url": webhook.url, "open": open, "dead": shown.dead,
        "state": state_of(&webhook),
        "types": webhook.types.iter().map(|event_type| event_type.as_str()).collect::<Vec<_>>(),
        "areas": webhook.areas.join(", "),
        "oldSecretUntil": webhook.old_secret_until.filter(|until| *until > app.now()).map(date_and_time),
        "secret": secret, "tables": tables,
        "back": { "href": PLACE, "text": "Webhooks" },
    });
    Ok(Page { area: Area::Admin, ..Page::new("admin/webhook", shown.system, view) }.show(app, visitor))
}

/// How a receiver stands, in a few words.
pub(super) fn state_of(webhook: &Webhook) -> String {
    let trouble = webhook.trouble.as_deref().map(answer_in_words);
    match (webhook.ended_at, webhook.confirmed_at, webhook.trouble_since) {
        (Some(at), _, _) => format!("Ended on {}", date_and_time(at)),
        (None, None, None) => "Asked whether it wants to be told".to_owned(),
        (None, None, Some(_)) => format!("Has not said that it wants to be told: {}", trouble.unwrap_or_default()),
        (None, Some(_), None) => "Is told".to_owned(),
        (None, Some(_), Some(since)) => {
            format!("Takes nothing since {}: {}", date_and_time(since), trouble.unwrap_or_default())
        }
    }
}

/// A status, or a word for what was in the way.
fn answer_in_words(answer: &str) -> String {
    match answer.parse::<u16>() {
        Ok(status) => format!("it answered {status}"),
        Err(_a_word) => choice(answer).to_lowercase(),
    }
}

fn row(delivery: &Delivery, open: bool) -> Row {
    let tried = |Attempt { at, answer }: &Attempt| format!("{}: {}", date_and_time(*at), answer_in_words(answer));
    let attempts: Vec<String> = delivery.attempts.iter().map(tried).collect();
    let again = Button {
        action: format!("{PLACE}/{}/replay", delivery.webhook),
        text: "Send again".to_owned(),
        name: "event",
        value: delivery.event.to_string(),
    };
    Row {
        cells: vec![
            delivery.event.to_string(),
            delivery.event_type.clone(),
            date_and_time(delivery.made_at),
            if attempts.is_empty() { "None yet".to_owned() } else { attempts.join("; ") },
            delivery.next_at.map_or_else(|| "No".to_owned(), date_and_time),
        ],
        href: None,
        button: Some(again).filter(|_| open && delivery.state == DeliveryState::Dead),
    }
}

/// One delivery, or all that were given up where none is named.
#[post("/admin/webhooks/{id}/replay")]
pub(crate) async fn replay(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, Fault> {
    let (id, actor) = (named(&id)?, &posted.visitor.actor);
    if posted.has("event") {
        let event = posted.text("event").parse().map_err(|_no_id| AppError::NotFound)?;
        Box::pin(replay_delivery(&app, actor, (id, event))).await?;
    } else {
        Box::pin(replay_dead(&app, actor, (id, None))).await?;
    }
    Ok(see_other(&format!("{PLACE}/{id}")))
}

#[post("/admin/webhooks/{id}/secret")]
pub(crate) async fn rotate(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, Fault> {
    let id = named(&id)?;
    let (_, secret) = Box::pin(rotate_secret(&app, &posted.visitor.actor, id)).await?;
    page(&app, &posted.visitor, id, Some(secret)).await
}

#[post("/admin/webhooks/{id}/end")]
pub(crate) async fn end(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, Fault> {
    let id = named(&id)?;
    Box::pin(end_webhook(&app, &posted.visitor.actor, id)).await?;
    Ok(see_other(&format!("{PLACE}/{id}")))
}

fn named(id: &str) -> Result<WebhookId, AppError> {
    id.parse().map_err(|_no_id| AppError::NotFound)
}
