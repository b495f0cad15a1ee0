//! `/callers/cases`: every open case of a repeat caller, or those in one state: all of them for whoever coordinates, for a
//! unit its own.

use super::desk::referral;
use super::places::{Place, page};
use crate::app::App;
use crate::app::coordination::{StateCount, list_referrals};
use crate::domain::ids::CaseId;
use crate::domain::marking::Marking;
use crate::web::fault::Fault;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) const PLACE: &str = "/callers/cases";
const MOST: u64 = 50;

#[derive(Deserialize)]
pub(crate) struct Asked {
    state: Option<String>,
    after: Option<CaseId>,
}

#[get("/callers/cases")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, Fault> {
    let wanted = asked.state.as_deref().filter(|state| !state.is_empty());
    let mut listed = list_referrals(&app, &visitor.actor, (wanted, asked.after), MOST + 1).await?;
    // A state that no case is in, and that the case type does not have, is no place of ours.
    let Some(wanted) =
        wanted.map_or(Some(None), |wanted| listed.by_state.iter().find(|known| known.state == wanted).map(Some))
    else {
        return Err(Fault::from(crate::app::AppError::NotFound));
    };
    let more = listed.rows.len() as u64 > MOST;
    listed.rows.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let first = wanted.map_or_else(|| PLACE.to_owned(), |state| format!("{PLACE}?state={}", state.state));
    let and = if wanted.is_some() { '&' } else { '?' };
    let next = listed.rows.last().filter(|_| more).map(|last| format!("{first}{and}after={}", last.case_id));
    let marking = listed.rows.iter().map(|one| one.marking).fold(Marking::OfficialSensitive, Marking::max);
    let title = wanted.map_or_else(
        || "Open cases of repeat callers".to_owned(),
        |state| format!("Cases of repeat callers: {}", state.title),
    );
    let now = app.now();
    let view = json!({ "rows": listed.rows.iter().map(|one| referral(one, now)).collect::<Vec<_>>(),
                       "states": states(&listed.by_state, wanted.map(|state| state.state.as_str())),
                       "one": wanted.is_some(), "all": PLACE,
                       "next": next, "isLaterPage": asked.after.is_some(), "firstPage": first });
    let marking = app.shown_with(marking);
    Ok(page(&visitor, ("callers/cases", &title, Place::Cases), marking, view).show(&app, &visitor))
}

/// The states that hold a case, each as a link to its cases.
pub(super) fn states(counted: &[StateCount], here: Option<&str>) -> Vec<Value> {
    let held = counted.iter().filter(|state| state.cases > 0);
    held.map(|state| {
        json!({ "title": state.title, "cases": state.cases, "href": format!("{PLACE}?state={}", state.state),
                "isHere": here == Some(state.state.as_str()) })
    })
    .collect()
}
