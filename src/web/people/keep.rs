//! Putting a person on file, and changing what is known of them. Where somebody else changed it meanwhile, theirs and what
//! was typed stand side by side, and neither is lost.

use super::asking::{Asking, said};
use super::tabs::{only_where, person_at};
use crate::app::people::{NewPerson, PersonChange, PersonView, change_person, create_person, may_do, own_record};
use crate::app::{App, AppError, drafts};
use crate::domain::access::Actor;
use crate::domain::ids::PersonId;
use crate::render::long_date;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, faults, read};
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Map, Value, json};

/// What is asked of a person. The reference is given once.
fn schema(new: bool) -> Value {
    let mut fields = Map::new();
    if new {
        let reference = json!({ "type": "string", "title": "Reference", "maxLength": 100,
                                "description": "The department's own, one a person. For example, FSU-0042" });
        fields.insert("reference".to_owned(), reference);
    }
    let email = json!({ "type": "string", "title": "E-mail address they write from", "maxLength": 320,
                        "description": "If there is one. Mail from it counts as theirs once it is confirmed, under Identifiers" });
    let rest = [
        ("fullName", json!({ "type": "string", "title": "Full name", "maxLength": 500, "pattern": "\\S" })),
        ("dateOfBirth", json!({ "type": "string", "format": "date", "title": "Date of birth" })),
        (
            "vulnerability",
            json!({ "type": "array", "title": "What makes them vulnerable", "items": { "type": "string", "maxLength": 500 },
                    "description": "One thing a line, in words they could read. Adjustments are recorded on a page of their own" }),
        ),
        (
            "targetedVictim",
            json!({ "type": "boolean", "title": "Are they a targeted victim?",
                    "description": "Somebody who is targeted is helped, not restricted" }),
        ),
    ];
    fields.extend(rest.map(|(name, field)| (name.to_owned(), field)));
    if new {
        fields.insert("email".to_owned(), email);
    }
    json!({ "type": "object", "required": if new { json!(["reference", "fullName"]) } else { json!(["fullName"]) },
            "properties": fields })
}

fn may_keep(actor: &Actor) -> Result<(), Fault> {
    only_where(may_do(actor).keep, "Your role reads the file of people and does not change it.")
}

fn asking_new() -> Asking {
    Asking {
        title: "Add a person".to_owned(),
        place: "/people/new".to_owned(),
        button: "Add this person".to_owned(),
        schema: schema(true),
        back: "/people".to_owned(),
        says: vec!["Search first: somebody who is on file already is not added again. Adding a person decides nothing about them.".to_owned()],
        ..Asking::default()
    }
}

