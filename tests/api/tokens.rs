//! Which tokens are believed, and who they name.

use crate::support::{Session, TestApp, TestIssuer, on_each_database, signed};
use chrono::Duration;
use evenhand::app;
use evenhand::domain::access::{Role, Scope};
use reqwest::Method;
use serde_json::{Value, json};

fn with_token(token: impl Into<String>) -> Session {
    Session { id: String::new(), name: String::new(), token: token.into(), secret: None }
}

async fn me(app: &TestApp, token: impl Into<String>) -> crate::support::Answer {
    app.get(&with_token(token), "/api/v1/me").await
}

/// What an external issuer says of the officer `e.officer`, with some claims changed.
fn claims(app: &TestApp, changes: Value) -> Value {
    let now = app.now().timestamp();
    let mut claims = json!({
        "iss": TestIssuer::NAME, "aud": "evenhand", "sub": "e.officer", "exp": now + 300, "nbf": now,
        "roles": ["psd_staff", "chair"],
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

#[test]
fn a_token_of_ours_names_the_officer_with_the_roles_registered_here() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let chair = app.officer("chair", &[Role::Chair, Role::PsdStaff]).await;
        let me = app.get(&chair, "/api/v1/me").await.ok();
        assert_eq!(me["name"], "chair");
        assert_eq!(me["roles"], json!(["psd_staff", "chair"]));
    });
}

#[test]
fn a_token_of_ours_is_not_believed_after_its_time() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        app.officer("chair", &[Role::Chair]).await;
        let token = app::issue_officer_token(&app.app, "chair", 5).await.unwrap();
        me(&app, &token).await.ok();
        app.advance(Duration::minutes(5) + Duration::seconds(31));
        let answer = me(&app, &token).await;
        answer.is_problem(401, "not-signed-in");
        assert_eq!(answer.body["detail"], "the token has expired");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer "));
    });
}

#[test]
fn roles_taken_away_and_officers_who_left_count_from_the_next_request() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let officer = app.officer("officer", &[Role::Chair]).await;
        app::change_officer(&app.app, "officer", Some([Role::Ccr].into()), None).await.unwrap();
        assert_eq!(app.get(&officer, "/api/v1/me").await.ok()["roles"], json!(["ccr"]));
        app::change_officer(&app.app, "officer", None, Some(false)).await.unwrap();
        app.get(&officer, "/api/v1/me").await.is_problem(401, "not-signed-in");
    });
}

#[test]
fn officer_tokens_can_be_switched_off() {
    on_each_database(async |database| {
        let mut config = TestApp::config();
        config.auth.user_tokens_enabled = false;
        let app = TestApp::start_with(database, config).await;
        let new =
            app::NewOfficer { username: "officer".into(), display_name: "Example".into(), roles: [Role::Ccr].into() };
        app::add_officer(&app.app, new).await.unwrap();
        assert!(app::issue_officer_token(&app.app, "officer", 5).await.is_err());
    });
}

#[test]
fn a_token_that_says_it_is_unsigned_or_is_signed_by_somebody_else_is_not_believed() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let officer = app.officer("officer", &[Role::Admin]).await;
        let (header, payload, signature) = match officer.token.split('.').collect::<Vec<_>>()[..] {
            [header, payload, signature] => (header.to_owned(), payload.to_owned(), signature.to_owned()),
            _ => unreachable!(),
        };
        let none = base64_of(&json!({ "alg": "none", "typ": "JWT" }));
        let claims = json!({
            "iss": "evenhand", "aud": "evenhand", "sub": officer.id, "iat": 0, "nbf": 0, "exp": 9_999_999_999_u64,
            "evenhand:kind": "officer",
        });
        let kid = app.send(app.request(Method::GET, "/.well-known/jwks.json")).await.ok()["keys"][0]["kid"].clone();
        let forged = [
            format!("{none}.{payload}."),
            format!("{none}.{payload}.{signature}"),
            format!("{header}.{}.{signature}", base64_of(&claims)),
            format!("{header}.{payload}.{}", "A".repeat(86)),
            format!("{header}.{payload}"),
            signed(&json!({ "alg": "EdDSA", "kid": kid }), &claims, "another"),
            signed(&json!({ "alg": "HS256", "kid": kid }), &claims, "another"),
            signed(&json!({ "alg": "EdDSA", "kid": "unknown" }), &claims, "another"),
            signed(&json!({ "alg": "EdDSA" }), &claims, "another"),
            String::new(),
            "not a token".to_owned(),
            "💥".to_owned(),
            "a.b.c".to_owned(),
        ];
        for token in forged {
            let request = app.request(Method::GET, "/api/v1/me");
            let bytes = format!("Bearer {token}").into_bytes();
            let value = reqwest::header::HeaderValue::from_bytes(&bytes).unwrap();
            app.send(request.header("authorization", value)).await.is_problem(401, "not-signed-in");
        }
        app.send(app.request(Method::GET, "/api/v1/me").basic_auth("a", Some("b")))
            .await
            .is_problem(401, "not-signed-in");
    });
}

fn base64_of(value: &Value) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
}

#[test]
fn the_forces_own_issuer_names_an_officer_by_username_and_gives_no_role_not_held_here() {
    on_each_database(async |database| {
        let issuer = TestIssuer::new();
        let app = TestApp::start_trusting(database, &issuer).await;
        app.officer("e.officer", &[Role::PsdStaff, Role::Admin]).await;
        let me = me(&app, issuer.sign("first", &claims(&app, json!({})))).await.ok();
        assert_eq!(me["name"], "e.officer");
        assert_eq!(me["roles"], json!(["psd_staff"]));
    });
}

