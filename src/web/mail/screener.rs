//! Who is not known: the tab of senders, the question about one of them, and taking a decision back.

use super::head::{after, allowed, next_page};
use super::list::{Asked, ROWS, Tab, page as tab_page};
use super::rows::subject;
use crate::app::contacts::screener::{
    AddressIs, DecisionView, Screening, SenderIs, UnknownSender, decide_sender, list_decisions, list_senders,
    reverse_decision,
};
use crate::app::contacts::{ContactView, find_contact};
use crate::app::mail::read_mail;
use crate::app::people::{NewPerson, PersonView, Searched, names_of, search_people};
use crate::app::{App, AppError, officer_names};
use crate::domain::ids::{ContactId, PersonId};
use crate::domain::marking::Marking;
use crate::domain::person::IdentifierKind;
use crate::web::fault::Fault;
use crate::web::form::{FormFault, faults, summary};
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use serde_json::{Value, json};
use uuid::Uuid;

/// Decisions that are listed beside the senders.
const DECISIONS: u64 = 10;
/// People who are suggested.
const SUGGESTED: usize = 8;

pub(super) async fn senders(app: &App, visitor: &Visitor, asked: &Asked) -> Result<Tab, Fault> {
    let actor = &visitor.actor;
    let mut found = list_senders(app, actor, after(&asked.after), ROWS + 1).await?;
    let more = found.len() as u64 > ROWS;
    found.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| more);
    let next = last.and_then(|last| next_page("/mail?tab=unknown", &(last.last_at, last.newest_contact_id?)));
    let decided = list_decisions(app, actor, None, DECISIONS).await?;
    let people: Vec<PersonId> = decided.iter().filter_map(|decision| decision.person_id).collect();
    let people = names_of(app, actor, &people).await?;
    let officers = officer_names(app, &decided.iter().map(|one| one.decided_by.as_uuid()).collect::<Vec<_>>()).await?;
    let decision = |one: &DecisionView| {
        let name = one.person_id.and_then(|person| people.get(&person)).map(|named| named.full_name.as_str());
        json!({
            "id": one.id, "address": one.address, "what": what(&one.decision, name), "reason": one.reason,
            "by": officers.get(&one.decided_by.as_uuid()), "at": one.decided_at, "contacts": one.contacts,
            "reversed": one.reversed_at.is_some(), "reversalReason": one.reversal_reason,
        })
    };
    let view = json!({
        "senders": found.iter().map(sender).collect::<Vec<_>>(),
        "decisions": decided.iter().map(decision).collect::<Vec<_>>(),
        "firstPage": "/mail?tab=unknown",
        "next": next,
    });
    Ok(("mail/senders", Marking::default(), view))
}

fn sender(sender: &UnknownSender) -> Value {
    let proof = match sender.proof.as_deref() {
        Some("verified") => "The address was proven",
        Some("weak") => "The address is likely, and not proven",
        Some("failed") => "Proven not to come from this address",
        _ => "The address was not proven",
    };
    json!({
        "address": sender.address, "mails": sender.mails, "firstAt": sender.first_at, "lastAt": sender.last_at,
        "flagged": sender.flagged, "spoofs": sender.suspected_spoofs, "proof": proof,
        "pretends": sender.pretences.as_array().is_some_and(|found| !found.is_empty()),
        "subject": sender.subject, "words": sender.first_words,
        "href": sender.newest_contact_id.map(|id| format!("/mail/senders/{id}")),
    })
}

fn what(decision: &str, name: Option<&str>) -> String {
    match (decision, name) {
        ("person", Some(name)) => format!("Their mail is {name}’s"),
        ("person", None) => "Their mail is somebody’s on file".to_owned(),
        ("automatic", _) => "A list or a machine: their mail is filed".to_owned(),
        _ => "Not to be put on file: their mail is read, and not asked about again".to_owned(),
    }
}

