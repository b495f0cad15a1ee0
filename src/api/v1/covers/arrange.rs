//! `POST /api/v1/covers`

use super::view::CoverView;
use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::{self, App, arrange_cover};
use crate::domain::ids::OfficerId;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewCover {
    spoc_id: OfficerId,
    /// Who stands in.
    by_id: OfficerId,
    /// First and last day, both inclusive, in London.
    #[schema(example = "2026-07-01")]
    from: NaiveDate,
    #[schema(example = "2026-07-14")]
    to: NaiveDate,
    #[schema(example = "On leave.")]
    reason: String,
}

/// Lets an officer do and see, in their own name, what a single point of contact may on their cases, for some days. For a
/// coordinator of the work with repeat callers it names their deputy, who holds the same role.
#[utoipa::path(tag = "covers", request_body = NewCover, responses(
    (status = 201, description = "Arranged", body = CoverView)))]
#[post("/covers")]
pub(crate) async fn arrange(app: Data<App>, caller: SignedIn, body: Body<NewCover>) -> Result<HttpResponse, Problem> {
    let NewCover { spoc_id, by_id, from, to, reason } = body.into_inner();
    let new = app::NewCover { spoc: spoc_id, by: by_id, from, to, reason };
    let view = CoverView::from(arrange_cover(&app, &caller.actor, new).await?);
    let location = (LOCATION, format!("/api/v1/covers/{}", view.id));
    Ok(HttpResponse::Created().insert_header(location).json(view))
}
