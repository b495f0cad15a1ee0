//! What a version of a text says differently from the one before it: for whoever signs, reviews or reads it.

use super::pinned;
use super::seeing::{self, Sight};
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::{Actor, Officer};
use crate::domain::case::{Case, Difference, content, differences};
use crate::domain::ids::CaseId;
use crate::domain::marking::Marking;
use sea_orm::ConnectionTrait;

/// Two versions, and where they differ.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub earlier: CaseId,
    pub later: CaseId,
    /// The higher of theirs.
    pub marking: Marking,
    pub differences: Vec<Difference>,
}

/// The version compared with another one of the same person: the one given, or the one it supersedes. Reading both is
/// logged.
///
/// # Errors
/// `named-person-required`; `NotFound` where the officer does not see the whole of either; invalid where the case type
/// has no signed text, or nothing is there to compare with.
pub async fn compare_versions(
    app: &App,
    actor: &Actor,
    later: CaseId,
    earlier: Option<CaseId>,
) -> Result<Comparison, AppError> {
    let officer = rights::named_person(actor)?;
    let db = app.store.reader();
    let new = whole(app, db, officer, later).await?;
    let superseded = new.data.get("supersedes").and_then(|id| id.as_str()?.parse().ok());
    let nothing = || AppError::invalid("/with", "This version supersedes no other; name the one to compare it with.");
    let old = whole(app, db, officer, earlier.or(superseded).ok_or_else(nothing)?).await?;
    if old.workflow != new.workflow || old.person != new.person {
        return Err(AppError::invalid(
            "/with",
            "That is no version of the same text: another case type, or another person.",
        ));
    }
    let differences = differences(&text(app, db, &old).await?, &text(app, db, &new).await?);
    for case in [&old, &new] {
        log_reading(app, actor, "case", Some(case.id.as_uuid())).await?;
    }
    let marking = app.shown_with(old.marking.with([new.marking]));
    Ok(Comparison { earlier: old.id, later: new.id, marking, differences })
}

async fn whole(app: &App, db: &impl ConnectionTrait, officer: &Officer, id: CaseId) -> Result<Case, AppError> {
    let seen = seeing::visible(app, db, officer, id).await?;
    if seen.sight == Sight::Full { Ok(seen.case) } else { Err(AppError::NotFound) }
}

async fn text(app: &App, db: &impl ConnectionTrait, case: &Case) -> Result<serde_json::Value, AppError> {
    let workflow = pinned::workflow(app, db, &case.content_hash).await?;
    content(&workflow, &case.data)
        .ok_or_else(|| AppError::invalid("/id", "Cases of this type have no text that is signed."))
}
