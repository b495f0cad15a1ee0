//! `GET /approvals/{id}`: one strategy with everything that its signature rests on, and the decision.

use crate::app::cases::{self, ActionForm, CaseView, actions_now, consultations_of, find_case, workflow_of_case};
use crate::app::contacts::recent_contacts;
use crate::app::drafts::{self, Fields};
use crate::app::{App, AppError, delegated_until};
use crate::domain::case::Offer;
use crate::domain::ids::CaseId;
use crate::domain::workflow::Workflow;
use crate::render::limits_in_words;
use crate::render::pages::time_of_day;
use crate::web::cases::{name_of, person_of};
use crate::web::drafts::sentence;
use crate::web::due::due_at;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, FormFault, answers, draw, summary};
use crate::web::frame::{Area, Page};
use crate::web::people::pictures;
use crate::web::strategies::{UnitForms, find_strategy, of_unit, sections};
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What can be decided, each with what its radio says.
pub(super) const DECISIONS: [(&str, &str, &str); 3] = [
    ("approve", "Sign", "The text as it stands on this page is what you sign."),
    ("send_back", "Send back with a reason", "It becomes a draft again, and the point of contact is told why."),
    ("refuse", "Refuse", "It ends here. Another version would have to be begun."),
];

/// What the page shows beside the strategy.
#[derive(Default)]
pub(super) struct Around {
    pub(super) status: StatusCode,
    /// What was typed, where it was.
    pub(super) typed: Option<Fields>,
    pub(super) faults: Vec<FormFault>,
    /// What others did since it was opened, and what the text says differently.
    pub(super) conflict: Option<Value>,
}

pub(super) fn place(id: CaseId) -> String {
    format!("/approvals/{id}")
}

#[get("/approvals/{id}")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    page(&app, &visitor, *id, Around::default()).await
}

pub(super) async fn page(app: &App, visitor: &Visitor, id: CaseId, around: Around) -> Result<HttpResponse, Fault> {
    let actor = &visitor.actor;
    let case = find_strategy(app, visitor, id).await?;
    let workflow = workflow_of_case(app, actor, id).await?;
    let offers = actions_now(app, actor, id).await?.offers;
    let place = place(id);
    let mut view = evidence(app, visitor, &case, &workflow).await?;
    let decision = decision(app, visitor, (&case, &offers), &around).await?;
    let others = drafts::others_writing(app, actor, &place).await?;
    let around_it = [
        ("case", json!(case)),
        ("decision", decision),
        ("isWaiting", json!(case.state == "submitted")),
        ("refusal", refusal(&offers)),
        ("delegatedUntil", json!(delegated_until(app, actor, &case.workflow).await?)),
        ("due", json!(case.due_at.map(|due| due_at(due, app.now())))),
        ("faults", json!(summary(&around.faults))),
        ("conflict", json!(around.conflict)),
        ("place", json!(place)),
        ("others", json!(sentence(&others))),
        ("back", json!({ "href": "/approvals", "text": "Back to approvals" })),
    ];
    if let Some(view) = view.as_object_mut() {
        view.extend(around_it.map(|(name, value)| (name.to_owned(), value)));
    }
    let page = Page::new("approvals/show", "Decide on a strategy", view);
    let page = Page { area: Area::Approvals, marking: case.marking, status: around.status, ..page };
    Ok(Page { place: Some(place), ..page }.show(app, visitor))
}

/// Everything that a signature rests on.
async fn evidence(app: &App, visitor: &Visitor, case: &CaseView, workflow: &Workflow) -> Result<Value, Fault> {
    let actor = &visitor.actor;
    let consulted = consultations_of(app, actor, case.id).await?;
    let forms = UnitForms::of(app, workflow);
    let contacts = match case.person_id {
        Some(person) => unless_hidden(recent_contacts(app, actor, person).await)?,
        None => None,
    };
    let channels = contacts.as_ref().map(|contacts| {
        let channel = |(channel, count): &(crate::domain::contact::Channel, u64)| {
            json!({ "channel": channel.as_str(), "count": count })
        };
        contacts.channels.iter().map(channel).collect::<Vec<_>>()
    });
    let text = |pointer: &str| case.data.pointer(pointer).cloned().unwrap_or_default();
    Ok(json!({
        "person": person_of(app, actor, case).await?,
        "spocName": name_of(app, case).await?,
        "sections": sections(&case.data),
        "limits": limits(&case.data),
        "reviewOn": text("/reviewOn"),
        "endsOn": text("/endsOn"),
        "contacts": contacts,
        "channels": channels,
        "lately": match case.person_id {
            Some(person) => pictures::beside(app, actor, person).await?,
            None => Value::Null,
        },
        "consulted": consulted.iter().map(|unit| of_unit(&forms, unit)).collect::<Vec<_>>(),
        "unanswered": consulted.iter().filter(|unit| !unit.outcomes.is_empty()).count(),
        "threshold": threshold(app, visitor, case).await?,
        "harmTest": text("/harmTest"),
        "sentBack": text("/sentBack"),
        "victimOverride": text("/victimOverride"),
    }))
}

