//! The pages about one person, as links above each of them.

use crate::app::people::PersonView;
use crate::app::people::{MayDo, find_person};
use crate::app::{App, AppError};
use crate::domain::case::Refusal;
use crate::domain::ids::PersonId;
use crate::web::fault::Fault;
use crate::web::visitor::Visitor;
use serde_json::{Value, json};

/// The one that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Overview,
    Contacts,
    Identifiers,
    Adjustments,
    SamePerson,
}

/// The tabs as the sub-navigation takes them; none that the reader may not open.
pub(super) fn tabs(person: PersonId, here: Tab, may: MayDo) -> Value {
    let all = [
        (Tab::Overview, "Overview", "", true),
        (Tab::Contacts, "Contacts", "/contacts", may.read_contacts),
        (Tab::Identifiers, "Identifiers", "/identifiers", true),
        (Tab::Adjustments, "Adjustments", "/adjustments", true),
        (Tab::SamePerson, "Same person?", "/merge", true),
    ];
    let item = |(tab, text, path, _): (Tab, &str, &str, bool)| json!({ "text": text, "href": format!("/people/{person}{path}"), "active": tab == here });
    json!(all.into_iter().filter(|(.., may)| *may).map(item).collect::<Vec<_>>())
}

/// The person whom a page is about, over all their records.
pub(super) async fn person_at(app: &App, visitor: &Visitor, id: PersonId) -> Result<PersonView, Fault> {
    Ok(find_person(app, &visitor.actor, id).await?)
}

/// # Errors
/// `wrong-role` where the reader may not: the form would only be refused once it is filled in.
pub(super) fn only_where(may: bool, message: &str) -> Result<(), Fault> {
    if may { Ok(()) } else { Err(AppError::Refused(Refusal::forbidden("wrong-role", message)).into()) }
}
