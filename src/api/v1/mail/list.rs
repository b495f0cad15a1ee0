//! `GET /api/v1/mail?state=`, `POST /api/v1/mail/reprocessing`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::{self, Problem};
use crate::app::mail::{self, MailInState, MailState, Rerouted};
use crate::app::{App, FieldFault};
use crate::domain::ids::MailId;
use actix_web::web::{Data, Json, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Messages routed again in one request.
const MOST_AT_ONCE: usize = 200;

#[derive(Clone, Copy, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    #[default]
    Quarantined,
    Waiting,
}

#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct InState {
    /// `quarantined`, unless told: could not be routed; `waiting`: kept and not routed yet.
    #[param(inline, example = "quarantined")]
    #[serde(default)]
    state: State,
}

/// Messages that reached no contact, the oldest first: since when, how often it was tried, and what stood in the way.
/// What was routed is a contact: `GET /contacts`.
#[utoipa::path(tag = "mail", params(InState, PageQuery), responses(
    (status = 200, description = "A page of messages", body = Page<MailInState>)))]
#[get("/mail")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    query: Query<InState>,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let state = match query.state {
        State::Quarantined => MailState::Quarantined,
        State::Waiting => MailState::Waiting,
    };
    let after = paging.after(&*query)?;
    let found = mail::list_mail(&app, &caller.actor, state, (after, limit + 1)).await?;
    Ok(Page::new(found, limit, &*query, |mail: &MailInState| (mail.received_at, mail.id)).respond(&req))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Reprocessing {
    /// At most 200 quarantined messages.
    #[schema(value_type = Vec<uuid::Uuid>)]
    ids: Vec<MailId>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Reprocessed {
    /// In the order asked for.
    data: Vec<Rerouted>,
}

/// Routes quarantined messages again, each for itself: one that cannot be routed keeps none of the others back.
#[utoipa::path(tag = "mail", request_body = Reprocessing, responses(
    (status = 200, description = "What became of each", body = Reprocessed),
    (status = 422, description = "More than 200")))]
#[post("/mail/reprocessing")]
pub(crate) async fn reprocess(
    app: Data<App>,
    caller: SignedIn,
    body: Body<Reprocessing>,
) -> Result<Json<Reprocessed>, Problem> {
    let ids = body.into_inner().ids;
    if ids.len() > MOST_AT_ONCE {
        let detail = format!("Name at most {MOST_AT_ONCE} messages.");
        let fault = FieldFault { pointer: "/ids".to_owned(), detail };
        return Err(Problem::new(problem::VALIDATION).errors(vec![fault]));
    }
    Ok(Json(Reprocessed { data: mail::reroute_mails(&app, &caller.actor, ids).await? }))
}
