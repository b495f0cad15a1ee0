//! Reasons to put people on the meeting's list, by hand or by rule.

use super::people::uuids;
use super::{StoreError, json_without_nul, without_nul};
use crate::domain::access::ActorRef;
use crate::domain::ids::{CallerId, CaseId, Id, NominationId, OfficerId, PersonId};
use crate::domain::nomination::Hit;
use chrono::{DateTime, Utc};
use entities::nominations::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq)]
pub struct Nomination {
    pub id: NominationId,
    /// `None`: not known yet who it is about.
    pub person: Option<PersonId>,
    /// Who calls, where a rule counts callers.
    pub caller: Option<CallerId>,
    pub source: Source,
    pub reason: String,
    /// What the reader needs to judge: counts and windows of a rule, behaviour and demand of a person's.
    pub detail: Value,
    pub by: ActorRef,
    pub at: DateTime<Utc>,
    /// The case opened for it.
    pub case: Option<CaseId>,
    /// Since when what it rested on is withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Manual,
    Rule { rule: String, version: String },
}

pub async fn insert_many(db: &impl ConnectionTrait, nominations: &[Nomination]) -> Result<(), StoreError> {
    if nominations.is_empty() {
        return Ok(());
    }
    Entity::insert_many(nominations.iter().map(write)).exec_without_returning(db).await?;
    Ok(())
}

/// A time somebody reached a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    pub nomination: NominationId,
    pub person: PersonId,
    pub rule: String,
    pub hit: Hit,
    pub case: Option<CaseId>,
}

/// Every time each of these people reached a rule about people, but for what was withdrawn, in order.
pub async fn hits_of_people(db: &impl ConnectionTrait, people: &[PersonId]) -> Result<Vec<Reached>, StoreError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let by_rule = Entity::find().filter(Column::PersonId.is_in(uuids(people))).filter(Column::Source.eq("rule"));
    let standing = by_rule.filter(Column::CallerId.is_null()).filter(Column::WithdrawnAt.is_null());
    let mut hits = Vec::new();
    for row in standing.order_by_asc(Column::At).all(db).await? {
        let nomination = read(row)?;
        let (Some(person), Source::Rule { rule, .. }) = (nomination.person, nomination.source) else { continue };
        let hit: Hit = serde_json::from_value(nomination.detail)
            .map_err(|_unreadable| StoreError::Corrupt { what: "the reason of a nomination" })?;
        hits.push(Reached { nomination: nomination.id, person, rule, hit, case: nomination.case });
    }
    Ok(hits)
}

/// Every time each of these callers reached each rule, but for what was withdrawn.
pub async fn hits_of_callers(
    db: &impl ConnectionTrait,
    callers: &[CallerId],
) -> Result<HashMap<(CallerId, String), Vec<(NominationId, Hit)>>, StoreError> {
    let mut hits: HashMap<_, Vec<_>> = HashMap::new();
    if callers.is_empty() {
        return Ok(hits);
    }
    let standing = Entity::find().filter(Column::CallerId.is_in(uuids(callers))).filter(Column::WithdrawnAt.is_null());
    for row in standing.order_by_asc(Column::Id).all(db).await? {
        let nomination = read(row)?;
        let (Some(caller), Source::Rule { rule, .. }) = (nomination.caller, nomination.source) else { continue };
        let hit: Hit = serde_json::from_value(nomination.detail)
            .map_err(|_unreadable| StoreError::Corrupt { what: "the reason of a nomination" })?;
        hits.entry((caller, rule)).or_default().push((nomination.id, hit));
    }
    Ok(hits)
}

/// What these rested on is withdrawn.
pub async fn withdraw(db: &impl ConnectionTrait, ids: &[NominationId], at: DateTime<Utc>) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let change = ActiveModel { withdrawn_at: Set(Some(at)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.is_in(uuids(ids))).exec(db).await?;
    Ok(())
}

/// Nominations of callers, newest first, after `after`; the withdrawn ones too.
pub async fn of_callers(
    db: &impl ConnectionTrait,
    after: Option<NominationId>,
    most: u64,
) -> Result<Vec<Nomination>, StoreError> {
    let mut query = Entity::find().filter(Column::CallerId.is_not_null()).order_by_desc(Column::Id).limit(most);
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.as_uuid()));
    }
    query.all(db).await?.into_iter().map(read).collect()
}

