//! What we write: drafts that were not sent, mails that wait to go out, and those that went.

use super::head::next_page;
use super::list::{Asked, ROWS, Tab};
use super::words::our_state;
use crate::app::drafts::{Draft, my_drafts};
use crate::app::outbox::{OurMail, Tray, list_our_mails};
use crate::app::people::names_of;
use crate::app::{App, officer_names};
use crate::domain::ids::PersonId;
use crate::domain::marking::Marking;
use crate::render::pages::choice;
use crate::web::fault::Fault;
use crate::web::posted::READ;
use crate::web::visitor::Visitor;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Characters of a draft that its row shows.
const FIRST_WORDS: usize = 120;

/// The drafts of whoever is signed in.
pub(super) async fn drafts(app: &App, visitor: &Visitor) -> Result<Tab, Fault> {
    let drafts = my_drafts(app, &visitor.actor).await?;
    let rows: Vec<Value> = drafts.iter().map(draft).collect();
    Ok(("mail/drafts", Marking::default(), json!({ "drafts": rows })))
}

fn draft(draft: &Draft) -> Value {
    let words = draft.fields.iter().filter(|(name, _)| !READ.contains(&name.as_str()));
    let longest = words.map(|(_, value)| value.trim()).max_by_key(|value| value.len()).unwrap_or_default();
    json!({
        "place": draft.place,
        "what": what_is_written(&draft.place),
        "words": longest.chars().take(FIRST_WORDS).collect::<String>(),
        "isCut": longest.chars().count() > FIRST_WORDS,
        "savedAt": draft.saved_at,
    })
}

/// What a form at this place is, in words.
fn what_is_written(place: &str) -> String {
    let path = place.split('?').next().unwrap_or_default();
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    match steps.as_slice() {
        ["contacts", _, "reply"] => "A reply to a message".to_owned(),
        ["contacts", ..] => "A contact".to_owned(),
        ["cases", _, "actions", action] => format!("A case: {}", choice(action).to_lowercase()),
        ["cases", ..] => "A case to be opened".to_owned(),
        ["strategies", ..] => "A communications strategy".to_owned(),
        ["meetings", ..] => "A meeting".to_owned(),
        ["consultations", ..] => "An answer to a consultation".to_owned(),
        ["people", ..] => "A person’s record".to_owned(),
        ["approvals", ..] => "A decision of the appropriate authority".to_owned(),
        _ => "A form".to_owned(),
    }
}

/// The outbox, or what left it.
pub(super) async fn ours(app: &App, visitor: &Visitor, (tray, asked): (Tray, &Asked)) -> Result<Tab, Fault> {
    let actor = &visitor.actor;
    let page = (super::head::after(&asked.after), ROWS + 1);
    let mut found = list_our_mails(app, actor, tray, page).await?;
    let more = found.len() as u64 > ROWS;
    found.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let people: Vec<PersonId> = found.iter().filter_map(|mail| mail.person_id).collect();
    let people = names_of(app, actor, &people).await?;
    let officers: Vec<Uuid> = found.iter().filter_map(|mail| mail.officer_id).collect();
    let officers = officer_names(app, &officers).await?;
    let tab = if tray == Tray::Outbox { "outbox" } else { "sent" };
    let place = format!("/mail?tab={tab}");
    let next = found.last().filter(|_| more).and_then(|last| next_page(&place, &(last.created_at, last.id)));
    let row = |mail: &OurMail| {
        let person = mail.person_id.and_then(|person| people.get(&person));
        json!({
            "mail": mail,
            "who": person.map(|named| format!("{} ({})", named.full_name, named.reference)),
            "by": by(mail, &officers),
            "state": our_state(&mail.state, mail.waits_because.as_deref()),
        })
    };
    let marking = found.iter().map(|mail| mail.marking).max().unwrap_or_default();
    let view = json!({
        "mails": found.iter().map(row).collect::<Vec<_>>(),
        "isOutbox": tray == Tray::Outbox,
        "firstPage": place,
        "next": next,
    });
    Ok(("mail/ours", marking, view))
}

/// Who speaks in a mail of ours.
pub(crate) fn by(mail: &OurMail, officers: &BTreeMap<Uuid, String>) -> String {
    match mail.origin.as_str() {
        "automatic_answer" => "the software, as an acknowledgement".to_owned(),
        "program" => "the software".to_owned(),
        _ => {
            let name = mail.officer_id.and_then(|id| officers.get(&id));
            name.cloned().unwrap_or_else(|| "an officer".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_says_what_it_is_by_where_it_leads() {
        assert_eq!(what_is_written("/contacts/1/reply"), "A reply to a message");
        assert_eq!(what_is_written("/cases/1/actions/record_warning"), "A case: record warning");
        assert_eq!(what_is_written("/elsewhere?x=1"), "A form");
    }
}
