//! The cases of a caller: somebody who has an open one is not taken up anew, and what is said of who they are goes with it.

use super::nominated::{looked_at, waiting};
use super::{CASE, MAY_WORK_ON_CALLERS};
use crate::app::cases::{self, is_open, open_case_of};
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::{CaseId, Id, NominationId, PersonId};
use crate::store::callers::Caller;
use crate::store::events::{self, NewEvent, Stream};
use crate::store::{Tx, nominated_callers, nominations};
use serde_json::json;

/// The open case that a nomination of this caller was taken up with, or that the person they are said to be has.
///
/// # Errors
/// What the store says.
pub(super) async fn open_case(app: &App, tx: &Tx, caller: &Caller) -> Result<Option<CaseId>, AppError> {
    let taken_up = nominated_callers::cases_of(tx, &[caller.id]).await?;
    let open = taken_up.iter().find(|(_, row)| row.workflow == CASE && is_open(app, row));
    match (open, caller.person) {
        (Some((_, row)), _) => Ok(Some(Id::from_uuid(row.id))),
        (None, Some(person)) => Ok(Box::pin(open_case_of(app, tx, CASE, person)).await?.map(|case| case.id)),
        (None, None) => Ok(None),
    }
}

/// The nomination goes to the case that the caller has open, which answers for them already; whoever has the case is told
/// that the caller reached the number again.
///
/// # Errors
/// `wrong-role`; `NotFound`; `nomination-looked-at`; `no-open-case`.
pub async fn keep_with_case(app: &App, actor: &Actor, id: NominationId) -> Result<CaseId, AppError> {
    rights::officer_with(actor, &MAY_WORK_ON_CALLERS)?;
    let (_, caller) = waiting(app, actor, id).await?;
    let (inner, actor) = (app.clone(), actor.clone());
    let kept = app.store.write(async move |tx| {
        crate::store::hold(tx, &[caller.id.as_uuid()]).await?;
        if !nominated_callers::is_waiting(tx, id).await? {
            return Err(looked_at());
        }
        let Some(case) = open_case(&inner, tx, &caller).await? else {
            let message = "This caller has no open case; take the nomination up.";
            return Err(Refusal::conflict("no-open-case", message).into());
        };
        nominations::set_case(tx, id, case).await?;
        let (event, data) = (inner.new_id(), json!({ "case": case }));
        let kept =
            NewEvent { id: event, at: inner.now(), actor: actor.reference(), kind: "kept_with_case".to_owned(), data };
        events::append_next(tx, vec![(Stream::Nomination, id.as_uuid(), vec![kept])]).await?;
        cases::who_has_it(&inner, tx, case, (event, "reached the number of calls again")).await?;
        Ok::<_, AppError>(case)
    });
    Ok(kept.await?)
}

/// An officer said who the caller is: their open case, of which nobody knew whom it is about, is about that person. Where
/// the person has a case of their own already, each stays; which goes on is for people to say.
///
/// # Errors
/// What the store says.
pub(super) async fn carry_along(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (caller, person, reason): (&Caller, PersonId, &str),
) -> Result<(), AppError> {
    let unknown = nominated_callers::cases_of(tx, &[caller.id]).await?;
    let unknown = unknown.into_iter().map(|(_, row)| row).filter(|row| row.workflow == CASE && row.person_id.is_none());
    for row in unknown {
        Box::pin(cases::is_about(app, tx, actor, (Id::from_uuid(row.id), person, reason))).await?;
    }
    Ok(())
}
