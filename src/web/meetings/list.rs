//! `/meetings`: those planned and held, and the weeks that were missed.

use crate::app::meetings::{self, list_meetings};
use crate::app::{App, AppError};
use crate::domain::access::Role;
use crate::web::fault::Fault;
use crate::web::form::FormFault;
use crate::web::form::summary;
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde_json::json;

/// A year and a half of weekly meetings.
const MOST: u64 = 80;
const PLANNERS: [Role; 4] = [Role::PsdStaff, Role::PsdSupervisor, Role::Chair, Role::AppropriateAuthority];

#[get("/meetings")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    page(&app, &visitor, Vec::new()).await
}

async fn page(app: &App, visitor: &Visitor, faults: Vec<FormFault>) -> Result<HttpResponse, Fault> {
    let list = list_meetings(app, &visitor.actor, None, MOST).await?;
    let (coming, held): (Vec<_>, Vec<_>) = list.data.into_iter().partition(|meeting| meeting.state != "closed");
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = json!({ "coming": coming, "held": held, "missed": list.missed_weeks, "faults": summary(&faults),
                       "error": faults.first().map(|fault| json!({ "text": fault.message })),
                       "mayPlan": visitor.officer.has_any(&PLANNERS) });
    Ok(Page { area: Area::Meetings, status, ..Page::new("meetings/list", "Meetings", view) }.show(app, visitor))
}

#[post("/meetings")]
pub(crate) async fn plan(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let [day, month, year] =
        ["day", "month", "year"].map(|part| posted.text(&format!("held-on-{part}")).parse::<u32>().ok());
    let date = || NaiveDate::from_ymd_opt(i32::try_from(year?).ok()?, month?, day?);
    let Some(held_on) = date() else {
        let message = "Enter a real date, such as 27 3 2027".to_owned();
        return page(&app, &posted.visitor, vec![FormFault { name: "held-on-day".to_owned(), message }]).await;
    };
    let said = match meetings::plan_meeting(&app, &posted.visitor.actor, held_on).await {
        Ok(meeting) => return Ok(see_other(&format!("/meetings/{}", meeting.id))),
        Err(AppError::Invalid(faults)) => faults.into_iter().next().map(|fault| fault.detail).unwrap_or_default(),
        Err(AppError::Refused(refusal)) if refusal.code == "meeting-already-planned" => refusal.message,
        Err(other) => return Err(other.into()),
    };
    page(&app, &posted.visitor, vec![FormFault { name: "held-on-day".to_owned(), message: said }]).await
}
