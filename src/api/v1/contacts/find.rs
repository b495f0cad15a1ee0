//! `GET /api/v1/contacts/{id}`

use crate::api::auth::SignedIn;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::contacts::{self, ContactView};
use crate::domain::ids::ContactId;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};

/// One contact: whose it is and why, its flags, the verdict and the limits it was measured against, where it lies.
#[utoipa::path(tag = "contacts", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The contact", body = ContactView),
    (status = 404, description = "No such contact, or none that you may know of")))]
#[get("/contacts/{id}")]
pub(crate) async fn find(app: Data<App>, caller: SignedIn, id: Path<ContactId>) -> Result<HttpResponse, Problem> {
    let view = contacts::find_contact(&app, &caller.actor, id.into_inner()).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
