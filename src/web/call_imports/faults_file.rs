//! `/callers/imports/{id}/rejected.csv`: the rows that were not taken, with what is wrong with each, to mend and hand in
//! again.

use crate::app::App;
use crate::app::callers::{ImportFault, faults_of_import};
use crate::domain::ids::CallImportId;
use crate::render::spreadsheet;
use crate::web::fault::Fault;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};

/// So many rows are in the file; whoever has more to mend has another profile to write.
const MOST: u64 = 20_000;

#[get("/callers/imports/{id:[0-9a-f-]{36}}/rejected.csv")]
pub(crate) async fn take(app: Data<App>, visitor: Visitor, id: Path<CallImportId>) -> Result<HttpResponse, Fault> {
    let faults = faults_of_import(&app, &visitor.actor, *id, (0, MOST)).await?;
    let head = ImportFault::HEAD.map(str::to_owned);
    let rows: Vec<Vec<String>> = faults.iter().map(ImportFault::cells).collect();
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", format!("attachment; filename=\"rejected-{id}.csv\"")))
        .body(spreadsheet::document(&head, &rows)))
}
