//! Moves the open cases of one version of a case type to the latest, as a migration file says: all of them, or none.
//!
//! The plan is the same function with and without the writing, so what was shown is what is done.

use super::act_on_case::due;
use super::pinned;
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::case::{self, Case, CaseEvent};
use crate::domain::ids::CaseId;
use crate::domain::workflow::{Migration, Workflow};
use crate::store::Tx;
use crate::store::cases;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a migration does, or would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MigrationPlan {
    pub workflow: String,
    pub from: u32,
    pub to: u32,
    pub reason: String,
    /// Whether it was done.
    pub migrated: bool,
    /// What is wrong with the file; nothing is done then.
    pub faults: Vec<String>,
    /// The open cases of the old version, oldest first.
    pub cases: Vec<PlannedCase>,
}

/// One case of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedCase {
    pub id: CaseId,
    pub from: String,
    pub to: String,
    /// Why it cannot be migrated; nothing is done then.
    pub refused: Option<String>,
}

impl MigrationPlan {
    /// Whether every case has a home.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty() && self.cases.iter().all(|case| case.refused.is_none())
    }
}

/// Whether to do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migrate {
    Show,
    Do,
}

/// Plans the migration of `key` between these versions and, where it is asked for and sound, does it.
///
/// # Errors
/// `Invalid` where there is no such migration file or `to` is not the latest version; what the store says.
pub async fn migrate_cases(
    app: &App,
    actor: &Actor,
    (key, from, to): (String, u32, u32),
    what: Migrate,
) -> Result<MigrationPlan, AppError> {
    let inner = (app.clone(), actor.clone());
    let planned = app.store.write(async move |tx: &Tx| {
        let (app, actor) = (&inner.0, &inner.1);
        Box::pin(in_transaction(app, tx, actor, (&key, from, to), what)).await
    });
    Ok(planned.await?)
}

async fn in_transaction(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (key, from, to): (&str, u32, u32),
    what: Migrate,
) -> Result<MigrationPlan, AppError> {
    let latest = pinned::newest(app, tx, key).await?;
    if latest.version != to {
        let message = format!("The latest version of {key} is {}; cases go on under no other.", latest.version);
        return Err(AppError::invalid("/to", message));
    }
    let missing = || AppError::invalid("/from", format!("There is no file migrations/{key}-{from}-{to}.yaml."));
    let migration = app.catalog.migration(key, from, to).ok_or_else(missing)?;
    let mut plan = MigrationPlan {
        workflow: key.to_owned(),
        from,
        to,
        reason: migration.reason.clone(),
        migrated: false,
        faults: Vec::new(),
        cases: Vec::new(),
    };
    let (mut events, mut faults) = (Vec::new(), BTreeSet::new());
    for id in cases::of_version(tx, key, from).await? {
        let Some(case) = cases::load(tx, id).await? else { continue };
        let old = pinned::workflow(app, tx, &case.content_hash).await?;
        if old.is_final(&case.state) {
            continue;
        }
        faults.extend(migration.faults(&old, &latest).into_iter().map(|fault| fault.to_string()));
        let moved = case::migrate(&case, migration, (&old, &latest), (actor, app.now()));
        plan.cases.push(planned(&case, migration, moved.as_ref().err().map(ToString::to_string)));
        events.extend(moved.ok().map(|event| (case, event)));
    }
    plan.faults = faults.into_iter().collect();
    if what == Migrate::Do && plan.is_sound() {
        for (case, event) in events {
            write(app, tx, &latest, (case, event)).await?;
        }
        plan.migrated = true;
    }
    Ok(plan)
}

fn planned(case: &Case, migration: &Migration, refused: Option<String>) -> PlannedCase {
    let (from, to) = (case.state.clone(), migration.home(&case.state).to_owned());
    PlannedCase { id: case.id, from, to, refused }
}

async fn write(
    app: &App,
    tx: &Tx,
    workflow: &Arc<Workflow>,
    (mut case, event): (Case, CaseEvent),
) -> Result<(), AppError> {
    case.apply(&event);
    let due = due(app, workflow, &case);
    Ok(cases::append(tx, &case, vec![(app.new_id(), event)], due).await?)
}
