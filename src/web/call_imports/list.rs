//! `/callers/imports`: what was brought in, and a form for another file.

use super::words;
use crate::app::callers::{self, CallFileOf, CallImport, list_imports};
use crate::app::{App, AppError};
use crate::domain::marking::Marking;
use crate::render::pages::date_and_time;
use crate::web::callers::places::{Place, page};
use crate::web::fault::Fault;
use crate::web::frame::{Page, see_other};
use crate::web::uploaded::Uploaded;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};

const MOST: u64 = 100;

#[get("/callers/imports")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    shown(&app, &visitor, ("", None)).await
}

/// The page, with the profile that was chosen and what was wrong with the file.
async fn shown(
    app: &App,
    visitor: &Visitor,
    (chosen, fault): (&str, Option<(&str, String)>),
) -> Result<HttpResponse, Fault> {
    let imports = list_imports(app, &visitor.actor, None, MOST).await?;
    let profiles = app.catalog.import_profiles().iter();
    let choice = |value: &str, text: &str| json!({ "value": value, "text": text, "selected": value == chosen });
    let mut items = vec![choice("", "Choose what the file comes from")];
    items.extend(profiles.map(|profile| choice(&profile.profile, &profile.title)));
    let message = |field: &str| {
        let said = fault.as_ref().filter(|(at, _)| *at == field).map(|(_, words)| words.clone());
        said.map(|text| json!({ "text": text }))
    };
    let faults: Vec<Value> =
        fault.iter().map(|(field, text)| json!({ "text": text, "href": format!("#{field}") })).collect();
    let view = json!({
        "imports": imports.iter().map(row).collect::<Vec<_>>(),
        "mayImport": visitor.officer.has_any(&callers::MAY_IMPORT),
        "profiles": items,
        "profileFault": message("profile"),
        "fileFault": message("file"),
        "faults": faults,
        "fileHint": format!(
            "CSV, at most {} MB. You see what is in it before anything is kept",
            app.settings.imports.most_upload_bytes >> 20
        ),
    });
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = page(visitor, ("callers/imports", "Files of calls", Place::Files), Marking::Official, view);
    Ok(Page { status, ..page }.show(app, visitor))
}

fn row(import: &CallImport) -> Value {
    let (status, colour) = words::status(import.status);
    json!({
        "href": format!("/callers/imports/{}", import.id),
        "fileName": if import.file_name.is_empty() { "A file without a name" } else { &import.file_name },
        "profile": import.profile,
        "status": status,
        "colour": colour,
        "at": date_and_time(import.began_at),
        "kept": crate::render::charts::grouped(import.counts.kept),
        "rejected": crate::render::charts::grouped(import.counts.rejected),
    })
}

#[post("/callers/imports")]
pub(crate) async fn hand_in(app: Data<App>, uploaded: Uploaded) -> Result<HttpResponse, Fault> {
    let Uploaded { form, file } = uploaded;
    let profile = form.text("profile").to_owned();
    let fault = |field: &'static str, words: &str| Some((field, words.to_owned()));
    let (Some(file), false) = (file, profile.is_empty()) else {
        let fault = match profile.is_empty() {
            true => fault("profile", "Choose what the file comes from"),
            false => fault("file", "Choose a file that is not empty"),
        };
        return shown(&app, &form.visitor, (&profile, fault)).await;
    };
    let of = CallFileOf { profile: profile.clone(), file_name: file.name };
    match callers::hand_in_calls(&app, &form.visitor.actor, of, file.bytes).await {
        Ok(import) => Ok(see_other(&format!("/callers/imports/{}", import.id))),
        Err(AppError::Invalid(faults)) => {
            let words = faults.into_iter().map(|fault| fault.detail).collect::<Vec<_>>().join(" ");
            shown(&app, &form.visitor, (&profile, Some(("file", words)))).await
        }
        Err(other) => Err(other.into()),
    }
}
