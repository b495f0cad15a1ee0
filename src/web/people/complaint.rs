//! `/people/{id}/complaint`: recording that the person complained about an officer, who from then on neither sees nor
//! decides anything about them.

use super::asking::{Asking, said};
use super::tabs::{only_where, person_at};
use crate::app::people::{PersonView, may_do, record_complaint_about};
use crate::app::{App, drafts, list_officers};
use crate::domain::ids::PersonId;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, faults, read};
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};

fn schema() -> Value {
    json!({ "type": "object", "required": ["officerId"], "properties": {
        "officerId": { "type": "string", "format": "uuid", "title": "About which officer?" },
        "reference": { "type": "string", "title": "The complaint's own reference", "maxLength": 100 } } })
}

async fn asking(app: &App, person: PersonView) -> Result<Asking, Fault> {
    let officers = list_officers(app).await?.into_iter();
    let named = officers.map(|found| (found.officer.id.to_string(), found.officer.display_name)).collect();
    Ok(Asking {
        title: "Record a complaint about an officer".to_owned(),
        button: "Record this complaint".to_owned(),
        schema: schema(),
        drawing: Drawing { officers: named, ..Drawing::default() },
        says: vec![
            "From now on this officer sees nothing of the person and decides nothing about them, and what they were to read goes to the department. This cannot be undone here.".to_owned(),
            "A complaint never makes anybody a frequent service user by itself, and is dealt with by its own procedure.".to_owned(),
        ],
        ..Asking::about(person, "complaint")
    })
}

#[get("/people/{id}/complaint")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, id: Path<PersonId>) -> Result<HttpResponse, Fault> {
    only_where(may_do(&visitor.actor).keep, "Your role reads the file of people and does not change it.")?;
    let person = person_at(&app, &visitor, *id).await?;
    asking(&app, person).await?.or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/people/{id}/complaint")]
pub(crate) async fn record(app: Data<App>, id: Path<PersonId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &posted.visitor, *id).await?;
    let (id, asking) = (person.id, asking(&app, person).await?);
    let read_all = read(&asking.schema, posted.fields());
    if !read_all.faults.is_empty() {
        return asking.again(&app, &posted, (StatusCode::UNPROCESSABLE_ENTITY, read_all.faults)).await;
    }
    let Ok(officer) = said(&read_all.input, "officerId").parse() else { return Err(Fault::Unreadable) };
    let reference = Some(said(&read_all.input, "reference")).filter(|reference| !reference.is_empty());
    match record_complaint_about(&app, &posted.visitor.actor, id, (officer, reference)).await {
        Ok(_) => {
            drafts::discard_draft(&app, &posted.visitor.actor, &asking.place).await?;
            let own = posted.visitor.actor.officer().is_some_and(|own| own.id == officer);
            Ok(see_other(&if own { "/people".to_owned() } else { format!("/people/{id}") }))
        }
        Err(error) => asking.again(&app, &posted, faults::of_error(error)?).await,
    }
}
