//! Calls are written down, told apart and together, and withdrawn.

use super::Call;
use crate::domain::ids::{CallId, CallImportId, CallerId, ContactId};
use crate::store::people::uuids;
use crate::store::{StoreError, without_nul};
use chrono::{DateTime, Utc};
use entities::calls::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// Rows a statement: SQLite binds at most 32,766 values, 27 a row.
const MANY: usize = 1000;

pub async fn insert_many(db: &impl ConnectionTrait, calls: &[Call]) -> Result<(), StoreError> {
    for some in calls.chunks(MANY) {
        Entity::insert_many(some.iter().map(write)).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Which row stands for each call, and whether it counts.
pub async fn set_heads(db: &impl ConnectionTrait, heads: &[(CallId, CallId, bool)]) -> Result<(), StoreError> {
    for (row, head, counts) in heads {
        let change = ActiveModel { call_id: Set(head.as_uuid()), counts: Set(*counts), ..Default::default() };
        Entity::update_many().set(change).filter(Column::Id.eq(row.as_uuid())).exec(db).await?;
    }
    Ok(())
}

/// The contacts that calls became.
pub async fn set_contacts(db: &impl ConnectionTrait, of: &[(CallId, Option<ContactId>)]) -> Result<(), StoreError> {
    for (row, contact) in of {
        let change = ActiveModel { contact_id: Set(contact.map(ContactId::as_uuid)), ..Default::default() };
        Entity::update_many().set(change).filter(Column::Id.eq(row.as_uuid())).exec(db).await?;
    }
    Ok(())
}

/// Withdraws rows: they stay, and count for nobody.
pub async fn withdraw(db: &impl ConnectionTrait, rows: &[CallId], at: DateTime<Utc>) -> Result<(), StoreError> {
    let change = ActiveModel { withdrawn_at: Set(Some(at)), counts: Set(false), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.is_in(uuids(rows))).exec(db).await?;
    Ok(())
}

/// The rows that one import kept are another's from now on.
pub async fn hand_over(db: &impl ConnectionTrait, (from, to): (CallImportId, CallImportId)) -> Result<(), StoreError> {
    let change = ActiveModel { import_id: Set(Some(to.as_uuid())), ..Default::default() };
    Entity::update_many().set(change).filter(Column::ImportId.eq(from.as_uuid())).exec(db).await?;
    Ok(())
}

/// Rows that were withdrawn are told of again, under the ids they had: what is told now stands in their place.
pub async fn tell_again(db: &impl ConnectionTrait, calls: &[Call]) -> Result<(), StoreError> {
    for call in calls {
        let told = ActiveModel { id: NotSet, ..write(call) };
        Entity::update_many().set(told).filter(Column::Id.eq(call.id.as_uuid())).exec(db).await?;
    }
    Ok(())
}

fn write(call: &Call) -> ActiveModel {
    let text = |text: &Option<String>| Set(text.clone().map(without_nul));
    ActiveModel {
        id: Set(call.id.as_uuid()),
        system: Set(call.system.as_str().to_owned()),
        source_ref: Set(without_nul(call.source_ref.clone())),
        precedence: Set(i32::from(call.precedence)),
        import_id: Set(call.import.map(CallImportId::as_uuid)),
        caller_id: Set(call.caller.map(CallerId::as_uuid)),
        caller_kind: Set(call.caller_kind.as_str().to_owned()),
        direction: Set(call.direction.as_str().to_owned()),
        channel: Set(call.channel.as_str().to_owned()),
        started_at: Set(call.started_at),
        seconds: Set(call.seconds),
        number: text(&call.number),
        withheld: Set(call.withheld),
        caller_name: text(&call.words.caller_name),
        location: text(&call.words.location),
        area: text(&call.area),
        subject: text(&call.words.subject),
        details: text(&call.words.details),
        actions: text(&call.words.actions),
        result: text(&call.words.result),
        route: text(&call.words.route),
        cad_ref: text(&call.cad_ref),
        call_id: Set(call.call.as_uuid()),
        counts: Set(call.counts),
        contact_id: Set(call.contact.map(ContactId::as_uuid)),
        recorded_at: Set(call.recorded_at),
        withdrawn_at: Set(call.withdrawn_at),
    }
}
