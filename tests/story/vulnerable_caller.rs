//! A vulnerable repeat caller over HTTP: nominated by hand, reviewed, and diverted, or referred by where they are, met by
//! the unit and three services, and concluded.

use super::caller_forms as forms;
use super::cast::Force;
use crate::support::database::access_log_of;
use crate::support::{Answer, Session, TestDatabase, on_each_database};
use chrono::Duration;
use entities::access_log::{Entity, Model};
use evenhand::app::{self, OfficerChange};
use evenhand::domain::access::Role;
use sea_orm::{Database, DatabaseConnection, EntityTrait};
use serde_json::{Value, json};

/// Where looks and disclosures are written down.
pub async fn log_of(database: &TestDatabase) -> DatabaseConnection {
    if database.is_postgres() {
        return database.raw().await;
    }
    Database::connect(format!("sqlite://{}", access_log_of(&database.file()).display())).await.unwrap()
}

pub async fn nominated(force: &Force, by: &Session, person: Option<&str>) -> String {
    let new = json!({ "workflow": forms::KEY, "personId": person, "input": forms::nomination() });
    let opened = force.app.post(by, "/api/v1/cases", new).await.ok();
    assert_eq!(opened["state"], "nominated");
    opened["id"].as_str().unwrap().to_owned()
}

/// Reviewed and referred to the Community Safety Unit of the north, by where the caller is.
pub async fn referred(force: &Force, coordinator: &Session, person: Option<&str>) -> String {
    let case = nominated(force, coordinator, person).await;
    force.act(coordinator, &case, "review_nature", forms::nature("vulnerable")).await.ok();
    let referred = force.act(coordinator, &case, "refer", forms::referral("csu")).await.ok();
    assert_eq!(referred["state"], "referred");
    case
}

pub async fn in_areas(force: &Force, name: &str, areas: &[&str]) {
    let areas = areas.iter().map(|area| (*area).to_owned()).collect();
    let change = OfficerChange { areas: Some(areas), ..OfficerChange::default() };
    app::amend_officer(&force.app.app, name, change).await.unwrap();
}

async fn look(force: &Force, who: &Session, case: &str) -> Answer {
    force.app.get(who, &format!("/api/v1/cases/{case}")).await
}

async fn listed(force: &Force, who: &Session) -> Vec<Value> {
    let listed = force.app.get(who, &format!("/api/v1/cases?workflow={}", forms::KEY)).await.ok();
    listed["data"].as_array().unwrap().iter().map(|case| case["id"].clone()).collect()
}

#[test]
fn a_caller_whom_the_control_room_nominates_turns_out_a_victim_and_is_diverted() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        let ccr = force.app.officer("ccr", &[Role::Ccr]).await;
        let csu = force.app.officer("csu", &[Role::Csu]).await;
        let case = nominated(&force, &ccr, Some(&force.person)).await;
        let asked = "Vulnerable repeat caller: Nominated, nature to be reviewed".to_owned();
        assert!(force.tasks_of(&coordinator).await.contains(&asked), "the coordinator is asked");
        let early = force.act(&coordinator, &case, "refer", forms::referral("csu")).await;
        assert_eq!((early.status, &early.body["code"]), (409, &json!("not-allowed-in-state")));
        let diverted = force.act(&coordinator, &case, "review_nature", forms::nature("targeted_victim")).await.ok();
        assert_eq!((&diverted["state"], &diverted["kind"]), (&json!("diverted"), &json!("final")));
        assert_eq!(diverted["data"]["natureReview"]["diversion"]["which"], "Domestic Abuse Team");
        assert!(!force.tasks_of(&coordinator).await.contains(&asked), "and has done it");
        for who in [&csu, &force.snt, &force.opt, &force.mash, &ccr] {
            assert_eq!(look(&force, who, &case).await.status, 404, "{}", who.name);
        }
    });
}

