//! Signing in: passwords, codes, sessions, and what they must withstand.

use super::browser::{Browser, PASSWORD, value_of};
use crate::support::{Answer, TestApp, TestDatabase, on_each_database};
use chrono::Duration;
use evenhand::app::signing_in;
use evenhand::domain::access::Role;
use evenhand::tokens::one_time_code::CodeSecret;
use reqwest::Method;

async fn plain_post(app: &TestApp, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    let mut request = client.request(Method::POST, app.url(path)).header("accept", "text/html");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.finish());
    Answer::read(request.send().await.unwrap()).await
}

async fn link_token(app: &TestApp, username: &str) -> String {
    let link = signing_in::make_sign_in_link(&app.app, username).await.unwrap();
    link.rsplit('/').next().unwrap().to_owned()
}

fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

#[test]
fn a_link_sets_a_password_once_and_a_short_one_is_refused_in_words() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        app.officer("staff", &[Role::PsdStaff]).await;
        let token = link_token(&app, "staff").await;
        let path = format!("/sign-in/link/{token}");
        let short = plain_post(&app, &path, &[("password", "short")], &[]).await;
        assert_eq!(short.status, 422);
        assert!(short.text.contains("12 to 200 characters") && short.text.contains("<title>Error: "), "{}", short.text);
        let set = plain_post(&app, &path, &[("password", PASSWORD)], &[]).await;
        assert_eq!(set.leads_to(), "/");
        let again = plain_post(&app, &path, &[("password", "another password of mine")], &[]).await;
        assert_eq!(again.status, 404, "a link works once");
        let browser = Browser::with_token(&app, cookie_of(&set).split('=').nth(1).unwrap()).await;
        browser.get("/settings").await.says(&["Example staff", "PSD staff"]);
    });
}

#[test]
fn a_wrong_password_and_a_wrong_username_are_told_in_the_same_words_and_too_many_have_to_wait() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        app.officer("staff", &[Role::PsdStaff]).await;
        Browser::sign_in(&app, "staff").await;
        let wrong = plain_post(&app, "/sign-in", &[("username", "staff"), ("password", "not it at all")], &[]).await;
        let nobody = plain_post(&app, "/sign-in", &[("username", "nobody"), ("password", "not it at all")], &[]).await;
        assert_eq!((wrong.status, nobody.status), (422, 422));
        assert_eq!(wrong.text.replace("staff", ""), nobody.text.replace("nobody", ""));
        for _ in 0..5 {
            plain_post(&app, "/sign-in", &[("username", "staff"), ("password", "not it at all")], &[]).await;
        }
        let right = [("username", "staff"), ("password", PASSWORD)];
        assert_eq!(plain_post(&app, "/sign-in", &right, &[]).await.status, 422, "they have to wait");
        app.advance(Duration::minutes(16));
        assert_eq!(plain_post(&app, "/sign-in", &right, &[]).await.leads_to(), "/");
    });
}

#[test]
fn where_a_code_is_required_nothing_is_shown_before_one_is_set_up_and_no_code_counts_twice() {
    on_each_database(async |database| {
        let mut config = TestApp::config();
        config.pages.require_code = true;
        let app = TestApp::start_with(database, config).await;
        app.officer("staff", &[Role::PsdStaff]).await;
        let token = link_token(&app, "staff").await;
        let set = plain_post(&app, &format!("/sign-in/link/{token}"), &[("password", PASSWORD)], &[]).await;
        assert_eq!(set.leads_to(), "/sign-in/code");
        let mut browser = Browser::with_token(&app, cookie_of(&set).split('=').nth(1).unwrap()).await;
        assert_eq!(browser.get("/").await.leads_to(), "/sign-in/code");
        let page = browser.get("/sign-in/code").await;
        page.says(&["<svg", "Enter the six digits"]);
        let secret = value_of(&page.text, "secret").unwrap();
        assert!(page.text.replace(' ', "").contains(&format!("app-secret\">{secret}<")), "the letters stand there too");
        browser.take_token_of(&page);
        let wrong = browser.post("/sign-in/code", &[("secret", &secret), ("code", "000000")]).await;
        assert_eq!(wrong.status, 422);
        let code = CodeSecret::kept(secret.clone()).code(app.now()).unwrap();
        let right = browser.post("/sign-in/code", &[("secret", &secret), ("code", &code)]).await;
        assert_eq!(right.leads_to(), "/");
        let with = |code: &str| {
            [("username", "staff".to_owned()), ("password", PASSWORD.to_owned()), ("code", code.to_owned())]
        };
        let typed = with(&code);
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(plain_post(&app, "/sign-in", &typed, &[]).await.status, 422, "the same code again");
        app.advance(Duration::seconds(60));
        let later = CodeSecret::kept(secret).code(app.now()).unwrap();
        let typed = with(&later);
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(plain_post(&app, "/sign-in", &typed, &[]).await.leads_to(), "/");
    });
}

