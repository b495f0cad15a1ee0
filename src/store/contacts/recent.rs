//! When people were in contact lately, for pictures and lists: read from the index alone, never a word of what was said.

use crate::domain::contact::Channel;
use crate::domain::ids::{Id, PersonId};
use crate::domain::strategy::VerdictKind;
use crate::store::StoreError;
use crate::store::people::uuids;
use chrono::{DateTime, Utc};
use entities::contacts::{Column, Entity};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// So many people are asked about in one statement.
const PEOPLE_A_STATEMENT: usize = 5000;

/// One counted contact, as a picture needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    pub at: DateTime<Utc>,
    pub channel: Channel,
    /// What the limits in force said of it.
    pub verdict: Option<VerdictKind>,
}

/// When and how each of these people (after merges) was in contact from an instant on; counted contacts only, in no order.
pub async fn counted_since(
    db: &impl ConnectionTrait,
    people: &[PersonId],
    from: DateTime<Utc>,
) -> Result<HashMap<PersonId, Vec<(DateTime<Utc>, Channel)>>, StoreError> {
    let mut found: HashMap<PersonId, Vec<(DateTime<Utc>, Channel)>> = HashMap::new();
    for chunk in people.chunks(PEOPLE_A_STATEMENT) {
        let rows: Vec<(Uuid, DateTime<Utc>, String)> = Entity::find()
            .select_only()
            .columns([Column::CountsForId, Column::ReceivedAt, Column::Channel])
            .filter(Column::CountsForId.is_in(uuids(chunk)))
            .filter(Column::ReceivedAt.gte(from))
            .filter(Column::Counted.eq(true))
            .into_tuple()
            .all(db)
            .await?;
        for (person, at, channel) in rows {
            let channel = super::parsed(&channel, "the channel of a contact")?;
            found.entry(Id::from_uuid(person)).or_default().push((at, channel));
        }
    }
    Ok(found)
}

/// One person's (after merges) counted contacts from an instant on, in order of receipt, each with what its limits said.
pub async fn received_since(
    db: &impl ConnectionTrait,
    person: PersonId,
    from: DateTime<Utc>,
) -> Result<Vec<Received>, StoreError> {
    let rows: Vec<(DateTime<Utc>, String, Option<String>)> = Entity::find()
        .select_only()
        .columns([Column::ReceivedAt, Column::Channel, Column::Verdict])
        .filter(Column::CountsForId.eq(person.as_uuid()))
        .filter(Column::ReceivedAt.gte(from))
        .filter(Column::Counted.eq(true))
        .order_by_asc(Column::ReceivedAt)
        .into_tuple()
        .all(db)
        .await?;
    let received = |(at, channel, verdict): (DateTime<Utc>, String, Option<String>)| {
        let channel = super::parsed(&channel, "the channel of a contact")?;
        let verdict = verdict.map(|verdict| super::parsed(&verdict, "the verdict of a contact")).transpose()?;
        Ok(Received { at, channel, verdict })
    };
    rows.into_iter().map(received).collect()
}
