//! `GET /cases/{id}`: where a case stands, what comes next, what may be done, and all that happened.

use super::timeline::timeline;
use crate::app::cases::{self, CaseView, ChildView};
use crate::app::coordination::known_beside;
use crate::app::meetings::{ON_AGENDA, may_prepare};
use crate::app::people::find_person;
use crate::app::tasks::{TaskView, my_tasks};
use crate::app::{App, AppError, officer_names};
use crate::domain::access::Actor;
use crate::domain::case::{Offer, Refusal};
use crate::domain::ids::CaseId;
use crate::domain::workflow::{self, By, StateKind, Workflow};
use crate::render::pages::date_and_time;
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

/// More than any history.
const MOST_EVENTS: u64 = 1000;

#[get("/cases/{id}")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    let actor = &visitor.actor;
    let case = cases::find_case(&app, actor, *id).await?;
    let workflow = cases::workflow_of_case(&app, actor, *id).await?;
    let offers = cases::actions_now(&app, actor, *id).await?.offers;
    // A liaison officer sees no history, only the question.
    let events = match cases::case_events(&app, actor, *id, (None, MOST_EVENTS)).await {
        Ok(events) => events,
        Err(AppError::NotFound | AppError::Refused(_)) => Vec::new(),
        Err(other) => return Err(other.into()),
    };
    let (allowed, refused) = buttons(&case, &offers, &workflow);
    let view = json!({
        "case": case,
        "person": person_of(&app, actor, &case).await?,
        "sayWho": super::person::is_offered(&visitor, &case).then(|| format!("/cases/{}/person", case.id)),
        "parent": case.parent_id.map(|parent| json!({ "href": format!("/cases/{parent}") })),
        "spocName": name_of(&app, &case).await?,
        "next": next_step(&case, &offers, &workflow),
        "allowed": allowed,
        "refused": refused,
        "tasks": tasks(&app, actor, &case).await?,
        "children": children(&app, &case.children),
        "known": known_beside(&app, actor, &case.workflow, case.id).await?,
        "timeline": timeline(&app, &workflow, &events).await?,
        "unit": cases::unit_name(&app, &case.data),
        "isConsultation": case.workflow == "consultation",
        "hasNotice": events.iter().any(|event| event.data.get("action").is_some_and(|action| action == "share")),
        "onAgenda": (case.state == ON_AGENDA).then(|| json!({
            "prepare": may_prepare(actor).then(|| format!("/cases/{}/preparation", case.id)) })),
        "isStrategy": case.workflow == "communications-strategy",
    });
    let area = if case.workflow == "consultation" { Area::Consultations } else { Area::People };
    let page = Page { area, marking: case.marking, ..Page::new("cases/show", case.title.clone(), view) };
    Ok(page.show(&app, &visitor))
}

/// What may be done as links to its form, what moves the case on first, and what may not with the reason and the paragraph
/// behind it.
pub(crate) fn buttons(case: &CaseView, offers: &[Offer], workflow: &Workflow) -> (Vec<Value>, Vec<Value>) {
    let href = |offer: &Offer| format!("/cases/{}/actions/{}", case.id, offer.action);
    let mut allowed: Vec<&Offer> = offers.iter().filter(|offer| offer.allowed).collect();
    allowed.sort_by_key(|offer| !moves_on(workflow, &case.state, &offer.action));
    let refused = offers.iter().filter_map(|offer| Some((offer, offer.refusal.as_ref()?)));
    // What no person ever does here need not be explained to one.
    let by_people = |offer: &Offer| {
        let action = workflow.action(&case.state, &offer.action);
        action.is_some_and(|action| action.by.iter().any(|by| matches!(by, By::Role(_))))
    };
    let why = |(offer, refusal): (&Offer, &Refusal)| {
        let reasons: Vec<&str> = refusal.faults.iter().map(|fault| fault.message.as_str()).collect();
        json!({ "title": offer.title, "message": refusal.message, "policy": refusal.policy, "reasons": reasons })
    };
    (
        allowed
            .into_iter()
            .map(|offer| json!({ "title": offer.title, "href": href(offer), "action": offer.action, "movesOn": moves_on(workflow, &case.state, &offer.action) }))
            .collect(),
        refused.filter(|(offer, _)| by_people(offer)).map(why).collect(),
    )
}