#[get("/people/new")]
pub(crate) async fn ask_new(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    may_keep(&visitor.actor)?;
    asking_new().or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/people/new")]
pub(crate) async fn create(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let said_all = read(&schema(true), posted.fields());
    if !said_all.faults.is_empty() {
        let faults = (StatusCode::UNPROCESSABLE_ENTITY, said_all.faults);
        return asking_new().again(&app, &posted, faults).await;
    }
    let input = &said_all.input;
    let new = NewPerson {
        reference: said(input, "reference"),
        full_name: said(input, "fullName"),
        date_of_birth: said(input, "dateOfBirth").parse().ok(),
        targeted_victim: input.get("targetedVictim").and_then(Value::as_bool).unwrap_or_default(),
        vulnerability: lines(input),
    };
    let actor = &posted.visitor.actor;
    let email = Some(said(input, "email")).filter(|email| !email.trim().is_empty());
    match create_person(&app, actor, new, email).await {
        Ok(person) => {
            drafts::discard_draft(&app, &posted.visitor.actor, "/people/new").await?;
            Ok(see_other(&format!("/people/{}", person.id)))
        }
        Err(error) => asking_new().again(&app, &posted, faults::of_error(error)?).await,
    }
}

fn lines(input: &Value) -> Vec<String> {
    let lines = input.get("vulnerability").and_then(Value::as_array).into_iter().flatten();
    lines.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// `own`: what their own record says. A change is one of it, and not of what was merged into it.
fn asking_edit(person: PersonView, own: &PersonChange) -> Asking {
    let kept = json!({ "fullName": own.full_name, "dateOfBirth": own.date_of_birth,
                       "vulnerability": own.vulnerability, "targetedVictim": own.targeted_victim });
    let schema = schema(false);
    Asking {
        title: "Change what is known of this person".to_owned(),
        button: "Save".to_owned(),
        drawing: Drawing::of_value(&schema, &kept),
        schema,
        version: Some(person.version),
        ..Asking::about(person, "edit")
    }
}

#[get("/people/{id}/edit")]
pub(crate) async fn ask_edit(app: Data<App>, visitor: Visitor, id: Path<PersonId>) -> Result<HttpResponse, Fault> {
    may_keep(&visitor.actor)?;
    let person = person_at(&app, &visitor, *id).await?;
    let own = own_record(&app, &visitor.actor, person.id).await?;
    let mut asking = asking_edit(person, &own).or_draft(&app, &visitor).await?;
    let drafted = asking.drawing.fields.iter().find(|(name, _)| name == "version");
    if let Some(version) = drafted.and_then(|(_, version)| version.parse().ok()) {
        // A draft goes on from what was read when it was begun.
        asking.version = Some(version);
    }
    asking.show(&app, &visitor).await
}

#[post("/people/{id}/edit")]
pub(crate) async fn change(app: Data<App>, id: Path<PersonId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &posted.visitor, *id).await?;
    let id = person.id;
    let own = own_record(&app, &posted.visitor.actor, id).await?;
    let read_all = read(&schema(false), posted.fields());
    if !read_all.faults.is_empty() {
        let asking = Asking { version: posted.version(), ..asking_edit(person, &own) };
        return asking.again(&app, &posted, (StatusCode::UNPROCESSABLE_ENTITY, read_all.faults)).await;
    }
    let input = &read_all.input;
    let change = PersonChange {
        full_name: Some(said(input, "fullName")),
        date_of_birth: Some(said(input, "dateOfBirth").parse().ok()),
        targeted_victim: input.get("targetedVictim").and_then(Value::as_bool),
        vulnerability: Some(lines(input)),
    };
    let version = posted.version().unwrap_or_default();
    match change_person(&app, &posted.visitor.actor, (id, version), change).await {
        Ok(_) => {
            drafts::discard_draft(&app, &posted.visitor.actor, &format!("/people/{id}/edit")).await?;
            Ok(see_other(&format!("/people/{id}")))
        }
        Err(AppError::StaleVersion { .. } | AppError::Store(crate::store::StoreError::StaleVersion)) => {
            let theirs = as_it_is(&own);
            let asking = Asking { theirs, ..asking_edit(person, &own) };
            asking.again(&app, &posted, (StatusCode::PRECONDITION_FAILED, Vec::new())).await
        }
        Err(error) => {
            let asking = Asking { version: posted.version(), ..asking_edit(person, &own) };
            asking.again(&app, &posted, faults::of_error(error)?).await
        }
    }
}

/// What is on file now, in words.
fn as_it_is(own: &PersonChange) -> Vec<(String, String)> {
    let line = |label: &str, text: String| (label.to_owned(), text);
    let vulnerability = own.vulnerability.clone().unwrap_or_default().join("\n");
    let born = own.date_of_birth.flatten();
    vec![
        line("Full name", own.full_name.clone().unwrap_or_default()),
        line("Date of birth", born.map_or_else(|| "Not known".to_owned(), long_date)),
        line(
            "What makes them vulnerable",
            if vulnerability.is_empty() { "Nothing recorded".to_owned() } else { vulnerability },
        ),
        line("Targeted victim", if own.targeted_victim == Some(true) { "Yes" } else { "No" }.to_owned()),
    ]
}