#[test]
fn a_session_is_a_new_one_at_each_sign_in_and_its_cookie_is_of_no_use_to_scripts_or_other_sites() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        app.officer("staff", &[Role::PsdStaff]).await;
        Browser::sign_in(&app, "staff").await;
        let right = [("username", "staff"), ("password", PASSWORD)];
        // Somebody else's idea of a session is not taken up (CWE-384).
        let planted = [("cookie", "evenhand=0123456789abcdef")];
        let first = plain_post(&app, "/sign-in", &right, &planted).await;
        let second = plain_post(&app, "/sign-in", &right, &[("cookie", &cookie_of(&first))]).await;
        assert!(!cookie_of(&first).contains("0123456789abcdef"));
        assert_ne!(cookie_of(&first), cookie_of(&second));
        let said = first.header("set-cookie").unwrap();
        assert!(said.contains("HttpOnly") && said.contains("SameSite=Lax") && said.contains("Path=/"), "{said}");
        assert!(!said.contains("Domain"), "{said}");
    });
}

#[tokio::test]
async fn over_tls_the_cookie_is_this_hosts_alone() {
    let mut config = TestApp::config();
    config.server.public_url = "https://evenhand.example.police.uk".to_owned();
    let app = TestApp::start_with(TestDatabase::sqlite(), config).await;
    app.officer("staff", &[Role::PsdStaff]).await;
    let token = link_token(&app, "staff").await;
    let set = plain_post(&app, &format!("/sign-in/link/{token}"), &[("password", PASSWORD)], &[]).await;
    let said = set.header("set-cookie").unwrap();
    assert!(said.starts_with("__Host-evenhand=") && said.contains("Secure"), "{said}");
}

#[test]
fn a_form_that_is_not_ours_does_nothing() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        app.officer("staff", &[Role::PsdStaff]).await;
        let browser = Browser::sign_in(&app, "staff").await;
        let without = browser.post_as_it_is("/settings", &[("shortcuts", "on")]).await;
        assert_eq!(without.status, 403, "{}", without.text);
        let wrong = browser.post_as_it_is("/settings", &[("csrf", "0".repeat(64).as_str()), ("shortcuts", "on")]).await;
        assert_eq!(wrong.status, 403);
        for elsewhere in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
            let cookie = ("cookie", browser.cookie.as_str());
            let fields = [("csrf", browser.csrf()), ("shortcuts", "on")];
            assert_eq!(plain_post(&app, "/settings", &fields, &[cookie, elsewhere]).await.status, 403, "{elsewhere:?}");
            let signing = [("username", "staff"), ("password", PASSWORD)];
            assert_eq!(plain_post(&app, "/sign-in", &signing, &[elsewhere]).await.status, 403, "{elsewhere:?}");
        }
        assert!(browser.get("/settings").await.text.contains("data-shortcuts=\"off\""));
        assert_eq!(browser.post("/settings", &[("shortcuts", "on")]).await.leads_to(), "/settings");
        assert!(browser.get("/settings").await.text.contains("data-shortcuts=\"on\""));
    });
}

#[test]
fn nobody_is_sent_to_another_house_after_signing_in() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        app.officer("staff", &[Role::PsdStaff]).await;
        Browser::sign_in(&app, "staff").await;
        for next in
            ["https://elsewhere.example", "//elsewhere.example/x", "/\\elsewhere.example", "javascript:alert(1)"]
        {
            let typed = [("username", "staff"), ("password", PASSWORD), ("next", next)];
            assert_eq!(plain_post(&app, "/sign-in", &typed, &[]).await.leads_to(), "/", "{next}");
        }
        let typed = [("username", "staff"), ("password", PASSWORD), ("next", "/people?q=x")];
        assert_eq!(plain_post(&app, "/sign-in", &typed, &[]).await.leads_to(), "/people?q=x");
    });
}

#[test]
fn whoever_does_nothing_for_half_an_hour_signs_in_again_and_finds_what_they_typed() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        app.officer("staff", &[Role::PsdStaff]).await;
        let browser = Browser::sign_in(&app, "staff").await;
        app.advance(Duration::minutes(31));
        let place = "/cases/new?workflow=frequent-service-user";
        let late = browser.post(place, &[("place", place), ("reason", "Nine mails in two days.")]).await;
        let to = late.leads_to();
        assert!(to.starts_with("/sign-in?next=%2Fcases%2Fnew"), "{to}");
        assert!(browser.get("/").await.leads_to().starts_with("/sign-in"));
        // A button without a page of its own leads to no address that cannot be opened, and is nothing that was typed.
        assert_eq!(browser.post("/sign-out", &[]).await.leads_to(), "/sign-in?over=1");
        let again = Browser::sign_in(&app, "staff").await;
        let drafts = again.get("/mail?tab=drafts").await;
        assert_eq!(drafts.says(&["/cases/new"]).text.matches("app-action__when").count(), 1, "{}", drafts.text);
        again.get(place).await.says(&["Nine mails in two days."]);
    });
}

#[test]
fn who_may_sign_in_no_more_is_signed_out_at_once() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        app.officer("staff", &[Role::PsdStaff]).await;
        let browser = Browser::sign_in(&app, "staff").await;
        browser.get("/").await.says(&["Today"]);
        evenhand::app::change_officer(&app.app, "staff", None, Some(false)).await.unwrap();
        assert!(browser.get("/").await.leads_to().starts_with("/sign-in"));
    });
}

#[tokio::test]
async fn every_page_tells_browsers_what_it_may_do() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    app.officer("staff", &[Role::PsdStaff]).await;
    let browser = Browser::sign_in(&app, "staff").await;
    for path in ["/", "/settings", "/nothing-here", "/sign-in", "/accessibility"] {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"), "{path}: {policy}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{path}");
    }
    let gone = browser.get("/nothing-here").await;
    assert_eq!((gone.status, gone.text.contains("Page not found")), (404, true));
}
