//! `/callers/partners`: whom to ask at partner agencies.

use super::forms::{asking, done, only_where, text, typed};
use super::places::{Place, page};
use crate::app::App;
use crate::app::coordination::{NewPartner, add_partner, end_partner, list_partners, programme};
use crate::domain::ids::PartnerContactId;
use crate::domain::marking::Marking;
use crate::web::fault::Fault;
use crate::web::frame::see_other;
use crate::web::people::asking::Asking;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::json;

#[get("/callers/partners")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let partners = list_partners(&app, &visitor.actor).await?;
    let marking = app.shown_with(Marking::Official);
    let view = json!({ "partners": partners });
    Ok(page(&visitor, ("callers/partners", "Partners", Place::Partners), marking, view).show(&app, &visitor))
}

fn adding(app: &App) -> Result<Asking, Fault> {
    let keys: Vec<&str> = programme(app)?.partners.iter().map(|partner| partner.key.as_str()).collect();
    let schema = json!({ "type": "object", "required": ["partner", "name", "reachedBy"], "properties": {
        "partner": { "type": "string", "title": "Agency", "enum": keys },
        "name": { "type": "string", "title": "Name", "maxLength": 200 },
        "post": { "type": "string", "title": "Post", "maxLength": 200 },
        "reachedBy": { "type": "string", "title": "How they are reached", "maxLength": 500,
                       "description": "A number, an address, a desk" },
        "note": { "type": "string", "title": "Anything else to know", "maxLength": 2000 } } });
    let to = ("Add them", "/callers/partners".to_owned());
    Ok(asking("Add somebody at a partner", "/callers/partners/new".to_owned(), to, schema))
}

#[get("/callers/partners/new")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.meet)?;
    adding(&app)?.or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/partners/new")]
pub(crate) async fn add(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let (input, asking) = match typed(&app, &posted, adding(&app)?).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let new = NewPartner {
        partner: text(&input, "partner").unwrap_or_default(),
        name: text(&input, "name").unwrap_or_default(),
        post: text(&input, "post"),
        reached_by: text(&input, "reachedBy").unwrap_or_default(),
        note: text(&input, "note"),
    };
    let added = add_partner(&app, &posted.visitor.actor, new).await;
    done(&app, &posted, asking, added.map(|_| "/callers/partners".to_owned())).await
}

#[post("/callers/partners/{id}/end")]
pub(crate) async fn end(app: Data<App>, id: Path<PartnerContactId>, posted: Posted) -> Result<HttpResponse, Fault> {
    end_partner(&app, &posted.visitor.actor, *id).await?;
    Ok(see_other("/callers/partners"))
}
