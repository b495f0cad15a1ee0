//! Recording what was decided on a person and going on to the next; and taking it back.

use super::person::{Answer, Filled, next_undecided, page, schema_of};
use crate::app::meetings::{self, ItemDecision, MeetingItem};
use crate::app::{App, AppError, drafts};
use crate::domain::case::RefusalKind;
use crate::domain::ids::MeetingId;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, FormFault, change_lists, faults, read};
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde_json::{Value, json};

#[post("/meetings/{id}/people/{n}")]
pub(crate) async fn record(
    app: Data<App>,
    path: Path<(MeetingId, i32)>,
    posted: Posted,
) -> Result<HttpResponse, Fault> {
    let (id, n) = path.into_inner();
    let privacy = posted.has("privacy");
    let again = |answer: Option<Answer>, drawing: Drawing| Filled {
        answer,
        drawing: Some(drawing),
        status: StatusCode::UNPROCESSABLE_ENTITY,
        privacy,
        refusal: None,
    };
    let Some(answer) = Answer::of(posted.text("answer")) else {
        let faults = vec![FormFault { name: "answer-1".to_owned(), message: "Select what was decided".to_owned() }];
        let drawing = Drawing { fields: posted.fields().clone(), faults, ..Drawing::default() };
        return page(&app, &posted.visitor, (id, n), again(None, drawing)).await;
    };
    let found = meetings::find_item(&app, &posted.visitor.actor, id, n).await?;
    let Some(schema) = found.discussed.as_ref().and_then(|discussed| schema_of(discussed, answer)) else {
        return no_longer(&app, &posted, (id, n)).await;
    };
    if let Some(fields) = change_lists(posted.fields()) {
        let filled = Filled { status: StatusCode::OK, ..again(Some(answer), Drawing { fields, ..Drawing::default() }) };
        return page(&app, &posted.visitor, (id, n), filled).await;
    }
    let mut said = read(&schema, posted.fields());
    if !said.faults.is_empty() {
        // Another answer than the one whose form was shown: its form comes now, without being told off.
        let shown = Answer::of(posted.text("shown")) == Some(answer);
        let faults = if shown { said.faults } else { Vec::new() };
        let drawing = Drawing { fields: posted.fields().clone(), faults, ..Drawing::default() };
        return page(&app, &posted.visitor, (id, n), again(Some(answer), drawing)).await;
    }
    if let (Some(follows), Some(input)) = (answer.follows(), said.input.as_object_mut()) {
        input.insert("outcome".to_owned(), json!(follows));
    }
    decide(&app, &posted, (&found, (id, n)), (answer, said.input)).await
}

async fn decide(
    app: &App,
    posted: &Posted,
    (found, (id, n)): (&MeetingItem, (MeetingId, i32)),
    (answer, input): (Answer, Value),
) -> Result<HttpResponse, Fault> {
    let decision = ItemDecision { outcome: answer.outcome(), input };
    match meetings::decide_item(app, &posted.visitor.actor, (id, n), None, decision).await {
        Ok(_) => {
            drafts::discard_draft(app, &posted.visitor.actor, &format!("/meetings/{id}/people/{n}")).await?;
            let tail = if posted.has("privacy") { "?privacy=on" } else { "" };
            Ok(see_other(&match next_undecided(&found.on_agenda, n) {
                Some(next) => format!("/meetings/{id}/people/{}{tail}", next.n),
                None => format!("/meetings/{id}"),
            }))
        }
        Err(AppError::Refused(refusal)) if refusal.code == "item-already-decided" => {
            no_longer(app, posted, (id, n)).await
        }
        Err(AppError::Refused(refusal)) if refusal.kind != RefusalKind::Forbidden => {
            let drawing =
                Drawing { fields: posted.fields().clone(), faults: faults::of_refusal(&refusal), ..Drawing::default() };
            let filled = Filled {
                answer: Some(answer),
                drawing: Some(drawing),
                status: StatusCode::UNPROCESSABLE_ENTITY,
                privacy: posted.has("privacy"),
                refusal: None,
            };
            page(app, &posted.visitor, (id, n), filled).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Somebody else recorded a decision first: theirs is shown, and what was typed is kept as a draft.
async fn no_longer(app: &App, posted: &Posted, (id, n): (MeetingId, i32)) -> Result<HttpResponse, Fault> {
    let place = format!("/meetings/{id}/people/{n}");
    drafts::save_draft(app, &posted.visitor.actor, &place, posted.fields().clone()).await?;
    let typed = ["rationale", "reason"].map(|name| posted.text(name)).into_iter().find(|text| !text.is_empty());
    let yours = typed.map(|text| format!(" Yours was: {text}")).unwrap_or_default();
    let words = format!("Somebody else recorded a decision on this person first. Theirs stands.{yours}");
    let filled = Filled { refusal: Some(words), status: StatusCode::PRECONDITION_FAILED, ..Filled::default() };
    page(app, &posted.visitor, (id, n), filled).await
}

#[post("/meetings/{id}/people/{n}/take-back")]
pub(crate) async fn take_back(
    app: Data<App>,
    path: Path<(MeetingId, i32)>,
    posted: Posted,
) -> Result<HttpResponse, Fault> {
    let (id, n) = path.into_inner();
    meetings::take_back_decision(&app, &posted.visitor.actor, (id, n), posted.text("reason").to_owned()).await?;
    Ok(see_other(&format!("/meetings/{id}/people/{n}")))
}