/// Which nominations a list shows; an empty filter shows everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub by: Option<OfficerId>,
    /// About none of these people.
    pub not_of: Vec<PersonId>,
}

/// Of people, and of those nobody knows yet; newest first, after `after`. Nominations of callers have a list of their own.
pub async fn list(
    db: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<NominationId>,
    most: u64,
) -> Result<Vec<Nomination>, StoreError> {
    let mut query = Entity::find().filter(Column::CallerId.is_null()).order_by_desc(Column::Id).limit(most);
    if let Some(officer) = filter.by {
        // `{"officer":"<id>"}`, as text on either database.
        let by = Expr::col(Column::By).cast_as("TEXT");
        query = query.filter(by.like(format!("%{officer}%")));
    }
    if !filter.not_of.is_empty() {
        let others =
            Condition::any().add(Column::PersonId.is_null()).add(Column::PersonId.is_not_in(uuids(&filter.not_of)));
        query = query.filter(others);
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.as_uuid()));
    }
    query.all(db).await?.into_iter().map(read).collect()
}

/// The cases that these nominations went to; one that went to none is left out.
pub async fn cases_of(
    db: &impl ConnectionTrait,
    nominations: &[NominationId],
) -> Result<HashMap<NominationId, CaseId>, StoreError> {
    if nominations.is_empty() {
        return Ok(HashMap::new());
    }
    let of_these = Entity::find().filter(Column::Id.is_in(nominations.iter().map(|id| id.as_uuid())));
    let rows: Vec<(Uuid, Option<Uuid>)> =
        of_these.select_only().columns([Column::Id, Column::CaseId]).into_tuple().all(db).await?;
    let known = |(id, case): (Uuid, Option<Uuid>)| Some((Id::from_uuid(id), Id::from_uuid(case?)));
    Ok(rows.into_iter().filter_map(known).collect())
}

/// It is known now whom the nominations of this case are about.
pub async fn set_person(db: &impl ConnectionTrait, case: CaseId, person: PersonId) -> Result<(), StoreError> {
    let change = ActiveModel { person_id: Set(Some(person.as_uuid())), ..Default::default() };
    let unresolved = Entity::update_many().filter(Column::CaseId.eq(case.as_uuid())).filter(Column::PersonId.is_null());
    unresolved.set(change).exec(db).await?;
    Ok(())
}

/// Remembers the case that was opened for it.
pub async fn set_case(db: &impl ConnectionTrait, id: NominationId, case: CaseId) -> Result<(), StoreError> {
    let change = ActiveModel { case_id: Set(Some(case.as_uuid())), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id.as_uuid())).exec(db).await?;
    Ok(())
}

pub(super) fn read(row: Model) -> Result<Nomination, StoreError> {
    let source = match (row.source.as_str(), row.rule) {
        ("manual", None | Some(_)) => Source::Manual,
        ("rule", Some(rule)) => Source::Rule { rule, version: row.rule_version.unwrap_or_default() },
        (_, None | Some(_)) => return Err(StoreError::Corrupt { what: "the source of a nomination" }),
    };
    Ok(Nomination {
        id: Id::from_uuid(row.id),
        person: row.person_id.map(Id::from_uuid),
        caller: row.caller_id.map(Id::from_uuid),
        source,
        reason: row.reason,
        detail: row.detail,
        by: serde_json::from_value(row.by).map_err(|_unreadable| StoreError::Corrupt { what: "who nominated" })?,
        at: row.at,
        case: row.case_id.map(Id::from_uuid),
        withdrawn_at: row.withdrawn_at,
    })
}

fn write(nomination: &Nomination) -> ActiveModel {
    let (source, rule, version) = match &nomination.source {
        Source::Manual => ("manual", None, None),
        Source::Rule { rule, version } => ("rule", Some(rule.clone()), Some(version.clone())),
    };
    ActiveModel {
        id: Set(nomination.id.as_uuid()),
        person_id: Set(nomination.person.map(PersonId::as_uuid)),
        caller_id: Set(nomination.caller.map(CallerId::as_uuid)),
        source: Set(source.to_owned()),
        rule: Set(rule),
        rule_version: Set(version),
        reason: Set(without_nul(nomination.reason.clone())),
        detail: Set(json_without_nul(nomination.detail.clone())),
        by: Set(json!(nomination.by)),
        at: Set(nomination.at),
        case_id: Set(nomination.case.map(CaseId::as_uuid)),
        withdrawn_at: Set(nomination.withdrawn_at),
    }
}
