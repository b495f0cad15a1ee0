//! A file that waits is started or thrown away; what was brought in is undone.

use super::show::shown;
use crate::app::{App, AppError, callers};
use crate::domain::ids::CallImportId;
use crate::web::fault::Fault;
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde_json::json;

#[post("/callers/imports/{id:[0-9a-f-]{36}}/start")]
pub(crate) async fn start(app: Data<App>, id: Path<CallImportId>, posted: Posted) -> Result<HttpResponse, Fault> {
    callers::start_import(&app, &posted.visitor.actor, *id).await?;
    Ok(see_other(&format!("/callers/imports/{id}")))
}

#[post("/callers/imports/{id:[0-9a-f-]{36}}/drop")]
pub(crate) async fn drop(app: Data<App>, id: Path<CallImportId>, posted: Posted) -> Result<HttpResponse, Fault> {
    callers::drop_import(&app, &posted.visitor.actor, *id).await?;
    Ok(see_other("/callers/imports"))
}

#[post("/callers/imports/{id:[0-9a-f-]{36}}/undo")]
pub(crate) async fn undo(app: Data<App>, id: Path<CallImportId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let because = posted.text("reason").to_owned();
    match callers::undo_import(&app, &posted.visitor.actor, *id, because).await {
        Ok(_) => Ok(see_other(&format!("/callers/imports/{id}"))),
        Err(AppError::Invalid(_)) => {
            let fault = json!({ "text": "Enter why this file is undone", "href": "#reason" });
            shown(&app, &posted.visitor, *id, vec![fault]).await
        }
        Err(other) => Err(other.into()),
    }
}
