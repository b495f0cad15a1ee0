//! Notes for whoever takes over: of the work, or of one caller.

use super::forms::{asking, done, only_where, text, typed};
use crate::app::App;
use crate::app::coordination::add_note;
use crate::domain::ids::CallerId;
use crate::web::fault::Fault;
use crate::web::people::asking::Asking;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::json;

fn noting(caller: Option<CallerId>) -> Asking {
    let schema = json!({ "type": "object", "required": ["words"], "properties": {
        "words": { "type": "string", "title": "What should the next officer know?", "maxLength": 10_000 } } });
    let back = caller.map_or_else(|| "/callers".to_owned(), |caller| format!("/callers/{caller}"));
    let place = if caller.is_some() { format!("{back}/notes/new") } else { "/callers/notes/new".to_owned() };
    Asking {
        says: vec!["A note stays as it is, with your name. Whoever holds the role after you reads it.".to_owned()],
        ..asking("Add a note", place, ("Add the note", back), schema)
    }
}

#[get("/callers/notes/new")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.meet)?;
    noting(None).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/notes/new")]
pub(crate) async fn add(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    keep(&app, &posted, None).await
}

#[get("/callers/{id:[0-9a-f-]{36}}/notes/new")]
pub(crate) async fn ask_of_caller(app: Data<App>, visitor: Visitor, id: Path<CallerId>) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.read_profiles)?;
    noting(Some(*id)).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/{id:[0-9a-f-]{36}}/notes/new")]
pub(crate) async fn add_of_caller(app: Data<App>, id: Path<CallerId>, posted: Posted) -> Result<HttpResponse, Fault> {
    keep(&app, &posted, Some(*id)).await
}

async fn keep(app: &App, posted: &Posted, caller: Option<CallerId>) -> Result<HttpResponse, Fault> {
    let (input, asking) = match typed(app, posted, noting(caller)).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let words = text(&input, "words").unwrap_or_default();
    let next = asking.back.clone();
    let noted = add_note(app, &posted.visitor.actor, (caller, &words)).await;
    done(app, posted, asking, noted.map(|_| next)).await
}
