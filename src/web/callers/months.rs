//! `/callers/months`: which months were sent, answered and checked.

use super::desk::month_row;
use super::places::{Place, page};
use crate::app::App;
use crate::app::callers::list_months;
use crate::domain::marking::Marking;
use crate::web::fault::Fault;
use crate::web::visitor::Visitor;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::json;

const MOST: usize = 24;

#[get("/callers/months")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let months = list_months(&app, &visitor.actor, MOST).await?;
    let rows: Vec<_> = months.iter().map(month_row).collect();
    let marking = app.shown_with(Marking::Official);
    let view = json!({ "months": rows });
    let page = page(&visitor, ("callers/months", "Months of repeat callers", Place::Months), marking, view);
    Ok(page.show(&app, &visitor))
}
