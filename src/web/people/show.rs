//! `GET /people/{id}`: who somebody is, where their case stands and what comes next, and how often they were in contact.

use super::numbers::Of;
use super::tabs::{Tab, person_at, tabs};
use super::{contact_log, pictures};
use crate::app::callers::may_do_with_callers;
use crate::app::cases::{self, CaseOpening, CaseView, Wanted};
use crate::app::people::{ContactNumbers, PersonView, contact_numbers, linked_records, may_do};
use crate::app::tasks::{TaskView, my_tasks};
use crate::app::{App, AppError, contacts, officer_names};
use crate::domain::access::Actor;
use crate::domain::ids::{OfficerId, PersonId};
use crate::domain::workflow::StateKind;
use crate::web::cases::{buttons, next_step};
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page, see_other};
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const CASE: &str = "frequent-service-user";
const LAST_CONTACTS: u64 = 5;
const MOST_CASES: u64 = 500;

#[get("/people/{id}")]
pub(crate) async fn show(
    app: Data<App>,
    visitor: Visitor,
    id: Path<PersonId>,
    of: Query<Of>,
) -> Result<HttpResponse, Fault> {
    let actor = &visitor.actor;
    let person = person_at(&app, &visitor, *id).await?;
    if person.id != *id {
        // A record that was merged leads to the person it turned out to be.
        return Ok(see_other(&format!("/people/{}", person.id)));
    }
    let may = may_do(actor);
    let wanted = Wanted { person: Some(person.id), ..Wanted::default() };
    let cases = cases::list_cases(&app, actor, wanted, None, MOST_CASES).await?;
    let open: Vec<String> = open_cases(&cases).map(|case| case.workflow.clone()).collect();
    let openings = cases::openings(&app, actor, &open)?;
    let case = open_cases(&cases).find(|case| case.workflow == CASE);
    let next = match case {
        Some(case) => Some(next(&app, actor, case).await?),
        None => None,
    };
    let marking = cases.iter().map(|case| case.marking).max().unwrap_or_default().max(person.marking);
    let mut view = json!({
        "person": person,
        "tabs": tabs(person.id, Tab::Overview, may),
        "may": may,
        "next": next,
        "nominate": openings.iter().find(|opening| opening.workflow == CASE && case.is_none()).map(|_| nominate(person.id)),
        "tasks": tasks(&app, actor, &person).await?,
        "cases": shown_cases(&app, &cases).await?,
        "openings": can_open(&openings, &cases, person.id),
        "marks": may_do_with_callers(&visitor.officer).mark,
        "spocName": spoc_name(&app, &person, case).await?,
        "linked": linked_records(&app, actor, person.id).await?,
        "held": person.identifiers.iter().filter(|identifier| identifier.ended_at.is_none()).collect::<Vec<_>>(),
    });
    if let (true, Some(view)) = (may.read_contacts, view.as_object_mut()) {
        view.insert("lately".to_owned(), lately(&app, actor, &person, &of.of).await?);
    }
    let page = Page::new("people/show", person.full_name.clone(), view);
    Ok(Page { area: Area::People, marking, ..page }.show(&app, &visitor))
}

fn open_cases(cases: &[CaseView]) -> impl Iterator<Item = &CaseView> {
    cases.iter().filter(|case| case.kind != StateKind::Final)
}

/// Where the case stands in a sentence, and what may be done: first what moves it on.
async fn next(app: &App, actor: &Actor, case: &CaseView) -> Result<Value, Fault> {
    let workflow = cases::workflow_of_case(app, actor, case.id).await?;
    let offers = cases::actions_now(app, actor, case.id).await?.offers;
    let (allowed, _) = buttons(case, &offers, &workflow);
    let first = allowed.first().filter(|button| button.get("movesOn") == Some(&json!(true))).cloned();
    Ok(
        json!({ "sentence": next_step(case, &offers, &workflow), "action": first, "href": format!("/cases/{}", case.id) }),
    )
}

