//! Somebody looks at something; what was answered is remembered, and what was shown.

use super::markings::Shown;
use super::rng::Rng;
use super::world::World;
use chrono::{DateTime, Utc};
use entities::cases;
use evenhand::app::people::{PersonChange, change_person};
use evenhand::domain::access::{Actor, Officer, Role};
use evenhand::domain::ids::Id;
use serde_json::Value;
use uuid::Uuid;

/// A case as an officer of a local unit saw it.
#[derive(Clone, Debug)]
pub struct UnitSight {
    pub officer: Uuid,
    pub roles: Vec<String>,
    pub shown: Value,
}

/// The adjustments that stood beside something about a person.
#[derive(Clone, Debug)]
pub struct Adjusted {
    pub beside: String,
    pub person: Uuid,
    pub at: DateTime<Utc>,
    pub shown: Vec<Uuid>,
}

const UNITS: [Role; 3] = [Role::Snt, Role::Opt, Role::Mash];

fn ids(of: &Value) -> Vec<Uuid> {
    of.as_array().into_iter().flatten().filter_map(|one| one["id"].as_str()?.parse().ok()).collect()
}

impl World {
    pub async fn look(&mut self, rng: &mut Rng) {
        let officer = rng.pick(&self.officers).clone();
        let actor = Actor::Officer(officer.clone());
        let (cases, contacts) = (self.cases().await, self.contacts().await);
        let person = *rng.pick(&self.people);
        match rng.below(6) {
            0 | 1 if !cases.is_empty() && rng.percent(50) => {
                let case = rng.pick(&cases).clone();
                let found = self.read_events(&actor, World::id(&case)).await;
                if self.note("look at a case", &officer.username, found).is_some() {
                    self.remember(&officer, "case", Some(case.id));
                }
            }
            0 | 1 if !cases.is_empty() => {
                let case = rng.pick(&cases).clone();
                self.look_at_a_case(&officer, &case).await;
            }
            2 if !contacts.is_empty() => self.look_at_a_contact(&officer, rng.pick(&contacts).id).await,
            3 => {
                let found = self.read_person(&actor, person).await;
                let Some(view) = self.note("look at a person", &officer.username, found) else { return };
                let id = view["id"].as_str().and_then(|id| id.parse().ok());
                self.remember(&officer, "person", id);
                self.adjusted("the person", person.as_uuid(), &view);
            }
            4 => {
                let found = self.read_contacts_of(&actor, person).await;
                if self.note("look at a person's contacts", &officer.username, found).is_some() {
                    let root = evenhand::store::people::root(self.app.store.reader(), person).await.unwrap();
                    self.remember(&officer, "contacts-of-person", root.map(|root| root.as_uuid()));
                }
            }
            _ => self.look_at_consultations(rng).await,
        }
    }

    pub async fn look_at_a_case(&mut self, officer: &Officer, case: &cases::Model) {
        let found = self.read_case(&Actor::Officer(officer.clone()), World::id(case)).await;
        let Some(view) = self.note("look at a case", &officer.username, found) else { return };
        self.remember(officer, "case", Some(case.id));
        let marking = view["marking"].as_str().map(str::to_owned);
        self.witness.shown.push(Shown { case: case.id, at: self.app.now(), marking });
        let of_a_unit = self.seen_by_a_unit(officer, &view);
        if let (false, Some(person)) = (of_a_unit, case.person_id) {
            self.adjusted("the case", person, &view);
        }
    }

    pub async fn look_at_a_contact(&mut self, officer: &Officer, contact: Uuid) {
        let found = self.read_contact(&Actor::Officer(officer.clone()), Id::from_uuid(contact)).await;
        let Some(view) = self.note("look at a contact", &officer.username, found) else { return };
        self.remember(officer, "contact", Some(contact));
        if let Some(person) = view["personId"].as_str() {
            self.adjusted("the contact", person.parse().unwrap(), &view);
        }
    }

    /// A unit reads what was asked of it.
    async fn look_at_consultations(&mut self, rng: &mut Rng) {
        let officer = self.officer(rng.word(&["snt", "opt", "mash", "both", "spoc"])).clone();
        let found = self.read_consultations(&Actor::Officer(officer.clone())).await;
        let Some(views) = self.note("look at consultations", &officer.username, found) else { return };
        for view in views {
            self.remember(&officer, "consultation", view["id"].as_str().and_then(|id| id.parse().ok()));
            self.seen_by_a_unit(&officer, &view);
        }
    }

    fn remember(&mut self, officer: &Officer, object: &'static str, id: Option<Uuid>) {
        self.witness.looks.push((officer.id.as_uuid(), object, id.map(|id| id.to_string())));
    }

    /// Whether whoever saw it holds no role but those of units.
    fn seen_by_a_unit(&mut self, officer: &Officer, view: &Value) -> bool {
        let of_a_unit = officer.roles.iter().all(|role| UNITS.contains(role));
        if of_a_unit {
            let roles = officer.roles.iter().map(|role| role.to_string()).collect();
            self.witness.units.push(UnitSight { officer: officer.id.as_uuid(), roles, shown: view.clone() });
        }
        of_a_unit
    }

    fn adjusted(&mut self, beside: &str, person: Uuid, view: &Value) {
        let beside = format!("{beside} {}", view["id"].as_str().unwrap_or_default());
        let shown = ids(&view["adjustments"]);
        self.witness.adjusted.push(Adjusted { beside, person, at: self.app.now(), shown });
    }

    /// Somebody is found to be a targeted victim, or not to be any more.
    pub async fn a_victim_is_found(&mut self, rng: &mut Rng) {
        let person = *rng.pick(&self.people);
        let staff = self.actor("staff");
        let Ok(view) = self.read_person(&staff, person).await else { return };
        self.witness.looks.push((self.officer("staff").id.as_uuid(), "person", view["id"].as_str().map(str::to_owned)));
        let (kept, version) = (view["id"].as_str().unwrap().parse().unwrap(), view["version"].as_i64().unwrap());
        let is_one = rng.percent(30);
        let change = PersonChange { targeted_victim: Some(is_one), ..PersonChange::default() };
        let changed = super::door::told(change_person(&self.app, &staff, (kept, version), change).await);
        if self.note("person found to be a victim", "staff", changed).is_some() {
            self.witness.victims.push((kept.as_uuid(), self.app.now(), is_one));
        }
    }
}
