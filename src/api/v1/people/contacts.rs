//! `GET /api/v1/people/{id}/contacts`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::contacts::{self, ContactView};
use crate::domain::ids::PersonId;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};

/// Every contact linked to a person, newest first, over all records that are this person.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path), PageQuery), responses(
    (status = 200, description = "A page of contacts", body = Page<ContactView>),
    (status = 404, description = "Nobody, or nobody that you may know of")))]
#[get("/people/{id}/contacts")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    id: Path<PersonId>,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let after = paging.after(&*id)?;
    let views = contacts::list_contacts_of(&app, &caller.actor, *id, after, limit + 1).await?;
    Ok(Page::new(views, limit, &*id, |view: &ContactView| (view.received_at, view.id)).respond(&req))
}
