//! The pages about repeat callers, without scripts: the desk, months, nominated callers, a profile, meetings, the report.

use super::browser::Browser;
use crate::support::made_calls::{NewCall, a_case, calls, id_of, keep_calls, nominated};
use crate::support::{TestApp, TestDatabase, on_each_database};
use evenhand::domain::access::Role;
use serde_json::json;

const CALLER: &str = "+447700900001";

async fn called(database: TestDatabase) -> TestApp {
    let app = TestApp::start(database).await;
    for (name, role) in [
        ("coordinator", Role::Coordinator),
        ("csu", Role::Csu),
        ("opt", Role::Opt),
        ("ccr", Role::Ccr),
        ("staff", Role::PsdStaff),
        ("auditor", Role::Auditor),
    ] {
        app.officer(name, &[role]).await;
    }
    let of = |one: NewCall| NewCall { subject: Some("Noise"), ..one };
    keep_calls(&app, calls(CALLER, "2026-05", 12).into_iter().map(of).collect()).await;
    nominated(&app, CALLER).await;
    app
}

#[test]
fn a_month_is_sent_received_acted_on_and_checked() {
    on_each_database(async |database| {
        let app = called(database).await;
        let ccr = Browser::sign_in(&app, "ccr").await;
        let month = "/callers/months/2026-05";
        ccr.get("/callers/months").await.says(&["May 2026", "Not sent", "12 June 2026"]);
        let page = ccr.get(month).await;
        page.says(&[CALLER, "Nobody on it is a nuisance", "Days missing", "Nobody was sent it", "Send it to a unit"]);
        let none = ccr.post(&format!("{month}/send"), &[]).await;
        assert_eq!(none.status, 422, "{}", none.text);
        assert_eq!(ccr.post(&format!("{month}/send"), &[("team", "opt")]).await.leads_to(), month);
        let opt = Browser::sign_in(&app, "opt").await;
        let page = opt.get(month).await;
        page.says(&["No receipt", "Say that you have it", "Record the check"]);
        let receipt = page.text.split("action=\"/callers/sendings/").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(opt.post(&format!("/callers/sendings/{receipt}"), &[]).await.leads_to(), month);
        let action = format!("/callers/sendings/{}", receipt.replace("receipt", "action"));
        opt.get(&action).await.says(&["What did the unit do?"]);
        assert_eq!(opt.post(&action, &[("action", "Visited.")]).await.leads_to(), month);
        let check = format!("{month}/check");
        assert_eq!(opt.post(&check, &[("found", "One needs a visit.")]).await.leads_to(), month);
        opt.get(month).await.says(&["Received by Example opt", "Visited.", "One needs a visit."]);
        assert_eq!(ccr.get(&check).await.status, 403);
    });
}

#[test]
fn a_table_is_taken_away_for_a_reason() {
    on_each_database(async |database| {
        let app = called(database).await;
        let ccr = Browser::sign_in(&app, "ccr").await;
        let export = "/callers/months/2026-05/export";
        ccr.get(export).await.says(&["Why do you need this outside Evenhand?"]);
        assert_eq!(ccr.post(export, &[("reason", "")]).await.status, 422);
        let file = ccr.post(export, &[("reason", "For the analyst")]).await;
        assert_eq!((file.status, file.header("content-type")), (200, Some("text/csv; charset=utf-8")));
        assert!(file.text.contains("'+447700900001"), "{}", file.text);
    });
}

