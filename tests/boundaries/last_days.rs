//! Last days: of a delegation, before a review, of a strategy. A day is London's.

use crate::case_types::desk::{Desk, day, officer};
use crate::contacts::desk::{Desk as Mailroom, one_a_week};
use crate::story::forms;
use crate::support::on_each_database;
use chrono::{DateTime, Utc};
use entities::strategies_in_force;
use evenhand::domain::access::{Actor, Role};
use evenhand::domain::case::Delegation;
use evenhand::domain::ids::Id;
use evenhand::domain::workflow::scope::ChildFacts;
use evenhand::store::{StoreError, Tx};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};
use uuid::Uuid;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn spoc() -> Actor {
    officer(1, Role::Spoc)
}

fn authority() -> Actor {
    officer(2, Role::AppropriateAuthority)
}

fn answered(unit: &str) -> ChildFacts {
    ChildFacts {
        id: Id::from_uuid(Uuid::from_u128(77)),
        workflow: "consultation".to_owned(),
        state: "answered".to_owned(),
        is_final: true,
        open_below: false,
        data: json!({ "unit": unit, "question": "Anything we should weigh?", "replyBy": "2026-06-08",
                      "answer": { "advice": "Known to us." } }),
    }
}

/// A strategy that is written and consulted on, with these dates; Wednesday 10 June 2026.
pub fn written(review_on: &str, ends_on: &str) -> Desk {
    let seed = json!({ "spoc": Uuid::from_u128(1).to_string() });
    let mut desk = Desk::opened_under_another("communications-strategy", &spoc(), seed);
    desk.facts.children = ["snt", "opt", "mash"].map(answered).into();
    desk.facts.delegations = vec![lent("2026-01-01", "2026-12-31")];
    let mut draft = forms::strategy();
    draft["reviewOn"] = json!(review_on);
    draft["endsOn"] = json!(ends_on);
    desk.act(&spoc(), "edit", draft).unwrap();
    desk
}

fn lent(from: &str, to: &str) -> Delegation {
    let workflow = "communications-strategy".to_owned();
    Delegation { workflow, from: day(from), to: day(to), revoked_at: None }
}

#[test]
fn a_delegation_holds_on_its_first_and_on_its_last_day_in_london() {
    for (from, to, now, holds) in [
        ("2026-01-01", "2026-06-10", "2026-06-10T09:00:00Z", true),
        ("2026-01-01", "2026-06-09", "2026-06-10T09:00:00Z", false),
        ("2026-06-10", "2026-12-31", "2026-06-10T09:00:00Z", true),
        ("2026-06-11", "2026-12-31", "2026-06-10T09:00:00Z", false),
        // Summer time: the day ends an hour before UTC's.
        ("2026-01-01", "2026-06-10", "2026-06-10T22:59:59Z", true),
        ("2026-01-01", "2026-06-10", "2026-06-10T23:00:00Z", false),
        ("2026-06-11", "2026-12-31", "2026-06-10T23:00:00Z", true),
    ] {
        let mut desk = written("2026-11-20", "2026-12-01");
        desk.act(&spoc(), "submit", Value::Null).unwrap();
        desk.facts.delegations = vec![lent(from, to)];
        desk.now = at(now);
        let answer = desk.act(&authority(), "approve", forms::approval()).map(str::to_owned);
        let wanted = if holds { Ok("approved".to_owned()) } else { Err("no-valid-delegation".to_owned()) };
        assert_eq!(answer, wanted, "{from} to {to} at {now}");
    }
}

#[test]
fn a_delegation_that_was_taken_back_holds_until_that_instant() {
    for (now, holds) in [("2026-06-10T08:59:59Z", true), ("2026-06-10T09:00:00Z", false)] {
        let mut desk = written("2026-11-20", "2026-12-01");
        desk.act(&spoc(), "submit", Value::Null).unwrap();
        desk.facts.delegations[0].revoked_at = Some(at("2026-06-10T09:00:00Z"));
        desk.now = at(now);
        assert_eq!(desk.act(&authority(), "approve", forms::approval()).is_ok(), holds, "{now}");
    }
}

