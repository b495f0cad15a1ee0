//! What a problem's `type` resolves to: the same words for people who read it later.

use crate::api::openapi::PUBLIC;
use crate::api::problem::{self, KINDS, Problem};
use actix_web::get;
use actix_web::web::{Json, Path};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemPage {
    #[serde(rename = "type")]
    #[schema(example = "/problems/stale-version")]
    kind: String,
    #[schema(example = 412)]
    status: u16,
    #[schema(example = "It has changed since you read it")]
    title: String,
    /// What a caller can do about it.
    advice: String,
}

/// Describes one kind of problem. Refusals have codes of their own, said in full where they are given.
#[utoipa::path(tag = PUBLIC, responses(
    (status = 200, description = "The kind of problem", body = ProblemPage),
    (status = 404, description = "No such kind"),
))]
#[get("/problems/{slug}")]
pub(crate) async fn describe(slug: Path<String>) -> Result<Json<ProblemPage>, Problem> {
    let kind = KINDS.iter().find(|kind| kind.slug == slug.as_str()).ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    Ok(Json(ProblemPage {
        kind: format!("/problems/{}", kind.slug),
        status: kind.status,
        title: kind.title.to_owned(),
        advice: kind.advice.to_owned(),
    }))
}
