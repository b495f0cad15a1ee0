//! The store against real databases.

mod audit;
mod backup;
mod checkpoint;
mod concurrency;
mod events;
mod full_disk;
mod jobs;
mod outage;
mod schema;
mod together;
mod write_door;

use chrono::{DateTime, Utc};
use entities::{cases, officers, people, workflow_definitions};
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
        areas: Set(json!([])),
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

async fn add_person(tx: &Tx, id: Uuid, merged_into: Option<Uuid>) -> Result<(), StoreError> {
    let person = people::ActiveModel {
        id: Set(id),
        reference: Set(id.to_string()),
        full_name: Set("Example Person 1".to_owned()),
        name_key: Set("example person 1".to_owned()),
        date_of_birth: Set(Some("1970-02-28".parse().unwrap())),
        targeted_victim: Set(false),
        vulnerability: Set(json!({"notes": ["é", 1.5, null]})),
        merged_into: Set(merged_into),
        version: Set(1),
        created_at: Set(noon()),
    };
    people::Entity::insert(person).exec_without_returning(tx).await?;
    Ok(())
}

async fn add_case(tx: &Tx, id: Uuid, person: Uuid, parent: Option<Uuid>) -> Result<(), StoreError> {
    let definition = workflow_definitions::ActiveModel {
        content_hash: Set(id.to_string()),
        key: Set("communications-strategy".to_owned()),
        version: Set("1".to_owned()),
        bundle: Set(json!({})),
        stored_at: Set(noon()),
    };
    workflow_definitions::Entity::insert(definition).exec_without_returning(tx).await?;
    let case = cases::ActiveModel {
        id: Set(id),
        workflow: Set("communications-strategy".to_owned()),
        workflow_version: Set("1".to_owned()),
        content_hash: Set(id.to_string()),
        state: Set("draft".to_owned()),
        version: Set(1),
        person_id: Set(Some(person)),
        parent_id: Set(parent),
        spoc_id: Set(None),
        data: Set(json!({})),
        opened_at: Set(noon()),
        updated_at: Set(noon()),
        state_since: Set(noon()),
        due_at: Set(None),
        next_alert_at: Set(None),
        paused_until: Set(None),
        timer_at: Set(None),
        marking: Set("OFFICIAL".to_owned()),
    };
    cases::Entity::insert(case).exec_without_returning(tx).await?;
    Ok(())
}
