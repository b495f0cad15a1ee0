//! What a decision on a case may look at beyond the case: the person, the actor's delegations, the strategies in force.

use crate::domain::case::Delegation;
use crate::domain::ids::{OfficerId, PersonId};
use crate::domain::person::{Confidence, HolderRole, IdentifierKind};
use crate::domain::workflow::scope::PersonFacts;
use crate::store::identifiers::Identifier;
use crate::store::page::once;
use crate::store::{
    StoreError, adjustments, complaints_about as about_officers, identifiers, people as on_file, strategies,
};
use chrono::NaiveDate;
use entities::{
    call_records, caller_markers, cases, complaints_about, contacts, delegations, nominations, officers, outgoing,
    people,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is known of a person, over everybody who was merged with them.
pub async fn person(
    db: &impl ConnectionTrait,
    id: PersonId,
    today: NaiveDate,
) -> Result<Option<PersonFacts>, StoreError> {
    let Some(root) = on_file::root(db, id).await? else { return Ok(None) };
    let mut group = on_file::members(db, &[root]).await?;
    group.sort_by_key(|person| person.id != root);
    let ids: Vec<PersonId> = group.iter().map(|person| person.id).collect();
    let adjustments = adjustments::of_people(db, &ids).await?;
    let strategies = strategies::of_people(db, &[root]).await?;
    let held = identifiers::of_people(db, &ids).await?;
    Ok(Some(PersonFacts {
        known: true,
        date_of_birth: group.iter().find_map(|person| person.date_of_birth),
        complained_about: about_officers::of_people(db, &ids).await?.iter().map(|about| about.officer).collect(),
        targeted_victim: group.iter().any(|person| person.targeted_victim),
        adjustments_in_force: count(adjustments.iter().filter(|adjustment| adjustment.in_force(today))),
        strategies_in_force: count(strategies.iter().filter(|(_, strategy)| strategy.terms.lifted_at.is_none())),
        confirmed_addresses: confirmed(&held, &[IdentifierKind::Email]),
        confirmed_postal: confirmed(&held, &[IdentifierKind::Address, IdentifierKind::Postcode]),
    }))
}

fn count<T>(of: impl Iterator<Item = T>) -> i64 {
    i64::try_from(of.count()).unwrap_or(i64::MAX)
}

/// What is confirmed as these people's own now, normalised.
fn confirmed(held: &[Identifier], kinds: &[IdentifierKind]) -> Vec<String> {
    let own = held.iter().filter(|held| {
        kinds.contains(&held.kind)
            && held.role == HolderRole::Own
            && held.confidence == Confidence::Confirmed
            && held.ended_at.is_none()
    });
    let addresses: BTreeSet<&str> = own.map(|held| held.value.as_str()).collect();
    addresses.into_iter().map(str::to_owned).collect()
}

/// Every delegation an officer was ever given, valid or not.
pub async fn delegations(db: &impl ConnectionTrait, officer: OfficerId) -> Result<Vec<Delegation>, StoreError> {
    let rows = delegations::Entity::find().filter(delegations::Column::OfficerId.eq(officer.as_uuid()));
    let delegation = |row: delegations::Model| Delegation {
        workflow: row.workflow,
        from: row.from_date,
        to: row.to_date,
        revoked_at: row.revoked_at,
    };
    let ask = async { Ok(rows.all(db).await?.into_iter().map(delegation).collect()) };
    once("case_facts::delegations", vec![officer.as_uuid()], ask).await
}

/// Those of these officers who may sign in.
pub async fn active(db: &impl ConnectionTrait, ids: &[OfficerId]) -> Result<BTreeSet<OfficerId>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let active = officers::Entity::find().filter(officers::Column::Id.is_in(ids.iter().map(|id| id.as_uuid())));
    let ids: Vec<Uuid> = active
        .filter(officers::Column::Active.eq(true))
        .select_only()
        .column(officers::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(OfficerId::from_uuid).collect())
}

