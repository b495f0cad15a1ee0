//! The ways to recognise a person: listed, added, and ended with a reason. None is ever rewritten.

use super::asking::{Asking, reason_form, said};
use super::tabs::{Tab, person_at, tabs};
use crate::app::people::{NewIdentifier, PersonView, add_identifier, end_identifier, may_do};
use crate::app::{App, AppError, drafts};
use crate::domain::ids::{IdentifierId, PersonId};
use crate::domain::person::{Confidence, HolderRole, IdentifierKind};
use crate::web::fault::Fault;
use crate::web::form::{faults, read};
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};

fn schema() -> Value {
    let kinds = IdentifierKind::ALL.map(IdentifierKind::as_str);
    let roles = HolderRole::ALL.map(HolderRole::as_str);
    // What software suggests, people confirm or leave.
    let sure = [Confidence::Confirmed, Confidence::Claimed].map(Confidence::as_str);
    json!({ "type": "object", "required": ["kind", "value", "role", "confidence", "source"], "properties": {
        "kind": { "type": "string", "title": "What it is", "enum": kinds },
        "value": { "type": "string", "title": "As it is written", "maxLength": 300 },
        "role": { "type": "string", "title": "Whose it is", "enum": roles,
                  "description": "Contact from anybody's but the person's own is on their behalf, and never counts against them" },
        "confidence": { "type": "string", "title": "How sure we are", "enum": sure,
                        "description": "Only what is confirmed as the person's own makes mail theirs by itself" },
        "source": { "type": "string", "title": "How we know", "maxLength": 300 } } })
}

fn asking(person: PersonView, visitor: &Visitor) -> Asking {
    let may = may_do(&visitor.actor);
    let row = |identifier: &crate::app::people::IdentifierView| {
        let href = format!("/people/{}/identifiers/{}/end", person.id, identifier.id);
        json!({ "identifier": identifier, "endHref": may.keep.then_some(href).filter(|_| identifier.ended_at.is_none()) })
    };
    let (ended, held): (Vec<_>, Vec<_>) =
        person.identifiers.iter().partition(|identifier| identifier.ended_at.is_some());
    let beside = json!({
        "held": held.into_iter().map(row).collect::<Vec<_>>(),
        "ended": ended.into_iter().map(row).collect::<Vec<_>>(),
        "tabs": tabs(person.id, Tab::Identifiers, may),
        "may": may,
    });
    Asking {
        template: Some("people/identifiers"),
        title: "How this person is recognised".to_owned(),
        button: "Add this identifier".to_owned(),
        schema: schema(),
        beside,
        ..Asking::about(person, "identifiers")
    }
}

#[get("/people/{id}/identifiers")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<PersonId>) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &visitor, *id).await?;
    asking(person, &visitor).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/people/{id}/identifiers")]
pub(crate) async fn add(app: Data<App>, id: Path<PersonId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &posted.visitor, *id).await?;
    let read_all = read(&schema(), posted.fields());
    if !read_all.faults.is_empty() {
        let faults = (StatusCode::UNPROCESSABLE_ENTITY, read_all.faults);
        return asking(person, &posted.visitor).again(&app, &posted, faults).await;
    }
    let input = &read_all.input;
    let (kind, role) = (said(input, "kind").parse(), said(input, "role").parse());
    let (Ok(kind), Ok(role), Ok(confidence)) = (kind, role, said(input, "confidence").parse()) else {
        return Err(Fault::Unreadable);
    };
    let new = NewIdentifier { kind, role, confidence, value: said(input, "value"), source: said(input, "source") };
    match add_identifier(&app, &posted.visitor.actor, person.id, new).await {
        Ok(_) => {
            let place = format!("/people/{}/identifiers", person.id);
            drafts::discard_draft(&app, &posted.visitor.actor, &place).await?;
            Ok(see_other(&place))
        }
        Err(error) => asking(person, &posted.visitor).again(&app, &posted, faults::of_error(error)?).await,
    }
}

/// The identifier, on whichever of the person's records.
fn ending(person: PersonView, id: IdentifierId) -> Result<Asking, Fault> {
    let found = person.identifiers.iter().find(|identifier| identifier.id == id).ok_or(AppError::NotFound)?;
    let says = vec![
        format!("{}: {}", crate::render::pages::choice(found.kind), found.presented),
        "From now on the person is no longer recognised by it. What it proved before stays, and so does the record of it."
            .to_owned(),
    ];
    Ok(Asking {
        title: "End this identifier".to_owned(),
        button: "End it".to_owned(),
        schema: reason_form("Why does it no longer hold?", "For example, the number belongs to somebody else now"),
        back: format!("/people/{}/identifiers", person.id),
        says,
        ..Asking::about(person, &format!("identifiers/{id}/end"))
    })
}

type OneOfPerson = (PersonId, IdentifierId);

#[get("/people/{id}/identifiers/{identifier}/end")]
pub(crate) async fn ask_end(app: Data<App>, visitor: Visitor, path: Path<OneOfPerson>) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &visitor, path.0).await?;
    ending(person, path.1)?.show(&app, &visitor).await
}

#[post("/people/{id}/identifiers/{identifier}/end")]
pub(crate) async fn end(app: Data<App>, path: Path<OneOfPerson>, posted: Posted) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &posted.visitor, path.0).await?;
    let asking = ending(person, path.1)?;
    let read_all = read(&asking.schema, posted.fields());
    if !read_all.faults.is_empty() {
        return asking.again(&app, &posted, (StatusCode::UNPROCESSABLE_ENTITY, read_all.faults)).await;
    }
    let reason = said(&read_all.input, "reason");
    // The record that holds it may be one that was merged into this one.
    let records = asking.person.iter().flat_map(|person| std::iter::once(person.id).chain(person.merged.clone()));
    let mut answer = Err(AppError::NotFound);
    for record in records {
        answer = end_identifier(&app, &posted.visitor.actor, (record, path.1), reason.clone()).await;
        if !matches!(answer, Err(AppError::NotFound)) {
            break;
        }
    }
    match answer {
        Ok(_) => {
            drafts::discard_draft(&app, &posted.visitor.actor, &asking.place).await?;
            Ok(see_other(&asking.back))
        }
        Err(error) => asking.again(&app, &posted, faults::of_error(error)?).await,
    }
}
