//! What comes in wrong: pointed at, never repeated, and never a fault of ours.

use crate::support::{TestApp, on_each_database};
use evenhand::domain::access::{Role, Scope};
use reqwest::Method;
use serde_json::json;

#[test]
fn the_character_nul_is_refused_at_the_door_on_both_databases() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let system = app.system("telephony", &[Scope::ContactsWrite]).await;

        let person = json!({ "reference": "FSU-1", "fullName": "Example\u{0}Person" });
        let answer = app.post(&staff, "/api/v1/people", person).await;
        answer.is_problem(422, "validation");
        assert_eq!(answer.body["errors"][0]["pointer"], "/fullName", "{}", answer.text);

        let case = json!({ "workflow": "frequent-service-user", "input": { "deep": ["x", { "k\u{0}": 1 }] } });
        let answer = app.post(&staff, "/api/v1/cases", case).await;
        answer.is_problem(422, "validation");
        assert_eq!(answer.body["errors"][0]["pointer"], "/input/deep/1");

        let answer = app.get(&staff, "/api/v1/cases?state=a%00b").await;
        answer.is_problem(422, "validation");
        assert_eq!(answer.body["errors"][0]["pointer"], "/state");
        app.get(&staff, "/api/v1/workflows/a%00b").await.is_problem(404, "not-found");

        let line = json!({ "channel": "101", "words": "a\u{0}b" }).to_string();
        let request = app.request(Method::POST, "/api/v1/contacts/batch").bearer_auth(&system.token).body(line);
        let answer = app.send(request).await;
        assert!(answer.text.contains("\"rejected\"") && answer.text.contains("\"/words\""), "{}", answer.text);

        for form in ["client_id=a%00&client_secret=b", "client_id=a&client_secret=b%00"] {
            let request = app.request(Method::POST, "/oauth2/token");
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let answer = app.send(request.body(format!("grant_type=client_credentials&{form}"))).await;
            assert_eq!((answer.status, &answer.body["error"]), (400, &json!("invalid_request")), "{}", answer.text);
        }
        let request = app.request(Method::POST, "/oauth2/token").basic_auth("a\0", Some("b"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(app.send(request.body("grant_type=client_credentials")).await.status, 401);
    });
}

#[test]
fn a_body_of_the_wrong_shape_is_pointed_at_and_not_repeated() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        for (body, pointer) in [
            (json!({ "reference": "FSU-1", "fullName": ["Pale Moon"] }), "/fullName"),
            (json!({ "reference": "FSU-1", "fullName": "x", "dateOfBirth": "Pale Moon" }), "/dateOfBirth"),
            (json!({ "reference": "FSU-1" }), "/fullName"),
        ] {
            let answer = app.post(&staff, "/api/v1/people", body).await;
            answer.is_problem(422, "validation");
            assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{}", answer.text);
            assert!(!answer.text.contains("Pale Moon"), "{}", answer.text);
        }
        let unknown = json!({ "reference": "FSU-1", "fullName": "x", "fullNmae": "Pale Moon" });
        let answer = app.post(&staff, "/api/v1/people", unknown).await;
        answer.is_problem(422, "validation");
        assert!(answer.text.contains("not known") && !answer.text.contains("Pale Moon"), "{}", answer.text);
        let answer = app.get(&staff, "/api/v1/people?limit=Pale%20Moon").await;
        answer.is_problem(422, "validation");
        assert!(!answer.text.contains("Pale Moon"), "{}", answer.text);
    });
}
