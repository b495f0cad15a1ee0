//! `/contacts/{id}/reply`: an answer by mail, written with the force's standard texts at hand.

use crate::app::contacts::{ContactView, find_contact};
use crate::app::drafts::{self, Fields};
use crate::app::outbox::{Reply, ReplyForm, ReplyText, preview_reply, reply_form, reply_to_contact};
use crate::app::people::find_person;
use crate::app::{App, AppError};
use crate::domain::calendar::london;
use crate::domain::case::RefusalKind;
use crate::domain::contact::Reply as Owed;
use crate::domain::ids::{ContactId, of};
use crate::domain::marking::Marking;
use crate::render::pages::{date_and_time, time_of_day};
use crate::web::drafts::{keep, sentence};
use crate::web::fault::Fault;
use crate::web::form::{FormFault, faults, summary};
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::{Posted, text};
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

/// The standard texts below `templates/parts/texts`, with what they are for.
const TEXTS: [(&str, &str); 6] = [
    ("received", "We have it, and will answer by a date"),
    ("answered", "This was answered before"),
    ("complaint", "Your complaint was recorded"),
    ("elsewhere", "Another organisation can help"),
    ("contact", "How to contact us from now on"),
    ("adjustment", "About an adjustment you asked for"),
];

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    text: String,
}

/// What stands around the form, and how it is answered.
#[derive(Default)]
struct Around {
    status: StatusCode,
    faults: Vec<FormFault>,
    drafted: Option<String>,
    /// Why it was not taken.
    refusal: Option<String>,
    preview: Option<Value>,
    /// What was just put into it.
    inserted: bool,
}

fn place(id: ContactId) -> String {
    format!("/contacts/{id}/reply")
}

