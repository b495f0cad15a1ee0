//! What a decision on a case may look at beyond the case: the person, the actor's delegations, the strategies in force.

use crate::domain::case::Delegation;
use crate::domain::ids::{OfficerId, PersonId};
use crate::domain::person::IdentifierKind;
use crate::domain::workflow::scope::PersonFacts;
use crate::store::StoreError;
use chrono::NaiveDate;
use entities::{
    adjustments, cases, complaints_about, contacts, delegations, identifiers, nominations, officers, outgoing, people,
    strategies_in_force,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QuerySelect,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is known of a person, over everybody who was merged with them.
pub async fn person(
    db: &impl ConnectionTrait,
    id: PersonId,
    today: NaiveDate,
) -> Result<Option<PersonFacts>, StoreError> {
    let Some(group) = group(db, id).await? else { return Ok(None) };
    let ids: Vec<Uuid> = group.iter().map(|row| row.id).collect();
    Ok(Some(PersonFacts {
        known: true,
        date_of_birth: group.iter().find_map(|row| row.date_of_birth),
        complained_about: complained_about(db, &ids).await?,
        targeted_victim: group.iter().any(|row| row.targeted_victim),
        adjustments_in_force: adjustments_in_force(db, &ids, today).await?,
        strategies_in_force: strategies_in_force(db, &ids).await?,
        confirmed_addresses: confirmed(db, &ids, &[IdentifierKind::Email]).await?,
        confirmed_postal: confirmed(db, &ids, &[IdentifierKind::Address, IdentifierKind::Postcode]).await?,
    }))
}

/// The person a row stands for, and everybody merged into them; the root first.
async fn group(db: &impl ConnectionTrait, id: PersonId) -> Result<Option<Vec<people::Model>>, StoreError> {
    let Some(row) = people::Entity::find_by_id(id.as_uuid()).one(db).await? else { return Ok(None) };
    let root = row.merged_into.unwrap_or(row.id);
    let same = Condition::any().add(people::Column::Id.eq(root)).add(people::Column::MergedInto.eq(root));
    let mut rows = people::Entity::find().filter(same).all(db).await?;
    rows.sort_by_key(|row| row.id != root);
    Ok(Some(rows))
}

async fn complained_about(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<OfficerId>, StoreError> {
    let rows = complaints_about::Entity::find().filter(complaints_about::Column::PersonId.is_in(ids.to_vec()));
    let officers: Vec<Uuid> =
        rows.select_only().column(complaints_about::Column::OfficerId).into_tuple().all(db).await?;
    Ok(officers.into_iter().map(OfficerId::from_uuid).collect())
}

async fn adjustments_in_force(db: &impl ConnectionTrait, ids: &[Uuid], today: NaiveDate) -> Result<i64, StoreError> {
    use adjustments::Column as C;
    let open = Condition::any().add(C::EndedOn.is_null()).add(C::EndedOn.gt(today));
    let count = adjustments::Entity::find()
        .filter(C::PersonId.is_in(ids.to_vec()))
        .filter(C::Since.lte(today))
        .filter(open)
        .count(db)
        .await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

async fn strategies_in_force(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<i64, StoreError> {
    use strategies_in_force::Column as C;
    let live =
        strategies_in_force::Entity::find().filter(C::PersonId.is_in(ids.to_vec())).filter(C::LiftedAt.is_null());
    Ok(i64::try_from(live.count(db).await?).unwrap_or(i64::MAX))
}

/// What is confirmed as these people's own now, normalised.
async fn confirmed(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
    kinds: &[IdentifierKind],
) -> Result<Vec<String>, StoreError> {
    use identifiers::Column as C;
    let own = identifiers::Entity::find()
        .filter(C::PersonId.is_in(ids.to_vec()))
        .filter(C::Kind.is_in(kinds.iter().map(|kind| kind.as_str())))
        .filter(C::Role.eq("self"))
        .filter(C::Confidence.eq("confirmed"))
        .filter(C::EndedAt.is_null())
        .all(db)
        .await?;
    let mut addresses: Vec<String> = own.into_iter().map(|row| row.value).collect();
    addresses.sort();
    addresses.dedup();
    Ok(addresses)
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
    Ok(rows.all(db).await?.into_iter().map(delegation).collect())
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

/// Those of these people, cases, contacts, mails and nominations that are about somebody who complained about the officer.
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
