//! `/cases/{id}/person`: whom a case is about that was opened about nobody on file.

use crate::app::callers::Named;
use crate::app::cases::{CaseView, Linking, find_case, link_person, may_link};
use crate::app::{App, AppError};
use crate::domain::case::Refusal;
use crate::domain::ids::CaseId;
use crate::web::callers::forms::{done, text, typed, who_it_is};
use crate::web::fault::Fault;
use crate::web::people::asking::Asking;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};

/// Whether a page offers it: nothing that would be refused.
pub(super) fn is_offered(visitor: &Visitor, case: &CaseView) -> bool {
    case.person_id.is_none() && case.parent_id.is_none() && may_link(&visitor.officer, &case.workflow)
}

fn saying(case: &CaseView) -> Asking {
    let back = format!("/cases/{}", case.id);
    Asking {
        title: "Say whom this case is about".to_owned(),
        place: format!("{back}/person"),
        button: "Record whom it is about".to_owned(),
        schema: who_it_is(),
        back,
        marking: case.marking,
        version: Some(case.version),
        says: vec![
            "From now on the case stands with everything else about the person. It is written into its history."
                .to_owned(),
        ],
        ..Asking::default()
    }
}

/// # Errors
/// `NotFound`; `wrong-role` or `already-linked` where the form would only be refused once it is filled in.
async fn offered(app: &App, visitor: &Visitor, id: CaseId) -> Result<CaseView, Fault> {
    let case = find_case(app, &visitor.actor, id).await?;
    if is_offered(visitor, &case) {
        return Ok(case);
    }
    let refusal = match case.person_id {
        Some(_) => Refusal::conflict("already-linked", "This case is about somebody already."),
        None => Refusal::forbidden("wrong-role", "Your role reads this and does not do it."),
    };
    Err(AppError::Refused(refusal).into())
}

#[get("/cases/{id}/person")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    let case = offered(&app, &visitor, *id).await?;
    saying(&case).or_draft(&app, &visitor).await?.show(&app, &visitor).await
}

#[post("/cases/{id}/person")]
pub(crate) async fn say(app: Data<App>, id: Path<CaseId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let case = offered(&app, &posted.visitor, *id).await?;
    let (input, asking) = match typed(&app, &posted, saying(&case)).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let person = Named::Reference(text(&input, "reference").unwrap_or_default());
    let reason = text(&input, "reason").unwrap_or_default();
    let asked = Linking { case: *id, expected_version: posted.version(), person, reason };
    let linked = link_person(&app, &posted.visitor.actor, asked).await;
    done(&app, &posted, asking, linked.map(|case| format!("/cases/{}", case.id))).await
}
