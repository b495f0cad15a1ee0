//! `GET /api/v1/cases`

use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases::{self, CaseView, Wanted};
use crate::domain::ids::PersonId;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

#[derive(Deserialize, Serialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Narrowed {
    #[param(example = "frequent-service-user")]
    workflow: Option<String>,
    state: Option<String>,
    person_id: Option<PersonId>,
    /// Only cases past the day their state should have been left.
    #[serde(default)]
    overdue: bool,
}

/// Cases you may see, in order of opening. A point of contact sees their own.
#[utoipa::path(tag = "cases", params(Narrowed, PageQuery), responses(
    (status = 200, description = "A page of cases", body = Page<CaseView>)))]
#[get("/cases")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    narrowed: Query<Narrowed>,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let after = paging.after(&*narrowed)?;
    let wanted = Wanted {
        workflow: narrowed.workflow.clone(),
        state: narrowed.state.clone(),
        person: narrowed.person_id,
        overdue: narrowed.overdue,
    };
    let views = cases::list_cases(&app, &caller.actor, wanted, after, limit + 1).await?;
    Ok(Page::new(views, limit, &*narrowed, |view: &CaseView| view.id).respond(&req))
}
