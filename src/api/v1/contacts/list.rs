//! `GET /api/v1/contacts`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::{self, Problem};
use crate::app::App;
use crate::app::FieldFault;
use crate::app::contacts::{self, ContactFilter, ContactView};
use crate::domain::contact::{Channel, Place};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Narrowed {
    /// `to_read`, `held`, `quarantine`, `moved_to_spoc`, `filed`, `unattributed` or `released`.
    place: Option<String>,
    channel: Option<Channel>,
    received_from: Option<DateTime<Utc>>,
}

/// Contacts, newest first.
#[utoipa::path(tag = "contacts", params(Narrowed, PageQuery), responses(
    (status = 200, description = "A page of contacts", body = Page<ContactView>),
    (status = 403, description = "The token may not read contacts")))]
#[get("/contacts")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    narrowed: Query<Narrowed>,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let after = paging.after(&*narrowed)?;
    let filter = ContactFilter {
        place: narrowed.place.as_deref().map(place).transpose()?,
        channel: narrowed.channel,
        received_from: narrowed.received_from,
        ..ContactFilter::default()
    };
    let views = contacts::list_contacts(&app, &caller.actor, filter, after, limit + 1).await?;
    Ok(Page::new(views, limit, &*narrowed, |view: &ContactView| (view.received_at, view.id)).respond(&req))
}

fn place(text: &str) -> Result<Place, Problem> {
    text.parse().map_err(|unknown: crate::domain::contact::UnknownPlace| {
        let fault = FieldFault { pointer: "/place".to_owned(), detail: unknown.to_string() };
        Problem::new(problem::VALIDATION).errors(vec![fault])
    })
}
