//! `/callers/imports/{id}/rejected.csv`: the rows that were not taken, with what is wrong with each, to mend and hand in
//! again.

use crate::app::App;
use crate::app::callers::rejected_rows;
use crate::domain::ids::CallImportId;
use crate::web::fault::Fault;
use crate::web::visitor::Visitor;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpResponse, get};
use futures_util::stream::try_unfold;

#[get("/callers/imports/{id:[0-9a-f-]{36}}/rejected.csv")]
pub(crate) async fn take(app: Data<App>, visitor: Visitor, id: Path<CallImportId>) -> Result<HttpResponse, Fault> {
    let rows = rejected_rows(&app, &visitor.actor, *id).await?;
    let (ending, content_type) = (rows.ending(), rows.content_type());
    let parts = try_unfold(rows, async |mut rows| {
        let part = rows.next().await?;
        Ok::<_, crate::app::AppError>(part.map(|text| (Bytes::from(text), rows)))
    });
    Ok(HttpResponse::Ok()
        .content_type(content_type)
        .insert_header(("content-disposition", format!("attachment; filename=\"rejected-{id}.{ending}\"")))
        .streaming(Box::pin(parts)))
}