#[test]
fn a_nominated_caller_is_looked_at_said_to_be_somebody_and_left_with_a_reason() {
    on_each_database(async |database| {
        let app = called(database).await;
        let browser = Browser::sign_in(&app, "coordinator").await;
        browser.get("/callers").await.says(&["Look at nominated callers (1)", "Untested"]);
        let page = browser.get("/callers/nominations").await;
        page.says(&[CALLER, "labels nobody", "Take it up", "Leave it, with a reason"]);
        let profile = format!("/callers/{}", id_of(CALLER));
        browser.get(&profile).await.says(&["Noise", "Nobody said who it is", "and nothing else", "Take it up"]);
        let staff = Browser::sign_in(&app, "staff").await;
        assert_eq!(staff.get(&profile).await.status, 403);
        let new = [("reference", "FSU-0001"), ("fullName", "Example Person")];
        browser.post("/people/new", &new).await.leads_to();
        let person = format!("{profile}/person");
        let wrong = browser.post(&person, &[("reference", "FSU-9"), ("reason", "Same voice")]).await;
        assert!(wrong.status == 422 && wrong.text.contains("no such person on file"), "{}", wrong.text);
        assert_eq!(
            browser.post(&person, &[("reference", "FSU-0001"), ("reason", "Same voice")]).await.leads_to(),
            profile
        );
        browser.get(&profile).await.says(&["Example Person", "Take back who it is"]);
        assert_eq!(browser.post(&person, &[("reason", "Another voice")]).await.leads_to(), profile);
        let note = format!("{profile}/notes/new");
        assert_eq!(browser.post(&note, &[("words", "Call before you visit.")]).await.leads_to(), profile);
        browser.get(&profile).await.says(&["Call before you visit."]);
        let leave =
            page.text.split("href=\"").find(|href| href.contains("/leave\"")).unwrap().split('"').next().unwrap();
        browser.get(leave).await.says(&["Why is nothing done?"]);
        assert_eq!(browser.post(leave, &[("reason", "A carer.")]).await.leads_to(), "/callers/nominations");
        browser.get("/callers/nominations").await.says(&["Nobody waits for a look"]);
        browser.get("/callers/nominations?show=all").await.says(&["Left by Example coordinator", "A carer."]);
    });
}

#[test]
fn a_nomination_is_taken_up_without_being_asked_where_it_came_from() {
    on_each_database(async |database| {
        let app = called(database).await;
        let browser = Browser::sign_in(&app, "coordinator").await;
        let page = browser.get("/callers/nominations").await;
        let path = page.text.split("href=\"").find(|href| href.contains("/take-up\"")).unwrap();
        let path = path.split('"').next().unwrap();
        let form = browser.get(path).await;
        form.says(&["What happened", "A risk to somebody was seen"]);
        assert!(!form.text.contains("Who or what nominated") && !form.text.contains("nominationId"), "{}", form.text);
        let wrong = browser.post(path, &[("reason", " ")]).await;
        assert!(wrong.status == 422 && !wrong.text.contains("Who or what nominated"), "{}", wrong.text);
        let case = browser.post(path, &[("reason", "Ten calls in a week."), ("source", "manual")]).await.leads_to();
        let shown = browser.get(&case).await;
        assert_eq!(shown.status, 200);
        assert_eq!(browser.get(path).await.status, 409, "it was taken up already");
        browser.get("/callers/nominations").await.says(&["Nobody waits for a look"]);
    });
}

#[test]
fn a_marker_is_added_looked_at_again_and_ended_with_a_reason() {
    on_each_database(async |database| {
        let app = called(database).await;
        let browser = Browser::sign_in(&app, "coordinator").await;
        let list = "/callers/markers";
        browser.get(list).await.says(&["No marker is in force", "Add a marker"]);
        let new = format!("{list}/new");
        browser.get(&format!("{new}?caller={}", id_of(CALLER))).await.says(&[CALLER, "A marker is on one thing"]);
        let of_nothing = [("kind", "telephone"), ("text", "Ask for the sister.")];
        let refused = browser.post(&new, &of_nothing).await;
        assert!(refused.status == 422 && refused.text.contains("Give one of these"), "{}", refused.text);
        assert!(refused.text.contains("Ask for the sister."), "what was typed is gone: {}", refused.text);
        let of_two = [of_nothing[0], of_nothing[1], ("telephone", CALLER), ("place", "1 Example Road")];
        assert_eq!(browser.post(&new, &of_two).await.status, 422);
        let nobody = [of_nothing[0], of_nothing[1], ("reference", "FSU-9")];
        let refused = browser.post(&new, &nobody).await;
        assert!(refused.status == 422 && refused.text.contains("no such person on file"), "{}", refused.text);
        let review = [("reviewOn-day", "20"), ("reviewOn-month", "6"), ("reviewOn-year", "2026")];
        let mut good = vec![of_nothing[0], of_nothing[1], ("telephone", CALLER)];
        good.extend(review);
        assert_eq!(browser.post(&new, &good).await.leads_to(), list);
        let page = browser.get(list).await;
        page.says(&[CALLER, "Ask for the sister.", "Added by Example coordinator", "20 June 2026"]);
        assert!(!page.text.contains("Review overdue"));
        app.advance(chrono::Duration::days(60));
        let browser = Browser::sign_in(&app, "coordinator").await;
        let page = browser.get(list).await;
        page.says(&["Review overdue"]);
        browser.get("/callers").await.says(&["What call takers are told", "1 marker</a> should have been looked at"]);
        let end = page.text.split("href=\"").find(|href| href.contains("/end\"")).unwrap().split('"').next().unwrap();
        browser.get(end).await.says(&["Why does it end?", "Ask for the sister."]);
        assert_eq!(browser.post(end, &[("reason", " ")]).await.status, 422);
        assert_eq!(browser.post(end, &[("reason", "The sister moved away.")]).await.leads_to(), list);
        browser.get(list).await.says(&["No marker is in force"]);
        let nowhere = browser.get(&format!("{list}/00000000-0000-7000-8000-000000000000/end")).await;
        assert_eq!(nowhere.status, 404);
        let auditor = Browser::sign_in(&app, "auditor").await;
        assert_eq!((auditor.get(list).await.status, auditor.get(&new).await.status), (403, 403));
    });
}

