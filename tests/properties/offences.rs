//! Offences: considered where contact goes on, one by one, and decided on by another person.

use super::casework::is_final;
use super::forms::Occasion;
use super::rng::Rng;
use super::world::{World, command, name};
use crate::story::forms::{equality, fairness, options};
use chrono::Days;
use entities::cases;
use evenhand::app::cases::NewCase;
use evenhand::domain::ids::Id;
use serde_json::{Value, json};

impl World {
    /// The next steps on the offences that may have been committed.
    pub async fn offences(&mut self, rng: &mut Rng) {
        for _ in 0..rng.between(3, 6) {
            self.a_moment_later(rng);
            self.step_on_offences(rng).await;
        }
    }

    /// Somebody asks that offences be considered, looks at some of them, or decides.
    async fn step_on_offences(&mut self, rng: &mut Rng) {
        let cases = self.cases().await;
        let is_open = |case: &&cases::Model| case.workflow == "offence-consideration" && !is_final(&case.state);
        if let Some(case) = cases.iter().find(is_open).filter(|_| !rng.percent(10)) {
            return self.go_on_with_offences(&case.clone(), rng).await;
        }
        let user = |case: &&cases::Model| case.workflow == "frequent-service-user" && !is_final(&case.state);
        let Some(parent) = cases.iter().find(user) else { return self.go_on(12, rng).await };
        let at = self.occasion(parent).await;
        let input = fill("offence_prompt", &at, 12, rng).unwrap_or(Value::Null);
        let workflow = "offence-consideration".to_owned();
        let new = NewCase { workflow, person: None, parent: Some(Id::from_uuid(parent.id)), input };
        let who = self.actor(rng.word(&["staff", "supervisor", "staff", "opt"]));
        let result = self.open(&who, new).await;
        self.note("offences (open)", &name(&who), result);
    }

    async fn go_on_with_offences(&mut self, case: &cases::Model, rng: &mut Rng) {
        if case.state == "referred" {
            let outcome = fill("offence_outcome", &self.occasion(case).await, 0, rng).unwrap();
            self.act(&self.actor("staff"), case, command("record_outcome", outcome)).await;
            return;
        }
        let left = self.not_looked_at(case);
        if left.is_empty() && case.data.get("limitationOn").is_none() && rng.percent(70) {
            let limitation = fill("limitation", &self.occasion(case).await, 12, rng).unwrap();
            self.act(&self.actor("staff"), case, command("set_limitation", limitation)).await;
            return;
        }
        let Some(offence) = left.first().filter(|_| !rng.percent(8)) else {
            let decision = fill("offence_decision", &self.occasion(case).await, 12, rng).unwrap();
            let who = self.actor(rng.word(&[
                "authority",
                "authority",
                "authority",
                "authority",
                "writer",
                "accused",
                "lapsed",
            ]));
            self.act(&who, case, command("decide", decision)).await;
            return;
        };
        let staff = self.actor("staff");
        if rng.percent(75) {
            let mut considered = fill("offence_elements", &self.occasion(case).await, 15, rng).unwrap();
            considered["offence"] = json!(offence);
            self.act(&staff, case, command("consider", considered)).await;
        }
        // Most are left out, each with its reason.
        for offence in left {
            let Some(now) = self.cases().await.into_iter().find(|one| one.id == case.id) else { return };
            let why = json!({ "offence": offence, "because": "Nothing of the kind was said." });
            self.act(&staff, &now, command("not_consider", why)).await;
        }
    }

    /// The offences of policy 1.2 that are law now and of which nothing is recorded.
    pub fn not_looked_at(&self, case: &cases::Model) -> Vec<String> {
        let listed = ["offences", "notConsidered"].into_iter();
        let looked: Vec<String> = listed
            .flat_map(|name| case.data[name].as_array().cloned().unwrap_or_default())
            .filter_map(|entry| entry["offence"].as_str().map(str::to_owned))
            .collect();
        let now =
            |row: &&evenhand::domain::registers::Enactment| row.applies.is_some() && row.in_force_on(self.today());
        let law = self.app.catalog.legislation().iter().filter(now).map(|row| row.id.clone());
        law.filter(|offence| !looked.contains(offence)).collect()
    }
}

/// The forms of a consideration filled in; `None` for any other.
pub fn fill(form: &str, at: &Occasion, careless: usize, rng: &mut Rng) -> Option<Value> {
    let careless = rng.percent(careless);
    let (from, to) = (at.today - Days::new(20), at.today);
    Some(match form {
        "offence_prompt" => json!({
            "basis": if careless { "breach_of_strategy" } else { "contact_itself" }, "reason": "Calls go on at night.",
            "from": from, "to": if careless { to + Days::new(2) } else { to },
        }),
        "offence_elements" => json!({
            "offence": "osa-2023-s181", "from": from, "to": to, "occasions": [from, to], "victim": "individual",
            "elements": [{ "element": "As the law says.", "met": if careless { "unclear" } else { "yes" }, "because": "The log." }],
            "conclusion": if rng.percent(75) { "made_out" } else { "not_made_out" }, "because": "Read against each element.",
            "evidenceOn": to, "limitationOn": to + Days::new(30),
        }),
        "limitation" => {
            json!({ "offence": "ca-2003-s127-2c", "limitationOn": to + Days::new(if careless { 90 } else { 20 }), "because": "Six months from the evidence." })
        }
        "offence_not_considered" => json!({ "offence": "pha-1997-s2", "because": "One occasion only." }),
        "evidence_pack" => json!({
            "offence": "pha-1997-s2", "victim": "Example Staff 12", "occasions": [from, to], "impact": "Lost sleep.",
            "items": [{ "what": "Recording", "where": "Evidence store" }], "statement": true,
        }),
        "offence_decision" => json!({
            "outcome": if rng.percent(60) { "refer" } else { "no_further_action" },
            "rationale": if careless { " " } else { "Weighed with the strategy." }, "options": options(),
            "fairness": fairness(), "equality": equality(), "legalAdvice": "Taken.", "publicConfidence": "None.",
        }),
        "offence_outcome" => {
            json!({ "kind": "out_of_court_disposal", "on": to, "reference": "36/1/26", "result": "Accepted." })
        }
        _ => return None,
    })
}
