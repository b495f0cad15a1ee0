//! What is prepared for a case's item before the meeting: what happened, and, where nothing restricts anybody, an answer that
//! the chair confirms or changes. *Threshold met* is never prepared: its reasons are written by a person at the meeting
//! (policy 7.2).

use super::decide_item::Outcome;
use super::settle_elsewhere::ON_AGENDA;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::case::Refusal;
use crate::domain::ids::CaseId;
use crate::store::agenda::{self, Preparation};
use crate::store::{case_facts, cases};
use serde::Serialize;
use serde_json::Value;

/// Who prepares: the triage reviewers, the point of contact of the case, and whoever runs the meeting.
const MAY_PREPARE: [Role; 5] =
    [Role::PsdStaff, Role::PsdSupervisor, Role::Spoc, Role::Chair, Role::AppropriateAuthority];
const LONGEST_SUMMARY: usize = 4000;

/// Whether somebody may prepare items at all; a point of contact, only of their own cases.
pub fn may_prepare(actor: &Actor) -> bool {
    actor.officer().is_some_and(|officer| officer.has_any(&MAY_PREPARE))
}

/// What somebody prepared.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub case: CaseId,
    pub summary: String,
    /// The answer proposed, if any.
    pub outcome: Option<Outcome>,
    /// The form of that answer, as far as it is filled in; the chair completes it.
    pub input: Value,
}

/// What stands prepared, as pages and the meeting read it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PreparationView {
    pub summary: String,
    pub outcome: Option<String>,
    pub input: Value,
    pub prepared_by: uuid::Uuid,
    pub prepared_at: chrono::DateTime<chrono::Utc>,
}

impl From<Preparation> for PreparationView {
    fn from(row: Preparation) -> Self {
        Self {
            summary: row.summary,
            outcome: row.outcome,
            input: row.input,
            prepared_by: row.prepared_by,
            prepared_at: row.prepared_at,
        }
    }
}

/// Keeps what was prepared, over what was there.
///
/// # Errors
/// `wrong-role`; `NotFound`; `complained-about`; `not-on-agenda`; `never-prepared` for *threshold met*; `Invalid` for no
/// summary or one of more than 4,000 characters.
pub async fn prepare_item(app: &App, actor: &Actor, prepared: Prepared) -> Result<(), AppError> {
    let officer = rights::officer_with(actor, &MAY_PREPARE)?.clone();
    if prepared.outcome == Some(Outcome::Met) {
        let message = "That the threshold is met is decided at the meeting, in words written there.";
        return Err(Refusal::conflict("never-prepared", message).under(Some("7.2")).into());
    }
    let characters = prepared.summary.chars().count();
    if prepared.summary.trim().is_empty() || characters > LONGEST_SUMMARY {
        return Err(AppError::invalid("/summary", "Enter what happened, in at most 4,000 characters"));
    }
    let inner = app.clone();
    let kept = app.store.write(async move |tx| {
        let case = cases::load(tx, prepared.case).await?.ok_or(AppError::NotFound)?;
        let only_spoc = !officer.has_any(&[MAY_PREPARE[0], MAY_PREPARE[1], MAY_PREPARE[3], MAY_PREPARE[4]]);
        if only_spoc && case.spoc() != Some(officer.id) {
            return Err(AppError::NotFound);
        }
        if let Some(person) = case.person
            && case_facts::people_complaining_about(tx, officer.id).await?.contains(&person)
        {
            let message = "This person has complained about you, so you do not prepare this.";
            return Err(Refusal::forbidden("complained-about", message).under(Some("7.5")).into());
        }
        if case.state != ON_AGENDA {
            let message = "The case is not on the agenda of a meeting.";
            return Err(Refusal::conflict("not-on-agenda", message).under(Some("7.2")).into());
        }
        let row = Preparation {
            case_id: case.id.as_uuid(),
            summary: prepared.summary,
            outcome: prepared.outcome.map(|outcome| outcome.as_str().to_owned()),
            input: prepared.input,
            prepared_by: officer.id.as_uuid(),
            prepared_at: inner.now(),
        };
        Ok::<_, AppError>(agenda::prepare(tx, row).await?)
    });
    Ok(kept.await?)
}
