//! The numbers of each picture as a file: counts, days and words for channels; no names and no words of anybody.

use super::pictures;
use crate::app::App;
use crate::app::people::contact_numbers;
use crate::domain::ids::PersonId;
use crate::web::fault::Fault;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use serde::Deserialize;

/// Which contacts are counted: by a rule's channels, or `all`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Of {
    pub(super) of: String,
}

fn file(name: &str, csv: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", format!("attachment; filename=\"{name}.csv\"")))
        .body(csv)
}

#[get("/people/{id}/contacts.csv")]
pub(crate) async fn per_day(
    app: Data<App>,
    visitor: Visitor,
    id: Path<PersonId>,
    of: Query<Of>,
) -> Result<HttpResponse, Fault> {
    let numbers = contact_numbers(&app, &visitor.actor, *id).await?;
    let rule = pictures::rule_shown(&numbers, &of.of);
    Ok(file("contacts-per-day", pictures::per_day_chart(&numbers, rule).csv))
}

#[get("/people/{id}/contacts/hours.csv")]
pub(crate) async fn hours(app: Data<App>, visitor: Visitor, id: Path<PersonId>) -> Result<HttpResponse, Fault> {
    let numbers = contact_numbers(&app, &visitor.actor, *id).await?;
    Ok(file("contacts-by-hour", pictures::heat(&numbers).csv))
}

#[get("/people/{id}/contacts/channels.csv")]
pub(crate) async fn channels(app: Data<App>, visitor: Visitor, id: Path<PersonId>) -> Result<HttpResponse, Fault> {
    let numbers = contact_numbers(&app, &visitor.actor, *id).await?;
    Ok(file("contacts-by-channel", pictures::channels(&numbers).csv))
}