#[test]
fn another_issuers_token_must_be_for_us_in_time_and_name_an_officer() {
    on_each_database(async |database| {
        let issuer = TestIssuer::new();
        let app = TestApp::start_trusting(database, &issuer).await;
        app.officer("e.officer", &[Role::PsdStaff]).await;
        let now = app.now().timestamp();
        let wrong = [
            (json!({ "aud": "another" }), "the token is made out to another audience"),
            (json!({ "aud": null }), "the token lacks a claim it must have"),
            (
                json!({ "iss": "https://elsewhere.example" }),
                "the token comes from an issuer this server does not trust",
            ),
            (json!({ "exp": now - 31 }), "the token has expired"),
            (json!({ "exp": null }), "the token is malformed"),
            (json!({ "nbf": now + 31 }), "the token is not valid yet"),
            (json!({ "sub": null }), "the token lacks a claim it must have"),
            (json!({ "sub": "nobody" }), "the token names nobody who may sign in here"),
        ];
        for (changes, why) in wrong {
            let answer = me(&app, issuer.sign("first", &claims(&app, changes.clone()))).await;
            answer.is_problem(401, "not-signed-in");
            assert_eq!(answer.body["detail"], why, "{changes}");
        }
        let header = json!({ "alg": "ES256", "kid": "first" });
        let answer = me(&app, signed(&header, &claims(&app, json!({})), "first")).await;
        assert_eq!(answer.body["detail"], "the token is signed with an algorithm its issuer does not use");
    });
}

#[test]
fn a_new_key_of_the_issuer_is_learnt_but_asked_for_only_every_five_minutes() {
    on_each_database(async |database| {
        let issuer = TestIssuer::new();
        let app = TestApp::start_trusting(database, &issuer).await;
        app.officer("e.officer", &[Role::PsdStaff]).await;
        me(&app, issuer.sign("first", &claims(&app, json!({})))).await.ok();
        issuer.publish(&["first", "second"]);
        let by_second = issuer.sign("second", &claims(&app, json!({ "exp": app.now().timestamp() + 7200 })));
        me(&app, &by_second).await.is_problem(401, "not-signed-in");
        app.advance(Duration::minutes(5));
        me(&app, &by_second).await.ok();
    });
}

#[test]
fn the_last_good_keys_serve_while_the_issuer_is_out_of_order_and_withdrawn_ones_are_forgotten_afterwards() {
    on_each_database(async |database| {
        let issuer = TestIssuer::new();
        let app = TestApp::start_trusting(database, &issuer).await;
        app.officer("e.officer", &[Role::PsdStaff]).await;
        let late = app.now().timestamp() + 100_000;
        let token = issuer.sign("first", &claims(&app, json!({ "exp": late })));
        me(&app, &token).await.ok();
        issuer.break_down();
        app.advance(Duration::hours(2));
        me(&app, &token).await.ok();
        issuer.publish(&["second"]);
        app.advance(Duration::minutes(5));
        me(&app, &token).await.is_problem(401, "not-signed-in");
        me(&app, issuer.sign("second", &claims(&app, json!({ "exp": late })))).await.ok();
    });
}

#[test]
fn a_system_signs_in_by_its_secret_and_a_wrong_one_gives_nothing_away() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let feed = app.system("feed", &[Scope::MailWrite]).await;
        let me = app.get(&feed, "/api/v1/me").await.ok();
        assert_eq!((&me["kind"], &me["scopes"]), (&json!("system"), &json!(["mail.write"])));
        let refused = async |form: &str| {
            let request = app.request(Method::POST, "/oauth2/token").body(form.to_owned());
            app.send(request.header("content-type", "application/x-www-form-urlencoded")).await
        };
        let wrong = refused("grant_type=client_credentials&client_id=feed&client_secret=wrong").await;
        let unknown = refused("grant_type=client_credentials&client_id=nobody&client_secret=wrong").await;
        assert_eq!((wrong.status, wrong.text), (401, unknown.text));
        let other = refused("grant_type=password&username=a&password=b").await;
        assert_eq!((other.status, &other.body["error"]), (400, &json!("unsupported_grant_type")));
    });
}

#[test]
fn a_liaison_system_speaks_for_an_officer_only_with_that_officers_token() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let officer = app.officer("liaison", &[Role::Mash]).await;
        let token = async |scopes: &[Scope], name: &str, actor: &str| {
            let added = app::add_client(&app.app, name.to_owned(), scopes.to_vec()).await.unwrap();
            let form = format!(
                "grant_type=client_credentials&actor_token={actor}\
                 &actor_token_type=urn:ietf:params:oauth:token-type:jwt"
            );
            let request =
                app.request(Method::POST, "/oauth2/token").basic_auth(&added.system.name, Some(&added.secret));
            app.send(request.header("content-type", "application/x-www-form-urlencoded").body(form)).await
        };
        let granted = token(&[Scope::OfficersAct], "liaison-system", &officer.token).await.ok();
        let me = me(&app, granted["access_token"].as_str().unwrap()).await.ok();
        assert_eq!((&me["kind"], &me["name"]), (&json!("officer"), &json!("liaison")));
        assert_eq!(token(&[Scope::MailWrite], "mail-system", &officer.token).await.status, 400);
        assert_eq!(token(&[Scope::OfficersAct], "second-system", "made.up.token").await.status, 400);
    });
}
