//! Everything the database holds at one moment, read past the store, and what the test itself saw.

use super::world::Witness;
use chrono::{DateTime, Utc};
use entities::{
    access_log, adjustments, cases, complaints_about, contacts, delegations, events, mail_bodies, mails, meetings,
    notices, outgoing, person_merges, strategies_in_force, tasks,
};
use evenhand::app::App;
use evenhand::domain::calendar::WorkingCalendar;
use sea_orm::{DatabaseConnection, EntityTrait, QueryOrder};
use std::sync::Arc;

#[derive(Clone)]
pub struct Snapshot {
    pub now: DateTime<Utc>,
    pub events: Vec<events::Model>,
    pub cases: Vec<cases::Model>,
    pub contacts: Vec<contacts::Model>,
    pub strategies: Vec<strategies_in_force::Model>,
    pub adjustments: Vec<adjustments::Model>,
    pub tasks: Vec<tasks::Model>,
    pub mails: Vec<mails::Model>,
    pub bodies: Vec<mail_bodies::Model>,
    pub merges: Vec<person_merges::Model>,
    pub complaints: Vec<complaints_about::Model>,
    pub delegations: Vec<delegations::Model>,
    pub meetings: Vec<meetings::Model>,
    pub notices: Vec<notices::Model>,
    pub outgoing: Vec<outgoing::Model>,
    pub accesses: Vec<access_log::Model>,
    pub calendar: Arc<WorkingCalendar>,
    pub witness: Witness,
}

impl Snapshot {
    pub async fn read(db: &DatabaseConnection, log: &DatabaseConnection, app: &App, witness: Witness) -> Self {
        Self {
            now: app.now(),
            events: events::Entity::find().order_by_asc(events::Column::Position).all(db).await.unwrap(),
            cases: cases::Entity::find().order_by_asc(cases::Column::Id).all(db).await.unwrap(),
            contacts: contacts::Entity::find().order_by_asc(contacts::Column::Id).all(db).await.unwrap(),
            strategies: strategies_in_force::Entity::find().all(db).await.unwrap(),
            adjustments: adjustments::Entity::find().all(db).await.unwrap(),
            tasks: tasks::Entity::find().all(db).await.unwrap(),
            mails: mails::Entity::find().all(db).await.unwrap(),
            bodies: mail_bodies::Entity::find().all(db).await.unwrap(),
            merges: person_merges::Entity::find().all(db).await.unwrap(),
            complaints: complaints_about::Entity::find().all(db).await.unwrap(),
            delegations: delegations::Entity::find().all(db).await.unwrap(),
            meetings: meetings::Entity::find().all(db).await.unwrap(),
            notices: notices::Entity::find().all(db).await.unwrap(),
            outgoing: outgoing::Entity::find().all(db).await.unwrap(),
            accesses: access_log::Entity::find().order_by_asc(access_log::Column::Position).all(log).await.unwrap(),
            calendar: app.catalog.calendar().clone(),
            witness,
        }
    }
}
