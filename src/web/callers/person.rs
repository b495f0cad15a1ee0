//! `/callers/{id}/person`: an officer says who on file a caller is, puts somebody new on file for it, or takes it back.

use super::forms::{asking, done, only_where, text, typed, who_it_is};
use super::words::called;
use crate::app::callers::{CallerProfile, Linking, Named, caller_profile, link_caller};
use crate::app::{App, AppError};
use crate::domain::ids::CallerId;
use crate::web::fault::Fault;
use crate::web::people::asking::{Asking, reason_form};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};

fn saying(profile: &CallerProfile) -> Asking {
    let back = format!("/callers/{}", profile.id);
    let place = format!("{back}/person");
    let caller = called(profile.name.as_deref(), profile.number.as_deref());
    if profile.person.is_some() {
        let schema = reason_form("Why is it somebody else, or not known?", "It is written into the caller's history");
        return asking(&format!("Take back who {caller} is"), place, ("Take it back", back), schema);
    }
    let schema = who_it_is();
    let calls = match profile.number {
        Some(_) => "Calls from a number become contacts once the number is on file as the person's.",
        None => "Calls by this name from this place, those that were made before too, become contacts of the person.",
    };
    let shown = "From now on the caller and the person are shown together to those who may see both.";
    Asking {
        says: vec![format!("{shown} {calls}")],
        ..asking(&format!("Say who {caller} is"), place, ("Record who it is", back), schema)
    }
}

#[get("/callers/{id:[0-9a-f-]{36}}/person")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, id: Path<CallerId>) -> Result<HttpResponse, Fault> {
    only_where(&visitor, |may| may.work)?;
    let profile = caller_profile(&app, &visitor.actor, *id).await?;
    saying(&profile).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/callers/{id:[0-9a-f-]{36}}/person")]
pub(crate) async fn say(app: Data<App>, id: Path<CallerId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let profile = caller_profile(&app, &posted.visitor.actor, *id).await?;
    let (input, asking) = match typed(&app, &posted, saying(&profile)).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let person = text(&input, "reference").map(Named::Reference);
    let asked = Linking { caller: *id, person, reason: text(&input, "reason").unwrap_or_default() };
    let said: Result<_, AppError> = link_caller(&app, &posted.visitor.actor, asked).await;
    done(&app, &posted, asking, said.map(|_| format!("/callers/{}", *id))).await
}
