//! What a unit says to a table that it was sent: that it has it, and what it did.

use super::forms::{asking, done, text, typed};
use super::words::unit;
use crate::app::App;
use crate::app::callers::{MonthSendingView, confirm_receipt, find_sending, record_action};
use crate::domain::ids::MonthSendingId;
use crate::web::fault::Fault;
use crate::web::frame::see_other;
use crate::web::people::asking::Asking;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::json;

#[post("/callers/sendings/{id}/receipt")]
pub(crate) async fn receive(app: Data<App>, id: Path<MonthSendingId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let sending = confirm_receipt(&app, &posted.visitor.actor, *id).await?;
    Ok(see_other(&format!("/callers/months/{}", sending.month)))
}

fn acting(sending: &MonthSendingView) -> Asking {
    let schema = json!({ "type": "object", "required": ["action"], "properties": {
        "action": { "type": "string", "title": "What did the unit do?", "maxLength": 5000,
                    "description": "Who was seen or spoken to, and what was agreed with which partner" } } });
    let place = format!("/callers/sendings/{}/action", sending.id);
    Asking {
        says: vec![format!("Sent to {} for {}.", unit(&sending.team, sending.area.as_deref()), sending.month)],
        ..asking("Record what was done", place, ("Record it", format!("/callers/months/{}", sending.month)), schema)
    }
}

#[get("/callers/sendings/{id}/action")]
pub(crate) async fn ask_action(
    app: Data<App>,
    visitor: Visitor,
    id: Path<MonthSendingId>,
) -> Result<HttpResponse, Fault> {
    let sending = find_sending(&app, &visitor.actor, *id).await?;
    acting(&sending).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/sendings/{id}/action")]
pub(crate) async fn act(app: Data<App>, id: Path<MonthSendingId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let sending = find_sending(&app, &posted.visitor.actor, *id).await?;
    let (input, asking) = match typed(&app, &posted, acting(&sending)).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let said = text(&input, "action").unwrap_or_default();
    let acted = record_action(&app, &posted.visitor.actor, *id, &said).await;
    done(&app, &posted, asking, acted.map(|sending| format!("/callers/months/{}", sending.month))).await
}