#[get("/mail/senders/{id:[0-9a-f-]{36}}")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, id: Path<ContactId>) -> Result<HttpResponse, Fault> {
    let contact = find_contact(&app, &visitor.actor, *id).await?;
    question(&app, &visitor, &contact, Around::default()).await
}

/// What stands around the question.
#[derive(Default)]
struct Around<'a> {
    status: StatusCode,
    faults: Vec<FormFault>,
    typed: Option<&'a Posted>,
}

async fn question(
    app: &App,
    visitor: &Visitor,
    contact: &ContactView,
    around: Around<'_>,
) -> Result<HttpResponse, Fault> {
    let typed = |name: &str| around.typed.map(|posted| posted.text(name).to_owned()).unwrap_or_default();
    let chosen = typed("who");
    let suggestions = suggestions(app, visitor, contact, &typed("q")).await?;
    let person = |(person, why): &(PersonView, String)| {
        let value = format!("person:{}", person.id);
        json!({ "value": value, "checked": value == chosen, "person": person, "why": why })
    };
    let marking = suggestions.iter().map(|(person, _)| person.marking).fold(contact.marking, Marking::max);
    let fault = |name: &str| around.faults.iter().find(|fault| fault.name == name).map(|fault| fault.message.clone());
    let view = json!({
        "contact": contact,
        "subject": subject(contact),
        "address": contact.presented,
        "suggestions": suggestions.iter().map(person).collect::<Vec<_>>(),
        "chosen": { (chosen): true },
        "sure": { (typed("sure")): true },
        "typed": { "q": typed("q"), "reason": typed("reason"), "reference": typed("reference"),
                   "fullName": typed("fullName") },
        "searched": !typed("q").is_empty(),
        "faults": summary(&around.faults),
        "fault": { "who": fault("who"), "reason": fault("reason"), "reference": fault("reference"),
                   "fullName": fault("fullName"), "sure": fault("sure") },
        "place": format!("/mail/senders/{}", contact.id),
        "back": { "href": "/mail?tab=unknown", "text": "Unknown senders" },
    });
    let page = Page::new("mail/sender", "Do we know this sender?", view);
    Ok(Page { area: Area::Mail, marking, status: around.status, ..page }.show(app, visitor))
}

/// People on file who may be meant, each with why.
async fn suggestions(
    app: &App,
    visitor: &Visitor,
    contact: &ContactView,
    searched: &str,
) -> Result<Vec<(PersonView, String)>, AppError> {
    let mut found: Vec<(PersonView, String)> = Vec::new();
    let by_text = |text: &str| Searched { text: Some(text.to_owned()), ..Searched::default() };
    let long = |text: &str| text.chars().count() >= 3;
    if long(searched) {
        add(app, visitor, by_text(searched), "found by your search", &mut found).await?;
    }
    if let Some(address) = &contact.presented {
        let identifier = Some((IdentifierKind::Email, address.clone()));
        let with_address = Searched { identifier, ..Searched::default() };
        add(app, visitor, with_address, "this address is on file for them", &mut found).await?;
    }
    if let Some(mail) = contact.mail_id {
        let name = read_mail(app, &visitor.actor, mail).await?.from.and_then(|from| from.name).unwrap_or_default();
        let name = name.trim();
        if long(name) {
            let why = format!("the mail gives the name “{name}”; a name alone proves nothing");
            add(app, visitor, by_text(name), &why, &mut found).await?;
        }
    }
    found.truncate(SUGGESTED);
    Ok(found)
}

async fn add(
    app: &App,
    visitor: &Visitor,
    searched: Searched,
    why: &str,
    found: &mut Vec<(PersonView, String)>,
) -> Result<(), AppError> {
    let more = match search_people(app, &visitor.actor, searched).await {
        // What is no address is nobody's.
        Err(AppError::Invalid(_)) => Vec::new(),
        more => allowed(more)?.unwrap_or_default(),
    };
    for person in more {
        if !found.iter().any(|(known, _)| known.id == person.id) {
            found.push((person, why.to_owned()));
        }
    }
    Ok(())
}

