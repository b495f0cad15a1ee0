//! Lists of contacts, newest first.

use super::{Contact, Handling, read};
use crate::domain::contact::{Channel, Place, Queue};
use crate::domain::ids::{CaseId, ContactId, PersonId};
use crate::domain::strategy::VerdictKind;
use crate::store::StoreError;
use crate::store::people::uuids;
use chrono::{DateTime, Utc};
use entities::contacts::{Column, Entity};
use sea_orm::sea_query::NullOrdering;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// What a list shows; an empty filter shows everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Linked to any of these records, or counted for them.
    pub people: Option<Vec<PersonId>>,
    /// Linked to none of these records.
    pub not_of: Vec<PersonId>,
    pub place: Option<Place>,
    pub channel: Option<Channel>,
    pub queue: Option<Queue>,
    /// Answers to mails of this case.
    pub case: Option<CaseId>,
    pub owed: Option<Owed>,
    pub received_from: Option<DateTime<Utc>>,
    pub handling: Option<Handling>,
    /// In any of these; empty: anywhere.
    pub places: Vec<Place>,
    /// What asks to be read: everything but what is filed and waits for nobody.
    pub asks_to_be_read: bool,
}

/// Contacts, not closed yet, whose senders wait for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    Now,
    /// One for all that is held, on the next permitted date.
    Later,
}

/// The order of a list, and the last row of the page before.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    NewestFirst(Option<(DateTime<Utc>, ContactId)>),
    /// What nobody has read yet: flagged first, then by the day it must be read, the undated last.
    Reading(Option<ReadingKey>),
    /// The same from its end, before this row.
    ReadingBefore(ReadingKey),
}

/// Where a contact stands in the reading list.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub struct ReadingKey {
    pub flagged: bool,
    pub read_due_at: Option<DateTime<Utc>>,
    pub id: ContactId,
}

impl ReadingKey {
    /// What comes after this row.
    fn after(&self) -> Condition {
        let later = match self.read_due_at {
            Some(due) => {
                let same = Condition::all().add(Column::ReadDueAt.eq(due)).add(Column::Id.gt(self.id.as_uuid()));
                Condition::any().add(Column::ReadDueAt.gt(due)).add(same).add(Column::ReadDueAt.is_null())
            }
            None => {
                let undated = Condition::all().add(Column::ReadDueAt.is_null());
                Condition::any().add(undated.add(Column::Id.gt(self.id.as_uuid())))
            }
        };
        let alike = Condition::all().add(Column::Flagged.eq(self.flagged)).add(later);
        let unflagged = self.flagged.then(|| Column::Flagged.eq(false));
        unflagged.into_iter().fold(Condition::any().add(alike), Condition::add)
    }

    /// What comes before this row.
    fn before(&self) -> Condition {
        let earlier_id = Column::Id.lt(self.id.as_uuid());
        let earlier = match self.read_due_at {
            Some(due) => {
                let same = Condition::all().add(Column::ReadDueAt.eq(due)).add(earlier_id);
                Condition::any().add(Column::ReadDueAt.lt(due)).add(same)
            }
            None => {
                let undated = Condition::all().add(Column::ReadDueAt.is_null()).add(earlier_id);
                Condition::any().add(Column::ReadDueAt.is_not_null()).add(undated)
            }
        };
        let alike = Condition::all().add(Column::Flagged.eq(self.flagged)).add(earlier);
        let flagged = (!self.flagged).then(|| Column::Flagged.eq(true));
        flagged.into_iter().fold(Condition::any().add(alike), Condition::add)
    }
}

/// How many there are.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(condition(filter)).count(db).await?)
}

