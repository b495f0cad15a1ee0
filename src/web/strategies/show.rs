//! `GET /strategies/{id}`: the text as it stands, what the units said, and what comes next.

use super::checklist::checklist;
use super::{STRATEGY, sections};
use crate::app::cases::{self, CaseView, Consulted, UnitSettled, compare_versions};
use crate::app::{App, AppError};
use crate::domain::case::Offer;
use crate::domain::ids::CaseId;
use crate::domain::strategy::left_out;
use crate::domain::workflow::Workflow;
use crate::render::pages::choice;
use crate::web::cases::{buttons, name_of, person_of};
use crate::web::due::due_at;
use crate::web::fault::Fault;
use crate::web::form::answers;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[get("/strategies/{id}")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    let actor = &visitor.actor;
    let case = find_strategy(&app, &visitor, *id).await?;
    let workflow = cases::workflow_of_case(&app, actor, *id).await?;
    let offers = cases::actions_now(&app, actor, *id).await?.offers;
    let consulted = cases::consultations_of(&app, actor, *id).await?;
    let list = checklist(&workflow, &offers, (&id.to_string(), &case.data));
    let forms = UnitForms::of(&app, &workflow);
    let (allowed, refused) = buttons(&case, &offers, &workflow);
    let (primary, others) = ways_on((&case, &consulted), &offers, allowed);
    let view = json!({
        "case": case,
        "person": person_of(&app, actor, &case).await?,
        "spocName": name_of(&app, &case).await?,
        "due": case.due_at.filter(|_| case.paused_until.is_none()).map(|due| due_at(due, app.now())),
        "sections": sections(&case.data),
        "consulted": consulted.iter().map(|unit| of_unit(&forms, unit)).collect::<Vec<_>>(),
        "leftOut": left_out(&case.data).iter().map(|part| choice(part)).collect::<Vec<_>>(),
        "checklist": list,
        "missing": list.iter().filter(|item| item["done"] == false).count(),
        "primary": primary,
        "others": others,
        "refused": refused,
        "tabs": tabs(&app, &visitor, (&case, "text")).await?,
        "hasNotice": has_notice(&case),
        "back": back(&case),
    });
    let title = format!("Strategy: {}", case.state_title.to_lowercase());
    let page = Page { area: Area::People, marking: case.marking, ..Page::new("strategies/show", title, view) };
    Ok(page.show(&app, &visitor))
}

/// The case, if it is a strategy.
pub(crate) async fn find_strategy(app: &App, visitor: &Visitor, id: CaseId) -> Result<CaseView, Fault> {
    let case = cases::find_case(app, &visitor.actor, id).await?;
    if case.workflow == STRATEGY { Ok(case) } else { Err(AppError::NotFound.into()) }
}

pub(super) fn back(case: &CaseView) -> Value {
    json!({ "href": format!("/cases/{}", case.id), "text": "Back to the case" })
}

fn has_notice(case: &CaseView) -> bool {
    case.data.get("sharing").is_some()
}

/// The pages about one strategy; what it changed is only there where it supersedes another.
pub(super) async fn tabs(app: &App, visitor: &Visitor, (case, here): (&CaseView, &str)) -> Result<Vec<Value>, Fault> {
    let supersedes = match compare_versions(app, &visitor.actor, case.id, None).await {
        Ok(_) => true,
        Err(AppError::Invalid(_) | AppError::NotFound | AppError::Refused(_)) => false,
        Err(other) => return Err(other.into()),
    };
    let at = |name: &str, text: &str, path: &str| {
        let href = format!("/strategies/{}{path}", case.id);
        json!({ "text": text, "href": href, "active": name == here })
    };
    let mut tabs = vec![at("text", "Text", ""), at("letter", "Letter", "/letter")];
    if supersedes {
        tabs.push(at("changes", "What changed", "/changes"));
    }
    Ok(tabs)
}

