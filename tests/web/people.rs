//! The pages of people and their contacts: found, changed, counted, taken away, and kept from whom they complained about.

use super::browser::{Browser, value_of};
use crate::support::database::access_log_of;
use crate::support::{Session, TestApp, TestDatabase, on_each_database};
use chrono::Duration;
use entities::access_log::{Column, Entity};
use evenhand::app::people::{PersonRow, import_people};
use evenhand::domain::access::{Actor, Role};
use sea_orm::{ColumnTrait, ConnectionTrait, Database, DatabaseConnection, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use std::time::Instant;

/// Puts a person on file whom a telephone number recognises. Answers the path of their pages.
async fn a_person(app: &TestApp, staff: &Session, (reference, name, telephone): (&str, &str, &str)) -> String {
    let new = json!({ "reference": reference, "fullName": name });
    let made = app.post(staff, "/api/v1/people", new).await.ok();
    let id = made["id"].as_str().unwrap().to_owned();
    let number = json!({ "kind": "telephone", "value": telephone, "role": "self", "confidence": "confirmed" });
    app.post(staff, &format!("/api/v1/people/{id}/identifiers"), number).await.ok();
    format!("/people/{id}")
}

const FIRST: (&str, &str, &str) = ("FSU-0001", "Example Person One", "07700 900123");
const SECOND: (&str, &str, &str) = ("FSU-0002", "Example Person Two", "07700 900456");

/// Where looks at personal data are written down.
async fn access_log(database: &TestDatabase) -> DatabaseConnection {
    if database.is_postgres() {
        return database.raw().await;
    }
    Database::connect(format!("sqlite://{}", access_log_of(&database.file()).display())).await.unwrap()
}

#[test]
fn people_are_found_by_telephone_by_reference_and_by_a_part_of_their_name() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        a_person(&app, &staff, FIRST).await;
        a_person(&app, &staff, SECOND).await;
        let browser = Browser::sign_in(&app, "staff").await;
        for search in ["%2B44+7700+900123", "07700900123", "FSU-0001", "person+one"] {
            let page = browser.get(&format!("/people?q={search}")).await;
            page.says(&["Example Person One", "FSU-0001"]);
            assert!(!page.text.contains("Example Person Two"), "{search}");
        }
        browser.get("/people?q=nobody").await.says(&["Nobody fits", "Clear all filters"]);
        let short = browser.get("/people?q=ex").await;
        assert_eq!(short.status, 422);
        assert!(short.text.contains("<title>Error: ") && short.text.contains("at least three characters"));
        assert!(browser.get("/people").await.text.contains("2 people"));
    });
}

#[test]
fn a_stale_change_shows_both_texts_and_loses_neither() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let place = format!("{}/edit", a_person(&app, &staff, FIRST).await);
        let browser = Browser::sign_in(&app, "staff").await;
        let version = value_of(&browser.get(&place).await.text, "version").unwrap();
        let fields = |name| [("fullName", name), ("version", version.as_str()), ("vulnerability", "Lives alone.")];
        assert!(browser.post(&place, &fields("Their Version")).await.leads_to().starts_with("/people/"));
        let stale = browser.post(&place, &fields("My Version")).await;
        assert_eq!(stale.status, 412, "{}", stale.text);
        assert!(stale.text.contains("Their Version"), "theirs: {}", stale.text);
        assert!(stale.text.contains("value=\"My Version\""), "mine: {}", stale.text);
        // Sent again by somebody who has seen both, it is taken.
        let version = value_of(&stale.text, "version").unwrap();
        let again = [("fullName", "My Version"), ("version", version.as_str())];
        let person = browser.post(&place, &again).await.leads_to();
        browser.get(&person).await.says(&["My Version"]);
        // A draft that was begun before somebody else's change is no way around being told of it.
        let version = value_of(&browser.get(&place).await.text, "version").unwrap();
        let drafted = [("place", place.as_str()), ("fullName", "My Draft"), ("version", version.as_str())];
        browser.post("/drafts", &drafted).await.says(&["savedAt"]);
        app.officer("other", &[Role::PsdStaff]).await;
        let other = Browser::sign_in(&app, "other").await;
        let theirs = [("fullName", "Their Second Version"), ("version", version.as_str())];
        assert_eq!(other.post(&place, &theirs).await.leads_to(), person);
        let opened = browser.get(&place).await;
        opened.says(&["value=\"My Draft\""]);
        let version = value_of(&opened.text, "version").unwrap();
        let stale = browser.post(&place, &[("fullName", "My Draft"), ("version", version.as_str())]).await;
        assert_eq!(stale.status, 412, "{}", stale.text);
        assert!(stale.text.contains("Their Second Version"), "{}", stale.text);
    });
}

