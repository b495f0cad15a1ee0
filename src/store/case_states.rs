//! Where cases stand, for lists of people: without what was recorded in them.

use super::StoreError;
use super::cases::read_marking;
use crate::domain::ids::{CaseId, Id, OfficerId, PersonId};
use crate::domain::marking::Marking;
use chrono::{DateTime, Utc};
use entities::cases::{Column, Entity};
use entities::people;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// One case's place in its workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseState {
    pub case: CaseId,
    /// After merges.
    pub person: PersonId,
    pub state: String,
    pub spoc: Option<OfficerId>,
    pub since: DateTime<Utc>,
    pub marking: Marking,
}

/// Every case of one type that stands in one of these states and is about somebody on file, the oldest first.
pub async fn in_states(
    db: &impl ConnectionTrait,
    workflow: &str,
    states: &[String],
) -> Result<Vec<CaseState>, StoreError> {
    type Row = (Uuid, Uuid, Option<Uuid>, String, Option<Uuid>, DateTime<Utc>, String);
    let about = Entity::belongs_to(people::Entity).from(Column::PersonId).to(people::Column::Id).into();
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .column(Column::Id)
        .column(people::Column::Id)
        .column(people::Column::MergedInto)
        .columns([Column::State, Column::SpocId, Column::StateSince, Column::Marking])
        .join(JoinType::InnerJoin, about)
        .filter(Column::Workflow.eq(workflow))
        .filter(Column::State.is_in(states.to_vec()))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let read = |(case, person, kept, state, spoc, since, marking): Row| {
        Ok(CaseState {
            case: Id::from_uuid(case),
            person: Id::from_uuid(kept.unwrap_or(person)),
            state,
            spoc: spoc.map(OfficerId::from_uuid),
            since,
            marking: read_marking(&marking)?,
        })
    };
    rows.into_iter().map(read).collect()
}
