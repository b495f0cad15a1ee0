//! When arrangements that a person was told of end: who is told, and the letter that tells the person.

use super::{Step, letter};
use crate::app::cases::{facts, tell};
use crate::app::{AppError, log_disclosure};
use crate::domain::person::{IdentifierKind, normalise};
use crate::domain::workflow::EffectName;
use crate::render::{EndedContext, long_date};
use crate::store::{Tx, case_facts};
use serde_json::Value;

/// Tells the point of contact and the appropriate authority by tasks, and the person by letter: to the e-mail address
/// the notice went to, as long as it is confirmed to be their own; otherwise a task asks for the letter by hand. The
/// letter is keyed by the event that ended it, so it goes out once. Where an appeal ended it, the answer to the appeal
/// is that letter.
pub(super) async fn tell_parties(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    tell::of_the_end(step, tx).await?;
    if step.action == EffectName::QuashParent.acts_on_parent().unwrap_or_default() {
        return Ok(());
    }
    match confirmed_address(step, tx).await? {
        Some(address) => send(step, tx, address).await,
        None => tell::by_hand(step, tx, "Send the person the letter that the arrangements have ended").await,
    }
}

async fn confirmed_address(step: Step<'_>, tx: &Tx) -> Result<Option<String>, AppError> {
    let sharing = |name: &str| step.case.data.pointer(&format!("/sharing/{name}")).and_then(Value::as_str);
    let (Some("email"), Some(address), Some(person)) = (sharing("method"), sharing("address"), step.case.person) else {
        return Ok(None);
    };
    let known = case_facts::person(tx, person, facts::today(step.app)).await?.unwrap_or_default();
    let own = normalise(IdentifierKind::Email, address).is_ok_and(|own| known.confirmed_addresses.contains(&own));
    Ok(own.then(|| address.to_owned()))
}

async fn send(step: Step<'_>, tx: &Tx, address: String) -> Result<(), AppError> {
    let context = context(step, tx).await?;
    let letters = letter::letters(step, tx).await?;
    let words = letters.ended(&context).map_err(|error| AppError::broken("rendering a letter", error))?;
    log_disclosure(step.app, step.actor, ("case", step.case.id.as_uuid()), &address).await?;
    letter::post(step, tx, address, words).await
}

/// What an officer wrote down as the reason is for the record, not for the letter.
async fn context(step: Step<'_>, tx: &Tx) -> Result<EndedContext, AppError> {
    Ok(EndedContext {
        head: letter::head(step, tx).await?,
        ended_on: long_date(facts::today(step.app)),
        reasons: reason(&step.case.state).map(str::to_owned).into_iter().collect(),
        contact: letter::department(step),
        signed_for: "For the appropriate authority".to_owned(),
    })
}

fn reason(state: &str) -> Option<&'static str> {
    match state {
        "expired" => Some("They ended by themselves on the day that our notice to you gave."),
        "lifted" => Some("We looked at them again and decided to end them."),
        "withdrawn" => Some("They had not begun. We have decided not to go on with them."),
        _ => None,
    }
}
