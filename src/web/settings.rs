//! What officers choose for themselves, and what the pages say of their own accessibility.

use super::fault::Fault;
use super::frame::{Page, see_other};
use super::posted::Posted;
use super::visitor::Visitor;
use crate::app::App;
use crate::app::signing_in;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde_json::json;

#[get("/settings")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let roles: Vec<String> = visitor.officer.roles.iter().map(|role| role.as_str().to_owned()).collect();
    let view = json!({ "name": visitor.officer.display_name, "username": visitor.officer.username, "roles": roles,
                       "shortcuts": visitor.shortcuts, "endsAt": visitor.ends_at });
    Ok(Page::new("settings", "Your settings", view).show(&app, &visitor))
}

#[post("/settings")]
pub(crate) async fn choose(app: Data<App>, form: Posted) -> Result<HttpResponse, Fault> {
    signing_in::choose_shortcuts(&app, &form.visitor.officer, form.text("shortcuts") == "on").await?;
    Ok(see_other("/settings"))
}

#[get("/accessibility")]
pub(crate) async fn accessibility(app: Data<App>, req: HttpRequest) -> Result<HttpResponse, Fault> {
    let visitor = Visitor::behind(&app, &req).await?.filter(|visitor| !visitor.over);
    Ok(Page::new("accessibility", "Accessibility", json!({})).answer(&app, visitor.as_ref()))
}
