//! `GET /api/v1/outgoing`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::outbox::{OutgoingView, list_outgoing};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OutgoingQuery {
    /// Only mails in this state: `queued`, `sending`, `sent`, `failed`, `uncertain`, `dead`, `cancelled`.
    #[param(example = "queued")]
    state: Option<String>,
}

/// Mails of ours, the newest first: how each stands and what it waits for, without what it says or to whom.
#[utoipa::path(tag = "operation", params(OutgoingQuery, PageQuery), responses(
    (status = 200, description = "A page of mails", body = Page<OutgoingView>)))]
#[get("/outgoing")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    query: Query<OutgoingQuery>,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let after = paging.after(&*query)?;
    let mails = list_outgoing(&app, &caller.actor, query.state.as_deref(), (after, limit + 1)).await?;
    Ok(Page::new(mails, limit, &*query, |mail: &OutgoingView| (mail.created_at, mail.id)).respond(&req))
}