#[test]
fn a_contact_entered_by_hand_is_counted_and_stands_in_the_log_and_in_the_table_of_the_chart() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let place = a_person(&app, &staff, FIRST).await;
        let browser = Browser::sign_in(&app, "staff").await;
        let new = format!("{place}/contacts/new");
        browser.get(&new).await.says(&["Log a contact", "10:00"]);
        let call = [
            ("channel", "101"),
            ("subject", "The parking again"),
            ("receivedOn-day", "31"),
            ("receivedOn-month", "5"),
            ("receivedOn-year", "2026"),
            ("receivedAt", "9.15 pm"),
        ];
        assert_eq!(browser.post(&new, &call).await.leads_to(), format!("{place}/contacts"));
        // Sent twice it is one contact.
        let token = value_of(&browser.get(&new).await.text, "token").unwrap();
        let visit: [(&str, &str); 4] =
            [("channel", "in_person"), ("receivedOn", "2026-05-29"), ("subject", "At the counter"), ("token", &token)];
        for _ in 0..2 {
            assert_eq!(browser.post(&new, &visit).await.leads_to(), format!("{place}/contacts"));
        }
        let log = browser.get(&format!("{place}/contacts?channel=in_person")).await;
        assert_eq!(log.text.matches("At the counter").count(), 1, "{}", log.text);
        let log = browser.get(&format!("{place}/contacts")).await;
        log.says(&["31 May 2026", "9:15pm", "The parking again", "Counted. No strategy was in force."]);
        let overview = browser.get(&place).await;
        overview.says(&["The parking again", "31 May 2026"]);
        let csv = browser.get(&format!("{place}/contacts.csv")).await;
        assert!(csv.text.lines().any(|line| line.starts_with("2026-05-31,1,")), "{}", csv.text);
        assert!(!csv.text.contains("Example"), "numbers, and nobody's name");
        // A letter may be known by its day alone, and never shows a midnight; a call may not.
        let letter = [("channel", "letter"), ("receivedOn", "2026-05-30"), ("receivedAt", "")];
        browser.post(&new, &letter).await.leads_to();
        let log = browser.get(&format!("{place}/contacts?channel=letter")).await;
        log.says(&["30 May 2026", "Day only"]);
        assert!(!log.text.contains("midnight") && !log.text.contains("The parking again"));
        let call = browser.post(&new, &[("channel", "101"), ("receivedOn", "2026-05-30")]).await;
        assert_eq!(call.status, 422);
        assert!(call.text.contains("Enter the time"));
        let later = browser.post(&new, &[("channel", "letter"), ("receivedOn", "2026-06-03")]).await;
        assert_eq!(later.status, 422, "{}", later.text);
    });
}

#[test]
fn nobody_who_was_complained_about_sees_the_person_at_any_address_of_theirs() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        app.officer("other", &Role::ALL).await;
        let place = a_person(&app, &staff, FIRST).await;
        let second = a_person(&app, &staff, SECOND).await;
        let other = Browser::sign_in(&app, "other").await;
        other.get(&place).await.says(&["Example Person One"]);
        let browser = Browser::sign_in(&app, "staff").await;
        let form = browser.get(&format!("{place}/complaint")).await;
        let officer = form.text.split("<option").find(|option| option.contains("Example other")).unwrap();
        let officer = officer.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
        let recorded = browser.post(&format!("{place}/complaint"), &[("officerId", officer)]).await;
        assert_eq!(recorded.leads_to(), place);
        let pages = [
            "",
            "/edit",
            "/contacts",
            "/contacts/new",
            "/identifiers",
            "/adjustments",
            "/merge",
            "/complaint",
            "/equality",
            "/contacts.csv",
            "/contacts/hours.csv",
            "/contacts/channels.csv",
        ];
        for page in pages {
            let answer = other.get(&format!("{place}{page}")).await;
            assert_eq!(answer.status, 404, "{page}: {}", answer.text);
        }
        let id = place.rsplit('/').next().unwrap();
        let beside = other.get(&format!("{second}/merge?with={id}")).await;
        assert_eq!(beside.status, 404);
        for list in ["/people", "/people?q=07700900123", "/people?sort=-contacts"] {
            assert!(!other.get(list).await.text.contains("Example Person One"), "{list}");
        }
        let taken = other.post("/people/export", &[("reason", "For the meeting")]).await;
        assert!(taken.text.contains("FSU-0002") && !taken.text.contains("FSU-0001"), "{}", taken.text);
    });
}

