//! What is done with a contact: read and ticked, said whose it is, flagged, its tasks finished.

use super::show::{Around, page};
use crate::app::contacts::{
    Attributing, Author, ContactView, Decision, Handling, Joins, Triage, attribute_contact, find_contact,
    handle_contact, neighbours, triage_contact,
};
use crate::app::people::{Searched, search_people};
use crate::app::tasks::{Completion, finish_task};
use crate::app::{App, AppError};
use crate::domain::case::RefusalKind;
use crate::domain::contact::Flag;
use crate::domain::ids::{ContactId, PersonId};
use crate::web::fault::Fault;
use crate::web::form::{FormFault, pointer_to_name};
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use std::collections::BTreeMap;
use uuid::Uuid;

#[post("/contacts/{id:[0-9a-f-]{36}}/handling")]
pub(crate) async fn handle(app: Data<App>, id: Path<ContactId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let actor = &posted.visitor.actor;
    let contact = find_contact(&app, actor, *id).await?;
    let mut answers = BTreeMap::new();
    for flag in Flag::ALL {
        match posted.text(&format!("answers.{flag}")) {
            "yes" => answers.insert(flag, true),
            "no" => answers.insert(flag, false),
            _ => None,
        };
    }
    if contact.ticks_owed && answers.len() < Flag::ALL.len() {
        return sent_back(&app, &posted, (*id, "handling"), AppError::Invalid(left_out(&answers))).await;
    }
    // What stands after it in the reading list, before it leaves the list.
    let next = neighbours(&app, actor, &contact).await?.next;
    let asked = Handling {
        contact: *id,
        version: Some(posted.version().unwrap_or_default()),
        answers,
        note: posted.text("note").to_owned(),
        close: posted.has("close"),
    };
    match Box::pin(handle_contact(&app, actor, asked)).await {
        Ok(handled) if !handled.queues.is_empty() => Ok(see_other(&format!("/contacts/{id}?done=passed"))),
        Ok(_) if posted.has("stay") => Ok(see_other(&format!("/contacts/{id}?done=read"))),
        Ok(_) => Ok(see_other(&match next {
            Some(next) => format!("/contacts/{next}?done=next&before={id}"),
            None => "/mail?done=read".to_owned(),
        })),
        Err(error) => sent_back(&app, &posted, (*id, "handling"), error).await,
    }
}

fn left_out(answers: &BTreeMap<Flag, bool>) -> Vec<crate::app::FieldFault> {
    let missing = Flag::ALL.into_iter().filter(|flag| !answers.contains_key(flag));
    let fault = |flag: Flag| crate::app::FieldFault {
        pointer: format!("/answers/{flag}"),
        detail: format!("Answer yes or no: {}", crate::web::mail::question(flag)),
    };
    missing.map(fault).collect()
}

#[post("/contacts/{id:[0-9a-f-]{36}}/attribution")]
pub(crate) async fn attribute(app: Data<App>, id: Path<ContactId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let actor = &posted.visitor.actor;
    let decision = match decision(&app, &posted).await {
        Ok(decision) => decision,
        Err(error) => return sent_back(&app, &posted, (*id, "attribution"), error).await,
    };
    let asked = Attributing {
        contact: *id,
        version: Some(posted.version().unwrap_or_default()),
        decision,
        author: if posted.has("byPerson") { Author::Person } else { Author::AsFound },
        joins: if posted.has("joinCase") { Joins::ItsCase } else { Joins::Stays },
        reason: posted.text("reason").to_owned(),
    };
    match Box::pin(attribute_contact(&app, actor, asked)).await {
        Ok(_) => Ok(see_other(&format!("/contacts/{id}?done=whose"))),
        Err(error) => sent_back(&app, &posted, (*id, "attribution"), error).await,
    }
}

async fn decision(app: &App, posted: &Posted) -> Result<Decision, AppError> {
    let whose = posted.text("whose");
    let person = match whose {
        "nobody" => return Ok(Decision::Nobody),
        "another" => person_of(app, posted).await?,
        _ => {
            let chosen = whose.strip_prefix("person:").and_then(|id| id.parse::<PersonId>().ok());
            chosen.ok_or_else(|| AppError::invalid("/whose", "Choose whose message it is"))?
        }
    };
    Ok(if posted.has("onBehalf") { Decision::OnBehalfOf(person) } else { Decision::Own(person) })
}

