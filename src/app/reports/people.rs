//! Who stands for whom among the people of the cases a report is made from.

use crate::app::AppError;
use crate::domain::ids::PersonId;
use crate::store::cases::{self, CaseFilter, CaseRow};
use crate::store::people;
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, BTreeSet};

/// How many ids a statement names at most.
pub(super) const AT_ONCE: usize = 1_000;

/// All cases of these kinds about none of the `hidden` people, in order of opening.
pub(super) async fn cases_of(
    db: &impl ConnectionTrait,
    workflows: &[&str],
    hidden: &[PersonId],
) -> Result<Vec<CaseRow>, AppError> {
    let filter = CaseFilter {
        workflows: workflows.iter().map(|key| (*key).to_owned()).collect(),
        hidden_people: hidden.to_vec(),
        ..CaseFilter::default()
    };
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = cases::list(db, &filter, after, 500).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = Some(crate::domain::ids::Id::from_uuid(last.id));
        all.extend(page);
    }
}

/// The record that stands for each of these people.
pub(super) async fn roots(
    db: &impl ConnectionTrait,
    ids: BTreeSet<PersonId>,
) -> Result<BTreeMap<PersonId, PersonId>, AppError> {
    let ids: Vec<PersonId> = ids.into_iter().collect();
    let mut roots = BTreeMap::new();
    for some in ids.chunks(AT_ONCE) {
        roots.extend(people::roots(db, some).await?);
    }
    Ok(roots)
}

/// Every record of these people, by the one that stands for them; that one first.
pub(super) async fn records(
    db: &impl ConnectionTrait,
    roots: BTreeSet<PersonId>,
) -> Result<BTreeMap<PersonId, Vec<people::Person>>, AppError> {
    let roots: Vec<PersonId> = roots.into_iter().collect();
    let mut records: BTreeMap<PersonId, Vec<people::Person>> = BTreeMap::new();
    for some in roots.chunks(AT_ONCE) {
        for person in people::members(db, some).await? {
            records.entry(person.root()).or_default().push(person);
        }
    }
    for (root, of_person) in &mut records {
        of_person.sort_by_key(|record| record.id != *root);
    }
    Ok(records)
}
