//! Somebody says that whoever has the callers' desk should look at a caller. It puts them on the list and labels nobody.

use super::{calls_from_theirs, hidden_from, months};
use crate::app::nominations::keep;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::{CallerId, NominationId};
use crate::store::callers::{self, Caller};
use crate::store::nominations::{Nomination, Source};
use serde_json::json;

/// Who meets callers, and so may ask for a look at one (Kent, “Learning”): those who may open the case itself.
pub const MAY_NOMINATE_CALLERS: [Role; 7] =
    [Role::Coordinator, Role::Ccr, Role::Csu, Role::Opt, Role::Snt, Role::Mash, Role::PsdStaff];

/// A caller whom this officer may ask for a look at.
///
/// # Errors
/// `Refused`; `NotFound` for a caller there is not, of no area of theirs, or who complained about them.
pub async fn may_be_nominated(app: &App, actor: &Actor, id: CallerId) -> Result<Caller, AppError> {
    rights::officer_with(actor, &MAY_NOMINATE_CALLERS)?;
    let caller = callers::find(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    if hidden_from(app, actor).await?.hides(caller.person) {
        return Err(AppError::NotFound);
    }
    calls_from_theirs(app, actor, id).await?;
    Ok(caller)
}

/// # Errors
/// As [`may_be_nominated`]; `Invalid` without a reason.
pub async fn nominate_caller(app: &App, actor: &Actor, id: CallerId, reason: &str) -> Result<NominationId, AppError> {
    let caller = may_be_nominated(app, actor, id).await?;
    let reason = months::words("/reason", reason, 2000)?;
    let nomination = Nomination {
        id: app.new_id(),
        person: caller.person,
        caller: Some(id),
        source: Source::Manual,
        reason,
        detail: json!({}),
        by: actor.reference(),
        at: app.now(),
        case: None,
        withdrawn_at: None,
    };
    let (inner, made) = (app.clone(), nomination.id);
    let written = app.store.write(async move |tx| {
        keep(&inner, tx, std::slice::from_ref(&nomination)).await?;
        Ok::<_, AppError>(made)
    });
    Ok(written.await?)
}