#[get("/contacts/{id:[0-9a-f-]{36}}/reply")]
pub(crate) async fn ask(
    app: Data<App>,
    visitor: Visitor,
    id: Path<ContactId>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Fault> {
    let form = reply_form(&app, &visitor.actor, *id).await?;
    let draft = drafts::find_draft(&app, &visitor.actor, &place(*id)).await?;
    let drafted = draft.as_ref().map(|draft| time_of_day(london::wall_time(draft.saved_at).time()));
    let mut fields = draft.map(|draft| draft.fields).unwrap_or_default();
    let standard = standard_text(&app, &asked.text);
    let inserted = standard.is_some();
    if let Some(standard) = standard {
        fields = with_text(&fields, &standard);
    }
    let around = Around { status: StatusCode::OK, drafted, inserted, ..Around::default() };
    page(&app, &visitor, (*id, &form), (&fields, around)).await
}

/// A standard text, where there is one of this name.
fn standard_text(app: &App, name: &str) -> Option<String> {
    let (known, _) = TEXTS.iter().find(|(known, _)| *known == name)?;
    app.renderer.page(&format!("texts/{known}"), json!({})).ok().map(|text| text.trim().to_owned())
}

/// What was typed, with a standard text below it.
fn with_text(fields: &Fields, standard: &str) -> Fields {
    let before = text(fields, "text");
    let joined = if before.is_empty() { standard.to_owned() } else { format!("{before}\n\n{standard}") };
    let others = fields.iter().filter(|(name, _)| name != "text").cloned();
    others.chain([("text".to_owned(), joined)]).collect()
}

async fn page(
    app: &App,
    visitor: &Visitor,
    (id, form): (ContactId, &ReplyForm),
    (fields, around): (&Fields, Around),
) -> Result<HttpResponse, Fault> {
    let place = place(id);
    let contact = find_contact(app, &visitor.actor, id).await?;
    let person = match contact.person_id {
        Some(person) => Some(find_person(app, &visitor.actor, person).await?),
        None => None,
    };
    let others = drafts::others_writing(app, &visitor.actor, &place).await?;
    let typed = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let fault = |name: &str| around.faults.iter().find(|fault| fault.name == name).map(|fault| fault.message.clone());
    // One form, one mail: the token stays with what was typed, however often it is shown again.
    let token = typed("token").unwrap_or_else(|| app.new_id::<of::Event>().to_string());
    let marking = person.as_ref().map_or(form.marking, |person| Marking::max(person.marking, form.marking));
    let view = json!({
        "place": place,
        "to": form.to,
        "spoc": form.spoc,
        "version": typed("version").unwrap_or_else(|| form.version.to_string()),
        "token": token,
        "subject": field("subject", "Subject", typed("subject").unwrap_or_else(|| form.subject.clone()), fault("subject")),
        "text": field("text", "Your reply", typed("text").unwrap_or_default(), fault("text")),
        "keepOpen": typed("keepOpen").is_some(),
        "texts": TEXTS.iter().map(|(value, text)| json!({ "value": value, "text": text })).collect::<Vec<_>>(),
        "caution": caution(form),
        "undoSeconds": form.undo.num_seconds(),
        "message": answered(&contact),
        "contactHref": format!("/contacts/{id}"),
        "faults": summary(&around.faults),
        "drafted": around.drafted,
        "refusal": around.refusal,
        "preview": around.preview,
        "inserted": around.inserted,
        "others": sentence(&others),
        "person": person,
        "adjustments": form.adjustments,
        "back": { "href": format!("/contacts/{id}"), "text": "The message" },
    });
    let page = Page::new("contacts/reply", "Reply", view);
    let page = Page { area: Area::Mail, marking, status: around.status, place: Some(place), ..page };
    Ok(page.show(app, visitor))
}

fn field(name: &str, label: &str, value: String, fault: Option<String>) -> Value {
    json!({
        "id": name, "name": name, "value": value,
        "label": { "text": label, "classes": "govuk-label--s" },
        "errorMessage": fault.map(|text| json!({ "text": text })),
    })
}

fn answered(contact: &ContactView) -> Value {
    json!({ "words": contact.words, "subject": contact.subject, "receivedAt": contact.received_at })
}

/// What to think of before an answer that is not due yet.
fn caution(form: &ReplyForm) -> Option<String> {
    match form.owed {
        Some(Owed::Later { not_before: Some(at) }) => Some(format!(
            "No reply is due before {}. Then one reply covers everything that was held.",
            date_and_time(at)
        )),
        Some(Owed::Later { not_before: None }) => Some("One reply later covers everything that was held.".to_owned()),
        Some(Owed::NotOwed) => Some("No reply is due to this message.".to_owned()),
        Some(Owed::RightChannel) => Some("Say which way of contact is the right one.".to_owned()),
        Some(Owed::Owed | Owed::BySpoc) | None => None,
    }
}

#[post("/contacts/{id:[0-9a-f-]{36}}/reply")]
pub(crate) async fn send(app: Data<App>, id: Path<ContactId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let visitor = &posted.visitor;
    let words = ReplyText { subject: posted.text("subject").to_owned(), text: posted.text("text").to_owned() };
    if posted.has("insert") || posted.has("preview") {
        return once_more(&app, &posted, *id, &words).await;
    }
    let asked = Reply {
        contact: *id,
        version: Some(posted.version().unwrap_or_default()),
        token: posted.text("token").to_owned(),
        words,
        close: !posted.has("keepOpen"),
    };
    match Box::pin(reply_to_contact(&app, &visitor.actor, asked)).await {
        Ok(mail) => {
            drafts::discard_draft(&app, &visitor.actor, &place(*id)).await?;
            Ok(see_other(&format!("/outbox/{mail}?done=queued")))
        }
        Err(error) => not_taken(&app, &posted, *id, error).await,
    }
}

/// The form again, with a standard text put in or with the mail as it would go out.
async fn once_more(app: &App, posted: &Posted, id: ContactId, words: &ReplyText) -> Result<HttpResponse, Fault> {
    let visitor = &posted.visitor;
    keep(app, posted, &place(id)).await?;
    let form = reply_form(app, &visitor.actor, id).await?;
    if posted.has("preview") {
        let mail = preview_reply(app, &visitor.actor, id, words).await?;
        let preview = Some(json!({ "subject": mail.subject, "text": mail.text }));
        let around = Around { status: StatusCode::OK, preview, ..Around::default() };
        return page(app, visitor, (id, &form), (posted.fields(), around)).await;
    }
    match standard_text(app, posted.text("standard")) {
        Some(standard) => {
            let fields = with_text(posted.fields(), &standard);
            let around = Around { status: StatusCode::OK, inserted: true, ..Around::default() };
            page(app, visitor, (id, &form), (&fields, around)).await
        }
        None => {
            let faults = vec![FormFault { name: "standard".into(), message: "Choose a standard text".into() }];
            let around = Around { status: StatusCode::UNPROCESSABLE_ENTITY, faults, ..Around::default() };
            page(app, visitor, (id, &form), (posted.fields(), around)).await
        }
    }
}

/// What was typed is still on the page, with why it was not taken.
async fn not_taken(app: &App, posted: &Posted, id: ContactId, error: AppError) -> Result<HttpResponse, Fault> {
    let visitor = &posted.visitor;
    keep(app, posted, &place(id)).await?;
    let around = match error {
        AppError::Invalid(found) => {
            let faults = faults::of_fields(found);
            Around { status: StatusCode::UNPROCESSABLE_ENTITY, faults, ..Around::default() }
        }
        AppError::StaleVersion { .. } => {
            let refusal =
                "Somebody dealt with this message since you opened it. Your reply is still here: look at the \
                           message first, then send it again if it still has to go."
                    .to_owned();
            Around { status: StatusCode::PRECONDITION_FAILED, refusal: Some(refusal), ..Around::default() }
        }
        AppError::Refused(refusal) if refusal.kind == RefusalKind::Conflict => {
            Around { status: StatusCode::CONFLICT, refusal: Some(refusal.message), ..Around::default() }
        }
        other @ (AppError::Refused(_)
        | AppError::NotSignedIn(_)
        | AppError::NotFound
        | AppError::Store(_)
        | AppError::Broken { .. }) => return Err(other.into()),
    };
    // After it was closed there is no form to go back to: its words wait as a draft.
    let form = reply_form(app, &visitor.actor, id).await?;
    let read_now = |(name, value): &(String, String)| match name.as_str() {
        "version" => (name.clone(), form.version.to_string()),
        _ => (name.clone(), value.clone()),
    };
    let fields: Fields = posted.typed().iter().map(read_now).collect();
    drafts::save_draft(app, &visitor.actor, &place(id), fields.clone()).await?;
    page(app, visitor, (id, &form), (&fields, around)).await
}
