//! Somebody says that the meeting should look at a person.

use super::NOMINATED;
use super::keep_nominations::{keep, list_again};
use crate::app::cases::{self, NewCase};
use crate::app::people::may_see;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::case::Case;
use crate::domain::ids::PersonId;
use crate::store::nominations::{Nomination, Source};
use crate::store::{Tx, people};
use serde_json::{Value, json};

/// Who may say that somebody should be looked at (policy 7.2).
pub(super) const MAY_NOMINATE: [Role; 11] = [
    Role::Ccr,
    Role::Opt,
    Role::Snt,
    Role::Mash,
    Role::Coordinator,
    Role::Csu,
    Role::PsdStaff,
    Role::PsdSupervisor,
    Role::Spoc,
    Role::Chair,
    Role::AppropriateAuthority,
];

#[derive(Clone, Debug)]
pub struct ManualNomination {
    /// `None`: not known yet who it is about.
    pub person: Option<PersonId>,
    /// What happened.
    pub reason: String,
    /// The behaviour said to be unreasonable or unacceptable.
    pub behaviour: Option<String>,
    /// The added demand on resources.
    pub demand: Option<String>,
}

/// Keeps the nomination with the person's open case, or opens one in the nominator's name.
///
/// # Errors
/// `Refused` for systems and for roles that may not; `Invalid` without a reason or for an unknown
/// person.
pub async fn nominate(app: &App, actor: &Actor, asked: ManualNomination) -> Result<Nomination, AppError> {
    rights::officer_with(actor, &MAY_NOMINATE)?;
    if asked.reason.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Say why."));
    }
    let (inner, actor) = (app.clone(), actor.clone());
    let stored = app.store.write(async move |tx| {
        let person = match asked.person {
            Some(person) => Some(known(tx, &actor, person).await?),
            None => None,
        };
        let mut input = json!({ "source": "manual", "reason": asked.reason });
        for (field, text) in [("behaviour", &asked.behaviour), ("demand", &asked.demand)] {
            if let (Some(text), Some(fields)) = (text, input.as_object_mut()) {
                fields.insert(field.to_owned(), json!(text));
            }
        }
        let case = match person {
            Some(person) => Box::pin(cases::open_case_of(&inner, tx, NOMINATED, person)).await?,
            None => None,
        };
        let case = match case {
            Some(case) => Box::pin(list_again(&inner, tx, &actor, (case, &asked.reason))).await?,
            None => {
                let new = NewCase { workflow: NOMINATED.to_owned(), person, parent: None, input };
                Box::pin(cases::open_in(&inner, tx, &actor, new)).await?.id
            }
        };
        let nomination = Nomination {
            id: inner.new_id(),
            caller: None,
            person,
            source: Source::Manual,
            reason: asked.reason,
            detail: json!({ "behaviour": asked.behaviour, "demand": asked.demand }),
            by: actor.reference(),
            at: inner.now(),
            case: Some(case),
            withdrawn_at: None,
        };
        keep(&inner, tx, std::slice::from_ref(&nomination)).await?;
        Ok::<_, AppError>(nomination)
    });
    Ok(stored.await?)
}

/// The person after merges; nobody, for an officer they complained about.
async fn known(tx: &Tx, actor: &Actor, person: PersonId) -> Result<PersonId, AppError> {
    let root = people::root(tx, person).await?.ok_or_else(no_such_person)?;
    match may_see(tx, actor, Some(root)).await {
        Err(AppError::NotFound) => Err(no_such_person()),
        other => other.map(|()| root),
    }
}

fn no_such_person() -> AppError {
    AppError::invalid("/personId", "There is no such person on file.")
}

/// Keeps what opened a service user's case as the nomination that it is.
pub(crate) async fn keep_opening(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (case, input): (&Case, &Value),
) -> Result<(), AppError> {
    if case.workflow != NOMINATED {
        return Ok(());
    }
    let nomination = Nomination {
        id: app.new_id(),
        caller: None,
        person: case.person,
        source: Source::Manual,
        reason: input.get("reason").and_then(Value::as_str).unwrap_or_default().to_owned(),
        detail: json!({ "behaviour": input.get("behaviour"), "demand": input.get("demand") }),
        by: actor.reference(),
        at: app.now(),
        case: Some(case.id),
        withdrawn_at: None,
    };
    Ok(keep(app, tx, std::slice::from_ref(&nomination)).await?)
}
