//! Reasonable adjustments of a person: listed, recorded, and ended with a reason.

use super::asking::{Asking, said};
use super::tabs::{Tab, person_at, tabs};
use crate::app::people::{AdjustmentView, NewAdjustment, PersonView, end_adjustment, may_do, record_adjustment};
use crate::app::{App, AppError, drafts};
use crate::domain::ids::{AdjustmentId, PersonId};
use crate::web::fault::Fault;
use crate::web::form::{faults, read};
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};

/// The kinds that are offered; the force's own words stand in the detail.
const KINDS: [&str; 10] = [
    "large_print",
    "easy_read",
    "interpreter",
    "sign_language",
    "advocate",
    "telephone_instead_of_writing",
    "writing_instead_of_telephone",
    "more_time",
    "named_contact",
    "other",
];

fn schema() -> Value {
    json!({ "type": "object", "required": ["kind", "detail"], "properties": {
        "kind": { "type": "string", "title": "What kind of adjustment is it?", "enum": KINDS },
        "detail": { "type": "string", "title": "What to do, in words everybody can follow", "maxLength": 500 },
        "since": { "type": "string", "format": "date", "title": "From when", "description": "Left empty, it holds from today" },
        "reviewOn": { "type": "string", "format": "date", "title": "When it is looked at again" } } })
}

fn asking(person: PersonView, visitor: &Visitor) -> Asking {
    let may = may_do(&visitor.actor);
    let row = |adjustment: &AdjustmentView| {
        let href = format!("/people/{}/adjustments/{}/end", person.id, adjustment.id);
        json!({ "adjustment": adjustment, "endHref": may.keep.then_some(href).filter(|_| adjustment.ended_on.is_none()) })
    };
    let beside = json!({
        "held": person.adjustments.iter().map(row).collect::<Vec<_>>(),
        "ended": person.other_adjustments.iter().map(row).collect::<Vec<_>>(),
        "tabs": tabs(person.id, Tab::Adjustments, may),
        "may": may,
    });
    Asking {
        template: Some("people/adjustments"),
        title: "Reasonable adjustments".to_owned(),
        button: "Record this adjustment".to_owned(),
        schema: schema(),
        beside,
        ..Asking::about(person, "adjustments")
    }
}

#[get("/people/{id}/adjustments")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<PersonId>) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &visitor, *id).await?;
    asking(person, &visitor).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/people/{id}/adjustments")]
pub(crate) async fn add(app: Data<App>, id: Path<PersonId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &posted.visitor, *id).await?;
    let read_all = read(&schema(), posted.fields());
    if !read_all.faults.is_empty() {
        let faults = (StatusCode::UNPROCESSABLE_ENTITY, read_all.faults);
        return asking(person, &posted.visitor).again(&app, &posted, faults).await;
    }
    let input = &read_all.input;
    let new = NewAdjustment {
        kind: said(input, "kind"),
        detail: said(input, "detail"),
        since: said(input, "since").parse().ok(),
        review_on: said(input, "reviewOn").parse().ok(),
    };
    match record_adjustment(&app, &posted.visitor.actor, person.id, new).await {
        Ok(_) => {
            let place = format!("/people/{}/adjustments", person.id);
            drafts::discard_draft(&app, &posted.visitor.actor, &place).await?;
            Ok(see_other(&place))
        }
        Err(error) => asking(person, &posted.visitor).again(&app, &posted, faults::of_error(error)?).await,
    }
}

fn ending(person: PersonView, id: AdjustmentId) -> Result<Asking, Fault> {
    let known = person.adjustments.iter().chain(&person.other_adjustments).find(|adjustment| adjustment.id == id);
    let found = known.ok_or(AppError::NotFound)?;
    let says = vec![
        format!("{}: {}", crate::render::pages::choice(&found.kind), found.detail),
        "It is shown until it ends. That it held, and until when, stays on file.".to_owned(),
    ];
    let schema = json!({ "type": "object", "required": ["reason"], "properties": {
        "on": { "type": "string", "format": "date", "title": "The first day on which it no longer holds",
                "description": "Left empty, it ends today" },
        "reason": { "type": "string", "title": "Why does it end?", "maxLength": 500,
                    "description": "For example, the person told us that they no longer need it" } } });
    Ok(Asking {
        title: "End this adjustment".to_owned(),
        button: "End it".to_owned(),
        schema,
        back: format!("/people/{}/adjustments", person.id),
        says,
        ..Asking::about(person, &format!("adjustments/{id}/end"))
    })
}

type OneOfPerson = (PersonId, AdjustmentId);

#[get("/people/{id}/adjustments/{adjustment}/end")]
pub(crate) async fn ask_end(app: Data<App>, visitor: Visitor, path: Path<OneOfPerson>) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &visitor, path.0).await?;
    ending(person, path.1)?.show(&app, &visitor).await
}

#[post("/people/{id}/adjustments/{adjustment}/end")]
pub(crate) async fn end(app: Data<App>, path: Path<OneOfPerson>, posted: Posted) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &posted.visitor, path.0).await?;
    let asking = ending(person, path.1)?;
    let read_all = read(&asking.schema, posted.fields());
    if !read_all.faults.is_empty() {
        return asking.again(&app, &posted, (StatusCode::UNPROCESSABLE_ENTITY, read_all.faults)).await;
    }
    let (on, reason) = (said(&read_all.input, "on").parse().ok(), said(&read_all.input, "reason"));
    // The record that holds it may be one that was merged into this one.
    let records = asking.person.iter().flat_map(|person| std::iter::once(person.id).chain(person.merged.clone()));
    let mut answer = Err(AppError::NotFound);
    for record in records {
        answer = end_adjustment(&app, &posted.visitor.actor, (record, path.1), on, reason.clone()).await;
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
