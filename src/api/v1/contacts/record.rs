//! `POST /api/v1/contacts`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::etag;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::contacts::{self, ContactFacts, ContactView, Recorded};
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};

/// Records one contact of any channel. Recording it again under the same `externalSystem` and `externalRef` answers the
/// first and changes nothing.
#[utoipa::path(tag = "contacts", request_body = ContactFacts, responses(
    (status = 200, description = "Recorded before", body = ContactView),
    (status = 201, description = "Recorded", body = ContactView),
    (status = 403, description = "The token may not record contacts"),
    (status = 422, description = "Every faulty field")))]
#[post("/contacts")]
pub(crate) async fn record(
    app: Data<App>,
    caller: SignedIn,
    body: Body<ContactFacts>,
) -> Result<HttpResponse, Problem> {
    let recorded = contacts::record_contact(&app, &caller.actor, body.into_inner()).await?;
    let (mut answer, contact) = match recorded {
        Recorded::New(contact) => (HttpResponse::Created(), contact),
        Recorded::Known(contact) => (HttpResponse::Ok(), contact),
    };
    let view = ContactView::from(contact);
    let location = (LOCATION, format!("/api/v1/contacts/{}", view.id));
    Ok(answer.insert_header(location).insert_header(etag(view.version)).json(view))
}
