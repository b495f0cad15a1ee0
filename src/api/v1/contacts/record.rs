//! `POST /api/v1/contacts`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::contacts::{self, ContactFacts, ContactView, Told};
use crate::domain::ids::ContactId;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use serde::Serialize;
use utoipa::ToSchema;

/// A contact that was recorded before, told to somebody who may not read it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Duplicate {
    id: ContactId,
    /// `duplicate`.
    #[schema(example = "duplicate")]
    status: &'static str,
}

/// Records one contact of any channel. Recording it again under the same `externalSystem` and `externalRef` changes
/// nothing and answers the first: whole to whoever may read it, and `{id, status}` to everybody else.
#[utoipa::path(tag = "contacts", request_body = ContactFacts, responses(
    (status = 200, description = "Recorded before; whole where you may read it", body = Duplicate),
    (status = 201, description = "Recorded", body = ContactView),
    (status = 403, description = "The token may not record contacts"),
    (status = 422, description = "Every faulty field")))]
#[post("/contacts")]
pub(crate) async fn record(
    app: Data<App>,
    caller: SignedIn,
    body: Body<ContactFacts>,
) -> Result<HttpResponse, Problem> {
    let (mut answer, view) = match Box::pin(contacts::record_and_tell(&app, &caller.actor, body.into_inner())).await? {
        Told::New(view) => (HttpResponse::Created(), view),
        Told::Known(view) => (HttpResponse::Ok(), view),
        Told::KnownBy(id) => {
            let location = (LOCATION, format!("/api/v1/contacts/{id}"));
            return Ok(HttpResponse::Ok().insert_header(location).json(Duplicate { id, status: "duplicate" }));
        }
    };
    let location = (LOCATION, format!("/api/v1/contacts/{}", view.id));
    Ok(answer.insert_header(location).insert_header(etag(view.version)).json(view))
}
