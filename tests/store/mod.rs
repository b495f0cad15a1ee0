//! The store against real databases.

mod audit;
mod concurrency;
mod events;
mod full_disk;
mod jobs;
mod outage;
mod schema;
mod write_door;

use chrono::{DateTime, Utc};
use entities::officers;
use evenhand::domain::access::ActorRef;
use evenhand::domain::ids::Id;
use evenhand::store::events::NewEvent;
use evenhand::store::{Store, StoreError, Tx};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

/// Any moment will do; microseconds, so that both databases give it back as it was.
pub(crate) fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00.000001Z".parse().unwrap()
}

async fn add_officer(tx: &Tx, username: impl Into<String>) -> Result<(), StoreError> {
    let username = username.into();
    let officer = officers::ActiveModel {
        id: Set(Uuid::new_v4()),
        display_name: Set(format!("Example Officer {username}")),
        username: Set(username),
        roles: Set(json!([])),
        active: Set(true),
        created_at: Set(noon()),
    };
    officers::Entity::insert(officer).exec_without_returning(tx).await?;
    Ok(())
}

async fn usernames(store: &Store) -> Vec<String> {
    let all = officers::Entity::find().order_by_asc(officers::Column::Username).all(store.reader()).await.unwrap();
    all.into_iter().map(|officer| officer.username).collect()
}

fn event(kind: &str, data: Value) -> NewEvent {
    NewEvent { id: Id::from_uuid(Uuid::new_v4()), at: noon(), actor: ActorRef::Software, kind: kind.to_owned(), data }
}
