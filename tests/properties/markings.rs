//! Cases are marked higher by whoever works on them, and lower by whoever answers for them.

use super::door::{Answered, post_at, told};
use super::rng::Rng;
use super::world::{World, name};
use chrono::{DateTime, Utc};
use evenhand::app::cases::{Remarking, mark_case};
use evenhand::domain::access::Actor;
use evenhand::domain::marking::Marking;
use serde_json::json;
use uuid::Uuid;

/// What a case was shown with, and when.
#[derive(Clone, Debug)]
pub struct Shown {
    pub case: Uuid,
    pub at: DateTime<Utc>,
    pub marking: Option<String>,
}

impl World {
    /// A case is marked, and mostly one that was marked already.
    pub async fn markings(&mut self, rng: &mut Rng) {
        for _ in 0..rng.between(2, 4) {
            self.a_moment_later(rng);
            self.mark(rng).await;
        }
    }

    async fn mark(&mut self, rng: &mut Rng) {
        let cases = self.cases().await;
        if cases.is_empty() {
            return self.go_on(0, rng).await;
        }
        let raised: Vec<_> =
            cases.iter().filter(|case| case.marking.parse::<Marking>().unwrap() > Marking::OfficialSensitive).collect();
        let case = if !raised.is_empty() && rng.percent(70) { *rng.pick(&raised) } else { rng.pick(&cases) };
        let marking = *rng.pick(&[Marking::Official, Marking::OfficialSensitive, Marking::Secret, Marking::TopSecret]);
        let who = self.actor(rng.word(&["staff", "spoc", "authority", "records", "authority", "ccr"]));
        let present: Marking = case.marking.parse().unwrap();
        let kind = if marking < present { "case marked lower" } else { "case marked higher" };
        let reason = if rng.percent(95) { "A source is named." } else { " " }.to_owned();
        let asked = Remarking { case: World::id(case), expected_version: Some(case.version), marking, reason };
        let result = self.remark(&who, asked).await;
        self.note(kind, &name(&who), result);
    }

    async fn remark(&self, who: &Actor, asked: Remarking) -> Answered<()> {
        let Some(http) = self.http(who) else { return told(mark_case(&self.app, who, asked).await).map(drop) };
        let body = json!({ "marking": asked.marking, "reason": asked.reason });
        let path = format!("/api/v1/cases/{}/marking", asked.case);
        http.ask(who, post_at(path, asked.expected_version, body)).await.map(drop)
    }
}