#[test]
fn a_list_leaves_the_product_for_a_reason_that_is_written_down_and_runs_nothing_in_a_spreadsheet() {
    on_each_database(async |database| {
        let log = access_log(&database).await;
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        a_person(&app, &staff, ("FSU-0001", "=HYPERLINK(\"http://elsewhere.example\")", "07700 900123")).await;
        a_person(&app, &staff, SECOND).await;
        let browser = Browser::sign_in(&app, "staff").await;
        browser.get("/people/export?q=FSU-0001").await.says(&["Why do you need this list", "value=\"FSU-0001\""]);
        let without = browser.post("/people/export", &[("reason", "  "), ("q", "FSU-0001")]).await;
        assert_eq!(without.status, 422);
        assert!(without.text.contains("Enter why you need this list") && without.text.contains("value=\"FSU-0001\""));
        let taken = browser.post("/people/export", &[("reason", "Agenda of 4 June"), ("q", "FSU-0001")]).await;
        assert_eq!(taken.status, 200, "{}", taken.text);
        assert!(taken.header("content-disposition").unwrap().starts_with("attachment"));
        assert!(taken.text.contains("\"'=HYPERLINK(\"\"http"), "{}", taken.text);
        assert!(!taken.text.contains("FSU-0002"), "only what was asked for: {}", taken.text);
        let auditor = app.officer("spoc", &[Role::Spoc]).await;
        assert_eq!(Browser::sign_in(&app, &auditor.name).await.get("/people/export").await.status, 403);
        let exports = Entity::find().filter(Column::Action.eq("export")).all(&log).await.unwrap();
        let whole: Vec<&Value> = exports.iter().filter(|one| one.object_id.is_none()).map(|one| &one.detail).collect();
        assert_eq!(whole, [&json!({ "found": 1, "reason": "Agenda of 4 June" })]);
        assert_eq!(exports.len(), 2, "the list, and each of whom it names");
    });
}

#[test]
fn markup_in_names_and_subjects_stays_words() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let place = a_person(&app, &staff, ("<b>1", "<script>alert(1)</script>", "07700 900123")).await;
        let browser = Browser::sign_in(&app, "staff").await;
        let new = format!("{place}/contacts/new");
        let said = [("channel", "letter"), ("subject", "<script>alert(2)</script>"), ("receivedOn", "2026-05-30")];
        browser.post(&new, &said).await.leads_to();
        for page in
            ["/people", &place, &format!("{place}/contacts"), &format!("{place}/merge"), &format!("{place}/edit")]
        {
            let shown = browser.get(page).await;
            shown.says(&["&lt;script&gt;alert("]);
            assert!(!shown.text.contains("<script>alert(") && !shown.text.contains("<b>1"), "{page}");
        }
    });
}