#[post("/mail/senders/{id:[0-9a-f-]{36}}")]
pub(crate) async fn decide(app: Data<App>, id: Path<ContactId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let visitor = &posted.visitor;
    let contact = find_contact(&app, &visitor.actor, *id).await?;
    if posted.has("search") {
        let around = Around { status: StatusCode::OK, typed: Some(&posted), ..Around::default() };
        return question(&app, visitor, &contact, around).await;
    }
    let (status, faults) = match chosen(&posted) {
        Ok(is) => {
            let address = contact.presented.clone().unwrap_or_default().to_lowercase();
            let asked = Screening { address, is, reason: posted.text("reason").to_owned() };
            match Box::pin(decide_sender(&app, &visitor.actor, asked)).await {
                Ok(_) => return Ok(see_other(&format!("/contacts/{id}?done=sender"))),
                Err(error) => faults::of_error(error)?,
            }
        }
        Err(faults) => (StatusCode::UNPROCESSABLE_ENTITY, faults),
    };
    question(&app, visitor, &contact, Around { status, faults, typed: Some(&posted) }).await
}

/// What was chosen, or what is missing.
fn chosen(posted: &Posted) -> Result<SenderIs, Vec<FormFault>> {
    let mut faults = Vec::new();
    let mut fault = |name: &str, message: &str| faults.push(FormFault { name: name.into(), message: message.into() });
    let who = posted.text("who");
    let person = who.strip_prefix("person:").and_then(|id| id.parse::<PersonId>().ok());
    let sure = match posted.text("sure") {
        "confirmed" => Some(AddressIs::Confirmed),
        "claimed" => Some(AddressIs::Claimed),
        _ => None,
    };
    if (person.is_some() || who == "new") && sure.is_none() {
        fault("sure", "Say how sure it is that the address is theirs");
    }
    if who == "new" && !posted.has("fullName") {
        fault("fullName", "Enter their name");
    }
    if who == "new" && !posted.has("reference") {
        fault("reference", "Enter a reference for them");
    }
    if !posted.has("reason") {
        fault("reason", "Say why");
    }
    let is = match (who, person, sure) {
        (_, Some(person), sure) => Some(SenderIs::Person(person, sure.unwrap_or(AddressIs::Claimed))),
        ("new", None, sure) => {
            let new = NewPerson {
                reference: posted.text("reference").to_owned(),
                full_name: posted.text("fullName").to_owned(),
                date_of_birth: None,
                targeted_victim: false,
                vulnerability: Vec::new(),
            };
            Some(SenderIs::NewPerson(Box::new(new), sure.unwrap_or(AddressIs::Claimed)))
        }
        ("general", ..) => Some(SenderIs::General),
        ("automatic", ..) => Some(SenderIs::Automatic),
        _ => None,
    };
    match is {
        Some(is) if faults.is_empty() => Ok(is),
        Some(_) => Err(faults),
        None => {
            let message = "Choose who the sender is, or leave it for now".to_owned();
            faults.insert(0, FormFault { name: "who".to_owned(), message });
            Err(faults)
        }
    }
}

#[post("/mail/senders/decisions/{id}/reverse")]
pub(crate) async fn reverse(app: Data<App>, id: Path<Uuid>, posted: Posted) -> Result<HttpResponse, Fault> {
    let visitor = &posted.visitor;
    let reversed = Box::pin(reverse_decision(&app, &visitor.actor, *id, posted.text("reason").to_owned())).await;
    match reversed {
        Ok(_) => Ok(see_other("/mail?tab=unknown&done=left")),
        Err(AppError::Invalid(_)) => {
            let asked = Asked { tab: "unknown".to_owned(), ..Asked::default() };
            let name = format!("reason-{id}");
            let fault = FormFault { name, message: "Say why the decision is taken back".to_owned() };
            tab_page(&app, visitor, &asked, &[fault]).await
        }
        Err(other) => Err(other.into()),
    }
}