#[test]
fn a_targeted_victim_is_on_file_as_one_and_whoever_is_to_help_has_the_case_and_is_asked() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        for (name, area) in [("csu", "north"), ("coast", "coast")] {
            force.app.officer(name, &[Role::Csu]).await;
            in_areas(&force, name, &[area]).await;
        }
        let (csu, coast) = (force.app.sign_in("csu").await, force.app.sign_in("coast").await);
        let victim = async |person: &str| {
            force.app.get(&force.staff, &format!("/api/v1/people/{person}")).await.ok()["targetedVictim"].clone()
        };
        let case = nominated(&force, &coordinator, Some(&force.person)).await;
        let unsent = forms::with(forms::nature("targeted_victim"), "diversion", {
            let mut of_the_unit = forms::help_of_the_unit("north");
            of_the_unit.as_object_mut().unwrap().remove("area");
            of_the_unit
        });
        let refused = force.act(&coordinator, &case, "review_nature", unsent).await;
        assert_eq!(refused.body["code"], "area-of-the-unit", "{}", refused.body);
        let sent = forms::with(forms::nature("targeted_victim"), "diversion", forms::help_of_the_unit("north"));
        force.act(&coordinator, &case, "review_nature", sent).await.ok();
        assert_eq!(victim(&force.person).await, true);
        let asked = "Vulnerable repeat caller: A targeted victim, see that they are helped".to_owned();
        for (who, status) in [(&coordinator, 200), (&csu, 200), (&coast, 404), (&force.snt, 404)] {
            assert_eq!(look(&force, who, &case).await.status, status, "{}", who.name);
            assert_eq!(force.tasks_of(who).await.contains(&asked), status == 200, "{}", who.name);
        }
        // Where nobody knew who it is, they are a victim on file once somebody says so.
        let unknown = nominated(&force, &coordinator, None).await;
        force.act(&coordinator, &unknown, "review_nature", forms::nature("targeted_victim")).await.ok();
        let new = json!({ "reference": "FSU-0077", "fullName": "Example Neighbour" });
        let person = force.app.post(&force.staff, "/api/v1/people", new).await.ok()["id"].as_str().unwrap().to_owned();
        assert_eq!(victim(&person).await, false);
        let seen = look(&force, &coordinator, &unknown).await;
        let link = json!({ "personId": person, "reason": "They said so." });
        let path = format!("/api/v1/cases/{unknown}/person");
        force.app.post_at(&coordinator, &path, &seen.etag(), link).await.ok();
        assert_eq!(victim(&person).await, true);
    });
}

#[test]
fn a_vulnerable_caller_is_referred_by_location_met_by_the_unit_and_three_services_and_concluded() {
    on_each_database(async |database| {
        let log = log_of(&database).await;
        let force = Force::gather(database).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        let csu = force.app.officer("csu", &[Role::Csu]).await;
        in_areas(&force, "csu", &["north"]).await;
        let case = referred(&force, &coordinator, Some(&force.person)).await;
        let asked = "Vulnerable repeat caller: Referred, waiting for the unit".to_owned();
        assert!(force.tasks_of(&csu).await.contains(&asked));
        assert!(!force.tasks_of(&force.snt).await.contains(&asked), "it is not theirs");
        assert!(!force.tasks_of(&coordinator).await.contains(&asked), "who referred it waits");
        let today = force.app.now().date_naive().to_string();
        let step = async |action: &str, input: Value| force.act(&csu, &case, action, input).await.ok();
        step("accept", forms::acceptance("2026-06-29")).await;
        step("record_visit", forms::visit(&today)).await;
        step("record_partner_liaison", forms::liaison(&today)).await;
        step("record_response_plan", forms::plan()).await;
        step("agree_aba", forms::agreement(&today, "2026-09-01")).await;
        step("record_enforcement_considered", forms::enforcement(&today)).await;
        step("record_impact", forms::impact()).await;
        step("list_for_three_services", forms::listing()).await;
        force.act(&coordinator, &case, "record_multi_agency_meeting", forms::meeting(&today)).await.ok();
        let disclosed: Vec<Model> = Entity::find().all(&log).await.unwrap();
        let to = |one: &Model| one.recipient.clone().filter(|_| one.object_id.as_deref() == Some(case.as_str()));
        let recipients: Vec<String> = disclosed.iter().filter_map(to).collect();
        let expected = ["Community mental health team", "Example Ambulance Trust", "Example Fire and Rescue"];
        assert_eq!(recipients, expected, "each disclosure with its recipient");
        // The review comes due by itself, and is overdue three working days later.
        force.app.advance(Duration::days(28));
        force.app.run_jobs().await;
        assert_eq!(look(&force, &coordinator, &case).await.ok()["state"], "review_due");
        force.app.advance(Duration::days(5));
        let overdue = format!("/api/v1/cases?workflow={}&overdue=true", forms::KEY);
        assert_eq!(force.app.get(&coordinator, &overdue).await.ok()["data"][0]["id"], json!(case));
        force.act(&csu, &case, "review", forms::review("2026-07-20")).await.ok();
        let concluded = force.act(&csu, &case, "conclude", forms::outcome("calls_reduced")).await.ok();
        assert_eq!(
            (&concluded["state"], &concluded["data"]["outcome"]["outcome"]),
            (&json!("concluded"), &json!("calls_reduced"))
        );
        let read = "Vulnerable repeat caller: Read the outcome".to_owned();
        assert!(force.tasks_of(&coordinator).await.contains(&read));
    });
}

