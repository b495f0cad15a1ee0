//! `GET /api/v1/people`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::people::{self, PersonView};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};

/// Service users on file.
#[utoipa::path(tag = "people", params(PageQuery), responses(
    (status = 200, description = "A page of people", body = Page<PersonView>),
    (status = 403, description = "A system, or a role that does not see the file")))]
#[get("/people")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let after = paging.after(&())?;
    let views = people::list_people(&app, &caller.actor, after, limit + 1).await?;
    Ok(Page::new(views, limit, &(), |view: &PersonView| view.id).respond(&req))
}
