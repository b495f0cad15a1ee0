//! `POST /calls/look-up`: who it may be. Sent as a form, so that no number and no name stands in an address.

use super::answers;
use super::desk::{look_up_form, page as desk};
use crate::app::App;
use crate::app::live_calls::{Clues, look_up_caller};
use crate::domain::person::{IdentifierKind, normalise};
use crate::web::fault::Fault;
use crate::web::form::faults;
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};

/// An answer that is asked for again by its address is asked for anew.
#[get("/calls/look-up")]
pub(crate) async fn ask(_visitor: Visitor) -> Result<HttpResponse, Fault> {
    Ok(see_other("/calls"))
}

#[post("/calls/look-up")]
pub(crate) async fn answer(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let given = |name: &str| Some(posted.text(name).to_owned()).filter(|text| !text.is_empty());
    let address = given("address");
    let postcode = address.clone().filter(|address| normalise(IdentifierKind::Postcode, address).is_ok());
    let address = address.filter(|_| postcode.is_none());
    let clues = Clues { telephone: given("telephone"), postcode, address, name: given("name"), date_of_birth: None };
    let found = match Box::pin(look_up_caller(&app, &posted.visitor.actor, clues)).await {
        Ok(found) => found,
        Err(error) => {
            let refused = faults::of_error(error)?;
            return desk(&app, &posted.visitor, refused, Some(&posted)).await;
        }
    };
    let people: Vec<Value> = found.data.iter().map(answers::person).collect();
    let callers: Vec<Value> = found.callers.iter().map(answers::caller).collect();
    let places: Vec<Value> = found.places.iter().map(answers::place).collect();
    let marking = found.data.iter().map(|person| person.marking).max().unwrap_or_default();
    let view = json!({
        "people": people,
        "callers": callers,
        "places": places,
        "nobody": people.is_empty() && callers.is_empty(),
        "fromMemory": found.from_memory.then_some(found.as_of),
        "carried": carried(&posted),
        "channels": look_up_form(Some(&posted)).get("channels"),
        "channelChosen": posted.has("channel"),
        "back": { "href": "/calls", "text": "Calls" },
    });
    let page = Page::new("calls/found", "Who may be calling", view);
    Ok(Page { area: Area::Calls, marking, ..page }.show(&app, &posted.visitor))
}

/// What the record is begun with.
fn carried(posted: &Posted) -> Vec<Value> {
    let fields = ["telephone", "name", "address", "channel"];
    let given = fields.into_iter().filter(|name| posted.has(name));
    given.map(|name| json!({ "name": name, "value": posted.text(name) })).collect()
}
