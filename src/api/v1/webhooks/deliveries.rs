//! `GET /api/v1/webhooks/{id}/deliveries`

use super::view::DeliveryView;
use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::webhooks::{DeliveryState, list_deliveries};
use crate::app::{App, AppError};
use crate::domain::ids::WebhookId;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryQuery {
    /// `waiting`, `delivered` or `dead`; all unless told.
    #[param(example = "dead")]
    state: Option<String>,
}

impl DeliveryQuery {
    fn state(&self) -> Result<Option<DeliveryState>, AppError> {
        let Some(asked) = self.state.as_deref() else { return Ok(None) };
        let all = [DeliveryState::Waiting, DeliveryState::Delivered, DeliveryState::Dead];
        let known = all.into_iter().find(|state| state.as_str() == asked);
        known.map(Some).ok_or_else(|| AppError::invalid("/state", "one of waiting, delivered and dead"))
    }
}

/// What the receiver was told, the newest event first, with every attempt. What it took is forgotten after 30 days; what
/// was given up stays.
#[utoipa::path(tag = "webhooks", params(("id" = uuid::Uuid, Path), DeliveryQuery, PageQuery), responses(
    (status = 200, description = "A page of deliveries", body = Page<DeliveryView>),
    (status = 404, description = "No such webhook")))]
#[get("/webhooks/{id}/deliveries")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    id: Path<WebhookId>,
    (query, paging): (Query<DeliveryQuery>, Query<PageQuery>),
) -> Result<HttpResponse, Problem> {
    let (limit, of) = (paging.limit()?, (id.into_inner(), query.state()?));
    let after = paging.after(&query.0)?;
    let rows = list_deliveries(&app, &caller.actor, of, (after, limit + 1)).await?;
    let views: Vec<DeliveryView> = rows.into_iter().map(DeliveryView::from).collect();
    Ok(Page::new(views, limit, &query.0, |view| view.id).respond(&req))
}