/// The limits as the letter says them.
fn limits(data: &Value) -> Vec<String> {
    let limits = data.get("limits").cloned().unwrap_or_default();
    limits_in_words(&serde_json::from_value::<Vec<_>>(limits).unwrap_or_default())
}

/// What the meeting decided and why: its equality answer, its fairness.
async fn threshold(app: &App, visitor: &Visitor, case: &CaseView) -> Result<Value, Fault> {
    let Some(parent) = case.parent_id else { return Ok(Value::Null) };
    let Some(parent) = unless_hidden(find_case(app, &visitor.actor, parent).await)? else { return Ok(Value::Null) };
    let workflow = workflow_of_case(app, &visitor.actor, parent.id).await?;
    let schema = workflow.forms.get("threshold_met").map(|form| &form.schema);
    let Some(decided) = parent.data.get("threshold") else { return Ok(Value::Null) };
    let part = |name: &str| {
        let schema = schema.and_then(|schema| schema.pointer(&format!("/properties/{name}")));
        decided.get(name).map(|said| answers(schema, said, &BTreeMap::new()))
    };
    Ok(json!({ "href": format!("/cases/{}", parent.id), "equality": part("equality"), "fairness": part("fairness"),
               "handling": part("ownHandling") }))
}

/// What the officer may not see is left out.
fn unless_hidden<T>(found: Result<T, AppError>) -> Result<Option<T>, Fault> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(AppError::NotFound | AppError::Refused(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// Why this officer may not sign, before they try.
fn refusal(offers: &[Offer]) -> Value {
    let signing = offers.iter().find(|offer| offer.action == "approve");
    let Some(refusal) = signing.and_then(|offer| offer.refusal.as_ref()) else { return Value::Null };
    let reasons: Vec<&str> = refusal.faults.iter().map(|fault| fault.message.as_str()).collect();
    json!({ "message": refusal.message, "policy": refusal.policy, "code": refusal.code, "reasons": reasons })
}

/// The form: a radio for each decision that is open to them, and the fields of all of them.
async fn decision(
    app: &App,
    visitor: &Visitor,
    (case, offers): (&CaseView, &[Offer]),
    around: &Around,
) -> Result<Value, Fault> {
    let open =
        DECISIONS.iter().filter(|(action, ..)| offers.iter().any(|offer| offer.action == *action && offer.allowed));
    let open: Vec<&(&str, &str, &str)> = open.collect();
    if open.is_empty() {
        return Ok(Value::Null);
    }
    let draft = match around.typed {
        Some(_) => None,
        None => drafts::find_draft(app, &visitor.actor, &place(case.id)).await?,
    };
    let drafted =
        draft.as_ref().map(|draft| time_of_day(crate::domain::calendar::london::wall_time(draft.saved_at).time()));
    let fields = around.typed.clone().or(draft.map(|draft| draft.fields)).unwrap_or_default();
    let chosen = crate::web::posted::text(&fields, "action").to_owned();
    let drawing = Drawing { fields, faults: around.faults.clone(), ..Drawing::default() };
    let mut parts = Vec::new();
    for (action, title, _) in &open {
        // Sending back and refusing ask for the same: a reason.
        let form = cases::action_form(app, &visitor.actor, case.id, action).await?;
        if parts.iter().all(|(schema, _): &(Option<Value>, Value)| *schema != form.schema) {
            let part = json!({ "title": title, "action": action, "fields": drawn(&form, &drawing) });
            parts.push((form.schema.clone(), part));
        }
    }
    let item = |(action, title, hint): &&(&str, &str, &str)| json!({ "value": action, "text": title, "hint": { "text": hint }, "checked": chosen == *action });
    let fault = around.faults.iter().find(|fault| fault.name == "action");
    Ok(json!({
        "radios": { "idPrefix": "action", "name": "action",
                    "fieldset": { "legend": { "text": "What do you decide?", "classes": "govuk-fieldset__legend--m" } },
                    "errorMessage": fault.map(|fault| json!({ "text": fault.message })),
                    "items": open.iter().map(item).collect::<Vec<_>>() },
        "parts": parts.into_iter().map(|(_, part)| part).collect::<Vec<_>>(),
        "version": case.version,
        "contentHash": case.content_hash,
        "drafted": drafted,
    }))
}

fn drawn(form: &ActionForm, drawing: &Drawing) -> Vec<Value> {
    form.schema.as_ref().map(|schema| draw(schema, drawing)).unwrap_or_default()
}