/// What is done next as the one green button, and everything else that may be done.
fn ways_on(
    (case, consulted): (&CaseView, &[Consulted]),
    offers: &[Offer],
    mut allowed: Vec<Value>,
) -> (Value, Vec<Value>) {
    let may = |action: &str| offers.iter().any(|offer| offer.action == action && offer.allowed);
    let signs = ["approve", "send_back", "refuse"];
    if signs.iter().any(|action| may(action)) {
        // Signing, sending back and refusing are one decision, taken where everything stands that it rests on.
        allowed.retain(|button| !signs.iter().any(|action| button["action"] == *action));
        return (json!({ "title": "Read and decide", "href": format!("/approvals/{}", case.id) }), allowed);
    }
    let only_consulting = offers.iter().find(|offer| offer.action == "submit").is_some_and(|offer| {
        offer.refusal.as_ref().is_some_and(|refusal| refusal.code == "consultation-open" && refusal.faults.is_empty())
    });
    let tested = case.data.pointer("/harmTest/items").is_some();
    let next = match case.state.as_str() {
        "draft" if may("submit") => "submit",
        "draft" if only_consulting => about_units(consulted),
        "draft" => "edit",
        "approved" if tested && may("decide_harm_test") => "decide_harm_test",
        "approved" => "prepare_harm_test",
        "harm_tested" => "share",
        "shared" => "record_service",
        _ => "",
    };
    let place = allowed.iter().position(|button| button["action"] == *next);
    let primary = place.map(|place| allowed.remove(place)).unwrap_or_default();
    // What ends it comes last.
    allowed.sort_by_key(|button| button["action"] == "withdraw");
    (primary, allowed)
}

/// What is done next where only the units are missing: ask, or say that no reply came; while they have time, write on.
fn about_units(consulted: &[Consulted]) -> &'static str {
    let late = |unit: &Consulted| unit.settled == UnitSettled::Asked && unit.questions.iter().any(|asked| asked.late);
    match consulted {
        units if units.iter().any(|unit| unit.settled == UnitSettled::NotYet) => "consult",
        units if units.iter().any(late) => "record_consultation",
        _ => "edit",
    }
}

/// The forms by which units answer, and by which it is recorded that they did not.
pub(crate) struct UnitForms<'a> {
    answer: Option<&'a Value>,
    outcome: Option<&'a Value>,
}

impl<'a> UnitForms<'a> {
    pub(crate) fn of(app: &'a App, strategy: &'a Workflow) -> Self {
        let consultation = app.catalog.latest("consultation");
        let form = |workflow: &'a Workflow, name: &str| workflow.forms.get(name).map(|form| &form.schema);
        Self {
            answer: consultation.and_then(|workflow| form(workflow, "consultation_answer")),
            outcome: form(strategy, "consultation_outcome"),
        }
    }
}

/// What a unit was asked and said, in words; what it did not say, with the reason.
pub(crate) fn of_unit(forms: &UnitForms<'_>, unit: &Consulted) -> Value {
    let nobody = BTreeMap::new();
    let question = |question: &cases::Question| {
        json!({ "id": question.id, "question": question.question, "replyBy": question.reply_by,
                "state": question.state_title, "since": question.state_since, "late": question.late,
                "answered": question.state == "answered",
                "answers": answers(forms.answer, &question.answer, &nobody) })
    };
    let outcome = |outcome: &Value| {
        let text = |name: &str| outcome.get(name).and_then(Value::as_str).unwrap_or_default();
        json!({ "outcome": text("outcome"), "reason": text("reason"),
                "answers": answers(forms.outcome, outcome, &nobody) })
    };
    let settled = match unit.settled {
        UnitSettled::Answered => "Answered",
        UnitSettled::Excused => "Not answered, with a reason",
        UnitSettled::Asked => "Asked, not answered yet",
        UnitSettled::NotYet => "Not asked yet",
    };
    json!({
        "unit": unit.unit,
        "settled": settled,
        "isOpen": matches!(unit.settled, UnitSettled::Asked | UnitSettled::NotYet),
        "isExcused": unit.settled == UnitSettled::Excused,
        "questions": unit.questions.iter().map(question).collect::<Vec<_>>(),
        "outcomes": unit.outcomes.iter().map(outcome).collect::<Vec<_>>(),
    })
}
