//! Somebody says before an item that they have an interest in it, and leaves: it is minuted, and an officer who signs in here
//! sees nothing of the item from then on.

use super::meeting::{READERS, keep};
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::MeetingId;
use crate::store::agenda::{self, Interest};
use crate::store::meetings;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// Whose interest it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of whoever says so.
    Mine,
    /// Of somebody at the table, by name.
    Of(String),
}

/// A declared interest as the minutes show it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeclaredInterest)]
pub struct InterestView {
    /// Who left.
    pub name: String,
    pub reason: String,
}

/// Notes it.
///
/// # Errors
/// `wrong-role`; `NotFound`; `meeting-closed`; `Invalid` without a name or a reason.
pub async fn declare_interest(
    app: &App,
    actor: &Actor,
    (meeting, n): (MeetingId, i32),
    whose: Whose,
    reason: String,
) -> Result<(), AppError> {
    let officer = rights::officer_with(actor, &READERS)?.clone();
    if reason.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Enter what the interest is"));
    }
    let (name, officer_id) = match whose {
        Whose::Mine => (officer.display_name.clone(), Some(officer.id.as_uuid())),
        Whose::Of(name) if name.trim().is_empty() => {
            return Err(AppError::invalid("/name", "Enter who has the interest"));
        }
        Whose::Of(name) => (name.trim().to_owned(), None),
    };
    let (inner, actor) = (app.clone(), actor.clone());
    let noted = app.store.write(async move |tx| {
        let row = meetings::find(tx, meeting).await?.ok_or(AppError::NotFound)?;
        if row.state == "closed" {
            let message = "The meeting is closed; its minutes are final.";
            return Err(Refusal::conflict("meeting-closed", message).under(Some("7.2")).into());
        }
        let item = meetings::item(tx, meeting, n).await?.ok_or(AppError::NotFound)?;
        let interest = Interest {
            id: inner.new_id::<()>().as_uuid(),
            meeting_id: row.id,
            case_id: item.case_id,
            officer_id,
            name,
            reason: reason.trim().to_owned(),
            declared_by: officer.id.as_uuid(),
            declared_at: inner.now(),
        };
        let what = json!({ "n": n, "caseId": item.case_id, "interest": interest.id });
        agenda::declare(tx, interest).await?;
        keep(&inner, tx, &actor, row, ("interest_declared", what)).await?;
        Ok::<_, AppError>(())
    });
    Ok(noted.await?)
}

/// What was declared about one case.
pub(super) fn about(interests: &[Interest], case: Uuid) -> Vec<InterestView> {
    let theirs = interests.iter().filter(|interest| interest.case_id == case);
    theirs.map(|interest| InterestView { name: interest.name.clone(), reason: interest.reason.clone() }).collect()
}
