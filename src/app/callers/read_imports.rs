//! Imports as those read them who made them: how far, with which faults.

use super::MAY_IMPORT;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::ids::CallImportId;
use crate::store::call_imports::{self, CallImport, ImportFault};
use std::collections::BTreeSet;

/// Who reads how imports went: the health of identification is no secret of the coordinator's.
pub const MAY_READ_IMPORTS: [Role; 7] =
    [Role::Coordinator, Role::Ccr, Role::Admin, Role::Csu, Role::Opt, Role::Snt, Role::Auditor];

/// The systems that there is a profile of: from each of them files are expected.
pub(crate) fn profiled_systems(app: &App) -> BTreeSet<String> {
    app.catalog.import_profiles().iter().map(|profile| profile.system.as_str().to_owned()).collect()
}

/// Newest first, after `after`.
///
/// # Errors
/// `Refused`.
pub async fn list_imports(
    app: &App,
    actor: &Actor,
    after: Option<CallImportId>,
    most: u64,
) -> Result<Vec<CallImport>, AppError> {
    rights::software_or_officer(actor, &MAY_READ_IMPORTS)?;
    Ok(call_imports::list(app.store.reader(), after, most).await?)
}

/// # Errors
/// `Refused`; `NotFound`.
pub async fn find_import(app: &App, actor: &Actor, id: CallImportId) -> Result<CallImport, AppError> {
    rights::software_or_officer(actor, &MAY_READ_IMPORTS)?;
    call_imports::find(app.store.reader(), id).await?.ok_or(AppError::NotFound)
}

/// What is wrong with rows that were not taken, in the order of the file; with each row as it came, which is personal
/// data: the look is logged.
///
/// # Errors
/// `Refused`; `NotFound`.
pub async fn faults_of_import(
    app: &App,
    actor: &Actor,
    id: CallImportId,
    (after_row, most): (u64, u64),
) -> Result<Vec<ImportFault>, AppError> {
    rights::software_or_officer(actor, &MAY_IMPORT)?;
    find_import(app, actor, id).await?;
    let faults = call_imports::faults(app.store.reader(), id, after_row, most).await?;
    crate::app::log_list(app, actor, "call_import", &[]).await?;
    Ok(faults)
}
