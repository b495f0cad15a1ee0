//! What the programme costs and what is estimated: entered and withdrawn; the report lists them.

use super::forms::{asking, done, only_where, text, typed};
use crate::app::App;
use crate::app::coordination::{NewCost, add_cost, withdraw_cost};
use crate::domain::ids::ProgrammeCostId;
use crate::web::fault::Fault;
use crate::web::frame::see_other;
use crate::web::people::asking::Asking;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde_json::{Value, json};

fn entering() -> Asking {
    let schema = json!({ "type": "object", "required": ["kind", "certainty", "amount", "unit", "from", "to", "how"], "properties": {
        "kind": { "type": "string", "title": "What is it?", "enum": ["backfill", "staffing", "denied_service", "demand"],
                  "description": "Backfill is what covering the coordinator's own post costs; denied service is what others could not be given" },
        "certainty": { "type": "string", "title": "Is it known or estimated?", "enum": ["known", "estimate"] },
        "amount": { "type": "integer", "title": "How much?", "minimum": 0, "description": "Whole pence, minutes or calls" },
        "unit": { "type": "string", "title": "In what?", "enum": ["pence", "minutes", "calls"] },
        "from": { "type": "string", "format": "date", "title": "First day" },
        "to": { "type": "string", "format": "date", "title": "Last day" },
        "how": { "type": "string", "title": "How was it arrived at?", "maxLength": 2000,
                 "description": "The record it is taken from, or how the estimate was made" } } });
    Asking {
        says: vec!["An estimate is labelled as one wherever it is shown, and never added to what is known.".to_owned()],
        ..asking(
            "Enter a cost or an estimate",
            "/callers/costs/new".to_owned(),
            ("Enter it", "/callers/report".to_owned()),
            schema,
        )
    }
}

#[get("/callers/costs/new")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.coordinate)?;
    entering().or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/costs/new")]
pub(crate) async fn add(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let (input, asking) = match typed(&app, &posted, entering()).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let of = |name: &str| text(&input, name).unwrap_or_default();
    let day = |name: &str| of(name).parse::<NaiveDate>();
    let (Ok(from), Ok(to), Some(amount)) = (day("from"), day("to"), input.get("amount").and_then(Value::as_i64)) else {
        return Err(Fault::Unreadable);
    };
    let new =
        NewCost { kind: of("kind"), amount, unit: of("unit"), from, to, certainty: of("certainty"), how: of("how") };
    let entered = add_cost(&app, &posted.visitor.actor, new).await;
    done(&app, &posted, asking, entered.map(|_| "/callers/report".to_owned())).await
}

#[post("/callers/costs/{id}/withdraw")]
pub(crate) async fn withdraw(app: Data<App>, id: Path<ProgrammeCostId>, posted: Posted) -> Result<HttpResponse, Fault> {
    withdraw_cost(&app, &posted.visitor.actor, *id).await?;
    Ok(see_other("/callers/report"))
}
