//! A list of people as a file to take away: for a reason, and written down as an export of everybody in it.

use super::people_page::{ListedPerson, Listing, PeopleWanted};
use crate::app::{App, AppError, Shown, log_export, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::marking::Marking;

/// Who may take a list of people out of the product.
pub(super) const MAY_EXPORT: [Role; 5] =
    [Role::PsdStaff, Role::PsdSupervisor, Role::Chair, Role::Records, Role::Auditor];

/// A list that leaves the product.
#[derive(Clone, Debug)]
pub struct ExportedPeople {
    /// By reference.
    pub rows: Vec<ListedPerson>,
    pub marking: Marking,
}

/// Everybody the reader may see and asked for.
///
/// # Errors
/// `Refused`; `Invalid` without a reason, or for a search for too little.
pub async fn export_people(
    app: &App,
    actor: &Actor,
    wanted: &PeopleWanted,
    reason: &str,
) -> Result<ExportedPeople, AppError> {
    let officer = rights::officer_with(actor, &MAY_EXPORT)?;
    let reason = super::create_person::required("/reason", reason)?;
    let mut listing = Listing::gather(app, officer, wanted).await?;
    listing.count_contacts(app).await?;
    listing.narrow(wanted);
    listing.people.sort_by_cached_key(|person| (person.reference.to_lowercase(), person.id));
    let (rows, marking) = listing.rows(app).await?;
    let shown: Vec<Shown> = rows.iter().map(|row| Shown::itself(row.id.as_uuid())).collect();
    log_export(app, actor, ("person", &reason), &shown).await?;
    Ok(ExportedPeople { rows, marking })
}
