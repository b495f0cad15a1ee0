//! The workflow a case is pinned to: today's definition if it is the same one, else the one kept when the case opened.

use crate::app::{App, AppError};
use crate::domain::workflow::{Bundle, StateKind, Workflow};
use crate::store::cases::{self, CaseRow};
use sea_orm::ConnectionTrait;
use std::sync::Arc;

/// The definition with this hash.
///
/// # Errors
/// `Broken` where the definition is not kept, or no longer reads as a workflow.
pub(super) async fn workflow(
    app: &App,
    db: &impl ConnectionTrait,
    content_hash: &str,
) -> Result<Arc<Workflow>, AppError> {
    if let Some(workflow) = app.catalog.pinned(content_hash) {
        return Ok(workflow);
    }
    let bundle = bundle(db, content_hash).await?;
    app.catalog.recall(&bundle).map_err(|faults| {
        let first = faults.into_iter().next().map(|fault| fault.message).unwrap_or_default();
        AppError::broken("reading a kept definition", first)
    })
}

/// Whether a case has not ended, by the definition at hand: the one it is pinned to, or today's.
pub(crate) fn is_open(app: &App, row: &CaseRow) -> bool {
    let workflow = app.catalog.pinned(&row.content_hash).or_else(|| app.catalog.latest(&row.workflow).cloned());
    let state = workflow.as_ref().and_then(|workflow| workflow.state(&row.state));
    state.is_none_or(|state| state.kind != StateKind::Final)
}

/// The text of the definition with this hash, with its forms and letters.
///
/// # Errors
/// `Broken` where it is not kept.
pub(super) async fn bundle(db: &impl ConnectionTrait, content_hash: &str) -> Result<Bundle, AppError> {
    let kept = cases::definition(db, content_hash).await?;
    let kept = kept.ok_or_else(|| AppError::broken("finding the definition a case is pinned to", "it is not kept"))?;
    serde_json::from_value(kept).map_err(|error| AppError::broken("reading a kept definition", error))
}

/// The newest definition of a case type, kept for the cases that will be pinned to it.
pub(super) async fn newest(app: &App, tx: &impl ConnectionTrait, key: &str) -> Result<Arc<Workflow>, AppError> {
    let (Some(workflow), Some(bundle)) = (app.catalog.latest(key), app.catalog.bundle(key)) else {
        return Err(AppError::invalid("/workflow", "There is no case type of this name."));
    };
    if cases::definition(tx, &workflow.content_hash).await?.is_none() {
        let bundle = serde_json::to_value(bundle).map_err(|error| AppError::broken("keeping a definition", error))?;
        let name = (workflow.content_hash.as_str(), workflow.key.as_str(), workflow.version);
        cases::keep_definition(tx, name, bundle, app.now()).await?;
    }
    Ok(Arc::clone(workflow))
}
