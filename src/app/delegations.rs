//! Lending the power to sign, for some days.

use crate::app::{App, AppError, FieldFault, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::calendar::london;
use crate::domain::ids::{DelegationId, OfficerId};
use crate::store::case_facts;
use crate::store::delegations::{self, Delegation};
use crate::store::events::{self, NewEvent, Stream};
use crate::store::officers;
use chrono::NaiveDate;
use serde_json::json;

/// What is lent to whom.
#[derive(Clone, Debug)]
pub struct Loan {
    pub officer: OfficerId,
    pub workflow: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// Lets an officer take the actions of a workflow that need a delegation.
///
/// # Errors
/// `wrong-role`; invalid when the days are the wrong way round, or officer or workflow are unknown.
pub async fn grant_delegation(app: &App, actor: &Actor, loan: Loan) -> Result<Delegation, AppError> {
    let granted_by = rights::officer_with(actor, &[Role::Admin])?.id;
    let mut faults = Vec::new();
    let mut fault = |pointer: &str, detail: &str| {
        faults.push(FieldFault { pointer: pointer.to_owned(), detail: detail.to_owned() });
    };
    if loan.to < loan.from {
        fault("/to", "the last day is before the first");
    }
    if officers::find(app.store.reader(), loan.officer).await?.is_none_or(|found| !found.active) {
        fault("/officerId", "there is no such officer, or not any more");
    }
    if !app.catalog.knows(&loan.workflow) {
        fault("/workflow", "there is no such workflow");
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let delegation = Delegation {
        id: app.new_id(),
        officer: loan.officer,
        workflow: loan.workflow,
        from: loan.from,
        to: loan.to,
        granted_by,
        granted_at: app.now(),
        revoked_at: None,
    };
    let row = delegation.clone();
    let granted = NewEvent {
        id: app.new_id(),
        at: delegation.granted_at,
        actor: actor.reference(),
        kind: "granted".to_owned(),
        data: json!({ "officer": row.officer, "workflow": row.workflow, "from": row.from, "to": row.to }),
    };
    let written = app.store.write(async move |tx| {
        delegations::insert(tx, &row).await?;
        events::append(tx, Stream::Delegation, row.id.as_uuid(), 0, vec![granted]).await?;
        Ok::<_, AppError>(())
    });
    written.await?;
    Ok(delegation)
}

/// Ends a delegation now. Revoking one that has ended changes nothing.
///
/// # Errors
/// `wrong-role`; not found.
pub async fn revoke_delegation(app: &App, actor: &Actor, id: DelegationId) -> Result<Delegation, AppError> {
    rights::officer_with(actor, &[Role::Admin])?;
    let now = app.now();
    let (kind, data) = ("revoked".to_owned(), json!({}));
    let revoked = NewEvent { id: app.new_id(), at: now, actor: actor.reference(), kind, data };
    let written = app.store.write(async move |tx| {
        if delegations::revoke(tx, id, now).await? {
            events::append(tx, Stream::Delegation, id.as_uuid(), 1, vec![revoked]).await?;
        }
        delegations::find(tx, id).await?.ok_or(AppError::NotFound)
    });
    written.await.map_err(AppError::from)
}

/// Newest first, after the id `after`; at most `most`.
///
/// # Errors
/// `wrong-role`.
pub async fn list_delegations(
    app: &App,
    actor: &Actor,
    after: Option<DelegationId>,
    most: u64,
) -> Result<Vec<Delegation>, AppError> {
    let may = [Role::Admin, Role::Auditor, Role::AppropriateAuthority, Role::PsdStaff, Role::Chair];
    rights::officer_with(actor, &may)?;
    Ok(delegations::list(app.store.reader(), after, most).await?)
}

/// Until when the officer may take the actions of a workflow that need a delegation; `None` where they hold none today.
///
/// # Errors
/// `named-person-required`.
pub async fn delegated_until(app: &App, actor: &Actor, workflow: &str) -> Result<Option<NaiveDate>, AppError> {
    let officer = rights::named_person(actor)?.id;
    let today = london::date_of(app.now());
    let held = case_facts::delegations(app.store.reader(), officer).await?;
    let valid = held.iter().filter(|held| held.workflow == workflow && held.valid(app.now(), today));
    Ok(valid.map(|held| held.to).max())
}
