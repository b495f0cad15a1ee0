//! Nominations of callers, and which of them somebody looked at and left.

use super::cases::CaseRow;
use super::nominations::{Nomination, read};
use super::{StoreError, without_nul};
use crate::domain::ids::{CallerId, CaseId, Id, NominationId, OfficerId, PersonId};
use crate::store::people::uuids;
use chrono::{DateTime, Utc};
use entities::{callers, cases, nomination_looks, nominations};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Somebody looked at a nomination and left it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub reason: String,
    pub by: OfficerId,
    pub at: DateTime<Utc>,
}

/// Whose nominations a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Neither taken up nor left, and not withdrawn.
    Waiting,
    /// Taken up or left, whatever became of what they rested on.
    LookedAt,
    All,
}

pub async fn find(db: &impl ConnectionTrait, id: NominationId) -> Result<Option<Nomination>, StoreError> {
    let row = nominations::Entity::find_by_id(id.as_uuid()).one(db).await?;
    row.filter(|row| row.caller_id.is_some()).map(read).transpose()
}

/// Whether it is one that somebody has still to look at: not taken up, left or withdrawn.
pub async fn is_waiting(db: &impl ConnectionTrait, id: NominationId) -> Result<bool, StoreError> {
    let waiting = nominations::Entity::find_by_id(id.as_uuid()).filter(condition(Which::Waiting));
    Ok(waiting.count(db).await? > 0)
}

/// Newest first, after `after`; none about these people, nor of callers who are one of them.
pub async fn list(
    db: &impl ConnectionTrait,
    which: Which,
    not_of: &[PersonId],
    after: Option<NominationId>,
    most: u64,
) -> Result<Vec<Nomination>, StoreError> {
    let mut query = nominations::Entity::find().filter(condition(which)).order_by_desc(nominations::Column::Id);
    if !not_of.is_empty() {
        let person = nominations::Column::PersonId;
        let linked = callers::Entity::find().select_only().column(callers::Column::Id);
        let linked = linked.filter(callers::Column::PersonId.is_in(uuids(not_of))).into_query();
        query = query
            .filter(Condition::any().add(person.is_null()).add(person.is_not_in(uuids(not_of))))
            .filter(nominations::Column::CallerId.not_in_subquery(linked));
    }
    if let Some(after) = after {
        query = query.filter(nominations::Column::Id.lt(after.as_uuid()));
    }
    query.limit(most).all(db).await?.into_iter().map(read).collect()
}

pub async fn count(db: &impl ConnectionTrait, which: Which) -> Result<u64, StoreError> {
    Ok(nominations::Entity::find().filter(condition(which)).count(db).await?)
}

/// The callers for whose nominations these cases were opened.
pub async fn of_cases(db: &impl ConnectionTrait, cases: &[CaseId]) -> Result<Vec<(CaseId, CallerId)>, StoreError> {
    use nominations::Column as C;
    let mut found = Vec::new();
    for some in cases.chunks(1000) {
        let of_these = nominations::Entity::find().filter(C::CaseId.is_in(uuids(some)));
        let of_these = of_these.filter(C::CallerId.is_not_null()).select_only().columns([C::CaseId, C::CallerId]);
        let rows: Vec<(Uuid, Uuid)> = of_these.into_tuple().all(db).await?;
        found.extend(rows.into_iter().map(|(case, caller)| (Id::from_uuid(case), Id::from_uuid(caller))));
    }
    Ok(found)
}

/// Everything a caller was nominated for, newest first.
pub async fn of_caller(db: &impl ConnectionTrait, caller: CallerId) -> Result<Vec<Nomination>, StoreError> {
    let theirs = nominations::Entity::find().filter(nominations::Column::CallerId.eq(caller.as_uuid()));
    theirs.order_by_desc(nominations::Column::Id).limit(200).all(db).await?.into_iter().map(read).collect()
}

