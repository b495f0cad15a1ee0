//! `GET /api/v1/mailboxes`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::mail::{MailboxFolderView, list_mailboxes};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

/// The folders of the mailboxes that are read.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailboxList {
    data: Vec<MailboxFolderView>,
}

/// The folders that are read over IMAP: when each was last seen to be kept whole, and what stands in the way.
#[utoipa::path(tag = "operation", responses((status = 200, description = "Every folder", body = MailboxList)))]
#[get("/mailboxes")]
pub(crate) async fn list(app: Data<App>, caller: SignedIn) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(MailboxList { data: list_mailboxes(&app, &caller.actor).await? }))
}
