//! `GET /calls`: looking a caller up, the call taker's own records, and those of the last 24 hours.

use crate::app::live_calls::{
    CallRecordView, ListedCall, NewCall, OpenRequest, WantedCalls, begin_call, list_calls, look_up_in_time,
    open_requests,
};
use crate::app::{App, AppError, Marking};
use crate::domain::contact::Channel;
use crate::domain::ids::PersonId;
use crate::render::pages::choice;
use crate::web::fault::Fault;
use crate::web::form::{FormFault, faults, summary};
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};

const MOST: u64 = 50;
/// How somebody calls.
pub(super) const CHANNELS: [Channel; 3] = [Channel::Phone999, Channel::Phone101, Channel::Telephone];

#[get("/calls")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    page(&app, &visitor, (StatusCode::OK, Vec::new()), None).await
}

/// The page; with what was typed into the form where that was not taken.
pub(super) async fn page(
    app: &App,
    visitor: &Visitor,
    (status, faults): (StatusCode, Vec<FormFault>),
    typed: Option<&Posted>,
) -> Result<HttpResponse, Fault> {
    let lists = match look_up_in_time(app, Box::pin(lists(app, visitor))).await {
        Ok(lists) => Some(lists),
        // Looking up goes on without the lists.
        Err(AppError::Store(error)) if error.is_away() => None,
        Err(other) => return Err(other.into()),
    };
    let mut view = json!({
        "form": look_up_form(typed),
        "faults": summary(&faults),
        "away": lists.is_none(),
    });
    let mut marking = Marking::default();
    if let (Some(lists), Some(view)) = (lists, view.as_object_mut()) {
        marking = lists.mine.iter().chain(&lists.lately).map(|call| call.marking).max().unwrap_or_default();
        view.insert("mine".to_owned(), json!(lists.mine.iter().map(row).collect::<Vec<_>>()));
        view.insert("lately".to_owned(), json!(lists.lately.iter().map(row).collect::<Vec<_>>()));
        view.insert("requests".to_owned(), json!(lists.requests.iter().map(request).collect::<Vec<_>>()));
    }
    Ok(Page { area: Area::Calls, marking, status, ..Page::new("calls/desk", "Calls", view) }.show(app, visitor))
}

struct Lists {
    mine: Vec<ListedCall>,
    lately: Vec<ListedCall>,
    requests: Vec<OpenRequest>,
}

async fn lists(app: &App, visitor: &Visitor) -> Result<Lists, AppError> {
    let actor = &visitor.actor;
    Ok(Lists {
        mine: list_calls(app, actor, WantedCalls::OpenOfMine, None, MOST).await?,
        lately: list_calls(app, actor, WantedCalls::LastDay, None, MOST).await?,
        requests: open_requests(app, actor).await?,
    })
}

/// The fields of a look-up, each with what stands in it.
pub(super) fn look_up_form(typed: Option<&Posted>) -> Value {
    let said = |name: &str| typed.map(|posted| posted.text(name)).unwrap_or_default().to_owned();
    let channel = |one: Channel| {
        let (value, text) = (one.as_str(), if one == Channel::Telephone { "Another line" } else { one.as_str() });
        json!({ "value": value, "text": text, "checked": said("channel") == value })
    };
    json!({ "telephone": said("telephone"), "name": said("name"), "address": said("address"),
            "channels": CHANNELS.map(channel) })
}

fn row(call: &ListedCall) -> Value {
    let whose = call.person_name.as_ref().or(call.caller_name.as_ref()).or(call.number.as_ref());
    json!({
        "href": format!("/calls/{}", call.id),
        "begunAt": call.begun_at,
        "channel": choice(call.channel.as_str()),
        "who": whose.map_or("A caller who is not known", |whose| whose.as_str()),
        "grade": call.grade,
        "needsGrading": call.needs_grading,
        "cad": call.cad_reference,
        "isOpen": call.state == "open",
        "isTakenBack": call.state == "taken_back",
    })
}

fn request(request: &OpenRequest) -> Value {
    json!({ "href": format!("/calls/{}?form=requests", request.call), "title": request.title,
            "askedAt": request.asked_at, "urgent": request.due_at.is_some() })
}

#[post("/calls")]
pub(crate) async fn begin(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let given = |name: &str| Some(posted.text(name).to_owned()).filter(|text| !text.is_empty());
    let person = posted.text("personId");
    let new = NewCall {
        call: posted.text("callId").parse().ok(),
        channel: posted.text("channel").parse().ok(),
        telephone: given("telephone"),
        withheld: posted.has("withheld"),
        name: given("name"),
        place: given("address"),
        person: person.parse::<PersonId>().ok(),
    };
    match Box::pin(begin_call(&app, &posted.visitor.actor, new)).await {
        Ok(CallRecordView { id, .. }) => Ok(see_other(&format!("/calls/{id}"))),
        Err(error) => {
            let refused = faults::of_error(error)?;
            page(&app, &posted.visitor, refused, Some(&posted)).await
        }
    }
}