/// The cases that these callers were taken up with, each with its caller, oldest first.
pub async fn cases_of(db: &impl ConnectionTrait, callers: &[CallerId]) -> Result<Vec<(CallerId, CaseRow)>, StoreError> {
    if callers.is_empty() {
        return Ok(Vec::new());
    }
    use nominations::Column as C;
    let theirs = taken_up(callers).columns([C::CallerId, C::CaseId]).into_tuple::<(Uuid, Uuid)>().all(db);
    let (theirs, rows) = tokio::try_join!(theirs, rows_of(callers).all(db))?;
    let of = |row: CaseRow| {
        let whose: BTreeSet<Uuid> =
            theirs.iter().filter(|(_, case)| *case == row.id).map(|(caller, _)| *caller).collect();
        whose.into_iter().map(move |caller| (Id::from_uuid(caller), row.clone()))
    };
    Ok(rows.into_iter().flat_map(of).collect())
}

/// The same of one caller.
pub async fn cases_of_caller(db: &impl ConnectionTrait, caller: CallerId) -> Result<Vec<CaseRow>, StoreError> {
    Ok(rows_of(&[caller]).all(db).await?)
}

/// The callers that these cases were taken up from.
pub async fn callers_of(db: &impl ConnectionTrait, cases: &[CaseId]) -> Result<Vec<CallerId>, StoreError> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    use nominations::Column as C;
    let of_these = nominations::Entity::find().select_only().column(C::CallerId).distinct();
    let of_these = of_these.filter(C::CaseId.is_in(uuids(cases))).filter(C::CallerId.is_not_null());
    let callers: Vec<Uuid> = of_these.into_tuple().all(db).await?;
    Ok(callers.into_iter().map(Id::from_uuid).collect())
}

fn taken_up(callers: &[CallerId]) -> Select<nominations::Entity> {
    use nominations::Column as C;
    let of_these = nominations::Entity::find().select_only().filter(C::CallerId.is_in(uuids(callers)));
    of_these.filter(C::CaseId.is_not_null())
}

fn rows_of(callers: &[CallerId]) -> Select<cases::Entity> {
    let theirs = taken_up(callers).column(nominations::Column::CaseId).into_query();
    cases::Entity::find().filter(cases::Column::Id.in_subquery(theirs)).order_by_asc(cases::Column::Id)
}

/// One that waits is left.
pub async fn leave(db: &impl ConnectionTrait, id: NominationId, left: &Left) -> Result<(), StoreError> {
    let row = nomination_looks::ActiveModel {
        nomination_id: Set(id.as_uuid()),
        reason: Set(without_nul(left.reason.clone())),
        left_by: Set(left.by.as_uuid()),
        left_at: Set(left.at),
    };
    nomination_looks::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Which of these were left.
pub async fn left_of(
    db: &impl ConnectionTrait,
    ids: &[NominationId],
) -> Result<HashMap<NominationId, Left>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = nomination_looks::Entity::find().filter(nomination_looks::Column::NominationId.is_in(uuids(ids)));
    let left = |row: nomination_looks::Model| {
        let left = Left { reason: row.reason, by: Id::from_uuid(row.left_by), at: row.left_at };
        (Id::from_uuid(row.nomination_id), left)
    };
    Ok(rows.all(db).await?.into_iter().map(left).collect())
}

fn condition(which: Which) -> Condition {
    use nominations::Column as C;
    let of_callers = Condition::all().add(C::CallerId.is_not_null());
    let left = nomination_looks::Entity::find().select_only();
    let left = left.column(nomination_looks::Column::NominationId).into_query();
    match which {
        Which::All => of_callers,
        Which::Waiting => {
            of_callers.add(C::CaseId.is_null()).add(C::WithdrawnAt.is_null()).add(C::Id.not_in_subquery(left))
        }
        Which::LookedAt => of_callers.add(Condition::any().add(C::CaseId.is_not_null()).add(C::Id.in_subquery(left))),
    }
}
