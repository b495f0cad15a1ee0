//! Files of calls by hand: looked at, brought in, undone.

use super::browser::Browser;
use crate::calls::room::{CAD, NUMBER, Room, hourly};
use crate::support::{TestApp, TestDatabase};
use evenhand::app::callers::{CallImport, ImportStatus, Undone};
use evenhand::domain::access::{ActorRef, Role};
use evenhand::store::call_imports;

const HEAD: &str = "Incident Number,Created,Source,Telephone,Name,Caller Type,Location,Type,Details,Actions,Result\n";

#[tokio::test]
async fn a_file_is_looked_at_brought_in_and_undone_without_scripts() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    app.officer("coordinator", &[Role::Coordinator]).await;
    let browser = Browser::sign_in(&app, "coordinator").await;
    let profile = ("profile", "command-and-control");
    let wrong = browser.upload("/callers/imports", &[profile], ("calls.csv", "Name\nx\n")).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("There is a problem") && wrong.text.contains("Incident Number"), "{}", wrong.text);
    assert_eq!(browser.upload("/callers/imports", &[], ("calls.csv", "x")).await.status, 422);

    let file = format!(
        "{HEAD}A1,10/05/2026 10:00:00,101,01632 960123,<b>Example</b>,PUBLIC,1 Example Way,=1+1,,,\nA2,soon,101,,,,,,,,\n"
    );
    let handed = browser.upload("/callers/imports", &[profile], ("C:\\\\calls.csv", &file)).await;
    let page = browser.get(&handed.leads_to()).await;
    assert!(page.text.contains("calls.csv") && page.text.contains("What is in it"), "{}", page.text);
    assert!(page.text.contains("&lt;b&gt;Example") && page.text.contains("Row 3"), "{}", page.text);
    let path = handed.leads_to();
    assert_eq!(browser.post(&format!("{path}/start"), &[]).await.status, 303);
    app.run_jobs().await;
    let page = browser.get(&path).await;
    assert!(page.text.contains("Read</strong>") && page.text.contains("Rejected rows"), "{}", page.text);
    let rejected = browser.get(&format!("{path}/rejected.csv")).await;
    assert!(rejected.text.starts_with("\u{feff}Row,Column,Code,What is wrong,Incident Number,"), "{}", rejected.text);
    assert!(rejected.text.contains("3,\"Created\",") || rejected.text.contains("3,Created,"), "{}", rejected.text);
    assert_eq!(browser.post(&format!("{path}/undo"), &[("reason", "")]).await.status, 422);
    assert_eq!(browser.post(&format!("{path}/undo"), &[("reason", "Of another county.")]).await.status, 303);
    assert!(browser.get(&path).await.text.contains("Of another county."));
}

#[tokio::test]
async fn an_undoing_that_stopped_on_its_way_is_finished_from_the_page() {
    let room = Room::set_up(TestDatabase::sqlite()).await;
    room.app.officer("coordinator", &[Role::Coordinator]).await;
    let browser = Browser::sign_in(&room.app, "coordinator").await;
    let import = room.import(CAD, &hourly('A', 10, NUMBER, 3)).await;
    let undone = Undone { by: ActorRef::Software, at: room.app.now(), because: "Of another county.".to_owned() };
    let stopped = CallImport { status: ImportStatus::Undoing, undone: Some(undone), ..import };
    let id = stopped.id;
    let written = room.app.app.store.write(async move |tx| call_imports::update(tx, &stopped).await);
    written.await.unwrap();
    let path = format!("/callers/imports/{id}");
    let page = browser.get(&path).await;
    assert!(page.text.contains("Taken back in part") && page.text.contains("Undo the rest"), "{}", page.text);
    assert!(page.text.contains("value=\"Of another county.\""), "{}", page.text);
    assert_eq!(browser.post(&format!("{path}/undo"), &[("reason", "Of another county.")]).await.status, 303);
    let page = browser.get(&path).await;
    assert!(page.text.contains("Undone</strong>") && !page.text.contains("Undo the rest"), "{}", page.text);
    assert!(room.calls_of(NUMBER).await.is_empty());
}

#[tokio::test]
async fn a_file_that_no_page_of_ours_asked_for_is_not_taken_in() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    app.officer("coordinator", &[Role::Coordinator]).await;
    let mut browser = Browser::sign_in(&app, "coordinator").await;
    browser.take_token_of(&browser.get("/static/none").await);
    let refused = browser.upload("/callers/imports", &[("profile", "acd")], ("calls.csv", "x")).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let listed = app.get(&app.officer("auditor", &[Role::Auditor]).await, "/api/v1/call-imports").await.ok();
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(0));
}
