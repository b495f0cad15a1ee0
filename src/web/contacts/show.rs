//! `GET /contacts/{id}`: one contact in its conversation, what was found about it, and what is to be done with it.

use super::message::{around, message};
use crate::app::contacts::{
    ContactTask, ContactView, Neighbours, Offers, find_contact, neighbours, tasks_of_contact, what_may_be_done,
};
use crate::app::people::{PersonView, find_person, names_of};
use crate::app::{App, AppError, officer_names};
use crate::domain::access::{Actor, ActorRef};
use crate::domain::attribution::Evidence;
use crate::domain::contact::{Flag, RaisedBy, Reply};
use crate::domain::ids::{ContactId, PersonId};
use crate::domain::marking::Marking;
use crate::render::pages::{choice, date_and_time};
use crate::store::contacts::Handling;
use crate::web::fault::Fault;
use crate::web::form::{FormFault, summary};
use crate::web::frame::{Area, Page};
use crate::web::mail::{attribution, clauses, due, evidence, flag, found, question, queue, way};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What stands around the page, and how it is answered.
#[derive(Default)]
pub(super) struct Around<'a> {
    pub(super) status: StatusCode,
    /// Which form the faults are of: `handling`, `attribution`, `triage`, or a task's id.
    pub(super) form: String,
    pub(super) faults: Vec<FormFault>,
    pub(super) typed: Option<&'a Posted>,
    /// Somebody else changed it since it was opened.
    pub(super) conflict: bool,
    pub(super) done: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    done: String,
    /// What was read before it.
    before: Option<ContactId>,
}

