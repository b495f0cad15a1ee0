//! `POST /api/v1/delegations`

use super::view::DelegationView;
use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::{App, Loan, grant_delegation};
use crate::domain::ids::OfficerId;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewDelegation {
    /// Who may act.
    officer_id: OfficerId,
    #[schema(example = "communications-strategy")]
    workflow: String,
    /// First and last day, both inclusive, in London.
    #[schema(example = "2026-07-01")]
    from: NaiveDate,
    #[schema(example = "2026-12-31")]
    to: NaiveDate,
}

/// Lets an officer take the actions of a workflow that need a delegation, for some days.
#[utoipa::path(tag = "delegations", request_body = NewDelegation, responses(
    (status = 201, description = "Granted", body = DelegationView)))]
#[post("/delegations")]
pub(crate) async fn grant(
    app: Data<App>,
    caller: SignedIn,
    body: Body<NewDelegation>,
) -> Result<HttpResponse, Problem> {
    let NewDelegation { officer_id, workflow, from, to } = body.into_inner();
    let granted = grant_delegation(&app, &caller.actor, Loan { officer: officer_id, workflow, from, to }).await?;
    let view = DelegationView::from(granted);
    let location = (LOCATION, format!("/api/v1/delegations/{}", view.id));
    Ok(HttpResponse::Created().insert_header(location).json(view))
}