fn nominate(person: PersonId) -> Value {
    json!({ "href": format!("/cases/new?workflow={CASE}&person={person}") })
}

/// What the reader has to do about the person.
async fn tasks(app: &App, actor: &Actor, person: &PersonView) -> Result<Vec<TaskView>, Fault> {
    let mut open = match my_tasks(app, actor, None, 500).await {
        Ok(open) => open,
        Err(AppError::Refused(_)) => Vec::new(),
        Err(other) => return Err(other.into()),
    };
    let theirs = |id: Uuid| id == person.id.as_uuid() || person.merged.iter().any(|record| record.as_uuid() == id);
    open.retain(|task| task.person_id.is_some_and(theirs));
    Ok(open)
}

/// Open cases first, each part the newest first.
async fn shown_cases(app: &App, cases: &[CaseView]) -> Result<Value, Fault> {
    let spocs: Vec<Uuid> = cases.iter().filter_map(|case| case.spoc).map(OfficerId::as_uuid).collect();
    let names = officer_names(app, &spocs).await?;
    let row = |case: &&CaseView| {
        json!({ "href": format!("/cases/{}", case.id), "title": case.title, "state": case.state_title,
                "since": case.state_since, "dueAt": case.due_at, "openedAt": case.opened_at,
                "spoc": case.spoc.and_then(|spoc| names.get(&spoc.as_uuid()).cloned()) })
    };
    let (ended, mut open): (Vec<&CaseView>, Vec<&CaseView>) =
        cases.iter().rev().partition(|case| case.kind == StateKind::Final);
    open.sort_by_key(|case| case.workflow != CASE);
    Ok(json!({ "open": open.iter().map(row).collect::<Vec<_>>(), "ended": ended.iter().map(row).collect::<Vec<_>>() }))
}

/// What else may be opened: about the person, or under their open case.
fn can_open(openings: &[CaseOpening], cases: &[CaseView], person: PersonId) -> Vec<Value> {
    let newest: BTreeMap<&str, &CaseView> = open_cases(cases).map(|case| (case.workflow.as_str(), case)).collect();
    let link = |opening: &CaseOpening| {
        let about = match &opening.under {
            Some(under) => format!("parent={}", newest.get(under.as_str())?.id),
            None => format!("person={person}"),
        };
        let href = format!("/cases/new?workflow={}&{about}", opening.workflow);
        Some(json!({ "title": opening.title, "href": href, "policy": opening.policy }))
    };
    openings.iter().filter(|opening| opening.workflow != CASE).filter_map(link).collect()
}

async fn spoc_name(app: &App, person: &PersonView, case: Option<&CaseView>) -> Result<Option<String>, Fault> {
    let of_strategy = person.strategy_in_force.as_ref().and_then(|strategy| strategy.spoc);
    let spoc = case.and_then(|case| case.spoc).or(of_strategy);
    let ids: Vec<Uuid> = spoc.into_iter().map(OfficerId::as_uuid).collect();
    Ok(officer_names(app, &ids).await?.into_values().next())
}

/// The numbers, the picture, and the last few contacts.
async fn lately(app: &App, actor: &Actor, person: &PersonView, of: &str) -> Result<Value, Fault> {
    let numbers: ContactNumbers = contact_numbers(app, actor, person.id).await?;
    let last = contacts::contact_log(app, actor, (person.id, None), None, LAST_CONTACTS).await?;
    let place = format!("/people/{}", person.id);
    let rule = pictures::rule_shown(&numbers, of);
    let shown = rule.map_or("all", |rule| rule.rule.as_str());
    Ok(json!({
        "four": pictures::four(&numbers),
        "chart": pictures::per_day_chart(&numbers, rule),
        "csv": format!("{place}/contacts.csv?of={shown}"),
        "rules": pictures::rules(&numbers, rule, &place),
        "countedIn": pictures::counted_in(rule),
        "allHref": rule.map(|_| format!("{place}?of=all")),
        "last": last.iter().map(contact_log::row).collect::<Vec<_>>(),
    }))
}
