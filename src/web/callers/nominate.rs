//! `/callers/{id}/nominate`: somebody asks for a look at a caller. It labels nobody. A call taker comes here from a call and
//! reads no profile.

use super::forms::{asking, done, text, typed};
use super::places::may;
use crate::app::callers::{MAY_NOMINATE_CALLERS, may_be_nominated, nominate_caller};
use crate::app::{App, AppError};
use crate::domain::access::Officer;
use crate::domain::ids::{CallerId, NominationId};
use crate::web::fault::Fault;
use crate::web::people::asking::{Asking, reason_form};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};

pub(in crate::web) fn may_nominate(officer: &Officer) -> bool {
    officer.has_any(&MAY_NOMINATE_CALLERS)
}

fn nominating(visitor: &Visitor, id: CallerId) -> Asking {
    let back = if may(visitor).read_profiles { format!("/callers/{id}") } else { "/calls".to_owned() };
    let schema =
        reason_form("Why should somebody look?", "What you saw or heard, and when; not what you think of them");
    let says = "They come onto the list of nominated callers with your reason. It labels nobody, and calls are answered as before.";
    let place = format!("/callers/{id}/nominate");
    Asking {
        says: vec![says.to_owned()],
        ..asking("Ask for a look at this caller", place, ("Ask for a look", back), schema)
    }
}

#[get("/callers/{id:[0-9a-f-]{36}}/nominate")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, id: Path<CallerId>) -> Result<HttpResponse, Fault> {
    may_be_nominated(&app, &visitor.actor, *id).await?;
    nominating(&visitor, *id).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/{id:[0-9a-f-]{36}}/nominate")]
pub(crate) async fn nominate(app: Data<App>, id: Path<CallerId>, posted: Posted) -> Result<HttpResponse, Fault> {
    may_be_nominated(&app, &posted.visitor.actor, *id).await?;
    let (input, asking) = match typed(&app, &posted, nominating(&posted.visitor, *id)).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let reason = text(&input, "reason").unwrap_or_default();
    let back = asking.back.clone();
    let made: Result<NominationId, AppError> = nominate_caller(&app, &posted.visitor.actor, *id, &reason).await;
    done(&app, &posted, asking, made.map(|_| back)).await
}
