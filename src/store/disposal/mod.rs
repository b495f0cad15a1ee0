//! Erasing what is kept of a case, and of a person, once their time is over.
//!
//! Rows are deleted; events keep that they happened, when and by whom, and lose what they said. `verify` accepts that of
//! exactly the events which the history of a review names that two officers decided.

mod account;
mod events;
mod holds;
mod rows;

pub use account::{Account, Unaccounted};
pub use events::{blank, is_disposed, left_hash, marker};
pub use holds::{mails_on_their_way, waits_for_somebody};
pub use rows::{Erased, erase_cases, erase_people};

use super::StoreError;
use crate::domain::ids::{CaseId, PersonId};
use chrono::{DateTime, Utc};
use entities::cases::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

/// What a disposed case's row says in the place of its data.
pub fn gravestone(at: DateTime<Utc>, under: CaseId) -> Value {
    json!({ "disposed": { "at": at, "under": under } })
}

/// Whether a case's data are what is left of a disposed one.
pub fn is_gravestone(data: &Value) -> bool {
    data.get("disposed").is_some_and(Value::is_object) && data.as_object().is_some_and(|fields| fields.len() == 1)
}

/// Whoever these cases were about is not known any more.
pub(super) async fn forget_person(db: &impl ConnectionTrait, members: &[PersonId]) -> Result<(), StoreError> {
    let change = ActiveModel { person_id: Set(None), ..Default::default() };
    let named = Entity::update_many().set(change).filter(Column::PersonId.is_in(super::people::uuids(members)));
    named.exec(db).await?;
    Ok(())
}