/// Where it stands in one sentence.
pub(crate) fn next_step(case: &CaseView, offers: &[Offer], workflow: &Workflow) -> String {
    if case.state == ON_AGENDA {
        return format!("On the agenda of the weekly meeting since {}.", date_and_time(case.state_since));
    }
    if case.kind == StateKind::Final {
        return format!("This ended on {}.", date_and_time(case.state_since));
    }
    let since = date_and_time(case.state_since);
    let until = match (case.paused_until, case.due_at) {
        (Some(until), _) => format!(" The clock stands until {}.", crate::render::long_date(until)),
        (None, Some(due)) => format!(" It should go on by {}.", date_and_time(due)),
        (None, None) => String::new(),
    };
    let yours = offers.iter().find(|offer| offer.allowed && moves_on(workflow, &case.state, &offer.action));
    let yours = yours.map(|offer| format!(" Yours to do: {}.", offer.title)).unwrap_or_default();
    format!("{} since {since}.{until}{yours}", case.state_title)
}

/// Whether an action takes the case further.
fn moves_on(workflow: &Workflow, state: &str, action: &str) -> bool {
    let on = |target: &workflow::Target| match target {
        workflow::Target::Stay => false,
        // An end can always be chosen; it is not what comes next.
        workflow::Target::To(state) => !workflow.is_final(state),
        workflow::Target::Choose(_) => true,
    };
    workflow.action(state, action).is_some_and(|action| on(&action.target))
}

/// The person of a case, for the banner; null where the officer does not see their file.
pub(crate) async fn person_of(app: &App, actor: &Actor, case: &CaseView) -> Result<Value, Fault> {
    let Some(id) = case.person_id else { return Ok(Value::Null) };
    match find_person(app, actor, id).await {
        Ok(person) => Ok(json!({ "href": format!("/people/{id}"), "person": person })),
        // Who sees the case need not see the file of the person.
        Err(AppError::NotFound | AppError::Refused(_)) => Ok(Value::Null),
        Err(other) => Err(other.into()),
    }
}

/// The name of its point of contact.
pub(crate) async fn name_of(app: &App, case: &CaseView) -> Result<Option<String>, Fault> {
    let ids: Vec<_> = case.spoc.iter().map(|spoc| spoc.as_uuid()).collect();
    Ok(officer_names(app, &ids).await?.into_values().next())
}

async fn tasks(app: &App, actor: &Actor, case: &CaseView) -> Result<Vec<TaskView>, Fault> {
    let id = case.id.as_uuid();
    let mut open = match my_tasks(app, actor, None, 200).await {
        Ok(open) => open,
        Err(AppError::Refused(_)) => Vec::new(),
        Err(other) => return Err(other.into()),
    };
    open.retain(|task| task.case_id == Some(id));
    Ok(open)
}

fn children(app: &App, children: &[ChildView]) -> Vec<Value> {
    let child = |child: &ChildView| {
        let workflow = app.catalog.latest(&child.workflow);
        let title = workflow.map_or_else(|| child.workflow.clone(), |workflow| workflow.title.clone());
        let state = workflow.and_then(|workflow| workflow.state(&child.state));
        let state = state.map_or_else(|| child.state.clone(), |state| state.title.clone());
        json!({ "href": format!("/cases/{}", child.id), "title": title, "state": state, "unit": child.unit,
                "openedAt": child.opened_at })
    };
    children.iter().map(child).collect()
}

/// The diagram of the case type with the present state marked, as a page of its own: it is wide.
#[get("/cases/{id}/diagram")]
pub(crate) async fn diagram(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    let case = cases::find_case(&app, &visitor.actor, *id).await?;
    let workflow = cases::workflow_of_case(&app, &visitor.actor, *id).await?;
    let view = json!({ "svg": workflow::diagram::svg(&workflow, Some(&case.state)), "state": case.state_title,
                       "back": { "href": format!("/cases/{}", *id) } });
    let title = format!("How this case goes: {}", case.title);
    let page = Page { area: Area::People, marking: case.marking, ..Page::new("cases/diagram", title, view) };
    Ok(page.show(&app, &visitor))
}

/// The notice as the person reads it.
#[get("/cases/{id}/notice")]
pub(crate) async fn notice(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    let notice = cases::read_notice(&app, &visitor.actor, *id).await?;
    let view = json!({ "notice": notice, "back": { "href": format!("/cases/{}", *id) } });
    let page = Page { area: Area::People, marking: notice.marking, ..Page::new("cases/notice", "Notice", view) };
    Ok(page.show(&app, &visitor))
}
