//! `GET /calls/{id}`: the record of a call. How to help stands first, then what is still to be done; the form that comes
//! next is open, and has the page's one main button.

use super::answers;
use super::forms::{Asked, Form};
use crate::app::drafts::{Draft, Fields, my_drafts};
use crate::app::live_calls::{BesideCall, CallRecordView, OrderInForce, beside_call, read_call};
use crate::app::{App, Marking};
use crate::domain::calendar::london;
use crate::domain::calls::record::RecordState;
use crate::domain::ids::CallId;
use crate::render::pages::{choice, time_of_day};
use crate::web::callers::nominate::may_nominate;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, FormFault, summary};
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    /// The form that is open.
    form: String,
    done: String,
}

/// What stands around the page when a form was not taken.
#[derive(Default)]
pub(super) struct Around {
    pub(super) status: StatusCode,
    pub(super) form: Option<Form>,
    pub(super) faults: Vec<FormFault>,
    pub(super) typed: Option<Fields>,
    pub(super) done: Option<&'static str>,
}

#[get("/calls/{id:[0-9a-f-]{36}}")]
pub(crate) async fn show(
    app: Data<App>,
    visitor: Visitor,
    id: Path<CallId>,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Fault> {
    let done = match wanted.done.as_str() {
        "complete" => Some("The record is complete."),
        "script" => Some("The script was gone on with."),
        "reopened" => Some("What was found has to be graded: the record is open again."),
        "saved" => Some("It is recorded."),
        "taken-back" => Some("The record was taken back. It counts for nobody."),
        _ => None,
    };
    let around = Around { form: Form::named(&wanted.form), done, ..Around::default() };
    page(&app, &visitor, *id, around).await
}

pub(super) async fn page(app: &App, visitor: &Visitor, id: CallId, around: Around) -> Result<HttpResponse, Fault> {
    let view = read_call(app, &visitor.actor, id).await?;
    let beside = Box::pin(beside_call(app, &visitor.actor, &view)).await?;
    let orders: Vec<OrderInForce> =
        beside.person.as_ref().map(|person| person.orders_in_force.clone()).unwrap_or_default();
    let drafts = my_drafts(app, &visitor.actor).await?;
    let asked = Asked { app, view: &view, orders: &orders };
    let next = next(&view, around.form);
    let forms = shown_forms(&view).into_iter().map(|form| form_of(&asked, (form, next), &around, &drafts));
    let context = json!({
        "call": view,
        "way": choice(view.channel.as_str()),
        "person": beside.person.as_ref().map(answers::person),
        "caller": beside.caller.as_ref().map(answers::caller),
        "tellCaller": is_to_be_told(&beside),
        "places": beside.places.iter().map(answers::place).collect::<Vec<_>>(),
        "nominate": nominate(visitor, &beside),
        "needsOfPerson": beside.person.is_none().then(|| needs(&view)),
        "isOpen": view.state == RecordState::Open,
        "forms": forms.collect::<Vec<_>>(),
        "completeIsNext": next.is_none() && view.state == RecordState::Open,
        "scriptLeft": view.script.iter().filter(|step| step.settled.is_none()).count(),
        "gradeWords": view.graded.as_ref().map(|graded| grade_words(app, &graded.grade)),
        "requests": requests(&view),
        "place": format!("/calls/{id}"),
        "faults": summary(&around.faults),
        "done": around.done,
        "back": { "href": "/calls", "text": "Calls" },
    });
    let marking = marking(&view, &beside);
    let place = around.form.or(next).map(|form| place_of(id, form));
    let page = Page::new("calls/show", title(&view), context);
    Ok(Page { area: Area::Calls, marking, status: around.status, place, ..page }.show(app, visitor))
}

/// Where a form stands, which is where its draft is kept.
pub(super) fn place_of(id: CallId, form: Form) -> String {
    format!("/calls/{id}?form={}", form.as_str())
}

fn title(view: &CallRecordView) -> String {
    let who = view.person_name.as_ref().or(view.caller_name.as_ref()).or(view.number.as_ref());
    match who {
        Some(who) => format!("Call from {who}"),
        None => "Call from somebody who is not known".to_owned(),
    }
}

/// Whether something is marked on the number or its place that is not told with the person.
fn is_to_be_told(beside: &BesideCall) -> bool {
    let Some(caller) = &beside.caller else { return false };
    let with_person = beside.person.iter().flat_map(|person| &person.markers);
    let told: Vec<_> = with_person.map(|marker| marker.id).collect();
    beside.person.is_none() || caller.markers.iter().any(|marker| !told.contains(&marker.id))
}

/// Where a look at the caller is asked for, by who may.
fn nominate(visitor: &Visitor, beside: &BesideCall) -> Option<String> {
    let caller = beside.caller.as_ref().filter(|_| may_nominate(&visitor.officer))?;
    Some(format!("/callers/{}/nominate", caller.caller_id))
}

fn marking(view: &CallRecordView, beside: &BesideCall) -> Marking {
    beside.person.as_ref().map_or(view.marking, |person| person.marking.max(view.marking))
}

/// What the record itself knows of how to help, where nothing else is shown of the person.
fn needs(view: &CallRecordView) -> Value {
    json!({ "adjustments": view.adjustments, "vulnerability": view.vulnerability, "targetedVictim": view.targeted_victim })
}

/// The form that comes next: the one that was asked for, or the first that is still to be filled in. `None`: completing.
fn next(view: &CallRecordView, asked: Option<Form>) -> Option<Form> {
    match view.state {
        RecordState::Complete => return Some(asked.unwrap_or(Form::Amend)),
        RecordState::TakenBack => return None,
        RecordState::Open => {}
    }
    let owed = |code: &str| view.left_to_do.iter().any(|left| left.code == code);
    let first = [
        (owed("purpose-not-found") || owed("not-assessed"), Form::Assess),
        (owed("thrive-first"), Form::Thrive),
        (owed("not-graded") || owed("needs-grading"), Form::Grade),
        (owed("cad-reference-needed"), Form::Reference),
    ];
    asked.or_else(|| first.into_iter().find(|(owed, _)| *owed).map(|(_, form)| form))
}

fn shown_forms(view: &CallRecordView) -> Vec<Form> {
    let asks = |form: Form| match form {
        Form::Identify => view.person_id.is_none(),
        Form::TakeBack => view.may_be_taken_back,
        Form::Assess | Form::Thrive | Form::Grade | Form::Reference | Form::Advice | Form::Request | Form::Amend => {
            true
        }
    };
    match view.state {
        RecordState::TakenBack => Vec::new(),
        RecordState::Open => Form::ALL.into_iter().filter(|form| *form != Form::Amend && asks(*form)).collect(),
        RecordState::Complete => {
            let after = [Form::Amend, Form::Identify, Form::Reference, Form::Advice, Form::Request];
            after.into_iter().filter(|form| asks(*form)).collect()
        }
    }
}

fn form_of(asked: &Asked<'_>, (form, next): (Form, Option<Form>), around: &Around, drafts: &[Draft]) -> Value {
    let place = place_of(asked.view.id, form);
    let sent_back = around.form == Some(form) && around.typed.is_some();
    let draft = drafts.iter().find(|draft| draft.place == place).filter(|_| !sent_back);
    let fields = match (&around.typed, draft) {
        (Some(typed), _) if sent_back => typed.clone(),
        (_, Some(draft)) => draft.fields.clone(),
        _ => asked.kept(form),
    };
    let faults = if sent_back { around.faults.clone() } else { Vec::new() };
    let drawing = Drawing { fields, faults, ..Drawing::default() };
    json!({
        "title": form.title(),
        "name": form.as_str(),
        "fields": asked.draw(form, &drawing),
        "place": place,
        "action": format!("/calls/{}/{}", asked.view.id, form.as_str()),
        "button": form.button(),
        "version": asked.view.version,
        "isNext": next == Some(form),
        "isOpen": next == Some(form) || sent_back || draft.is_some(),
        "recorded": recorded(asked.view, form),
        "drafted": draft.map(|draft| time_of_day(london::wall_time(draft.saved_at).time())),
    })
}

/// Whether a form was recorded already.
fn recorded(view: &CallRecordView, form: Form) -> bool {
    match form {
        Form::Assess => view.purpose.is_some(),
        Form::Identify => view.person_id.is_some(),
        Form::Thrive => view.thrive.is_some(),
        Form::Grade => view.graded.is_some() && !view.needs_grading,
        Form::Reference => view.cad_reference.is_some() || view.athena_reference.is_some(),
        Form::Advice => !view.advice.is_empty(),
        Form::Request => !view.requests.is_empty(),
        Form::Amend => !view.amendments.is_empty(),
        Form::TakeBack => view.taken_back.is_some(),
    }
}

fn grade_words(app: &App, grade: &str) -> String {
    let known = app.catalog.registers().call_grading.grade(grade);
    known.map_or_else(|| grade.to_owned(), |known| format!("{} {}", known.id, known.title))
}

fn requests(view: &CallRecordView) -> Vec<Value> {
    let row = |request: &crate::domain::calls::record::Request| {
        let what = match request.kind.as_str() {
            "mg11" => "Witness statement (MG11)",
            _ => "Call download",
        };
        let whose = if request.urgent { "urgent, for the officer in the case" } else { "CCR Systems Support Team" };
        json!({ "number": request.number, "what": what, "whose": whose, "why": request.why,
                "askedAt": request.asked_at, "doneAt": request.done_at })
    };
    view.requests.iter().map(row).collect()
}
