//! `/callers/nominations`: callers who were nominated, and what came of it. A nomination labels nobody.

use super::forms::{asking, done, only_where, text, typed};
use super::places::{Place, page};
use super::words::called;
use crate::app::callers::{Nominated, NominatedCaller, keep_with_case, leave_nomination, nominated_callers};
use crate::app::{App, AppError};
use crate::domain::ids::NominationId;
use crate::domain::marking::Marking;
use crate::render::pages::date_and_time;
use crate::web::fault::Fault;
use crate::web::frame::see_other;
use crate::web::people::asking::{Asking, reason_form};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

const MOST: u64 = 50;

#[derive(Deserialize)]
pub(crate) struct Asked {
    show: Option<String>,
    after: Option<NominationId>,
}

#[get("/callers/nominations")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, Fault> {
    let all = asked.show.as_deref() == Some("all");
    let which = if all { Nominated::All } else { Nominated::Waiting };
    let mut listed = nominated_callers(&app, &visitor.actor, which, asked.after, MOST + 1).await?;
    let more = listed.len() as u64 > MOST;
    listed.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let first = if all { "/callers/nominations?show=all" } else { "/callers/nominations?show=waiting" };
    let next = listed.last().filter(|_| more).map(|last| format!("{first}&after={}", last.nomination_id));
    let marking = listed.iter().map(|one| one.marking).max().unwrap_or(app.shown_with(Marking::Official));
    let view = json!({ "rows": listed.iter().map(row).collect::<Vec<_>>(), "all": all, "next": next,
                       "isLaterPage": asked.after.is_some(), "firstPage": first });
    let page = page(&visitor, ("callers/nominations", "Nominated callers", Place::Nominations), marking, view);
    Ok(page.show(&app, &visitor))
}

fn row(one: &NominatedCaller) -> Value {
    let open = one.case_id.is_none() && one.left_at.is_none();
    json!({ "id": one.nomination_id, "href": format!("/callers/{}", one.caller_id),
            "called": called(one.name.as_deref(), one.number.as_deref()), "location": one.location,
            "areas": one.areas, "reason": one.reason, "byRule": one.rule.is_some(), "at": date_and_time(one.at),
            "onFile": one.person_id.is_some(), "case": one.case_id.map(|case| format!("/cases/{case}")),
            "cases": one.cases, "openCase": one.cases.first().filter(|case| case.is_open).map(|case| case.case_id),
            "leftBecause": one.left_because, "leftBy": one.left_by, "leftAt": one.left_at.map(date_and_time),
            "isOpen": open })
}

/// With the case that the caller has open.
#[post("/callers/nominations/{id}/keep")]
pub(crate) async fn keep(app: Data<App>, id: Path<NominationId>, posted: Posted) -> Result<HttpResponse, Fault> {
    only_where(&posted.visitor, |may| may.work)?;
    let case = keep_with_case(&app, &posted.visitor.actor, *id).await?;
    Ok(see_other(&format!("/cases/{case}")))
}

fn leaving(id: NominationId) -> Asking {
    let schema = reason_form("Why is nothing done?", "What you looked at, and why it needs nobody now");
    let place = format!("/callers/nominations/{id}/leave");
    Asking {
        says: vec![
            "The nomination stays with your reason. If the caller reaches the number again, that is a new one."
                .to_owned(),
        ],
        ..asking("Leave this nomination", place, ("Leave it", "/callers/nominations".to_owned()), schema)
    }
}

#[get("/callers/nominations/{id}/leave")]
pub(crate) async fn ask_leave(app: Data<App>, visitor: Visitor, id: Path<NominationId>) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.work)?;
    leaving(*id).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/nominations/{id}/leave")]
pub(crate) async fn leave(app: Data<App>, id: Path<NominationId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let (input, asking) = match typed(&app, &posted, leaving(*id)).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let reason = text(&input, "reason").unwrap_or_default();
    let left: Result<(), AppError> = leave_nomination(&app, &posted.visitor.actor, *id, &reason).await;
    done(&app, &posted, asking, left.map(|()| "/callers/nominations".to_owned())).await
}
