//! `/`: what waits for whoever is signed in, in one sentence and then in lists.

use super::due::due_since;
use super::fault::Fault;
use super::frame::{Area, Page};
use super::visitor::Visitor;
use crate::app::callers::MONTH_SENDING;
use crate::app::cases::{Wanted, list_cases};
use crate::app::desk::{self, Counts};
use crate::app::live_calls::CALL_REQUEST;
use crate::app::mail::{MailboxFolderView, list_mailboxes};
use crate::app::meetings::{MeetingView, list_meetings};
use crate::app::tasks::{TaskView, my_tasks};
use crate::app::{App, AppError};
use crate::domain::access::Role;
use crate::render::long_date;
use crate::render::pages::date_and_time;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

/// The most urgent tasks; the rest is behind them.
const MOST_TASKS: u64 = 20;
const MOST_CASES: u64 = 50;

#[get("/")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let actor = &visitor.actor;
    let counts = desk::counts(&app, actor).await?;
    let tasks = unless_refused(my_tasks(&app, actor, None, MOST_TASKS).await)?.unwrap_or_default();
    let meetings = unless_refused(list_meetings(&app, actor, None, 10).await)?;
    let meeting = meetings.as_ref().and_then(|list| list.data.iter().rev().find(|meeting| meeting.state != "closed"));
    let missed = meetings.as_ref().map(|list| list.missed_weeks.len()).unwrap_or_default();
    let mailboxes = unless_refused(list_mailboxes(&app, actor).await)?.unwrap_or_default();
    let view = json!({
        "headline": headline(&counts, meeting),
        "counts": counts,
        "tasks": tasks.iter().map(|task| row(&app, task)).collect::<Vec<_>>(),
        "moreTasks": counts.tasks > MOST_TASKS,
        "meeting": meeting.map(|meeting| json!({ "href": format!("/meetings/{}", meeting.id), "isOpen": meeting.state == "open" })),
        "missed": missed,
        "mine": mine(&app, &visitor).await?,
        "mailboxes": mailboxes.iter().map(mailbox).collect::<Vec<_>>(),
        "readsMail": visitor.officer.has_any(&crate::app::contacts::MAY_READ),
        "takesCalls": visitor.officer.has_any(&[Role::Ccr, Role::Coordinator]),
        "isUnit": visitor.officer.has_any(&[Role::Snt, Role::Opt, Role::Mash]),
    });
    let marking = tasks.iter().map(|task| task.marking).max().unwrap_or_default();
    Ok(Page { area: Area::Today, marking, ..Page::new("today", "Today", view) }.show(&app, &visitor))
}

/// Nothing, where the officer's roles do not show it.
fn unless_refused<T>(found: Result<T, AppError>) -> Result<Option<T>, Fault> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(AppError::Refused(_) | AppError::NotFound) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// `6 messages to read, 2 of them held. 3 tasks are yours. The next meeting is on 27 November 2026.`
fn headline(counts: &Counts, meeting: Option<&MeetingView>) -> String {
    let number = |n: u64, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    let mut sentences = Vec::new();
    if let Some(read) = number(counts.to_read, "message to read", "messages to read") {
        let held =
            number(counts.held, "of them held", "of them held").map(|held| format!(", {held}")).unwrap_or_default();
        sentences.push(format!("{read}{held}."));
    }
    sentences.extend(number(counts.approvals, "approval waits for you.", "approvals wait for you."));
    sentences.extend(number(counts.tasks, "task is yours.", "tasks are yours."));
    sentences.extend(meeting.map(|meeting| match meeting.state.as_str() {
        "open" => "The meeting is open.".to_owned(),
        _ => format!("The next meeting is on {}.", long_date(meeting.held_on)),
    }));
    if sentences.is_empty() { "Nothing waits for you.".to_owned() } else { sentences.join(" ") }
}

fn row(app: &App, task: &TaskView) -> Value {
    let href = match (task.contact_id, task.case_id, task.person_id) {
        _ if task.kind == CALL_REQUEST => Some("/calls".to_owned()),
        _ if task.kind == MONTH_SENDING => Some("/callers/months".to_owned()),
        (Some(contact), ..) => Some(format!("/contacts/{contact}")),
        (None, Some(case), _) => Some(format!("/cases/{case}")),
        (None, None, Some(person)) => Some(format!("/people/{person}")),
        (None, None, None) => None,
    };
    json!({ "title": task.title, "href": href, "due": task.due_at.map(|due| due_since(task.created_at, due, app.now())),
            "adjustments": task.adjustments, "asked": task.created_at })
}

/// The cases of which the officer is the point of contact.
async fn mine(app: &App, visitor: &Visitor) -> Result<Vec<Value>, Fault> {
    if !visitor.officer.has(Role::Spoc) {
        return Ok(Vec::new());
    }
    let wanted = Wanted { workflow: Some("frequent-service-user".to_owned()), ..Wanted::default() };
    let found = unless_refused(list_cases(app, &visitor.actor, wanted, None, MOST_CASES).await)?.unwrap_or_default();
    let mine = found.into_iter().filter(|case| case.spoc == Some(visitor.officer.id));
    Ok(mine
        .map(|case| {
            json!({ "href": format!("/cases/{}", case.id), "person": case.person_id.map(|id| format!("/people/{id}")),
                            "state": case.state_title, "due": case.due_at.map(date_and_time), "title": case.title })
        })
        .collect())
}

fn mailbox(folder: &MailboxFolderView) -> Value {
    json!({ "folder": folder })
}
