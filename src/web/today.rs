//! `/`: what waits for whoever is signed in.

use super::fault::Fault;
use super::frame::{Area, Page};
use super::visitor::Visitor;
use crate::app::{App, desk};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::json;

#[get("/")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let counts = desk::counts(&app, &visitor.actor).await?;
    let page = Page::new("today", "Today", json!({ "counts": counts }));
    Ok(Page { area: Area::Today, ..page }.show(&app, &visitor))
}