#[test]
fn a_meeting_is_planned_and_closed_with_what_partners_were_told() {
    on_each_database(async |database| {
        let app = called(database).await;
        let data = json!({ "referral": { "unit": "csu", "area": "east" } });
        let case = a_case(&app, ("with_unit", data), (None, Some("2026-05-30T09:00:00Z"))).await.to_string();
        let browser = Browser::sign_in(&app, "coordinator").await;
        let new = [("kind", "morning"), ("heldOn-day", "2"), ("heldOn-month", "6"), ("heldOn-year", "2026")];
        let meeting = browser.post("/callers/meetings/new", &new).await.leads_to();
        browser.get(&meeting).await.says(&[
            "Morning meeting of 2 June 2026",
            "1 nomination waits",
            "Close the meeting",
        ]);
        let close = format!("{meeting}/close");
        browser.get(&close).await.says(&["Who was there", "What was agreed"]);
        let more = browser.post(&close, &[("add", "shared")]).await;
        more.says(&["On which lawful basis", "why would no less do?", &format!("value=\"{case}\""), "With the unit"]);
        let said = [
            ("attendees.0.name", "A. Desk"),
            ("attendees.0.organisation", "Fire"),
            ("shared.0.what", "That a plan is made."),
            ("shared.0.with", "fire"),
            ("shared.0.lawfulBasis", "UK GDPR Article 6(1)(e)"),
            ("shared.0.necessary", "They are sent there."),
            ("shared.0.caseId", &case),
            ("minutes", "One plan by Friday."),
        ];
        assert_eq!(browser.post(&close, &said).await.leads_to(), meeting);
        let page = browser.get(&meeting).await;
        page.says(&["A. Desk, Fire", "UK GDPR Article 6(1)(e)", "They are sent there.", "One plan by Friday."]);
        page.says(&[&format!("/cases/{case}"), "Overdue"]);
        browser.get("/callers/meetings").await.says(&["Morning meeting, 2 June 2026"]);
    });
}

#[test]
fn the_report_labels_estimates_and_the_partners_are_kept() {
    on_each_database(async |database| {
        let app = called(database).await;
        let browser = Browser::sign_in(&app, "coordinator").await;
        let cost = [
            ("kind", "backfill"),
            ("certainty", "estimate"),
            ("amount", "120000"),
            ("unit", "pence"),
            ("from-day", "1"),
            ("from-month", "5"),
            ("from-year", "2026"),
            ("to-day", "31"),
            ("to-month", "5"),
            ("to-year", "2026"),
            ("how", "Two shifts a week."),
        ];
        assert_eq!(browser.post("/callers/costs/new", &cost).await.leads_to(), "/callers/report");
        let words = ["£1,200.00", "Estimate", "Evidence: Untested", "does not show that the referral did it"];
        browser.get("/callers/report").await.says(&words);
        browser.get("/callers/report").await.says(&["Concluded: needs met", "Before and after is no proof"]);
        let day = |name: &str, day: u32| format!("{name}-day={day}&{name}-month=5&{name}-year=2026");
        let of = |from: u32, to: u32| format!("/callers/report?{}&{}", day("from", from), day("to", to));
        let page = browser.get(&of(1, 30)).await;
        page.says(&["From 1 May 2026 to 30 May 2026", "Nothing is entered for these days"]);
        let odd = browser.get(&of(2, 1)).await;
        assert!(odd.status == 422 && odd.text.contains("The last day is before the first"), "{}", odd.text);
        let partner = [("partner", "fire"), ("name", "A. Desk"), ("reachedBy", "01632 960001")];
        assert_eq!(browser.post("/callers/partners/new", &partner).await.leads_to(), "/callers/partners");
        browser.get("/callers/partners").await.says(&["Fire and rescue service", "01632 960001"]);
        let note = browser.post("/callers/notes/new", &[("words", "Ask the fire desk on Mondays.")]).await;
        assert_eq!(note.leads_to(), "/callers");
        browser.get("/callers").await.says(&["Ask the fire desk on Mondays.", "Example coordinator"]);
    });
}