fn condition(filter: &Filter) -> Condition {
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
    if let Some(queue) = filter.queue {
        wanted = wanted.add(Column::Queues.contains(format!(",{queue},")));
    }
    if let Some(case) = filter.case {
        wanted = wanted.add(Column::CaseId.eq(case.as_uuid()));
    }
    if let Some(owed) = filter.owed {
        wanted = wanted.add(waits(owed)).add(Column::Handling.ne(Handling::Closed.as_str()));
    }
    if let Some(handling) = filter.handling {
        wanted = wanted.add(Column::Handling.eq(handling.as_str()));
    }
    if !filter.places.is_empty() {
        wanted = wanted.add(Column::Place.is_in(filter.places.iter().map(|place| place.as_str())));
    }
    if filter.asks_to_be_read {
        let unfiled = Column::Place.ne(Place::Filed.as_str());
        wanted = wanted.add(Condition::any().add(unfiled).add(Column::ReadDueAt.is_not_null()));
    }
    wanted
}

/// At most `most`, in the order asked for.
pub async fn list(
    db: &impl ConnectionTrait,
    filter: &Filter,
    order: Order,
    most: u64,
) -> Result<Vec<Contact>, StoreError> {
    let wanted = condition(filter);
    let found = match order {
        Order::NewestFirst(after) => {
            let before = after.map(|(at, id)| {
                let same_instant = Condition::all().add(Column::ReceivedAt.eq(at)).add(Column::Id.lt(id.as_uuid()));
                Condition::any().add(Column::ReceivedAt.lt(at)).add(same_instant)
            });
            let found = Entity::find().filter(before.into_iter().fold(wanted, Condition::add));
            found.order_by_desc(Column::ReceivedAt).order_by_desc(Column::Id)
        }
        Order::Reading(after) => {
            let unread = wanted.add(Column::Handling.eq(Handling::Open.as_str()));
            let found = Entity::find().filter(after.iter().map(ReadingKey::after).fold(unread, Condition::add));
            let flagged_first = found.order_by_desc(Column::Flagged);
            flagged_first
                .order_by_with_nulls(Column::ReadDueAt, sea_orm::Order::Asc, NullOrdering::Last)
                .order_by_asc(Column::Id)
        }
        Order::ReadingBefore(key) => {
            let unread = wanted.add(Column::Handling.eq(Handling::Open.as_str())).add(key.before());
            let found = Entity::find().filter(unread).order_by_asc(Column::Flagged);
            found
                .order_by_with_nulls(Column::ReadDueAt, sea_orm::Order::Desc, NullOrdering::First)
                .order_by_desc(Column::Id)
        }
    };
    found.limit(most).all(db).await?.into_iter().map(read).collect()
}

/// How many contacts owe the seven questions and should have been read before `now`.
pub async fn count_overdue(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let held = Entity::find().filter(Column::Place.is_in([Place::Held, Place::Quarantine].map(Place::as_str)));
    let unread = held.filter(Column::TicksOwed.eq(true)).filter(Column::Handling.eq(Handling::Open.as_str()));
    Ok(unread.filter(Column::ReadDueAt.lt(now)).count(db).await?)
}

/// Blocked contacts lie in quarantine unless somebody took them out of the limits.
fn waits(owed: Owed) -> Condition {
    let any = |kinds: &[VerdictKind]| Column::Verdict.is_in(kinds.iter().map(|kind| kind.as_str()));
    match owed {
        Owed::Now => {
            let kinds = any(&[VerdictKind::WithinLimit, VerdictKind::Exempt, VerdictKind::NotYetEffective]);
            Condition::all().add(kinds).add(Column::Place.ne(Place::Quarantine.as_str()))
        }
        Owed::Later => {
            let late = [VerdictKind::OverFrequency, VerdictKind::WrongTime];
            // Another breach may lead; the place says what it is held for.
            let held_for = Column::PlaceBecause.is_in(late.map(VerdictKind::as_str));
            let held = Condition::all().add(Column::Place.eq(Place::Held.as_str())).add(held_for);
            Condition::any().add(any(&late)).add(held).add(Column::Place.eq(Place::Quarantine.as_str()))
        }
    }
}
