//! `GET /api/v1/contacts`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::{self, Problem};
use crate::app::App;
use crate::app::FieldFault;
use crate::app::contacts::{self, ContactFilter, ContactOrder, ContactView};
use crate::domain::contact::{Channel, Place, Queue};
use crate::domain::ids::CaseId;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Narrowed {
    /// `to_read`, `held`, `quarantine`, `moved_to_spoc`, `filed`, `unattributed` or `released`.
    place: Option<String>,
    channel: Option<Channel>,
    received_from: Option<DateTime<Utc>>,
    /// `safeguarding`, `complaints`, `crime`, `information_rights`, `adjustments`, `staff_safety` or `correspondence`.
    queue: Option<String>,
    /// Answers to mails of this case.
    case: Option<CaseId>,
    /// What waits for an answer: `owed` now, or `later`, one for all that is held; `reply.notBefore` says when.
    reply: Option<Owed>,
    /// `newest` unless told; `reading`: what nobody has read yet, flagged first, then by `readDueAt`.
    #[serde(default)]
    order: Order,
}

#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Owed {
    Owed,
    Later,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    #[default]
    Newest,
    Reading,
}

/// Contacts, newest first or as they are to be read.
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
    let filter = ContactFilter {
        place: narrowed.place.as_deref().map(place).transpose()?,
        channel: narrowed.channel,
        received_from: narrowed.received_from,
        queue: narrowed.queue.as_deref().map(queue).transpose()?,
        case: narrowed.case,
        owed: narrowed.reply.map(|reply| match reply {
            Owed::Owed => contacts::Owed::Now,
            Owed::Later => contacts::Owed::Later,
        }),
        ..ContactFilter::default()
    };
    let order = match narrowed.order {
        Order::Newest => ContactOrder::NewestFirst(paging.after(&*narrowed)?),
        Order::Reading => ContactOrder::Reading(paging.after(&*narrowed)?),
    };
    let views = contacts::list_contacts(&app, &caller.actor, filter, order, limit + 1).await?;
    let page = match narrowed.order {
        Order::Newest => Page::new(views, limit, &*narrowed, |view: &ContactView| (view.received_at, view.id)),
        Order::Reading => Page::new(views, limit, &*narrowed, ContactView::reading_key),
    };
    Ok(page.respond(&req))
}

fn place(text: &str) -> Result<Place, Problem> {
    text.parse().map_err(|unknown: crate::domain::contact::UnknownPlace| fault("/place", unknown.to_string()))
}

fn queue(text: &str) -> Result<Queue, Problem> {
    text.parse().map_err(|unknown: crate::domain::contact::UnknownQueue| fault("/queue", unknown.to_string()))
}

fn fault(pointer: &str, detail: String) -> Problem {
    Problem::new(problem::VALIDATION).errors(vec![FieldFault { pointer: pointer.to_owned(), detail }])
}
