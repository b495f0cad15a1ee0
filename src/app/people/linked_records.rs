//! Records that turned out to be the same person, and people who share an address or a number with them: a lead for who may
//! be the same, and nothing more.

use super::hidden::may_see;
use super::read_people::{MAY_READ_PEOPLE, hidden};
use crate::app::{App, AppError, Shown, log_search, officer_names, rights};
use crate::domain::access::Actor;
use crate::domain::ids::{MergeId, PersonId};
use crate::domain::person::IdentifierKind;
use crate::store::identifiers;
use crate::store::people::{self, Person};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What the record of a person is linked to.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Linked {
    pub merges: Vec<MergedRecord>,
    pub sharing: Vec<Sharing>,
}

/// A merge by which a record became part of this person, reversed or not.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MergedRecord {
    pub id: MergeId,
    #[serde(skip)]
    between: [PersonId; 2],
    pub kept_reference: String,
    pub kept_name: String,
    pub merged_reference: String,
    pub merged_name: String,
    pub reason: String,
    pub merged_by: String,
    pub merged_at: DateTime<Utc>,
    pub reversed_at: Option<DateTime<Utc>>,
}

/// Somebody else who holds an identifier that this person holds too.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sharing {
    pub person_id: PersonId,
    pub reference: String,
    pub full_name: String,
    /// What both hold, as kinds: `email`, `telephone`.
    pub kinds: BTreeSet<&'static str>,
}

/// Kinds by which several people are worth comparing; a name alone says nothing.
const TELLING: [IdentifierKind; 4] =
    [IdentifierKind::Email, IdentifierKind::Telephone, IdentifierKind::Address, IdentifierKind::Handle];

/// # Errors
/// `Refused`; `NotFound`.
pub async fn linked_records(app: &App, actor: &Actor, person: PersonId) -> Result<Linked, AppError> {
    rights::officer_with(actor, &MAY_READ_PEOPLE)?;
    let db = app.store.reader();
    let root = people::root(db, person).await?.ok_or(AppError::NotFound)?;
    may_see(db, actor, Some(root)).await?;
    let members: Vec<PersonId> = people::members(db, &[root]).await?.iter().map(|member| member.id).collect();
    let sharing = sharing(app, actor, db, &members).await?;
    let shown: Vec<Shown> = sharing.iter().map(|other| Shown::itself(other.person_id.as_uuid())).collect();
    if !shown.is_empty() {
        log_search(app, actor, "person", &shown).await?;
    }
    let hidden = hidden(app, actor).await?;
    let mut merges = merges(app, db, &members).await?;
    merges.retain(|merge| !merge.between.iter().any(|person| hidden.contains(person)));
    Ok(Linked { merges, sharing })
}

async fn merges(app: &App, db: &impl ConnectionTrait, members: &[PersonId]) -> Result<Vec<MergedRecord>, AppError> {
    let merges = people::merges_of(db, members).await?;
    if merges.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<PersonId> = merges.iter().flat_map(|merge| [merge.kept, merge.merged]).collect();
    let found = people::with_ids(db, &ids, u64::from(u32::MAX)).await?;
    let records: BTreeMap<PersonId, Person> = found.into_iter().map(|record| (record.id, record)).collect();
    let by: Vec<_> = merges.iter().map(|merge| merge.merged_by.as_uuid()).collect();
    let names = officer_names(app, &by).await?;
    let merged = |merge: people::Merge| {
        let (kept, merged) = (records.get(&merge.kept)?, records.get(&merge.merged)?);
        Some(MergedRecord {
            id: merge.id,
            between: [merge.kept, merge.merged],
            kept_reference: kept.reference.clone(),
            kept_name: kept.full_name.clone(),
            merged_reference: merged.reference.clone(),
            merged_name: merged.full_name.clone(),
            reason: merge.reason,
            merged_by: names.get(&merge.merged_by.as_uuid()).cloned().unwrap_or_default(),
            merged_at: merge.merged_at,
            reversed_at: merge.reversed_at,
        })
    };
    Ok(merges.into_iter().filter_map(merged).collect())
}

async fn sharing(
    app: &App,
    actor: &Actor,
    db: &impl ConnectionTrait,
    members: &[PersonId],
) -> Result<Vec<Sharing>, AppError> {
    let held = identifiers::of_people(db, members).await?;
    let mut others: BTreeMap<PersonId, BTreeSet<&'static str>> = BTreeMap::new();
    for kind in TELLING {
        let of_kind = held.iter().filter(|held| held.kind == kind && held.ended_at.is_none());
        let values: Vec<String> = of_kind.map(|held| held.value.clone()).collect();
        for holder in identifiers::holders(db, kind, &values).await?.into_values().flatten() {
            if !members.contains(&holder.record) && !members.contains(&holder.person) {
                others.entry(holder.person).or_default().insert(kind.as_str());
            }
        }
    }
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let hidden = hidden(app, actor).await?;
    others.retain(|person, _| !hidden.contains(person));
    let ids: Vec<PersonId> = others.keys().copied().collect();
    let found = people::with_ids(db, &ids, 50).await?;
    let other = |person: Person| Sharing {
        kinds: others.get(&person.id).cloned().unwrap_or_default(),
        person_id: person.id,
        reference: person.reference,
        full_name: person.full_name,
    };
    Ok(found.into_iter().map(other).collect())
}
