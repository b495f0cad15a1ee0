//! `GET /consultations`: for whoever asked, what they asked and what is late; for a unit, what it has to answer.

use super::{UNITS, is_theirs, reply_by, text};
use crate::app::cases::{CaseView, consultations};
use crate::app::people::{Named, names_of};
use crate::app::{App, Marking, officer_names};
use crate::domain::calendar::london;
use crate::domain::ids::PersonId;
use crate::web::due::day;
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// More than any force has on its list.
const MOST: u64 = 500;
/// Of those that ended, so many are shown.
const MOST_ENDED: usize = 50;

#[get("/consultations")]
pub(crate) async fn list(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let all = consultations(&app, &visitor.actor, None, MOST).await?;
    let marking = Marking::default().with(all.iter().map(|case| case.marking));
    let today = london::date_of(app.now());
    let spocs: Vec<Uuid> = all.iter().filter_map(|case| case.spoc).map(|spoc| spoc.as_uuid()).collect();
    let names = officer_names(&app, &spocs).await?;
    // A unit is shown no name: what it sees of a case is the question.
    let about: Vec<PersonId> =
        all.iter().filter(|case| case.parent_id.is_some()).filter_map(|case| case.person_id).collect();
    let people = names_of(&app, &visitor.actor, &about).await?;
    let (mut open, mut ended): (Vec<CaseView>, Vec<CaseView>) = all.into_iter().partition(|case| case.state == "asked");
    open.sort_by_key(|case| (reply_by(case).is_none(), reply_by(case), case.opened_at));
    ended.sort_by_key(|case| std::cmp::Reverse(case.state_since));
    let left = ended.len().saturating_sub(MOST_ENDED);
    ended.truncate(MOST_ENDED);
    let late = open.iter().filter(|case| reply_by(case).is_some_and(|by| by < today)).count();
    let row = |case: &CaseView| row(&visitor, case, (&names, &people, today));
    let unit = visitor.officer.has_any(&UNITS);
    let view = json!({
        "open": open.iter().map(row).collect::<Vec<_>>(),
        "ended": ended.iter().map(row).collect::<Vec<_>>(),
        "count": open.len(),
        "late": late,
        "left": left,
        "isUnit": unit,
    });
    let page = Page { area: Area::Consultations, marking, ..Page::new("consultations/list", "Consultations", view) };
    Ok(page.show(&app, &visitor))
}

type People = BTreeMap<PersonId, Named>;

fn row(
    visitor: &Visitor,
    case: &CaseView,
    (names, people, today): (&BTreeMap<Uuid, String>, &People, NaiveDate),
) -> Value {
    // Who only answers for a unit sees no page but the narrow one.
    let href = match is_theirs(visitor, case) {
        true => format!("/c/{}", case.id),
        false => format!("/consultations/{}", case.id),
    };
    let due = reply_by(case).filter(|_| case.state == "asked").map(|by| day(by, today));
    let spoc = case.spoc.and_then(|spoc| names.get(&spoc.as_uuid())).cloned();
    let person = case.person_id.filter(|_| case.parent_id.is_some()).and_then(|id| people.get(&id));
    let adjustments = person.map(|_| &case.adjustments);
    json!({ "reference": person.map(|named| &named.reference), "person": person.map(|named| &named.full_name),
            "adjustments": adjustments, "href": href, "unit": text(case, "unit"), "question": short(text(case, "question")), "spoc": spoc,
            "state": case.state_title, "since": case.state_since, "askedAt": case.opened_at, "due": due,
            "id": case.id })
}

/// The first words of a question.
fn short(question: &str) -> String {
    let words: String = question.chars().take(120).collect();
    if words.len() < question.len() { format!("{} …", words.trim_end()) } else { words }
}
