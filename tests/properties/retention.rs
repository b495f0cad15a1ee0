//! Records officers: a case that ended is reviewed, held, released, kept for longer, and disposed of by two of them.

use super::casework::is_final;
use super::forms::Occasion;
use super::rng::Rng;
use super::world::{World, command, name};
use chrono::Days;
use entities::cases;
use evenhand::app::cases::NewCase;
use evenhand::domain::ids::{Id, PersonId};
use evenhand::worker;
use serde_json::{Value, json};

pub const RETENTION_REVIEW: &str = "retention-review";

/// Whether all that is left of a case is that it was disposed of.
pub fn is_gravestone(data: &Value) -> bool {
    data["disposed"]["under"].is_string()
}

impl World {
    /// A case that ended before it began: the person was in need of help.
    pub async fn something_ended(&mut self, person: PersonId) {
        let staff = self.actor("staff");
        self.nominate(Some(person), &staff).await;
        for (action, input) in [("triage", in_need()), ("divert", diverted(self.today()))] {
            self.app.clock.advance(chrono::Duration::minutes(10));
            let case = self.cases().await.into_iter().rev().find(|case| case.workflow == "frequent-service-user");
            self.act(&staff, &case.unwrap(), command(action, input)).await;
        }
    }

    /// The next steps of a retention review.
    pub async fn reviews(&mut self, rng: &mut Rng) {
        for _ in 0..rng.between(2, 4) {
            self.a_moment_later(rng);
            self.retention(rng).await;
        }
    }

    /// The next step of a retention review, or a new one.
    pub async fn retention(&mut self, rng: &mut Rng) {
        if rng.percent(90) {
            // What is on its way would hold everything.
            worker::work_off(&self.app).await.unwrap();
        }
        let cases = self.cases().await;
        let open: Vec<_> =
            cases.iter().filter(|case| case.workflow == RETENTION_REVIEW && !is_final(&case.state)).collect();
        match open.last().filter(|_| !rng.percent(12)) {
            Some(case) => self.step_on_a_review(&(*case).clone(), rng).await,
            None => self.ask_for_a_review(&cases, rng).await,
        }
    }

    async fn ask_for_a_review(&mut self, cases: &[cases::Model], rng: &mut Rng) {
        let users: Vec<_> = cases.iter().filter(|case| case.workflow == "frequent-service-user").collect();
        let over = |case: &&&cases::Model| is_final(&case.state) && !is_gravestone(&case.data);
        if !users.iter().any(|case| over(&case)) && rng.percent(50) {
            let person = *rng.pick(&self.people);
            return self.something_ended(person).await;
        }
        let ended = users.iter().find(over).filter(|_| !rng.percent(15));
        let Some(reviewed) = ended.or(users.last()) else { return self.go_on(0, rng).await };
        let person = match rng.percent(8) {
            true => Some(*rng.pick(&self.people)),
            false => reviewed.person_id.map(Id::from_uuid),
        };
        let input = json!({ "reviewedCase": reviewed.id, "schedule": "Group 3: six years after closure",
                            "reviewOn": self.today() + Days::new(rng.next() % 40 + 1) });
        let who = self.actor(rng.word(&["records", "records", "records", "records", "staff"]));
        let new = NewCase { workflow: RETENTION_REVIEW.to_owned(), person, parent: None, input };
        let result = self.open(&who, new).await;
        self.note("retention-review (open)", &name(&who), result);
    }

    async fn step_on_a_review(&mut self, case: &cases::Model, rng: &mut Rng) {
        let count = |list: &str| case.data[list].as_array().map_or(0, Vec::len);
        let is_held = count("holds") > count("releases");
        let (who, action, form) = match (case.state.as_str(), rng.below(12)) {
            (_, 0 | 1) => ("records", "record_hold", "retention_hold"),
            (_, 2..=7) if is_held => ("records2", "release_hold", "retention_release"),
            (_, 2) => ("records2", "release_hold", "retention_release"),
            ("waiting", _) => ("records", "review_now", "reason"),
            ("due", 3) => ("records", "retain", "retention_kept"),
            ("due", _) => ("records", "propose_disposal", "reason"),
            (_, 3) => ("records2", "send_back", "reason"),
            (_, 4) => ("records", "confirm_disposal", ""),
            _ => ("records2", "confirm_disposal", ""),
        };
        let input = match form {
            "" => Value::Null,
            form => super::forms::fill(form, &self.occasion(case).await, 12, rng),
        };
        if case.state != "waiting" && rng.percent(25) {
            match case.person_id {
                Some(person) if rng.percent(30) => {
                    self.nominate(Some(Id::from_uuid(person)), &self.actor("staff")).await;
                }
                _ => self.somebody_calls(rng).await,
            }
        }
        self.act(&self.actor(who), case, command(action, input)).await;
    }
}

pub fn in_need() -> Value {
    json!({ "nature": "unmet_need", "safeguarding": "Checked; nothing known.", "domesticAbuse": "Checked; nothing known.",
            "openComplaint": "None.", "adjustments": "None asked for." })
}

pub fn diverted(today: chrono::NaiveDate) -> Value {
    json!({ "referredTo": "MASH", "referral": "An offer of help.", "sentOn": today,
            "localOpt": { "contacted": true, "detail": "Spoken to." } })
}

/// The forms of a review filled in; `None` for any other.
pub fn fill(form: &str, at: &Occasion, careless: usize, rng: &mut Rng) -> Option<Value> {
    let careless = rng.percent(careless);
    let (today, soon) = (at.today, at.today + Days::new(1 + rng.next() % 60));
    let kind = rng.word(&["appeal", "claim"]);
    Some(match form {
        "retention_review" => json!({ "reviewedCase": uuid::Uuid::nil(), "schedule": "Group 3", "reviewOn": soon }),
        "retention_hold" => {
            json!({ "kind": kind, "reference": "REF/1", "since": today, "because": "It is about this." })
        }
        "retention_release" => {
            let recorded = at.data["holds"].as_array().and_then(|holds| holds.last()).map(|hold| hold["kind"].clone());
            json!({ "kind": recorded.unwrap_or(json!(kind)), "reference": "REF/1",
                    "releasedOn": if careless { soon } else { today }, "because": "It was decided." })
        }
        "retention_kept" => {
            json!({ "reviewOn": if careless { today } else { soon }, "keptBecause": "A claim is likely." })
        }
        _ => return None,
    })
}
