//! The same request sent twice is carried out once.

use crate::support::{Answer, Session, TestApp, on_each_database};
use chrono::Duration;
use evenhand::domain::access::{Role, Scope};
use reqwest::Method;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

fn delegation(admin: &Session, to: &str) -> Value {
    json!({ "officerId": admin.id, "workflow": "communications-strategy", "from": "2026-06-01", "to": to })
}

async fn grant(app: &TestApp, who: &Session, key: &str, body: &Value) -> Answer {
    let request = app.request(Method::POST, "/api/v1/delegations").bearer_auth(&who.token);
    app.send(request.header("idempotency-key", key).json(body)).await
}

async fn count(app: &TestApp, admin: &Session) -> usize {
    app.get(admin, "/api/v1/delegations").await.ok()["data"].as_array().unwrap().len()
}

#[test]
fn a_request_sent_again_gets_the_first_answer_and_does_nothing() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        let body = delegation(&admin, "2026-06-30");
        let first = grant(&app, &admin, "k-1", &body).await;
        let again = grant(&app, &admin, "k-1", &body).await;
        assert_eq!((first.status, again.status), (201, 201));
        assert_eq!(first.text, again.text);
        assert_eq!(first.header("location"), again.header("location"));
        assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), (None, Some("true")));
        assert_eq!(count(&app, &admin).await, 1);
    });
}

#[test]
fn a_key_used_for_another_request_is_a_mistake_and_another_callers_key_is_another_key() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        let second = app.officer("second", &[Role::Admin]).await;
        grant(&app, &admin, "k", &delegation(&admin, "2026-06-30")).await.ok();
        let other = grant(&app, &admin, "k", &delegation(&admin, "2026-07-31")).await;
        other.is_problem(422, "idempotency-mismatch");
        grant(&app, &second, "k", &delegation(&admin, "2026-06-30")).await.ok();
        assert_eq!(count(&app, &admin).await, 2);
    });
}

#[test]
fn of_many_at_the_same_time_one_is_carried_out() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        let body = delegation(&admin, "2026-06-30");
        let answers = futures_util::future::join_all((0..16).map(|_| grant(&app, &admin, "race", &body))).await;
        for answer in &answers {
            match answer.status {
                201 => {}
                _ => answer.is_problem(409, "in-progress"),
            }
        }
        assert!(answers.iter().any(|answer| answer.status == 201));
        assert_eq!(count(&app, &admin).await, 1);
    });
}

#[test]
fn a_refused_request_may_be_sent_again_with_the_same_key_once_it_is_allowed() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let officer = app.officer("officer", &[Role::Ccr]).await;
        let body = delegation(&officer, "2026-06-30");
        grant(&app, &officer, "k", &body).await.is_problem(403, "wrong-role");
        evenhand::app::change_officer(&app.app, "officer", Some([Role::Admin].into()), None).await.unwrap();
        grant(&app, &officer, "k", &body).await.ok();
    });
}

#[test]
fn a_key_is_forgotten_after_seven_days() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        app.officer("admin", &[Role::Admin]).await;
        let admin = app.sign_in("admin").await;
        grant(&app, &admin, "k", &delegation(&admin, "2026-06-30")).await.ok();
        app.advance(Duration::days(7) + Duration::seconds(1));
        evenhand::app::forget_old_keys(&app.app).await.unwrap();
        let admin = app.sign_in("admin").await;
        let again = grant(&app, &admin, "k", &delegation(&admin, "2026-06-30")).await;
        assert_eq!((again.status, again.header("idempotency-replayed")), (201, None));
    });
}

#[test]
fn a_key_must_be_a_word_of_up_to_255_characters() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let admin = app.officer("admin", &[Role::Admin]).await;
        let body = delegation(&admin, "2026-06-30");
        grant(&app, &admin, "", &body).await.is_problem(400, "malformed-request");
        grant(&app, &admin, &"k".repeat(256), &body).await.is_problem(400, "malformed-request");
        grant(&app, &admin, &"k".repeat(255), &body).await.ok();
    });
}

