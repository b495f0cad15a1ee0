//! What a problem's `type` resolves to: the same words for people who read it later.

use crate::api::openapi::PUBLIC;
use crate::api::problem::{self, KINDS, Kind, Problem};
use crate::api::refusals::REFUSALS;
use crate::api::refusals_of_calls::REFUSALS_OF_CALLS;
use crate::app::{App, guards_with_code};
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use serde::Serialize;
use std::collections::BTreeSet;
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
    /// For a rule of a workflow: what it says to the person refused, wherever it stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    says: Vec<String>,
    /// The paragraphs of the policy behind it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    policy: Vec<String>,
}

/// Describes one kind of problem: of a request, of a refusal, or of a rule in the workflow files.
#[utoipa::path(tag = PUBLIC, responses(
    (status = 200, description = "The kind of problem", body = ProblemPage),
    (status = 404, description = "No such kind"),
))]
#[get("/problems/{slug}")]
pub(crate) async fn describe(app: Data<App>, slug: Path<String>) -> Result<Json<ProblemPage>, Problem> {
    let known = KINDS.iter().chain(REFUSALS).chain(REFUSALS_OF_CALLS).find(|kind| kind.slug == slug.as_str());
    let rules = guards_with_code(&app, &slug);
    let is_of_a_rule = !rules.is_empty() || slug.as_str() == OF_A_RULE.slug;
    let kind = known.copied().or(is_of_a_rule.then_some(OF_A_RULE));
    let kind = kind.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    let (says, policy): (BTreeSet<_>, BTreeSet<_>) = rules.into_iter().map(|rule| (rule.says, rule.policy)).unzip();
    Ok(Json(ProblemPage {
        kind: format!("/problems/{slug}"),
        status: kind.status,
        title: kind.title.to_owned(),
        advice: kind.advice.to_owned(),
        says: says.into_iter().collect(),
        policy: policy.into_iter().flatten().collect(),
    }))
}

/// Any guard of a workflow: its code is its own, and so are its words.
const OF_A_RULE: Kind = Kind {
    slug: "guard",
    status: 409,
    title: "A rule of the policy is not met yet",
    advice: "Do what the words ask for, then try again. `GET …/actions` says the same beforehand.",
};