/// Who, after merges, complained about which of these officers.
pub async fn complaints(
    db: &impl ConnectionTrait,
    about: &[OfficerId],
) -> Result<BTreeSet<(PersonId, OfficerId)>, StoreError> {
    if about.is_empty() {
        return Ok(BTreeSet::new());
    }
    let person = complaints_about::Entity::belongs_to(people::Entity)
        .from(complaints_about::Column::PersonId)
        .to(people::Column::Id)
        .into();
    let rows: Vec<(Uuid, Option<Uuid>, Uuid)> = complaints_about::Entity::find()
        .select_only()
        .column(complaints_about::Column::PersonId)
        .column(people::Column::MergedInto)
        .column(complaints_about::Column::OfficerId)
        .join(JoinType::InnerJoin, person)
        .filter(complaints_about::Column::OfficerId.is_in(about.iter().map(|id| id.as_uuid())))
        .into_tuple()
        .all(db)
        .await?;
    let pair = |(person, kept, officer): (Uuid, Option<Uuid>, Uuid)| {
        (PersonId::from_uuid(kept.unwrap_or(person)), OfficerId::from_uuid(officer))
    };
    Ok(rows.into_iter().map(pair).collect())
}

/// People who complained about this officer, who therefore neither sees nor decides their cases.
pub async fn people_complaining_about(
    db: &impl ConnectionTrait,
    officer: OfficerId,
) -> Result<Vec<PersonId>, StoreError> {
    once("case_facts::people_complaining_about", vec![officer.as_uuid()], complaining_about(db, officer)).await
}

async fn complaining_about(db: &impl ConnectionTrait, officer: OfficerId) -> Result<Vec<PersonId>, StoreError> {
    let rows = complaints_about::Entity::find().filter(complaints_about::Column::OfficerId.eq(officer.as_uuid()));
    let direct: Vec<Uuid> = rows.select_only().column(complaints_about::Column::PersonId).into_tuple().all(db).await?;
    if direct.is_empty() {
        return Ok(Vec::new());
    }
    let named = people::Entity::find().filter(people::Column::Id.is_in(direct)).all(db).await?;
    let roots: Vec<Uuid> = named.iter().map(|row| row.merged_into.unwrap_or(row.id)).collect();
    let same =
        Condition::any().add(people::Column::Id.is_in(roots.clone())).add(people::Column::MergedInto.is_in(roots));
    let everybody = people::Entity::find().filter(same).all(db).await?;
    Ok(everybody.into_iter().map(|row| PersonId::from_uuid(row.id)).collect())
}

/// Those of these people, cases, contacts, mails, nominations, records of calls and markers that are about somebody who
/// complained about the officer.
pub async fn hidden_subjects(
    db: &impl ConnectionTrait,
    officer: OfficerId,
    subjects: &[Uuid],
) -> Result<BTreeSet<Uuid>, StoreError> {
    let people: Vec<Uuid> =
        people_complaining_about(db, officer).await?.iter().map(|person| person.as_uuid()).collect();
    if people.is_empty() || subjects.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut hidden: BTreeSet<Uuid> = people.iter().copied().collect();
    hidden.extend(about::<cases::Entity>((cases::Column::Id, cases::Column::PersonId), db, subjects, &people).await?);
    let of_contacts = (contacts::Column::Id, contacts::Column::PersonId);
    hidden.extend(about::<contacts::Entity>(of_contacts, db, subjects, &people).await?);
    let of_mails = (contacts::Column::MailId, contacts::Column::PersonId);
    hidden.extend(about::<contacts::Entity>(of_mails, db, subjects, &people).await?);
    let of_nominations = (nominations::Column::Id, nominations::Column::PersonId);
    hidden.extend(about::<nominations::Entity>(of_nominations, db, subjects, &people).await?);
    let of_outgoing = (outgoing::Column::Id, outgoing::Column::PersonId);
    hidden.extend(about::<outgoing::Entity>(of_outgoing, db, subjects, &people).await?);
    let of_calls = (call_records::Column::Id, call_records::Column::PersonId);
    hidden.extend(about::<call_records::Entity>(of_calls, db, subjects, &people).await?);
    let of_markers = (caller_markers::Column::Id, caller_markers::Column::PersonId);
    hidden.extend(about::<caller_markers::Entity>(of_markers, db, subjects, &people).await?);
    Ok(hidden)
}

async fn about<E: EntityTrait>(
    (id, person): (E::Column, E::Column),
    db: &impl ConnectionTrait,
    subjects: &[Uuid],
    people: &[Uuid],
) -> Result<Vec<Uuid>, StoreError> {
    let named = E::find().filter(id.is_in(subjects.to_vec())).filter(person.is_in(people.to_vec()));
    Ok(named.select_only().column(id).into_tuple().all(db).await?)
}
