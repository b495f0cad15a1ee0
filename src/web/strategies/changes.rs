//! `GET /strategies/{id}/changes`: what this version says differently from the one it supersedes.

use super::show::{back, find_strategy, tabs};
use super::told;
use crate::app::App;
use crate::app::cases::{compare_versions, find_case};
use crate::domain::ids::CaseId;
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde_json::json;

#[get("/strategies/{id}/changes")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    let case = find_strategy(&app, &visitor, *id).await?;
    let compared = compare_versions(&app, &visitor.actor, *id, None).await?;
    let earlier = find_case(&app, &visitor.actor, compared.earlier).await?;
    let view = json!({
        "case": case,
        "told": told(&compared.differences),
        "earlier": { "href": format!("/strategies/{}", compared.earlier), "state": earlier.state_title,
                     "openedAt": earlier.opened_at },
        "tabs": tabs(&app, &visitor, (&case, "changes")).await?,
        "back": back(&case),
    });
    let page = Page::new("strategies/changes", "What changed in the strategy", view);
    Ok(Page { area: Area::People, marking: compared.marking, ..page }.show(&app, &visitor))
}
