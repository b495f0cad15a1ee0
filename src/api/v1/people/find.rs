//! `GET /api/v1/people/{id}`

use crate::api::auth::SignedIn;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::people::{self, PersonView};
use crate::domain::ids::PersonId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};

/// A service user: adjustments and vulnerability first. The id of a merged record finds the person it turned out to be.
#[utoipa::path(tag = "people", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The person", body = PersonView),
    (status = 404, description = "Nobody, or nobody that you may know of")))]
#[get("/people/{id}")]
pub(crate) async fn find(app: Data<App>, caller: SignedIn, id: Path<PersonId>) -> Result<HttpResponse, Problem> {
    let view = people::find_person(&app, &caller.actor, id.into_inner()).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
