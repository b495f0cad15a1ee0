//! Invariant 16 through the use cases: whatever order call takers do things in, a call in which a crime or a genuine call
//! for service was found is never complete with nobody attending, unless a named officer answered for it.

use super::rng::Rng;
use crate::support::{TestApp, TestDatabase};
use evenhand::app::live_calls::{
    self, ActedOn, AmendInput, AssessInput, CallAction, GradeInput, NewCall, StepInput, TakeBackInput,
};
use evenhand::app::{self, AppError};
use evenhand::domain::access::{Actor, Role};
use evenhand::domain::calls::record::{Finding, Override, Purpose, Thrive};
use evenhand::domain::contact::Channel;
use evenhand::domain::ids::CallId;
use sea_orm::EntityTrait;
use std::collections::BTreeMap;

const WALKS: u64 = 20;
const STEPS: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_walk_through_the_use_cases_leaves_a_crime_unattended_without_a_name() {
    let room = TestApp::start(TestDatabase::sqlite()).await;
    room.officer("ccr", &[Role::Ccr]).await;
    let found = app::list_officers(&room.app).await.unwrap();
    let actor = Actor::Officer(found.into_iter().find(|found| found.officer.username == "ccr").unwrap().officer);
    let mut outcomes: BTreeMap<String, u32> = BTreeMap::new();
    for walk in 0..WALKS {
        let mut chance = Rng::new(walk);
        let new = NewCall { channel: Some(Channel::Phone101), withheld: true, ..NewCall::default() };
        let begun = Box::pin(live_calls::begin_call(&room.app, &actor, new)).await.unwrap();
        let (call, mut version, steps) = (begun.id, begun.version, begun.script.len());
        for _step in 0..STEPS {
            let action = any_action(&mut chance, steps);
            let asked = ActedOn { call, version, action };
            let outcome = match Box::pin(live_calls::act_on_call(&room.app, &actor, asked)).await {
                Ok(acted) => {
                    version = acted.version;
                    "done".to_owned()
                }
                Err(AppError::Refused(refusal)) => refusal.code,
                Err(other) => panic!("walk {walk}: {other}"),
            };
            *outcomes.entry(outcome).or_default() += 1;
            if holds(&room, call, walk).await {
                *outcomes.entry("a call had to be graded again".to_owned()).or_default() += 1;
            }
        }
    }
    for expected in [
        "done",
        "override-needed",
        "a call had to be graded again",
        "record-complete",
        "thrive-first",
        "record-taken-back",
    ] {
        assert!(outcomes.contains_key(expected), "no walk met {expected}: {outcomes:?}");
    }
}

/// What the row says, and what every grading in the history said when it was given. Answers whether it has to be graded
/// again.
async fn holds(room: &TestApp, call: CallId, walk: u64) -> bool {
    let db = room.app.store.reader();
    let row = entities::call_records::Entity::find_by_id(call.as_uuid()).one(db).await.unwrap().unwrap();
    let found = row.crime == Some(true) || row.genuine == Some(true);
    let unattended = row.grade.as_deref() == Some("D");
    assert!(row.state != "taken_back" || !found, "walk {walk}: {row:?}");
    if row.state == "complete" {
        assert!(!(unattended && found) || row.overridden, "walk {walk}: {row:?}");
        assert!(!row.needs_grading, "walk {walk}: {row:?}");
    }
    if unattended && found && !row.overridden {
        assert!(row.needs_grading, "walk {walk}: {row:?}");
    }
    let mut flags = (false, false);
    for event in evenhand::store::events::load(db, call.as_uuid()).await.unwrap() {
        let raised = |name: &str| event.data[name] == true;
        match event.kind.as_str() {
            "assessed" => flags = (raised("genuine"), raised("crime")),
            "amended" => flags = (flags.0 || raised("genuine"), flags.1 || raised("crime")),
            "graded" if event.data["noAttendance"] == true && (flags.0 || flags.1) => {
                let by = event.data["override"]["by"].as_str().unwrap_or_default();
                assert!(!by.trim().is_empty(), "walk {walk}: {:?}", event.data);
                assert!(event.actor.officer().is_some());
            }
            _ => {}
        }
    }
    row.needs_grading
}

fn any_action(chance: &mut Rng, steps: usize) -> CallAction {
    let any = |chance: &mut Rng| match chance.below(3) {
        0 => None,
        n => Some(n == 1),
    };
    if chance.below(60) == 0 {
        return CallAction::TakeBack(TakeBackInput { reason: "The wrong line.".to_owned() });
    }
    match chance.below(10) {
        0 | 1 => {
            let purpose = Purpose { finding: Finding::Policing, reason: "They say so.".to_owned() };
            let (genuine, crime) = (any(chance), any(chance));
            CallAction::Assess(AssessInput {
                purpose,
                category: None,
                genuine,
                crime,
                report_needed: Some(false),
                breach: None,
            })
        }
        2 => {
            let said = || "Nothing.".to_owned();
            CallAction::Thrive(Thrive {
                threat: said(),
                harm: said(),
                risk: said(),
                investigation: said(),
                vulnerability: said(),
                engagement: said(),
            })
        }
        3..=5 => {
            let grade = if chance.percent(70) { "D" } else { "A" }.to_owned();
            let by = Override { reason: "Seen an hour ago.".to_owned(), by: "Inspector Example".to_owned() };
            CallAction::Grade(GradeInput { grade, overridden: chance.percent(30).then_some(by) })
        }
        6 | 7 => {
            let step = u32::try_from(chance.below(steps) + 1).unwrap();
            CallAction::SettleStep(StepInput { step, done: true, reason: None })
        }
        8 => CallAction::Complete,
        _ => CallAction::Amend(AmendInput {
            note: "More.".to_owned(),
            reason: "Found later.".to_owned(),
            genuine: chance.percent(50),
            crime: chance.percent(50),
        }),
    }
}