#[test]
fn every_open_case_is_reached_from_the_desk_by_whoever_coordinates_and_a_units_own_by_the_unit() {
    on_each_database(async |database| {
        let app = called(database).await;
        let of = |unit: &str, name: &str| json!({ "callerName": name, "referral": { "unit": unit, "area": "east" } });
        let own = a_case(&app, ("with_unit", of("csu", "Caller of the unit")), (None, None)).await;
        a_case(&app, ("review_due", of("snt", "Caller of the team")), (None, None)).await;
        a_case(&app, ("reviewed", json!({ "callerName": "Caller of nobody" })), (None, None)).await;
        a_case(&app, ("concluded", of("csu", "Caller of before")), (None, None)).await;
        let coordinator = Browser::sign_in(&app, "coordinator").await;
        let desk = coordinator.get("/callers").await;
        desk.says(&["/callers/cases?state=with_unit", "Every open case", "Caller of the team", "Review due"]);
        desk.says(&["href=\"/people\"", "href=\"/\""]);
        let all = coordinator.get("/callers/cases").await;
        all.says(&["Caller of the unit", "Caller of the team", "Caller of nobody", &format!("/cases/{own}")]);
        assert!(!all.text.contains("Caller of before"), "it ended");
        coordinator.get("/callers/cases?state=concluded").await.says(&["Caller of before"]);
        assert_eq!(coordinator.get("/callers/cases?state=nowhere").await.status, 404);
        let unit = Browser::sign_in(&app, "csu").await;
        let desk = unit.get("/callers").await;
        desk.says(&["For your unit to take on", "/callers/cases?state=with_unit", "Today"]);
        assert!(!desk.text.contains("href=\"/people\"") && !desk.text.contains("Caller of the team"), "{}", desk.text);
        let cases = unit.get("/callers/cases?state=with_unit").await;
        cases.says(&["Caller of the unit", &format!("/cases/{own}")]);
        let cases = unit.get("/callers/cases").await;
        assert!(!cases.text.contains("Caller of the team") && !cases.text.contains("Caller of nobody"));
        let opt = Browser::sign_in(&app, "opt").await;
        assert_eq!(opt.get("/callers/cases").await.status, 403);
    });
}

#[test]
fn a_long_list_of_cases_goes_on_on_a_further_page() {
    on_each_database(async |database| {
        let app = called(database).await;
        for n in 0..51 {
            let data = json!({ "callerName": format!("Caller {n} of many") });
            a_case(&app, ("nominated", data), (None, None)).await;
        }
        let browser = Browser::sign_in(&app, "coordinator").await;
        let first = browser.get("/callers/cases?state=nominated").await;
        first.says(&["Caller 0 of many", "Caller 49 of many"]);
        assert!(!first.text.contains("Caller 50 of many"));
        let next = first.text.split("href=\"").find(|href| href.contains("after=")).unwrap();
        let next = next.split('"').next().unwrap().replace("&amp;", "&");
        browser.get(&next).await.says(&["Caller 50 of many", "Back to the first page"]);
    });
}

/// Every page of the area that is one's own work has at most one primary button.
#[test]
fn no_page_has_two_primary_buttons() {
    on_each_database(async |database| {
        let app = called(database).await;
        let browser = Browser::sign_in(&app, "coordinator").await;
        let pages = [
            "",
            "/cases",
            "/nominations",
            "/months",
            "/months/2026-05",
            "/meetings",
            "/partners",
            "/report",
            "/meetings/new",
        ];
        for page in pages.iter().map(|page| format!("/callers{page}")).chain([format!("/callers/{}", id_of(CALLER))]) {
            let text = browser.get(&page).await.text;
            let main = text.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap_or_default();
            let primary = main.matches("class=\"govuk-button\"").count();
            assert!(primary <= 1, "{page}: {primary}");
        }
    });
}
