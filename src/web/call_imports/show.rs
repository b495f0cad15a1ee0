//! `/callers/imports/{id}`: what starting a file would do, how far it is, or what became of it.

use super::words;
use crate::app::App;
use crate::app::callers::{self, CallImport, ImportFault, ImportStatus, Preview};
use crate::domain::ids::CallImportId;
use crate::domain::marking::Marking;
use crate::render::charts::grouped;
use crate::render::pages::date_and_time;
use crate::web::callers::places::{Place, page};
use crate::web::fault::Fault;
use crate::web::frame::Page;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

/// So many faulty rows stand on the page; the file has them all.
const MOST_FAULTS: u64 = 50;

#[get("/callers/imports/{id:[0-9a-f-]{36}}")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<CallImportId>) -> Result<HttpResponse, Fault> {
    shown(&app, &visitor, *id, Vec::new()).await
}

/// The page, with what was wrong with the form on it.
pub(super) async fn shown(
    app: &App,
    visitor: &Visitor,
    id: CallImportId,
    faults: Vec<Value>,
) -> Result<HttpResponse, Fault> {
    let import = callers::find_import(app, &visitor.actor, id).await?;
    let imports = visitor.officer.has_any(&callers::MAY_IMPORT);
    let preview = if import.status == ImportStatus::Waiting && imports {
        Some(callers::look_at_handed_in(app, &visitor.actor, id).await?.1)
    } else {
        None
    };
    let rejected = match import.counts.rejected {
        0 => Vec::new(),
        _ if imports => callers::faults_of_import(app, &visitor.actor, id, (0, MOST_FAULTS)).await?,
        _ => Vec::new(),
    };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = if import.file_name.is_empty() { "A file of calls" } else { import.file_name.as_str() }.to_owned();
    let mut view = view(&import, &rejected);
    if let Some(fields) = view.as_object_mut() {
        fields.insert("preview".to_owned(), json!(preview.as_ref().map(of_preview)));
        fields.insert("mayImport".to_owned(), json!(imports));
        fields.insert("reasonFault".to_owned(), json!(faults.first()));
        fields.insert("faults".to_owned(), json!(faults));
    }
    let page = page(visitor, ("callers/import", &title, Place::Within), Marking::OfficialSensitive, view);
    Ok(Page { status, ..page }.show(app, visitor))
}

fn view(import: &CallImport, rejected: &[ImportFault]) -> Value {
    let (status, colour) = words::status(import.status);
    let begun = matches!(
        import.status,
        ImportStatus::Running | ImportStatus::Done | ImportStatus::Failed | ImportStatus::Undoing
    );
    json!({
        "id": import.id,
        "profile": import.profile,
        "status": status,
        "colour": colour,
        "running": import.status == ImportStatus::Running,
        "waiting": import.status == ImportStatus::Waiting,
        "mayBeUndone": begun,
        "undoing": import.status == ImportStatus::Undoing,
        "undoneBecause": import.undone.as_ref().map(|undone| &undone.because),
        "trouble": import.trouble,
        "counts": words::counts(import.counts),
        "began": date_and_time(import.began_at),
        "ended": import.ended_at.map(date_and_time),
        "from": import.first_call_at.map(date_and_time),
        "to": import.last_call_at.map(date_and_time),
        "undone": import.undone.as_ref().filter(|_| import.status == ImportStatus::Undone).map(undone),
        "rejected": rejected.iter().map(|fault| json!({
            "row": fault.row, "column": fault.column, "says": fault.says,
        })).collect::<Vec<_>>(),
        "rejectedInAll": grouped(import.counts.rejected),
        "moreRejected": import.counts.rejected > MOST_FAULTS,
        "someOnlyCounted": (import.counts.rejected > callers::MOST_FAULTS).then(|| grouped(callers::MOST_FAULTS)),
    })
}

fn undone(undone: &callers::Undone) -> String {
    let at = date_and_time(undone.at);
    format!("Undone on {at}: {} What it brought stays on the record and counts for nobody.", undone.because)
}

fn of_preview(preview: &Preview) -> Value {
    let calls = preview.first_calls.iter().map(|call| {
        json!({
            "at": date_and_time(call.started_at),
            "channel": crate::render::pages::choice(call.channel.as_str()),
            "direction": call.direction.as_str(),
            "from": call.number.clone().unwrap_or_else(|| if call.withheld { "withheld" } else { "none" }.to_owned()),
            "name": call.caller_name,
            "subject": call.subject,
        })
    });
    json!({
        "counts": words::counts(preview.counts),
        "more": preview.more,
        "trouble": preview.trouble,
        "from": preview.times.map(|(first, _)| date_and_time(first)),
        "to": preview.times.map(|(_, last)| date_and_time(last)),
        "calls": calls.collect::<Vec<_>>(),
        "rejected": preview.first_faults.iter().map(|(row, fault)| json!({
            "row": row, "column": fault.column, "says": fault.says,
        })).collect::<Vec<_>>(),
    })
}
