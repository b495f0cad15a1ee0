//! `GET /api/v1/calls`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::{self, Problem};
use crate::app::live_calls::{self, ListedCall, WantedCalls};
use crate::app::{App, FieldFault};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// `mine`: your own records that are not complete. Without it: everybody's of the last 24 hours.
    open: Option<String>,
}

/// Records of calls, the latest begun first.
#[utoipa::path(tag = "calls", params(Which, PageQuery), responses(
    (status = 200, description = "A page of records", body = Page<ListedCall>),
    (status = 403, description = "`wrong-role`")))]
#[get("/calls")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    which: Query<Which>,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let wanted = match which.open.as_deref() {
        None => WantedCalls::LastDay,
        Some("mine") => WantedCalls::OpenOfMine,
        Some(_) => {
            let detail = "open is `mine`, or left out".to_owned();
            let fault = FieldFault { pointer: "/open".to_owned(), detail };
            return Err(Problem::new(problem::VALIDATION).errors(vec![fault]));
        }
    };
    let limit = paging.limit()?;
    let after = paging.after(&which.open)?;
    let calls = live_calls::list_calls(&app, &caller.actor, wanted, after, limit + 1).await?;
    Ok(Page::new(calls, limit, &which.open, ListedCall::place).respond(&req))
}