#[test]
fn two_records_are_compared_merged_and_parted_again() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let kept = a_person(&app, &staff, FIRST).await;
        let merged = a_person(&app, &staff, (SECOND.0, SECOND.1, FIRST.2)).await;
        let other = merged.rsplit('/').next().unwrap();
        let browser = Browser::sign_in(&app, "staff").await;
        browser.get(&format!("{kept}/merge")).await.says(&["Compare with", "Example Person Two", "The same telephone"]);
        let beside = format!("{kept}/merge?with={other}");
        browser.get(&beside).await.says(&["Both records side by side", "FSU-0001, kept", "FSU-0002, merged into it"]);
        assert_eq!(browser.post(&beside, &[("reason", "")]).await.status, 422);
        assert_eq!(browser.post(&beside, &[("reason", "Same number, same voice")]).await.leads_to(), kept);
        assert_eq!(browser.get(&merged).await.leads_to(), kept, "the merged record leads to the person");
        let page = browser.get(&format!("{kept}/merge")).await;
        let reverse = page.text.split("href=\"").find(|link| link.contains("/reverse\"")).unwrap();
        let reverse = reverse.split('"').next().unwrap().to_owned();
        browser.get(&reverse).await.says(&["Take this merge back", "Same number, same voice"]);
        browser.post(&reverse, &[("reason", "Two brothers")]).await.leads_to();
        browser.get(&merged).await.says(&["Example Person Two"]);
    });
}

#[test]
fn identifiers_and_adjustments_are_added_and_end_with_a_reason() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let place = a_person(&app, &staff, FIRST).await;
        let browser = Browser::sign_in(&app, "staff").await;
        let identifiers = format!("{place}/identifiers");
        let faulty =
            [("kind", "email"), ("value", "nobody"), ("role", "self"), ("confidence", "claimed"), ("source", "x")];
        let answer = browser.post(&identifiers, &faulty).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains("value=\"nobody\""), "what was typed is still there");
        let sound = [("value", "one@mail.example"), faulty[0], faulty[2], faulty[3], ("source", "Their letter")];
        assert_eq!(browser.post(&identifiers, &sound).await.leads_to(), identifiers);
        let page = browser.get(&identifiers).await;
        page.says(&["one@mail.example", "Their letter"]);
        let end = page
            .text
            .split("href=\"")
            .filter(|link| link.contains("/end\""))
            .last()
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        assert_eq!(browser.post(end, &[("reason", "")]).await.status, 422);
        browser.post(end, &[("reason", "No longer theirs")]).await.leads_to();
        browser.get(&identifiers).await.says(&["Identifiers that ended (1)"]);

        let adjustments = format!("{place}/adjustments");
        let print = [("kind", "large_print"), ("detail", "Letters in 16 point.")];
        browser.post(&adjustments, &print).await.leads_to();
        browser.get("/people").await.says(&["1 adjustment"]);
        let page = browser.get(&adjustments).await;
        page.says(&["Letters in 16 point."]);
        let end = page.text.split("href=\"").find(|link| link.contains("/end\"")).unwrap().split('"').next().unwrap();
        browser.post(end, &[("reason", "They said so")]).await.leads_to();
        browser.get(&adjustments).await.says(&["No adjustment is in force"]);
    });
}

#[test]
fn equality_monitoring_bears_its_own_marking_and_says_that_it_decides_nothing() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let place = format!("{}/equality", a_person(&app, &staff, FIRST).await);
        let browser = Browser::sign_in(&app, "staff").await;
        browser.get(&place).await.says(&["They decide nothing", "OFFICIAL-SENSITIVE"]);
        let unsourced = browser.post(&place, &[("version", "0"), ("sex", "female")]).await;
        assert_eq!(unsourced.status, 422, "{}", unsourced.text);
        let said = [("version", "0"), ("sex", "female"), ("race", "prefers_not_to_say"), ("source", "self_described")];
        browser.post(&place, &said).await.leads_to();
        assert_eq!(browser.post(&place, &said).await.status, 412);
        app.officer("chair", &[Role::Chair]).await;
        assert_eq!(Browser::sign_in(&app, "chair").await.get(&place).await.status, 403);
    });
}