/// The one person on file by the reference that was typed.
async fn person_of(app: &App, posted: &Posted) -> Result<PersonId, AppError> {
    let reference = posted.text("reference");
    let unknown = || AppError::invalid("/reference", "Enter the whole reference of one person, such as FSU-0042");
    if reference.chars().count() < 3 {
        return Err(unknown());
    }
    // References are kept as they were written, which is in capitals nearly everywhere.
    for written in [reference.to_owned(), reference.to_uppercase()] {
        let searched = Searched { text: Some(written), ..Searched::default() };
        let found = search_people(app, &posted.visitor.actor, searched).await?;
        if let Some(exact) = found.iter().find(|person| person.reference.eq_ignore_ascii_case(reference)) {
            return Ok(exact.id);
        }
    }
    Err(unknown())
}

#[post("/contacts/{id:[0-9a-f-]{36}}/triage")]
pub(crate) async fn triage(app: Data<App>, id: Path<ContactId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let actor = &posted.visitor.actor;
    let contact = find_contact(&app, actor, *id).await?;
    let raised = |contact: &ContactView, flag: Flag| contact.flags.iter().any(|raised| raised.flag == flag);
    let ticked = |flag: Flag| posted.all("flag").any(|name| name == flag.as_str());
    let asked = Triage {
        contact: *id,
        version: Some(posted.version().unwrap_or_default()),
        raise: Flag::ALL.into_iter().filter(|flag| ticked(*flag) && !raised(&contact, *flag)).collect(),
        remove: Flag::ALL.into_iter().filter(|flag| !ticked(*flag) && raised(&contact, *flag)).collect(),
        exempt: match posted.text("exempt") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        reason: posted.text("reason").to_owned(),
    };
    match Box::pin(triage_contact(&app, actor, asked)).await {
        Ok(_) => Ok(see_other(&format!("/contacts/{id}?done=flags"))),
        Err(error) => sent_back(&app, &posted, (*id, "triage"), error).await,
    }
}

#[post("/contacts/{id:[0-9a-f-]{36}}/tasks/{task}")]
pub(crate) async fn finish(
    app: Data<App>,
    path: Path<(ContactId, Uuid)>,
    posted: Posted,
) -> Result<HttpResponse, Fault> {
    let (id, task) = path.into_inner();
    let given = |name: &str| Some(posted.text(name).to_owned()).filter(|text| !text.is_empty());
    let said = Completion { reference: given("reference"), reason: given("reason") };
    match finish_task(&app, &posted.visitor.actor, task, said).await {
        Ok(_) => Ok(see_other(&format!("/contacts/{id}?done=task"))),
        Err(error) => sent_back(&app, &posted, (id, &task.to_string()), error).await,
    }
}

/// The page again with what was typed and why it was not taken.
async fn sent_back(
    app: &App,
    posted: &Posted,
    (id, form): (ContactId, &str),
    error: AppError,
) -> Result<HttpResponse, Fault> {
    let around = Around { form: form.to_owned(), typed: Some(posted), ..Around::default() };
    let around = match error {
        AppError::Invalid(found) => {
            let fault =
                |one: crate::app::FieldFault| FormFault { name: field(form, &one.pointer), message: one.detail };
            let faults = found.into_iter().map(fault).collect();
            Around { status: StatusCode::UNPROCESSABLE_ENTITY, faults, ..around }
        }
        AppError::StaleVersion { .. } => {
            let message =
                "Somebody changed this message since you opened it. It stands here as it is now; look at it, and \
                           send yours again."
                    .to_owned();
            let faults = vec![FormFault { name: String::new(), message }];
            Around { status: StatusCode::PRECONDITION_FAILED, faults, conflict: true, ..around }
        }
        AppError::Refused(refusal) if refusal.kind != RefusalKind::Forbidden => {
            let faults = vec![FormFault { name: String::new(), message: refusal.message }];
            Around { status: StatusCode::CONFLICT, faults, ..around }
        }
        other @ (AppError::Refused(_)
        | AppError::NotSignedIn(_)
        | AppError::NotFound
        | AppError::Store(_)
        | AppError::Broken { .. }) => return Err(other.into()),
    };
    page(app, &posted.visitor, id, around).await
}

/// The field of a form that a pointer means; names differ between forms, for their ids to.
fn field(form: &str, pointer: &str) -> String {
    let name = pointer_to_name(pointer);
    match (form, name.as_str()) {
        ("triage", "reason") => "triageReason".to_owned(),
        ("triage", "") => "triageReason".to_owned(),
        ("attribution", "personId") => "whose".to_owned(),
        (task, "reference") if task.len() == 36 => format!("reference-{task}"),
        _ => name,
    }
}