#[get("/contacts/{id:[0-9a-f-]{36}}")]
pub(crate) async fn show(
    app: Data<App>,
    visitor: Visitor,
    id: Path<ContactId>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Fault> {
    let done = match (asked.done.as_str(), asked.before) {
        ("next", Some(_)) => Some("The message before was logged as read."),
        ("read", _) => Some("This message was logged as read."),
        ("passed", _) => Some("Your answers are recorded. What they set in motion stands below."),
        ("closed", _) => Some("This message is closed."),
        ("whose", _) => Some("Whose message this is was recorded; everybody it touches was measured anew."),
        ("flags", _) => Some("The flags were changed."),
        ("task", _) => Some("Recorded as done."),
        ("sender", _) => Some("The sender was decided about."),
        _ => None,
    };
    let around = Around { status: StatusCode::OK, done: done.map(str::to_owned), ..Around::default() };
    page(&app, &visitor, *id, around).await
}

/// The page, as it stands now.
pub(super) async fn page(
    app: &App,
    visitor: &Visitor,
    id: ContactId,
    around_it: Around<'_>,
) -> Result<HttpResponse, Fault> {
    let actor = &visitor.actor;
    let contact = find_contact(app, actor, id).await?;
    let offers = what_may_be_done(app, actor, &contact).await?;
    let beside = neighbours(app, actor, &contact).await?;
    let tasks = tasks_of_contact(app, actor, id).await?;
    let person = person(app, actor, &contact).await?;
    let (before, after) = around(app, actor, &contact).await?;
    let marking = person.as_ref().map_or(contact.marking, |person| Marking::max(person.marking, contact.marking));
    let mut view = json!({
        "contact": contact,
        "message": message(app, actor, &contact).await?,
        "beforeCount": before.len(),
        "before": before,
        "after": after,
        "way": capital(way(contact.channel)),
        "found": found(&contact),
        "clauses": clauses(&contact),
        "strategyHref": contact.measured_against.as_ref().map(|against| format!("/cases/{}", against.strategy)),
        "due": contact.read_due_at.map(|at| due(app.now(), at, !contact.flags.is_empty())),
        "owed": owed(&contact),
        "spoc": spoc(app, person.as_ref()).await?,
        "flags": flags(&contact),
        "queues": contact.queues.iter().map(|one| queue(*one)).collect::<Vec<_>>(),
        "handling": handling(&contact),
        "asksWhose": tasks.iter().any(|task| task.kind == "decide_whose_mail"),
        "tasks": shown_tasks(app, &tasks, &around_it).await?,
        "replyRefused": offers.reply.as_ref().err().map(|refusal| refusal.message.clone()),
        "person": person,
    });
    let whose = whose(app, actor, &contact, &around_it).await?;
    if let Value::Object(fields) = &mut view {
        fields.insert("whose".to_owned(), whose);
        fields.insert("forms".to_owned(), forms(&contact, &offers, &around_it));
        fields.extend(frame(beside, &around_it));
    }
    let title = contact.subject.clone().filter(|subject| !subject.trim().is_empty());
    let title = title.unwrap_or_else(|| format!("A {} without a subject", way(contact.channel)));
    let page = Page { area: Area::Mail, marking, status: around_it.status, ..Page::new("contacts/show", title, view) };
    Ok(page.show(app, visitor))
}

fn frame(beside: Neighbours, around: &Around<'_>) -> Map<String, Value> {
    let href = |id: Option<ContactId>| id.map(|id| format!("/contacts/{id}"));
    let view = json!({
        "previousHref": href(beside.previous),
        "nextHref": href(beside.next),
        "faults": summary(&around.faults),
        "conflictTitle": around.conflict.then_some("Somebody was here before you"),
        "done": around.done,
        "back": { "href": "/mail", "text": "Mail" },
    });
    if let Value::Object(fields) = view { fields } else { Map::new() }
}

/// Whoever it is linked to; `None` where nobody is, or they are not for this reader.
async fn person(app: &App, actor: &Actor, contact: &ContactView) -> Result<Option<PersonView>, AppError> {
    let Some(person) = contact.person_id else { return Ok(None) };
    match find_person(app, actor, person).await {
        Ok(person) => Ok(Some(person)),
        Err(AppError::NotFound | AppError::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

async fn spoc(app: &App, person: Option<&PersonView>) -> Result<Option<String>, AppError> {
    let spoc = person.and_then(|person| person.strategy_in_force.as_ref()?.spoc);
    let Some(spoc) = spoc.map(|spoc| spoc.as_uuid()) else { return Ok(None) };
    Ok(officer_names(app, &[spoc]).await?.remove(&spoc))
}

/// `E-mail`, at the beginning of a line.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn handling(contact: &ContactView) -> &'static str {
    match contact.handling.as_str() {
        "read" => "Read",
        "closed" => "Closed",
        _ => "Nobody has read it yet",
    }
}

/// The answer that the sender is owed.
fn owed(contact: &ContactView) -> Option<String> {
    Some(match contact.reply.as_ref()? {
        Reply::Owed => "A reply is due.".to_owned(),
        Reply::Later { not_before: Some(at) } => {
            format!("No reply before {}; then one reply covers everything held.", date_and_time(*at))
        }
        Reply::Later { not_before: None } => "One reply later covers everything held.".to_owned(),
        Reply::RightChannel => "Offer a reply that names the right way to make contact.".to_owned(),
        Reply::BySpoc => "The single point of contact replies; whoever it was sent to does not.".to_owned(),
        Reply::NotOwed => "No reply is due.".to_owned(),
    })
}

fn flags(contact: &ContactView) -> Vec<Value> {
    let shown = |raised: &crate::domain::contact::RaisedFlag| {
        let by = match raised.raised_by {
            RaisedBy::Rule => "by a rule",
            RaisedBy::Officer => "by a person",
        };
        json!({ "text": flag(raised.flag), "by": by, "words": raised.words })
    };
    contact.flags.iter().map(shown).collect()
}

async fn shown_tasks(app: &App, tasks: &[ContactTask], around: &Around<'_>) -> Result<Vec<Value>, AppError> {
    let named: Vec<Uuid> = tasks.iter().filter_map(|task| task.officer_id).collect();
    let names = officer_names(app, &named).await?;
    Ok(tasks.iter().map(|task| shown_task(app, task, &names, around)).collect())
}

fn shown_task(app: &App, task: &ContactTask, names: &BTreeMap<Uuid, String>, around: &Around<'_>) -> Value {
    let named = task.officer_id.and_then(|officer| names.get(&officer).cloned());
    let here = around.form == task.id.to_string();
    let typed = |name: &str| around.typed.filter(|_| here).map(|posted| posted.text(name).to_owned());
    let fault = around.faults.first().filter(|_| here).map(|fault| fault.message.clone());
    json!({
        "task": task,
        "whom": named.or_else(|| task.role.as_deref().map(choice)),
        "due": task.due_at.map(|at| due(app.now(), at, false)),
        "isComplaint": task.kind == "record_complaint",
        "isWhose": task.kind == "decide_whose_mail",
        "reference": typed("reference"),
        "reason": typed("reason"),
        "fault": fault,
    })
}

/// Whose it is, why, and who may be meant.
async fn whose(app: &App, actor: &Actor, contact: &ContactView, around: &Around<'_>) -> Result<Value, AppError> {
    let candidates = contact.evidence.iter().filter_map(|reason| {
        let Evidence::Candidates { people } = reason else { return None };
        Some(people.clone())
    });
    let people: Vec<PersonId> = contact.person_id.into_iter().chain(candidates.flatten()).collect();
    let names = names_of(app, actor, &people).await?;
    let deciders = contact.evidence.iter().filter_map(|reason| who_said(reason)?.officer());
    let officers = officer_names(app, &deciders.map(|id| id.as_uuid()).collect::<Vec<_>>()).await?;
    let linked = contact.person_id.and_then(|person| names.get(&person)).map(|named| named.full_name.as_str());
    let typed = |name: &str| {
        let posted = around.typed.filter(|_| around.form == "attribution");
        posted.map(|posted| posted.text(name).to_owned()).unwrap_or_default()
    };
    let chosen = typed("whose");
    let choice = |(id, named): (&PersonId, &crate::app::people::Named)| {
        let value = format!("person:{id}");
        json!({ "value": value, "text": format!("{} ({})", named.full_name, named.reference),
                "checked": chosen == value })
    };
    Ok(json!({
        "words": attribution(contact.attribution, linked),
        "evidence": contact.evidence.iter().map(|one| evidence(one, &by(one, &officers))).collect::<Vec<_>>(),
        "choices": names.iter().map(choice).collect::<Vec<_>>(),
        "another": chosen == "another",
        "nobody": chosen == "nobody",
        "reference": typed("reference"),
        "reason": typed("reason"),
        "onBehalf": !typed("onBehalf").is_empty(),
        "byPerson": !typed("byPerson").is_empty(),
        "joinCase": !typed("joinCase").is_empty(),
        "isMachine": matches!(contact.not_counted_because, Some("automatic" | "list" | "own")),
    }))
}

fn who_said(reason: &Evidence) -> Option<ActorRef> {
    let (Evidence::Decision { by, .. } | Evidence::NamedByRecorder { by }) = reason else { return None };
    Some(*by)
}

fn by(reason: &Evidence, officers: &BTreeMap<Uuid, String>) -> String {
    let name = who_said(reason).and_then(ActorRef::officer).and_then(|id| officers.get(&id.as_uuid()));
    name.cloned().unwrap_or_else(|| "Another system".to_owned())
}

/// The forms that are offered, with what was typed into one that was sent back.
fn forms(contact: &ContactView, offers: &Offers, around: &Around<'_>) -> Value {
    let fault = |form: &str, name: &str| {
        let of_field = around.faults.iter().find(|fault| around.form == form && fault.name == name);
        of_field.map(|fault| json!({ "text": fault.message }))
    };
    let typed = |form: &str, name: &str| {
        let posted = around.typed.filter(|_| around.form == form);
        posted.map(|posted| posted.text(name).to_owned()).unwrap_or_default()
    };
    let ask = |flag_asked: Flag| {
        let name = format!("answers.{flag_asked}");
        let said = typed("handling", &name);
        let raised = contact.flags.iter().find(|raised| raised.flag == flag_asked);
        let found = raised.map(|raised| match &raised.words {
            Some(words) => format!("A rule found: “{words}”"),
            None => "This was flagged".to_owned(),
        });
        json!({
            "idPrefix": format!("answers-{flag_asked}"),
            "name": name,
            "classes": "govuk-radios--inline govuk-radios--small",
            "fieldset": { "legend": { "text": question(flag_asked), "classes": "govuk-fieldset__legend--s" } },
            "hint": found.map(|text| json!({ "text": text })),
            "errorMessage": fault("handling", &name),
            "items": [ { "value": "yes", "text": "Yes", "checked": said == "yes" },
                       { "value": "no", "text": "No", "checked": said == "no" } ],
        })
    };
    // What somebody else changed meanwhile is shown as it is now, and not ticked away.
    let ticked = around.typed.filter(|_| around.form == "triage" && !around.conflict);
    let checked = |flag_asked: Flag| match ticked {
        Some(posted) => posted.all("flag").any(|name| name == flag_asked.as_str()),
        None => contact.flags.iter().any(|raised| raised.flag == flag_asked),
    };
    let tick = |flag_asked: Flag| json!({ "name": flag_asked.as_str(), "text": flag(flag_asked), "checked": checked(flag_asked) });
    json!({
        "mayHandle": offers.handle,
        "mayCorrect": offers.correct,
        "mayReply": offers.reply.is_ok(),
        "replyFirst": offers.reply.is_ok() && (contact.reply == Some(Reply::Owed) || contact.handling != Handling::Open),
        "ticks": contact.ticks_owed,
        "isOpen": contact.handling == Handling::Open,
        "questions": Flag::ALL.into_iter().map(ask).collect::<Vec<_>>(),
        "note": typed("handling", "note"),
        "close": !typed("handling", "close").is_empty(),
        "exempt": typed("triage", "exempt") == "yes",
        "notExempt": typed("triage", "exempt") == "no",
        "flags": Flag::ALL.into_iter().map(tick).collect::<Vec<_>>(),
        "triageReason": typed("triage", "reason"),
        "triageFault": fault("triage", "triageReason"),
        "whoseFault": fault("attribution", "whose"),
        "referenceFault": fault("attribution", "reference"),
        "reasonFault": fault("attribution", "reason"),
        "openWhose": around.form == "attribution",
        "openFlags": around.form == "triage",
    })
}