/// Makes the database fail one contact, as a bad disk page might, and mends it again.
fn broken(is_postgres: bool) -> (&'static str, &'static str) {
    if is_postgres {
        let breaks =
            "CREATE FUNCTION fails() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$ LANGUAGE plpgsql;
            CREATE TRIGGER fails BEFORE INSERT ON contacts FOR EACH ROW WHEN (NEW.external_ref = 'call-250')
            EXECUTE FUNCTION fails()";
        (breaks, "DROP TRIGGER fails ON contacts")
    } else {
        let breaks = "CREATE TRIGGER fails BEFORE INSERT ON contacts WHEN NEW.external_ref = 'call-250'
            BEGIN SELECT RAISE(ABORT, 'broken'); END";
        (breaks, "DROP TRIGGER fails")
    }
}

#[test]
fn a_failure_of_ours_after_something_was_written_is_not_repeated_as_the_answer_and_nothing_is_done_twice() {
    on_each_database(async |database| {
        let (breaks, mends) = broken(database.is_postgres());
        let raw = database.raw().await;
        let app = TestApp::start(database).await;
        let system = app.system("telephony", &[Scope::ContactsWrite]).await;
        let lines: Vec<String> = (0..300)
            .map(|n| json!({ "channel": "101", "externalSystem": "s", "externalRef": format!("call-{n}") }))
            .map(|line| line.to_string())
            .collect();
        let send = async |key: &str| {
            let request = app.request(Method::POST, "/api/v1/contacts/batch").bearer_auth(&system.token);
            let request = request.header("idempotency-key", key).header("content-type", "application/x-ndjson");
            app.send(request.body(lines.join("\n"))).await
        };
        raw.execute_unprepared(breaks).await.unwrap();
        send("first").await.is_problem(500, "internal");
        raw.execute_unprepared(mends).await.unwrap();
        raw.close().await.unwrap();
        send("first").await.is_problem(409, "answer-lost");
        let rest = send("second").await;
        assert_eq!(rest.status, 200, "{}", rest.text);
        let count = |status: &str| rest.text.matches(&format!("\"status\":\"{status}\"")).count();
        assert_eq!((count("duplicate"), count("recorded"), count("rejected")), (200, 100, 0));
    });
}

#[test]
fn no_problem_says_that_nothing_was_changed_where_something_may_have_been() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        for slug in ["unavailable", "storage-full", "internal", "answer-lost"] {
            let page = app.send(app.request(Method::GET, &format!("/problems/{slug}"))).await.ok();
            assert!(!page["advice"].as_str().unwrap().contains("Nothing was changed"), "{slug}");
        }
    });
}

/// What a crash leaves behind, made by stopping half way.
mod after_a_crash {
    use super::*;
    use evenhand::app::{AppError, Known, Reservation, acting_for, reserve_key};

    async fn reserved(app: &TestApp) -> Reservation {
        match reserve_key(&app.app, "caller", "key", "request").await.unwrap() {
            Known::New(reservation) => reservation,
            other @ (Known::Mismatch | Known::InProgress | Known::AnswerLost | Known::Answered(_)) => {
                panic!("{other:?}")
            }
        }
    }

    async fn act(app: &TestApp, reservation: Reservation) -> Result<(), AppError> {
        let write = app.app.store.write(async move |_| Ok::<_, AppError>(()));
        Ok(acting_for(reservation, write).await?)
    }

    #[test]
    fn a_request_that_did_nothing_may_run_again_and_its_first_run_can_do_nothing_any_more() {
        on_each_database(async |database| {
            let app = TestApp::start(database).await;
            let first = reserved(&app).await;
            let soon = reserve_key(&app.app, "caller", "key", "request").await.unwrap();
            assert!(matches!(soon, Known::InProgress));
            app.advance(Duration::minutes(2));
            let second = reserved(&app).await;
            assert!(act(&app, first).await.is_err(), "the first run comes too late");
            act(&app, second).await.unwrap();
        });
    }

    #[test]
    fn a_request_that_acted_is_never_run_again_even_when_its_answer_was_lost() {
        on_each_database(async |database| {
            let app = TestApp::start(database).await;
            let reservation = reserved(&app).await;
            act(&app, reservation).await.unwrap();
            app.advance(Duration::minutes(2));
            let later = reserve_key(&app.app, "caller", "key", "request").await.unwrap();
            assert!(matches!(later, Known::AnswerLost));
        });
    }
}
