//! One case under a new version of its case type.

use super::content::content_hash;
use super::event::{CaseEvent, Happening};
use super::evolve::Case;
use crate::domain::access::Actor;
use crate::domain::workflow::{Migration, Workflow};
use chrono::{DateTime, Utc};

/// Why a case cannot be migrated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMigrated {
    #[error("the state `{state}` is not one of its definition")]
    UnknownState { state: String },
    #[error("the state `{state}` has no home")]
    NoHome { state: String },
    #[error("its text is signed, and the signed text would change")]
    SignedTextChanges,
}

/// The event that moves the case. `from` is the definition it is pinned to.
///
/// # Errors
/// Where the case would lose its place or its signature.
pub fn migrate(
    case: &Case,
    migration: &Migration,
    (from, to): (&Workflow, &Workflow),
    (actor, now): (&Actor, DateTime<Utc>),
) -> Result<CaseEvent, NotMigrated> {
    if from.state(&case.state).is_none() {
        return Err(NotMigrated::UnknownState { state: case.state.clone() });
    }
    let home = migration.home(&case.state);
    if to.state(home).is_none() {
        return Err(NotMigrated::NoHome { state: case.state.clone() });
    }
    let data = migration.changed(&case.data);
    let signed = case.signature.as_ref().map(|signature| signature.content_hash.clone());
    if signed.is_some() && signed == content_hash(from, &case.data) && signed != content_hash(to, &data) {
        return Err(NotMigrated::SignedTextChanges);
    }
    let what = Happening::Migrated {
        workflow_version: to.version,
        content_hash: to.content_hash.clone(),
        from: case.state.clone(),
        to: home.to_owned(),
        data,
        reason: migration.reason.clone(),
    };
    Ok(CaseEvent { at: now, actor: actor.reference(), what })
}
