//! Officers whom a person complained about neither see nor decide anything about them.

use crate::app::AppError;
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::PersonId;
use crate::store::case_facts;
use sea_orm::ConnectionTrait;

/// # Errors
/// `NotFound` where the person complained about the actor.
pub(crate) async fn may_see(
    db: &impl ConnectionTrait,
    actor: &Actor,
    person: Option<PersonId>,
) -> Result<(), AppError> {
    if is_hidden(db, actor, person).await? { Err(AppError::NotFound) } else { Ok(()) }
}

/// # Errors
/// `complained-about` where the person complained about the actor: that they did, the actor knows.
pub(crate) async fn may_act_on(
    db: &impl ConnectionTrait,
    actor: &Actor,
    person: Option<PersonId>,
) -> Result<(), AppError> {
    if is_hidden(db, actor, person).await? {
        let message = "This person has complained about you, so you neither see nor decide this.";
        return Err(Refusal::forbidden("complained-about", message).under(Some("7.5")).into());
    }
    Ok(())
}

async fn is_hidden(db: &impl ConnectionTrait, actor: &Actor, person: Option<PersonId>) -> Result<bool, AppError> {
    let (Some(officer), Some(person)) = (actor.officer(), person) else { return Ok(false) };
    Ok(case_facts::people_complaining_about(db, officer.id).await?.contains(&person))
}
