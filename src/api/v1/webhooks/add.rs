//! `POST /api/v1/webhooks`

use super::view::SecretView;
use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::webhooks::{self, add_webhook};
use crate::domain::ids::ClientId;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewWebhook {
    /// A system with credentials of its own. It needs the scope of every type it is told of.
    system_id: ClientId,
    /// Its host has to be one that the operator allows (`webhooks.allowed_hosts`).
    #[schema(example = "https://hooks.example.police.uk/evenhand")]
    url: String,
    /// `psd.nomination.made.v1`, `psd.referral.made.v1`, `psd.consultation.requested.v1`,
    /// `psd.consultation.answered.v1`, `psd.strategy.approved.v1`, `psd.decision.recorded.v1`,
    /// `psd.contact.recorded.v1`.
    #[schema(example = json!(["psd.consultation.requested.v1"]))]
    types: Vec<String>,
    /// Areas and units whose cases it is told of; absent or empty: all. What lies in no area is told to everybody.
    #[serde(default)]
    areas: Vec<String>,
}

/// Has a system told what happens, as signed CloudEvents without contents. The receiver is asked first (`OPTIONS` with
/// `WebHook-Request-Origin`) and is told nothing before it answers that it wants to be. The secret is in this answer and
/// never again.
#[utoipa::path(tag = "webhooks", request_body = NewWebhook, responses(
    (status = 201, description = "Added", body = SecretView)))]
#[post("/webhooks")]
pub(crate) async fn add(app: Data<App>, caller: SignedIn, body: Body<NewWebhook>) -> Result<HttpResponse, Problem> {
    let NewWebhook { system_id, url, types, areas } = body.into_inner();
    let new = webhooks::NewWebhook { system: system_id, url, types, areas };
    let view = SecretView::from(Box::pin(add_webhook(&app, &caller.actor, new)).await?);
    let location = (LOCATION, format!("/api/v1/webhooks/{}", view.webhook.id));
    Ok(HttpResponse::Created().insert_header(location).json(view))
}
