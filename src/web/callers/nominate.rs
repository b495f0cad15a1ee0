//! `/callers/{id}/nominate`: somebody asks for a look at a caller. It labels nobody.

use super::forms::{asking, done, text, typed};
use super::words::called;
use crate::app::callers::{CallerProfile, MAY_NOMINATE_CALLERS, caller_profile, nominate_caller};
use crate::app::{App, AppError};
use crate::domain::access::Officer;
use crate::domain::ids::{CallerId, NominationId};
use crate::web::fault::Fault;
use crate::web::people::asking::{Asking, reason_form};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};

pub(super) fn may_nominate(officer: &Officer) -> bool {
    officer.has_any(&MAY_NOMINATE_CALLERS)
}

fn nominating(profile: &CallerProfile) -> Asking {
    let back = format!("/callers/{}", profile.id);
    let caller = called(profile.name.as_deref(), profile.number.as_deref());
    let schema =
        reason_form("Why should somebody look?", "What you saw or heard, and when; not what you think of them");
    let says = "They come onto the list of nominated callers with your reason. It labels nobody and changes nothing about how \
                their calls are answered.";
    Asking {
        says: vec![says.to_owned()],
        ..asking(&format!("Ask for a look at {caller}"), format!("{back}/nominate"), ("Ask for a look", back), schema)
    }
}

#[get("/callers/{id:[0-9a-f-]{36}}/nominate")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, id: Path<CallerId>) -> Result<HttpResponse, Fault> {
    let profile = caller_profile(&app, &visitor.actor, *id).await?;
    nominating(&profile).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/{id:[0-9a-f-]{36}}/nominate")]
pub(crate) async fn nominate(app: Data<App>, id: Path<CallerId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let profile = caller_profile(&app, &posted.visitor.actor, *id).await?;
    let (input, asking) = match typed(&app, &posted, nominating(&profile)).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let reason = text(&input, "reason").unwrap_or_default();
    let made: Result<NominationId, AppError> = nominate_caller(&app, &posted.visitor.actor, *id, &reason).await;
    done(&app, &posted, asking, made.map(|_| format!("/callers/{}", *id))).await
}
