//! `/callers/markers`: what call takers are told of numbers, people and places, by whom, and until when.

use super::forms::{asking, done, only_where, text, typed};
use super::places::{Place, page};
use crate::app::App;
use crate::app::callers::{Named, caller_profile};
use crate::app::live_calls::{ListedMarker, NewMarker, add_marker, end_marker, find_marker, listed_markers};
use crate::app::people::{find_person, may_do};
use crate::domain::calls::MarkerKind;
use crate::domain::ids::{CallerId, MarkerId, PersonId};
use crate::domain::marking::Marking;
use crate::render::long_date;
use crate::render::pages::{choice, date_and_time};
use crate::web::fault::Fault;
use crate::web::form::Drawing;
use crate::web::people::asking::{Asking, reason_form};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

const PLACE: &str = "/callers/markers";
const MOST: u64 = 50;

#[derive(Deserialize)]
pub(crate) struct Listed {
    after: Option<MarkerId>,
}

#[get("/callers/markers")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, asked: Query<Listed>) -> Result<HttpResponse, Fault> {
    let mut listed = listed_markers(&app, &visitor.actor, asked.after, MOST + 1).await?;
    let more = listed.len() as u64 > MOST;
    listed.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let next = listed.last().filter(|_| more).map(|last| format!("{PLACE}?after={}", last.marker.id));
    let view = json!({ "rows": listed.iter().map(row).collect::<Vec<_>>(), "next": next,
                       "isLaterPage": asked.after.is_some(), "firstPage": PLACE });
    let marking = app.shown_with(Marking::OfficialSensitive);
    Ok(page(&visitor, ("callers/markers", "Markers", Place::Markers), marking, view).show(&app, &visitor))
}

fn row(one: &ListedMarker) -> Value {
    let marker = &one.marker;
    json!({ "id": marker.id, "kind": choice(marker.kind.as_str()), "on": on(one),
            "caller": marker.caller_id.map(|id| format!("/callers/{id}")),
            "lines": marker.text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>(),
            "addedBy": one.added_by, "addedAt": date_and_time(marker.added_at),
            "reviewOn": marker.review_on.map(long_date), "overdue": one.overdue })
}

/// What a marker is on, in words.
fn on(one: &ListedMarker) -> String {
    let of_person = || one.person.as_ref().map(|reference| format!("Person {reference}"));
    let marked = one.marker.place.clone().or_else(|| one.caller.clone()).or_else(of_person);
    marked.unwrap_or_else(|| "Somebody who left the file".to_owned())
}

fn adding() -> Asking {
    let kinds = MarkerKind::ALL.map(MarkerKind::as_str);
    let schema = json!({ "type": "object", "required": ["kind", "text"], "properties": {
        "kind": { "type": "string", "title": "What kind of marker is it?", "enum": kinds },
        "telephone": { "type": "string", "title": "Telephone number", "maxLength": 100 },
        "reference": { "type": "string", "title": "Reference of a person on file", "maxLength": 100 },
        "place": { "type": "string", "title": "Address", "maxLength": 500 },
        "text": { "type": "string", "title": "What are call takers to know?", "maxLength": 5000, "minLength": 1,
                  "pattern": "\\S", "description": "Of a response plan or a call script, a step a line" },
        "reviewOn": { "type": "string", "format": "date", "title": "When does somebody look at it again?" } } });
    Asking {
        says: vec![
            "A marker is on one thing: fill in a number, a reference or an address, and leave the other two empty."
                .to_owned(),
            "Write what helps whoever takes the call. A marker says nothing of what somebody is, and no call is taken \
             less seriously for it."
                .to_owned(),
        ],
        ..asking("Add a marker", format!("{PLACE}/new"), ("Add the marker", PLACE.to_owned()), schema)
    }
}

/// What the form begins with.
#[derive(Deserialize)]
pub(crate) struct About {
    caller: Option<CallerId>,
    person: Option<PersonId>,
}

#[get("/callers/markers/new")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, about: Query<About>) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.mark)?;
    let mut asking = adding();
    let mut known = json!({});
    if let Some(caller) = about.caller {
        known = json!({ "telephone": caller_profile(&app, &visitor.actor, caller).await?.number });
    } else if let Some(person) = about.person.filter(|_| may_do(&visitor.actor).read_contacts) {
        known = json!({ "reference": find_person(&app, &visitor.actor, person).await?.reference });
    }
    asking.drawing = Drawing::of_value(&asking.schema, &known);
    asking.or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/markers/new")]
pub(crate) async fn add(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    only_where(&posted.visitor, |may| may.mark)?;
    let (input, asking) = match typed(&app, &posted, adding()).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let given = text(&input, "kind").and_then(|kind| kind.parse().ok());
    let new = NewMarker {
        kind: given.unwrap_or(MarkerKind::Object),
        telephone: text(&input, "telephone"),
        person: text(&input, "reference").map(Named::Reference),
        place: text(&input, "place"),
        text: text(&input, "text").unwrap_or_default(),
        review_on: text(&input, "reviewOn").and_then(|day| day.parse().ok()),
    };
    let added = add_marker(&app, &posted.visitor.actor, new).await;
    done(&app, &posted, asking, added.map(|_| PLACE.to_owned())).await
}

fn ending(one: &ListedMarker) -> Asking {
    let schema = reason_form("Why does it end?", "That it stood, and until when, stays on file");
    let place = format!("{PLACE}/{}/end", one.marker.id);
    Asking {
        says: vec![format!("{}: {}", choice(one.marker.kind.as_str()), one.marker.text)],
        ..asking(&format!("End the marker on {}", on(one)), place, ("End it", PLACE.to_owned()), schema)
    }
}

#[get("/callers/markers/{id}/end")]
pub(crate) async fn ask_end(app: Data<App>, visitor: Visitor, id: Path<MarkerId>) -> Result<HttpResponse, Fault> {
    let marker = find_marker(&app, &visitor.actor, *id).await?;
    ending(&marker).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/markers/{id}/end")]
pub(crate) async fn end(app: Data<App>, id: Path<MarkerId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let marker = find_marker(&app, &posted.visitor.actor, *id).await?;
    let (input, asking) = match typed(&app, &posted, ending(&marker)).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let reason = text(&input, "reason").unwrap_or_default();
    let ended = end_marker(&app, &posted.visitor.actor, *id, reason).await;
    done(&app, &posted, asking, ended.map(|_| PLACE.to_owned())).await
}