#[test]
fn the_list_is_sorted_by_contacts_and_turns_its_pages_without_losing_anybody() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let row = |n: usize| PersonRow {
            reference: format!("FSU-{n:04}"),
            full_name: format!("Example Person {n}"),
            telephone: format!("07700 900{n:03}"),
            ..PersonRow::default()
        };
        import_people(&app.app, &Actor::Software, (1..=120).map(row).collect()).await.unwrap();
        app.advance(Duration::hours(1));
        for n in [7, 7, 7, 90, 90] {
            let call = json!({ "channel": "101", "presented": format!("07700 900{n:03}"), "personReference": format!("FSU-{n:04}") });
            app.post(&staff, "/api/v1/contacts", call).await.ok();
        }
        let browser = Browser::sign_in(&app, "staff").await;
        let sorted = browser.get("/people?sort=-contacts").await;
        sorted.says(&["aria-sort=\"descending\"", "3 in 7 days, up from 0", "120 people"]);
        let (first, second) = (sorted.text.find("FSU-0007").unwrap(), sorted.text.find("FSU-0090").unwrap());
        assert!(first < second && second < sorted.text.find("FSU-0001").unwrap());
        let mut seen = Vec::new();
        let mut path = Some("/people?sort=reference".to_owned());
        while let Some(at) = path {
            let begun = Instant::now();
            let page = browser.get(&at).await;
            assert!(begun.elapsed() < std::time::Duration::from_secs(2), "a page of people takes a few statements");
            seen.extend(page.text.split("FSU-").skip(1).filter_map(|rest| rest.get(..4)).map(str::to_owned));
            let next = page.text.split("<a ").find(|link| link.contains("rel=\"next\""));
            path =
                next.map(|link| link.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&"));
        }
        let all: Vec<String> = (1..=120).map(|n| format!("{n:04}")).collect();
        assert_eq!(seen, all);
        browser.get("/people?over=yes").await.says(&["Nobody fits"]);
        browser.get("/people?channel=101").await.says(&["2 people"]);
    });
}

#[test]
fn a_person_in_a_case_shows_how_it_stands_and_what_may_be_done_about_it() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let place = a_person(&app, &staff, FIRST).await;
        let new = json!({ "workflow": "frequent-service-user", "personId": place.rsplit('/').next().unwrap(),
                          "input": { "source": "manual", "reason": "Nine mails.", "behaviour": "Repeats.", "demand": "Hours." } });
        app.post(&staff, "/api/v1/cases", new).await.ok();
        app.officer("supervisor", &[Role::PsdSupervisor]).await;
        let supervisor = Browser::sign_in(&app, "supervisor").await;
        supervisor.get(&place).await.says(&["Nominated, waiting to be triaged", "Frequent service user"]);
        let page = Browser::sign_in(&app, "staff").await.get(&place).await;
        page.says(&["/actions/triage\"", "Same person as somebody else?"]);
    });
}

#[test]
fn a_person_is_put_on_file_with_an_address_that_has_still_to_be_confirmed_or_not_at_all() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        app.officer("staff", &[Role::PsdStaff]).await;
        let browser = Browser::sign_in(&app, "staff").await;
        let typed = |email| [("reference", "FSU-0001"), ("fullName", "Example Person"), ("email", email)];
        let wrong = browser.post("/people/new", &typed("no address")).await;
        assert_eq!(wrong.status, 422, "{}", wrong.text);
        assert!(
            wrong.text.contains("href=\"#email\"") && wrong.text.contains("value=\"no address\""),
            "{}",
            wrong.text
        );
        let place = browser.post("/people/new", &typed("person.one@mail.example")).await.leads_to();
        browser.get(&format!("{place}/identifiers")).await.says(&["person.one@mail.example", "put on file"]);
    });
}

#[test]
fn a_page_whose_looks_cannot_be_written_down_does_not_go_out() {
    on_each_database(async |database| {
        let log = access_log(&database).await;
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let place = a_person(&app, &staff, FIRST).await;
        let browser = Browser::sign_in(&app, "staff").await;
        let entries = async || Entity::find().all(&log).await.unwrap().len();
        let before = entries().await;
        browser.get(&place).await.says(&["Example Person One"]);
        assert!(entries().await > before, "its looks are written down when it has come");

        log.execute_unprepared("ALTER TABLE access_log RENAME TO somewhere_else").await.unwrap();
        let page = browser.get(&place).await;
        assert!(page.status >= 500, "{}", page.status);
        assert!(!page.text.contains("Example Person One"));
        log.execute_unprepared("ALTER TABLE somewhere_else RENAME TO access_log").await.unwrap();
        browser.get(&place).await.says(&["Example Person One"]);
    });
}
