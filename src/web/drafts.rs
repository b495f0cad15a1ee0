//! `POST /drafts`, every few seconds while somebody types; and throwing one away.

use super::fault::Fault;
use super::frame::{place_of_ours, see_other};
use super::posted::Posted;
use crate::app::App;
use crate::app::drafts::{self, Writer};
use crate::domain::calendar::london;
use crate::render::pages::time_of_day;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use serde_json::json;

#[post("/drafts")]
pub(crate) async fn save(app: Data<App>, form: Posted) -> Result<HttpResponse, Fault> {
    let place = place_of_ours(form.text("place")).to_owned();
    let at = drafts::save_draft(&app, &form.visitor.actor, &place, form.typed()).await?;
    let others = drafts::others_writing(&app, &form.visitor.actor, &place).await?;
    let at = time_of_day(london::wall_time(at).time());
    Ok(HttpResponse::Ok().json(json!({ "savedAt": at, "others": sentence(&others) })))
}

/// Keeps what was typed into a form that was not taken, so that nothing is lost with the page.
pub(crate) async fn keep(app: &App, posted: &Posted, place: &str) -> Result<(), Fault> {
    drafts::save_draft(app, &posted.visitor.actor, place, posted.typed()).await?;
    Ok(())
}

/// Who else is writing, as the page says it.
pub(crate) fn sentence(others: &[Writer]) -> Option<String> {
    let writers: Vec<String> = others
        .iter()
        .map(|writer| format!("{} (since {})", writer.name, time_of_day(london::wall_time(writer.since).time())))
        .collect();
    match writers.as_slice() {
        [] => None,
        [one] => Some(format!("{one} is also writing here")),
        several => Some(format!("{} are also writing here", several.join(" and "))),
    }
}

#[post("/drafts/discard")]
pub(crate) async fn discard(app: Data<App>, form: Posted) -> Result<HttpResponse, Fault> {
    let place = place_of_ours(form.text("place")).to_owned();
    drafts::discard_draft(&app, &form.visitor.actor, &place).await?;
    Ok(see_other(&place))
}