#[test]
fn nothing_is_submitted_signed_or_shared_whose_review_is_today() {
    for (review_on, allowed) in [("2026-06-09", false), ("2026-06-10", false), ("2026-06-11", true)] {
        let mut desk = written(review_on, "2026-06-20");
        let answer = desk.act(&spoc(), "submit", Value::Null).map(str::to_owned);
        let wanted = if allowed { Ok("submitted".to_owned()) } else { Err("dates-out-of-range".to_owned()) };
        assert_eq!(answer, wanted, "{review_on}");
    }
    let mut desk = written("2026-06-11", "2026-06-20");
    desk.act(&spoc(), "submit", Value::Null).unwrap();
    desk.now = at("2026-06-10T22:59:59Z");
    assert!(desk.offered(&authority()).contains(&"approve".to_owned()));
    desk.now = at("2026-06-10T23:00:00Z");
    let answer = desk.act(&authority(), "approve", forms::approval());
    assert_eq!(answer, Err("dates-out-of-range".to_owned()), "the review came while it waited");
}

#[test]
fn a_strategy_ends_at_most_twelve_months_on_and_twenty_working_days_after_its_review() {
    for (review_on, ends_on, allowed) in [
        ("2027-05-20", "2027-06-10", true),
        ("2027-05-20", "2027-06-11", false),
        // Twenty working days after Monday 2 November; no holiday between.
        ("2026-11-02", "2026-11-30", true),
        ("2026-11-02", "2026-12-01", false),
        // Over Christmas Day and the substitute for Boxing Day: three working days more on the calendar.
        ("2026-12-07", "2027-01-07", true),
        ("2026-12-07", "2027-01-08", false),
    ] {
        let mut desk = written(review_on, ends_on);
        let answer = desk.act(&spoc(), "submit", Value::Null).map(str::to_owned);
        let wanted = if allowed { Ok("submitted".to_owned()) } else { Err("dates-out-of-range".to_owned()) };
        assert_eq!(answer, wanted, "{review_on} {ends_on}");
    }
}

#[test]
fn a_strategy_expires_with_the_first_instant_of_its_end_date_in_london() {
    for (ends_on, before, strikes) in [
        ("2026-12-01", "2026-11-30T23:59:59.999999Z", "2026-12-01T00:00:00Z"),
        ("2026-07-01", "2026-06-30T22:59:59.999999Z", "2026-06-30T23:00:00Z"),
    ] {
        let mut desk = Desk::opened_under_another("communications-strategy", &spoc(), json!({ "endsOn": ends_on }));
        desk.case.state = "in_force".to_owned();
        assert_eq!(desk.clock_strikes_by(at(before)), "in_force");
        assert_eq!(desk.clock_strikes_by(at(strikes)), "expired");
    }
}

#[test]
fn limits_bind_until_the_first_instant_of_the_end_date_and_not_then() {
    on_each_database(async |database| {
        let desk = Mailroom::set_up(database).await;
        // Ends on 10 May: midnight in London is an hour before UTC's.
        let strategy = desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await.as_uuid();
        let ends = desk.app.app.store.write(async move |tx: &Tx| {
            let row = strategies_in_force::Entity::find_by_id(strategy).one(tx).await?.unwrap();
            let ends = strategies_in_force::ActiveModel { ends_at: Set(at("2026-05-09T23:00:00Z")), ..row.into() };
            ends.update(tx).await?;
            Ok::<_, StoreError>(())
        });
        ends.await.unwrap();
        for letter in ["2026-05-08T09:00:00Z", "2026-05-09T22:59:59Z", "2026-05-09T23:00:00Z", "2026-05-09T23:00:01Z"] {
            desk.letter(&desk.person, letter).await;
        }
        let verdicts = ["within_limit", "over_frequency", "within_limit", "within_limit"];
        assert_eq!(desk.verdicts(&desk.person).await, verdicts);
    });
}
