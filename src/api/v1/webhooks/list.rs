//! `GET /api/v1/webhooks` and `GET /api/v1/webhooks/{id}`

use super::view::ShownView;
use crate::api::auth::SignedIn;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::webhooks::{find_webhook, list_webhooks};
use crate::domain::ids::WebhookId;
use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};

/// Who is told what, newest first; ended ones too.
#[utoipa::path(tag = "webhooks", params(PageQuery), responses(
    (status = 200, description = "A page of webhooks", body = Page<ShownView>)))]
#[get("/webhooks")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let rows = list_webhooks(&app, &caller.actor, paging.after(&())?, limit + 1).await?;
    let views: Vec<ShownView> = rows.into_iter().map(ShownView::from).collect();
    Ok(Page::new(views, limit, &(), |view| view.webhook.id).respond(&req))
}

/// One webhook.
#[utoipa::path(tag = "webhooks", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "As it stands", body = ShownView),
    (status = 404, description = "No such webhook")))]
#[get("/webhooks/{id}")]
pub(crate) async fn find(app: Data<App>, caller: SignedIn, id: Path<WebhookId>) -> Result<Json<ShownView>, Problem> {
    Ok(Json(find_webhook(&app, &caller.actor, id.into_inner()).await?.into()))
}
