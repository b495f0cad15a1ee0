//! Lists of contacts, newest first.

use super::{Contact, read};
use crate::domain::contact::{Channel, Place};
use crate::domain::ids::{ContactId, PersonId};
use crate::store::StoreError;
use crate::store::people::uuids;
use chrono::{DateTime, Utc};
use entities::contacts::{Column, Entity};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// What a list shows; an empty filter shows everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Linked to any of these records, or counted for them.
    pub people: Option<Vec<PersonId>>,
    /// Linked to none of these records.
    pub not_of: Vec<PersonId>,
    pub place: Option<Place>,
    pub channel: Option<Channel>,
    pub received_from: Option<DateTime<Utc>>,
}

/// At most `most`, received before `after` (a contact's time and id), newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<(DateTime<Utc>, ContactId)>,
    most: u64,
) -> Result<Vec<Contact>, StoreError> {
    let mut wanted = Condition::all();
    if let Some(people) = &filter.people {
        let ids = uuids(people);
        let theirs = Condition::any().add(Column::PersonId.is_in(ids.clone())).add(Column::CountsForId.is_in(ids));
        wanted = wanted.add(theirs);
    }
    if !filter.not_of.is_empty() {
        let others =
            Condition::any().add(Column::PersonId.is_null()).add(Column::PersonId.is_not_in(uuids(&filter.not_of)));
        wanted = wanted.add(others);
    }
    if let Some(place) = filter.place {
        wanted = wanted.add(Column::Place.eq(place.as_str()));
    }
    if let Some(channel) = filter.channel {
        wanted = wanted.add(Column::Channel.eq(channel.as_str()));
    }
    if let Some(from) = filter.received_from {
        wanted = wanted.add(Column::ReceivedAt.gte(from));
    }
    if let Some((at, id)) = after {
        let same_instant = Condition::all().add(Column::ReceivedAt.eq(at)).add(Column::Id.lt(id.as_uuid()));
        wanted = wanted.add(Condition::any().add(Column::ReceivedAt.lt(at)).add(same_instant));
    }
    let newest_first = Entity::find().filter(wanted).order_by_desc(Column::ReceivedAt).order_by_desc(Column::Id);
    newest_first.limit(most).all(db).await?.into_iter().map(read).collect()
}
