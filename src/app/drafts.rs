//! What an officer types into a form is kept every few seconds, theirs alone, until they send or discard it: lost to no
//! conflict, no time-out and no crash.

use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::ids::Id;
use crate::store::{drafts, officers};
use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

pub use crate::store::drafts::{Draft, Fields};

/// A form's fields together: forms are kilobytes.
const MOST_BYTES: usize = 512 * 1024;
/// Who saved later than this is writing now.
const WRITING: Duration = Duration::minutes(2);
/// How long a draft nobody touches is kept.
const KEPT_FOR: Duration = Duration::days(30);

/// Somebody else who is writing at the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    pub name: String,
    pub since: DateTime<Utc>,
}

/// Keeps what stands in the form at `place`.
///
/// # Errors
/// `named-person-required`; `Invalid` for more than half a megabyte.
pub async fn save_draft(app: &App, actor: &Actor, place: &str, fields: Fields) -> Result<DateTime<Utc>, AppError> {
    let officer = rights::liaison(actor)?.id;
    let bytes: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > MOST_BYTES || place.len() > 500 {
        return Err(AppError::invalid("", "This is more than a draft can hold"));
    }
    let now = app.now();
    let draft = Draft {
        officer: officer.as_uuid(),
        place: place.to_owned(),
        subject: subject_of(place),
        fields,
        began_at: now,
        saved_at: now,
    };
    let id = app.new_id::<()>().as_uuid();
    let saved = app.store.write(async move |tx| {
        drafts::save(tx, id, draft).await?;
        Ok::<_, AppError>(())
    });
    saved.await?;
    Ok(now)
}

/// What the officer typed at `place` and did not send.
///
/// # Errors
/// `named-person-required`.
pub async fn find_draft(app: &App, actor: &Actor, place: &str) -> Result<Option<Draft>, AppError> {
    let officer = rights::liaison(actor)?.id;
    Ok(drafts::find(app.store.reader(), officer, place).await?)
}

/// All of the officer's drafts, the latest first, at most 100.
///
/// # Errors
/// `named-person-required`.
pub async fn my_drafts(app: &App, actor: &Actor) -> Result<Vec<Draft>, AppError> {
    let officer = rights::liaison(actor)?.id;
    Ok(drafts::of_officer(app.store.reader(), officer, 100).await?)
}

/// # Errors
/// `named-person-required`.
pub async fn discard_draft(app: &App, actor: &Actor, place: &str) -> Result<(), AppError> {
    let (officer, place) = (rights::liaison(actor)?.id, place.to_owned());
    let gone = app.store.write(async move |tx| {
        drafts::discard(tx, officer, &place).await?;
        Ok::<_, AppError>(())
    });
    Ok(gone.await?)
}

/// Who else is writing at `place` now: nobody is locked out, everybody is told.
///
/// # Errors
/// `named-person-required`.
pub async fn others_writing(app: &App, actor: &Actor, place: &str) -> Result<Vec<Writer>, AppError> {
    let officer = rights::liaison(actor)?.id;
    let db = app.store.reader();
    let mut writers = Vec::new();
    for draft in drafts::of_others(db, officer, place, app.now() - WRITING).await? {
        if let Some(found) = officers::find(db, Id::from_uuid(draft.officer)).await? {
            writers.push(Writer { name: found.officer.display_name, since: draft.began_at });
        }
    }
    Ok(writers)
}

/// Forgets drafts that nobody touched for a month.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_old_drafts(app: &App) -> Result<(), AppError> {
    let before = app.now() - KEPT_FOR;
    let forgotten = app.store.write(async move |tx| {
        drafts::forget(tx, before).await?;
        Ok::<_, AppError>(())
    });
    Ok(forgotten.await?)
}

/// The first id in the path of a form is what it is about.
fn subject_of(place: &str) -> Option<Uuid> {
    place.split(['/', '?', '=', '&']).find_map(|part| part.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_about_the_first_thing_its_path_names() {
        let id = "0190d3a0-0000-7000-8000-000000000001";
        assert_eq!(subject_of(&format!("/cases/{id}/actions/triage")), id.parse().ok());
        assert_eq!(subject_of(&format!("/contacts/new?person={id}")), id.parse().ok());
        assert_eq!(subject_of("/people/new"), None);
    }
}
