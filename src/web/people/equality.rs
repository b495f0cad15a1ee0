//! `/people/{id}/equality`: what is known of a person's characteristics, for reports and for nothing else.

use super::asking::{Asking, said};
use super::tabs::person_at;
use crate::app::people::{PersonView, marking_of_monitoring, read_equality_monitoring, record_equality_monitoring};
use crate::app::{App, AppError, drafts, officer_names};
use crate::domain::ids::PersonId;
use crate::domain::person::equality::{Answer, Answers, Characteristic, NOT_KNOWN, Source};
use crate::render::pages::choice;
use crate::store::equality_monitoring::Monitored;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, faults, read};
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Map, Value, json};

const PREFERS_NOT: &str = "prefers_not_to_say";
const NOT_ASKED: &str = "not_asked";

/// For each characteristic what the answer is, with the two ways of having none; then how the answers came to be.
fn schema() -> Value {
    let answers = |one: &Characteristic| {
        let choices: Vec<&str> = one.values().iter().copied().chain([PREFERS_NOT, NOT_ASKED]).collect();
        (one.as_str().to_owned(), json!({ "type": "string", "title": words(*one), "enum": choices }))
    };
    let mut fields: Map<String, Value> = Characteristic::ALL.iter().map(answers).collect();
    let source = json!({ "type": "string", "title": "How do we know?", "enum": ["self_described", "recorded_by_staff"],
                         "description": "What people say of themselves comes first" });
    fields.insert("source".to_owned(), source);
    json!({ "type": "object", "properties": fields })
}

fn words(one: Characteristic) -> String {
    let spaced: String = one
        .as_str()
        .chars()
        .flat_map(|c| if c.is_uppercase() { vec![' ', c.to_ascii_lowercase()] } else { vec![c] })
        .collect();
    choice(&spaced)
}

async fn asking(app: &App, person: PersonView, monitored: Option<&Monitored>) -> Result<Asking, Fault> {
    let schema = schema();
    let by = monitored.map(|monitored| monitored.recorded_by.as_uuid());
    let names = officer_names(app, &by.into_iter().collect::<Vec<_>>()).await?;
    let beside = json!({
        "recordedAt": monitored.map(|monitored| monitored.recorded_at),
        "recordedBy": by.and_then(|by| names.get(&by).cloned()),
    });
    let kept = monitored.map(|monitored| kept(&monitored.answers)).unwrap_or_default();
    Ok(Asking {
        template: Some("people/equality"),
        title: "Equality monitoring".to_owned(),
        button: "Save".to_owned(),
        drawing: Drawing::of_value(&schema, &kept),
        schema,
        version: Some(monitored.map_or(0, |monitored| monitored.version)),
        beside,
        marking: marking_of_monitoring(app).max(person.marking),
        ..Asking::about(person, "equality")
    })
}

/// What stands in the form for what was recorded.
fn kept(answers: &Answers) -> Value {
    let mut kept: Map<String, Value> = Map::new();
    for (one, answer) in answers {
        let said = match (&answer.value, answer.source) {
            (Some(value), _) => value.as_str(),
            (None, Source::PrefersNotToSay) => PREFERS_NOT,
            (None, Source::NotAsked | Source::SelfDescribed | Source::RecordedByStaff) => NOT_ASKED,
        };
        kept.insert(one.as_str().to_owned(), json!(said));
        if answer.value.is_some() {
            kept.insert("source".to_owned(), json!(answer.source));
        }
    }
    Value::Object(kept)
}

fn answers(input: &Value) -> Result<Answers, AppError> {
    let mut answers = Answers::new();
    for one in Characteristic::ALL {
        let answer = match said(input, one.as_str()).as_str() {
            "" => continue,
            PREFERS_NOT => Answer { value: None, source: Source::PrefersNotToSay },
            NOT_ASKED => Answer { value: None, source: Source::NotAsked },
            value => {
                let source = match said(input, "source").as_str() {
                    "self_described" => Source::SelfDescribed,
                    "recorded_by_staff" => Source::RecordedByStaff,
                    _ => return Err(AppError::invalid("/source", "Select how we know")),
                };
                Answer { value: Some(value.to_owned()), source }
            }
        };
        answers.insert(one, answer);
    }
    Ok(answers)
}

#[get("/people/{id}/equality")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, id: Path<PersonId>) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &visitor, *id).await?;
    let monitored = read_equality_monitoring(&app, &visitor.actor, person.id).await?;
    asking(&app, person, monitored.as_ref()).await?.show(&app, &visitor).await
}

#[post("/people/{id}/equality")]
pub(crate) async fn record(app: Data<App>, id: Path<PersonId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let actor = &posted.visitor.actor;
    let person = person_at(&app, &posted.visitor, *id).await?;
    let id = person.id;
    let monitored = read_equality_monitoring(&app, actor, id).await?;
    let mut asking = asking(&app, person, monitored.as_ref()).await?;
    let read_all = read(&asking.schema, posted.fields());
    let answers = match answers(&read_all.input) {
        Ok(answers) if read_all.faults.is_empty() => answers,
        Ok(_) => return asking.again(&app, &posted, (StatusCode::UNPROCESSABLE_ENTITY, read_all.faults)).await,
        Err(error) => return asking.again(&app, &posted, faults::of_error(error)?).await,
    };
    let version = posted.version().unwrap_or_default();
    match record_equality_monitoring(&app, actor, (id, version), answers).await {
        Ok(_) => {
            drafts::discard_draft(&app, actor, &asking.place).await?;
            Ok(see_other(&format!("/people/{id}")))
        }
        Err(AppError::StaleVersion { .. }) => {
            let theirs = monitored.iter().flat_map(|monitored| &monitored.answers);
            let line = |(one, answer): (&Characteristic, &Answer)| {
                let said = answer.counted_as();
                (words(*one), if said == NOT_KNOWN { "Not asked".to_owned() } else { choice(said) })
            };
            asking.theirs = theirs.map(line).collect();
            asking.again(&app, &posted, (StatusCode::PRECONDITION_FAILED, Vec::new())).await
        }
        Err(error) => asking.again(&app, &posted, faults::of_error(error)?).await,
    }
}