#[test]
fn a_unit_sees_what_is_referred_to_it_in_its_areas_and_nothing_else() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        let north = force.app.officer("north", &[Role::Csu]).await;
        let coast = force.app.officer("coast", &[Role::Csu]).await;
        let county = force.app.officer("county", &[Role::Csu]).await;
        in_areas(&force, "north", &["north", "town"]).await;
        in_areas(&force, "coast", &["coast"]).await;
        let case = referred(&force, &coordinator, None).await;
        for (who, status) in [(&north, 200), (&county, 200), (&coordinator, 200), (&coast, 404), (&force.snt, 404)] {
            assert_eq!(look(&force, who, &case).await.status, status, "{}", who.name);
            assert_eq!(listed(&force, who).await.len(), usize::from(status == 200), "{}", who.name);
            assert_eq!(
                force.tasks_of(who).await.is_empty(),
                status == 404 || who.name == "coordinator",
                "{}",
                who.name
            );
        }
        let blind = force.act(&coast, &case, "accept", forms::acceptance("2026-06-20")).await;
        assert_eq!(blind.status, 404, "what they do not see they do not act on");
        force.act(&coordinator, &case, "change_unit", forms::told("coast", "csu")).await.ok();
        assert_eq!(look(&force, &north, &case).await.status, 404, "it is another unit's now");
        force.act(&coast, &case, "accept", forms::acceptance("2026-06-20")).await.ok();
        force.act(&coast, &case, "return", super::forms::reason()).await.ok();
        let again = look(&force, &coast, &case).await.ok();
        assert_eq!(again["state"], "reviewed", "who returned it sees that it is back at the coordinator");
        assert!(force.tasks_of(&coast).await.is_empty());
        force.act(&coordinator, &case, "refer", forms::told("north", "snt")).await.ok();
        assert_eq!(look(&force, &coast, &case).await.status, 404, "it is another unit's again");
        assert_eq!(look(&force, &force.snt, &case).await.status, 200);
        assert_eq!(listed(&force, &coordinator).await, [json!(case)]);
    });
}

#[test]
fn a_page_of_a_units_cases_is_full_though_others_lie_between() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let coordinator = force.app.officer("coordinator", &[Role::Coordinator]).await;
        let coast = force.app.officer("coast", &[Role::Csu]).await;
        in_areas(&force, "coast", &["coast"]).await;
        let mut theirs = Vec::new();
        for n in 0..6 {
            let case = referred(&force, &coordinator, None).await;
            if n % 3 == 2 {
                force.act(&coordinator, &case, "change_unit", forms::told("coast", "csu")).await.ok();
                theirs.push(json!(case));
            }
        }
        let path = format!("/api/v1/cases?workflow={}&limit=1", forms::KEY);
        let first = force.app.get(&coast, &path).await;
        assert_eq!(first.body["data"][0]["id"], theirs[0], "{}", first.text);
        assert_eq!(first.body["data"].as_array().unwrap().len(), 1);
        assert_eq!(listed(&force, &coast).await, theirs);
    });
}

#[test]
fn an_officer_is_given_only_areas_that_there_are() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        force.app.officer("csu", &[Role::Csu]).await;
        let change = OfficerChange { areas: Some(["nowhere".to_owned()].into()), ..OfficerChange::default() };
        assert!(app::amend_officer(&force.app.app, "csu", change).await.is_err());
        in_areas(&force, "csu", &["coast", "north"]).await;
        let all = app::list_officers(&force.app.app).await.unwrap();
        let csu = all.iter().find(|found| found.officer.username == "csu").unwrap();
        assert_eq!(csu.officer.areas, ["coast", "north"].map(str::to_owned).into());
        let roles =
            app::change_officer(&force.app.app, "csu", Some([Role::Csu, Role::Opt].into()), None).await.unwrap();
        assert_eq!(roles.officer.areas.len(), 2, "other changes leave the areas");
    });
}
