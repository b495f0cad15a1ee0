//! `GET /api/v1/callers`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::{self, Problem};
use crate::app::callers::{Nominated, NominatedCaller, nominated_callers};
use crate::app::{App, FieldFault};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// `waiting` (nobody has looked yet; unless told) or `all`.
    nominated: Option<String>,
}

/// Callers who were nominated, newest first. A nomination labels nobody: it asks people to look. A system needs
/// `callers.read`, and sees who called from its areas.
#[utoipa::path(tag = "callers", params(Wanted, PageQuery), responses(
    (status = 200, description = "A page of nominations of callers", body = Page<NominatedCaller>),
    (status = 403, description = "`wrong-role` or `missing-scope`")))]
#[get("/callers")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    wanted: Query<Wanted>,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let which = match wanted.nominated.as_deref() {
        None | Some("waiting") => Nominated::Waiting,
        Some("all") => Nominated::All,
        Some(_) => {
            let detail = "Say `waiting` or `all`.".to_owned();
            let fault = FieldFault { pointer: "/nominated".to_owned(), detail };
            return Err(Problem::new(problem::VALIDATION).errors(vec![fault]));
        }
    };
    let limit = paging.limit()?;
    let after = paging.after(&*wanted)?;
    let listed = nominated_callers(&app, &caller.actor, which, after, limit + 1).await?;
    Ok(Page::new(listed, limit, &*wanted, |one: &NominatedCaller| one.nomination_id).respond(&req))
}
